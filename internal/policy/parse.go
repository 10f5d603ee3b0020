package policy

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"guildhall/internal/money"
)

// maxSource bounds a policy file; the shipped ones are a hundredth of it.
const maxSource = 1 << 20

// Parse reads a policy file strictly: unknown, repeated and missing keys, wrong
// types, values out of bounds and tables that contradict themselves are all
// faults. It goes on after a fault to find them all. name stands in the faults
// as the file's name. The error, if any, is of type Faults.
func Parse(name string, source []byte) (Document, error) {
	return newReader(name).read(source, Document{})
}

// Recall reads a version that was stored by Marshal, perhaps by an earlier
// release: a number that did not exist then takes the classic value, and one
// that exists no longer is passed over. People's files are for Parse.
func Recall(source []byte) (Document, error) {
	r := newReader("stored version")
	r.old = true
	return r.read(source, classic().clone())
}

// read fills doc from the source.
func (r *reader) read(source []byte, doc Document) (Document, error) {
	source = bytes.TrimPrefix(source, []byte("\xef\xbb\xbf"))
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n")) // as forms send them; they would be counted twice
	if !r.readable(source) {
		return Document{}, r.faults
	}
	r.lines = strings.Split(string(source), "\n")
	root := r.tree(source)
	if root == nil {
		return Document{}, r.faults
	}
	r.currency = currencyOf(root)
	r.structure("", position(root), root, reflect.ValueOf(&doc).Elem())
	r.check(doc)
	if len(r.faults) > 0 {
		r.faults.sort()
		return Document{}, r.faults
	}
	return doc, nil
}

func newReader(file string) *reader {
	return &reader{file: file, places: map[string]*token.Position{}, broken: map[string]bool{}}
}

// reader walks the tree of a file into a Document and remembers where every
// value stood, so that the later checks can point at it.
type reader struct {
	file     string
	old      bool // an earlier release may have written it
	lines    []string
	currency money.Currency
	faults   Faults
	places   map[string]*token.Position // path → where its value stands
	broken   map[string]bool            // paths that already have a fault
}

func (r *reader) fault(path string, at *token.Position, format string, args ...any) {
	f := Fault{File: r.file, Line: 1, Column: 1, Path: path, Text: fmt.Sprintf(format, args...)}
	if at != nil {
		f.Line, f.Column = max(1, at.Line), max(1, at.Column)
	}
	if f.Line <= len(r.lines) {
		f.Source = r.lines[f.Line-1]
	}
	r.broken[path] = true
	r.faults = append(r.faults, f)
}

// readable refuses what the parser need not see.
func (r *reader) readable(source []byte) bool {
	switch {
	case len(source) > maxSource:
		r.fault("", nil, "the file is larger than a policy can be (%d KiB)", maxSource>>10)
	case !utf8.Valid(source):
		good := validPrefix(source)
		line := 1 + bytes.Count(good, []byte("\n"))
		column := 1 + utf8.RuneCount(good[bytes.LastIndexByte(good, '\n')+1:])
		r.fault("", &token.Position{Line: line, Column: column}, "the file is not UTF-8 text")
	default:
		return true
	}
	return false
}

// validPrefix is the text before the first byte that is not UTF-8.
func validPrefix(source []byte) []byte {
	for i := 0; i < len(source); {
		r, size := utf8.DecodeRune(source[i:])
		if r == utf8.RuneError && size == 1 {
			return source[:i]
		}
		i += size
	}
	return source
}

// tree parses the file into its one top mapping, or records why it cannot.
func (r *reader) tree(source []byte) ast.Node {
	file, err := parser.ParseBytes(source, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var syntax *yaml.SyntaxError
		if errors.As(err, &syntax) && syntax.Token != nil {
			r.fault("", syntax.Token.Position, "%s", syntax.Message)
		} else {
			r.fault("", nil, "this is not YAML: %v", err)
		}
		return nil
	}
	var root ast.Node
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil:
		case root != nil:
			r.fault("", position(doc.Body), "a policy is one document; a second one starts here")
			return nil
		default:
			root = doc.Body
		}
	}
	if root == nil {
		r.fault("", nil, "the file is empty: start from a shipped profile")
	}
	return root
}

// currencyOf reads the currency ahead of all else, for prices are written in it.
func currencyOf(root ast.Node) money.Currency {
	for _, pair := range pairs(root) {
		if text, ok := scalar(pair.Value); ok && keyOf(pair) == "currency" {
			return money.Currency(text)
		}
	}
	return ""
}

// structure reads a mapping into a struct by the yaml tags of its fields. at is
// where missing keys are reported.
func (r *reader) structure(path string, at *token.Position, n ast.Node, into reflect.Value) {
	values, ok := r.mapping(path, at, n)
	if !ok {
		return
	}
	list := fields(into.Type())
	misspelt := r.unknown(path, n, values, list)
	for _, f := range list {
		here := join(path, f.key)
		pair, found := values[f.key]
		switch {
		case found:
			r.value(here, pair, f, into.Field(f.index))
		case misspelt[f.key]:
			r.broken[here] = true
		case !f.optional && !r.forgiven(path):
			r.fault(here, at, "is missing")
		case f.optional && r.old:
			into.Field(f.index).SetZero() // left out on purpose, or before it was known: it asks nothing
		}
	}
}

// unknown records the keys that the fields do not know, and returns those that
// were probably meant, so that a misspelt key is not a missing one as well.
func (r *reader) unknown(path string, n ast.Node, values map[string]*ast.MappingValueNode, list []field) map[string]bool {
	known := make([]string, len(list))
	for i, f := range list {
		known[i] = f.key
	}
	meant := map[string]bool{}
	if r.forgiven(path) {
		return meant
	}
	for _, pair := range pairs(n) {
		key := keyOf(pair)
		if values[key] != pair || slices.Contains(known, key) {
			continue
		}
		r.fault(join(path, key), position(pair.Key), "is not a key of the policy%s", suggest(key, known))
		meant[nearest(key, known)] = true
	}
	return meant
}

// forgiven tells whether the keys of the mapping at path may differ from today's:
// those of a stored section may, those of a table's row have no default.
func (r *reader) forgiven(path string) bool { return r.old && !strings.Contains(path, ".") }

// mapping gives the pairs of a mapping by key and records repeated keys.
func (r *reader) mapping(path string, at *token.Position, n ast.Node) (map[string]*ast.MappingValueNode, bool) {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
	default:
		if n.Type() != ast.NullType {
			at = position(n)
		}
		r.fault(path, at, "keys and values are wanted here, not %s", kind(n))
		return nil, false
	}
	values := map[string]*ast.MappingValueNode{}
	for _, pair := range pairs(n) {
		key := keyOf(pair)
		first, repeated := values[key]
		switch {
		case key == "":
			r.fault(path, position(pair.Key), "a key is a plain word, not %s", kind(pair.Key))
		case repeated:
			r.fault(join(path, key), position(pair.Key), "already stands on line %d", position(first.Key).Line)
		default:
			values[key] = pair
		}
	}
	return values, true
}

// value reads one value of any type.
func (r *reader) value(path string, pair *ast.MappingValueNode, f field, into reflect.Value) {
	key, at := position(pair.Key), position(pair.Value)
	if pair.Value.Type() == ast.NullType {
		at = key
	}
	r.places[path] = key
	switch into.Kind() {
	case reflect.Struct:
		r.structure(path, key, pair.Value, into)
	case reflect.Map:
		r.table(path, key, pair.Value, into)
	case reflect.Slice:
		r.list(path, at, pair.Value, f, into)
	default:
		r.places[path] = at
		r.scalar(path, at, pair.Value, f, into)
	}
}

// table reads a mapping whose keys are names.
func (r *reader) table(path string, at *token.Position, n ast.Node, into reflect.Value) {
	values, ok := r.mapping(path, at, n)
	if !ok {
		return
	}
	if len(values) > 0 { // an empty table is nil, so that documents compare
		into.Set(reflect.MakeMap(into.Type()))
	}
	for _, row := range pairs(n) {
		name := keyOf(row)
		if values[name] != row {
			continue
		}
		if !slug(name) {
			r.fault(join(path, name), position(row.Key), "a name is made of a-z, 0-9, _ and -")
			continue
		}
		item := reflect.New(into.Type().Elem()).Elem()
		r.value(join(path, name), row, field{}, item)
		into.SetMapIndex(reflect.ValueOf(name), item)
	}
}

// list reads a sequence. Rows of a table get the path that their names give
// them, so that a fault and a difference speak of the same thing.
func (r *reader) list(path string, at *token.Position, n ast.Node, f field, into reflect.Value) {
	sequence, ok := n.(*ast.SequenceNode)
	if !ok {
		r.fault(path, at, "a list is wanted here, not %s", kind(n))
		return
	}
	items := reflect.MakeSlice(into.Type(), len(sequence.Values), len(sequence.Values))
	for i, node := range sequence.Values {
		at := position(node)
		if rows := pairs(node); len(rows) > 0 {
			at = position(rows[0].Key)
		}
		if items.Index(i).Kind() != reflect.Struct {
			r.places[item(path, i)] = at
			r.scalar(item(path, i), at, node, f, items.Index(i))
			continue
		}
		row := join(path, rowName(node, i))
		if _, repeated := r.places[row]; repeated {
			r.fault(row, at, "already stands on line %d", r.places[row].Line)
			continue
		}
		r.places[row] = at
		r.structure(row, at, node, items.Index(i))
	}
	if items.Len() > 0 { // an empty list is nil, so that documents compare
		into.Set(items)
	}
}

// rowName is the name of a table's row before it is read, or its number.
func rowName(n ast.Node, i int) string {
	parts := map[string]string{}
	for _, pair := range pairs(n) {
		if text, ok := scalar(pair.Value); ok && slug(text) {
			parts[keyOf(pair)] = text
		}
	}
	switch {
	case parts["name"] != "":
		return parts["name"]
	case parts["class"] != "":
		return effectName(Class(parts["class"]), Party(parts["asked_by"]))
	}
	return fmt.Sprintf("[%d]", i+1)
}

func item(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i+1) }

// join appends a key to a path; a numbered row has no dot.
func join(path, key string) string {
	if path == "" || strings.HasPrefix(key, "[") {
		return path + key
	}
	return path + "." + key
}

func pairs(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}

// keyOf is the key of a pair, or empty if it is not a plain word.
func keyOf(pair *ast.MappingValueNode) string {
	if key, ok := pair.Key.(*ast.StringNode); ok {
		return key.Value
	}
	return ""
}

func position(n ast.Node) *token.Position {
	if t := n.GetToken(); t != nil && t.Position != nil {
		if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
			return position(m.Values[0].Key)
		}
		return t.Position
	}
	return &token.Position{Line: 1, Column: 1}
}
