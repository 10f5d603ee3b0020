package policy

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// Marshal writes the document in its one canonical form: every key in the order
// of the types, tables by name, units as people write them. Parse reads it back
// to an equal document.
func (d Document) Marshal() []byte {
	out, err := yaml.MarshalWithOptions(leaf{value: reflect.ValueOf(d), currency: d.Currency}.tree(), yaml.IndentSequence(true))
	if err != nil {
		panic("policy: " + err.Error()) // plain maps, lists and words always marshal
	}
	return out
}

// plain is a value that stands in the file without quotes.
type plain string

// MarshalYAML gives the value as it is.
func (p plain) MarshalYAML() ([]byte, error) { return []byte(p), nil }

// quoted writes a text of one line so that no reader of YAML takes it for
// anything else; plain words stay as they are.
func quoted(text string) plain {
	switch strings.ToLower(text) {
	case "yes", "no", "on", "off", "y", "n", "true", "false", "null":
		return plain(strconv.Quote(text))
	}
	letter := func(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
	for i, c := range text {
		if !letter(c) && (i == 0 || !strings.ContainsRune("0123456789_. -", c)) {
			return plain(strconv.Quote(text))
		}
	}
	return plain(text)
}

// tree turns a value into the maps, lists and words that YAML knows.
func (l leaf) tree() any {
	switch v := l.value; v.Kind() {
	case reflect.Struct:
		m := yaml.MapSlice{}
		for _, f := range fields(v.Type()) {
			if value := v.Field(f.index); !f.optional || !value.IsZero() {
				m = append(m, yaml.MapItem{Key: f.key, Value: leaf{value: value, field: f, currency: l.currency}.tree()})
			}
		}
		return m
	case reflect.Map:
		m := yaml.MapSlice{}
		for _, name := range sortedKeys(v) {
			value := v.MapIndex(reflect.ValueOf(name))
			m = append(m, yaml.MapItem{Key: name, Value: leaf{value: value, field: l.field, currency: l.currency}.tree()})
		}
		return m
	case reflect.Slice:
		items := make([]any, v.Len())
		for i := range items {
			items[i] = leaf{value: v.Index(i), field: l.field, currency: l.currency}.tree()
		}
		return items
	case reflect.String:
		return quoted(v.String())
	}
	return plain(l.text())
}
