package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"guildhall/internal/money"
)

// leaf is one value of a document and the path that people call it by. Rows of
// tables are called by their names: standing.levels.top.days.
type leaf struct {
	path     string
	value    reflect.Value
	field    field
	currency money.Currency
}

// named is a row of a table.
type named interface {
	row() string   // the name that stands in paths
	shown() string // the words that stand on pages
}

func (e ClassEffect) row() string   { return effectName(e.Class, e.AskedBy) }
func (e ClassEffect) shown() string { return e.row() }
func (c Cause) row() string         { return c.Name }
func (c Cause) shown() string       { return c.Words }
func (c Criterion) row() string     { return c.Name }
func (c Criterion) shown() string   { return c.Words }
func (l Level) row() string         { return l.Name }
func (l Level) shown() string       { return l.Words }

// effectName calls a row of the matrix: mutual, or unanswered/seller.
func effectName(class Class, askedBy Party) string {
	if askedBy == "" {
		return string(class)
	}
	return string(class) + "/" + string(askedBy)
}

// leaves lists every value that is set, in the order of the file; only those on
// the way to a path if one is given.
func (d Document) leaves(toward string) []leaf {
	var list []leaf
	var walk func(l leaf)
	walk = func(l leaf) {
		if toward != "" && !strings.HasPrefix(toward, l.path) {
			return
		}
		switch v := l.value; {
		case v.Kind() == reflect.Struct:
			_, inTable := v.Interface().(named)
			for _, f := range fields(v.Type()) {
				inName := inTable && (f.key == "name" || f.key == "class" || f.key == "asked_by")
				if !inName && !(f.optional && v.Field(f.index).IsZero()) {
					walk(leaf{join(l.path, f.key), v.Field(f.index), f, d.Currency})
				}
			}
		case v.Kind() == reflect.Map:
			for _, name := range sortedKeys(v) {
				walk(leaf{join(l.path, name), v.MapIndex(reflect.ValueOf(name)), l.field, d.Currency})
			}
		case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
			list = append(list, l)
			for _, row := range v.Seq2() {
				name := row.Interface().(named).row() //nolint:forcetypeassert // every table's row is named
				walk(leaf{join(l.path, name), row, l.field, d.Currency})
			}
		default:
			list = append(list, l)
		}
	}
	walk(leaf{value: reflect.ValueOf(d)})
	return list
}

func sortedKeys(m reflect.Value) []string {
	keys := make([]string, 0, m.Len())
	for _, k := range m.MapKeys() {
		keys = append(keys, k.String())
	}
	slices.Sort(keys)
	return keys
}

// text writes the value as it stands in a file: 3d, 25.00, 90%.
func (l leaf) text() string {
	switch v := l.value.Interface().(type) {
	case fmt.Stringer:
		return v.String()
	case Price:
		return v.In(l.currency).Plain()
	case named:
		return v.row()
	}
	switch v := l.value; {
	case v.Kind() == reflect.Slice:
		return strings.Join(l.each(leaf.text), ", ")
	case v.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case v.CanInt() && l.field.unit == "bytes":
		return formatSize(v.Int())
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10)
	}
	return l.value.String()
}

// words writes the value as it stands on a page: 3 days, $25.00, 90%.
func (l leaf) words() string {
	switch v := l.value.Interface().(type) {
	case Duration:
		return v.Words()
	case Price:
		return v.In(l.currency).String()
	case named:
		return v.shown()
	}
	switch v := l.value; {
	case v.Kind() == reflect.Slice:
		return enumerate(l.each(leaf.words))
	case v.Kind() == reflect.Bool && v.Bool():
		return "yes"
	case v.Kind() == reflect.Bool:
		return "no"
	case l.field.unit == "bytes":
		text := formatSize(v.Int())
		number := strings.TrimRight(text, "BKMGTi")
		return number + " " + text[len(number):]
	}
	return l.text()
}

// each renders the items of a list.
func (l leaf) each(render func(leaf) string) []string {
	items := make([]string, l.value.Len())
	for i := range items {
		items[i] = render(leaf{value: l.value.Index(i), field: l.field, currency: l.currency})
	}
	return items
}

func enumerate(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " and " + items[last]
}

// Lookup gives a number of the policy in the words of a page: "3 days", "10%",
// "$25.00", "1 day, 3 days and 5 days". The path is that of the file, with rows
// of tables called by name: order.review_period, standing.levels.top.days. A
// path that names nothing is an error, so that a help page cannot drift.
func (d Document) Lookup(path string) (string, error) {
	for _, l := range d.leaves(path) {
		if l.path == path {
			return l.words(), nil
		}
	}
	var known []string
	for _, l := range d.leaves("") {
		known = append(known, l.path)
	}
	return "", fmt.Errorf("the policy has no value at %q%s", path, suggest(path, known))
}

// Change is one value that differs between two documents. An empty From or To
// means that the value is not there.
type Change struct {
	Path, From, To string
}

// String writes order.review_period: 3d → 5d.
func (c Change) String() string {
	show := func(text string) string {
		if text == "" {
			return "nothing"
		}
		return text
	}
	return c.Path + ": " + show(c.From) + " → " + show(c.To)
}

// Diff lists what differs, in the order of the file; what only a has stands
// where it stood in a. It is empty exactly when a and b are equal.
func Diff(a, b Document) []Change {
	before, after := map[string]string{}, map[string]string{}
	var paths []string
	for _, l := range b.leaves("") {
		after[l.path] = l.text()
		paths = append(paths, l.path)
	}
	place := 0
	for _, l := range a.leaves("") {
		before[l.path] = l.text()
		if i := slices.Index(paths, l.path); i >= 0 {
			place = i + 1
			continue
		}
		paths = slices.Insert(paths, place, l.path)
		place++
	}
	var changes []Change
	for _, path := range paths {
		from, had := before[path]
		to, has := after[path]
		if from != to || had != has && from+to != "" {
			changes = append(changes, Change{path, from, to})
		}
	}
	return changes
}
