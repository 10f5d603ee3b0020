package policy

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// field is what the tags of a struct's field say about its value.
type field struct {
	index    int
	key      string // in the file
	optional bool   // may be left out and then asks nothing
	unit     string // bytes, or empty
	low      int64  // bounds, in the value's own units; both ends included
	high     int64
	within   string // the bounds as written
}

var fieldCache sync.Map // reflect.Type → []field

// fields reads the tags of a struct type, once.
func fields(t reflect.Type) []field {
	if known, ok := fieldCache.Load(t); ok {
		return known.([]field) //nolint:forcetypeassert // only this function stores here
	}
	list := make([]field, t.NumField())
	for i := range list {
		tag := t.Field(i).Tag
		key, option, _ := strings.Cut(tag.Get("yaml"), ",")
		f := field{index: i, key: key, optional: option == "omitempty", unit: tag.Get("unit"), within: tag.Get("within")}
		if low, high, ok := strings.Cut(f.within, ".."); ok {
			f.low, f.high = f.bound(t.Field(i).Type, low), f.bound(t.Field(i).Type, high)
		}
		list[i] = f
	}
	fieldCache.Store(t, list)
	return list
}

// bound reads one end of the within tag. A tag that does not read is a mistake
// of the program; the tests walk all of them.
func (f field) bound(t reflect.Type, text string) int64 {
	var n int64
	var err error
	switch {
	case t == reflect.TypeFor[Duration](), t == reflect.TypeFor[[]Duration]():
		var d Duration
		d, err = ParseDuration(text)
		n = int64(d)
	case f.unit == "bytes":
		n, err = parseSize(text)
	default:
		n, err = strconv.ParseInt(text, 10, 64)
	}
	if err != nil {
		panic("policy: bounds of " + f.key + ": " + err.Error())
	}
	return n
}

// bounded says why a value is out of the field's bounds.
func (f field) bounded(value any) error {
	v := reflect.ValueOf(value)
	if f.within == "" || !v.CanInt() || v.Int() >= f.low && v.Int() <= f.high {
		return nil
	}
	low, high, _ := strings.Cut(f.within, "..")
	return fmt.Errorf("must be at least %s and at most %s", low, high)
}
