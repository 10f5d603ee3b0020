package policy

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"guildhall/internal/money"
)

// closed lists the words that a type may hold.
var closed = map[reflect.Type][]string{
	reflect.TypeFor[Answer](): words(AnswerCancelMutual, AnswerCancelUnanswered, AnswerDeny, AnswerApply),
	reflect.TypeFor[Class]():  words(Classes()...),
	reflect.TypeFor[Ending](): append(words(EndingCompleted), words(Classes()...)...),
	reflect.TypeFor[Effect](): words(EffectNo, EffectYes, EffectFaultSeller, EffectFaultBuyer, EffectUnresponsive),
	reflect.TypeFor[Party]():  words(PartySeller, PartyBuyer),
}

func words[S ~string](list ...S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

// scalar reads one word or number, says what is wrong with it, or sets it.
func (r *reader) scalar(path string, at *token.Position, n ast.Node, f field, into reflect.Value) {
	text, ok := scalar(n)
	if !ok {
		r.fault(path, at, "%s is wanted here, not %s", wanted(into, f), kind(n))
		return
	}
	value, err := r.convert(text, n, f, into.Type())
	if err == nil {
		err = f.bounded(value)
	}
	if err != nil {
		r.fault(path, at, "%s", err)
		return
	}
	into.Set(reflect.ValueOf(value).Convert(into.Type()))
}

// convert turns the text of a node into a value of the type.
func (r *reader) convert(text string, n ast.Node, f field, t reflect.Type) (any, error) {
	switch t {
	case reflect.TypeFor[Duration]():
		return ParseDuration(text)
	case reflect.TypeFor[Percent]():
		return ParsePercent(text)
	case reflect.TypeFor[Rating]():
		return ParseRating(text)
	case reflect.TypeFor[Price]():
		return parsePrice(text, r.currency)
	case reflect.TypeFor[money.Currency]():
		if !money.Currency(text).Known() {
			return nil, fmt.Errorf("%q is not a currency: write its three capitals, like USD", text)
		}
		return text, nil
	}
	switch t.Kind() {
	case reflect.Bool:
		if b, ok := n.(*ast.BoolNode); ok {
			return b.Value, nil
		}
		return nil, fmt.Errorf("%q is neither true nor false", text)
	case reflect.String:
		return parseWords(text, n, t)
	}
	if f.unit == "bytes" {
		return parseSize(text)
	}
	number, err := strconv.ParseInt(text, 10, 64)
	if _, plain := n.(*ast.IntegerNode); !plain || err != nil {
		return nil, fmt.Errorf("%q is not a whole number", text)
	}
	return number, nil
}

// parsePrice reads an amount that fits the currency and leaves sums room to grow.
func parsePrice(text string, c money.Currency) (Price, error) {
	if strings.Trim(text, "0123456789.,") != "" {
		return 0, fmt.Errorf("%q is not a price: write it like 25.00, without sign and symbol", text)
	}
	amount, err := money.Parse(text, c)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is not a price in %s: %w", text, c, err)
	case amount.Minor > money.Limit/1_000_000:
		return 0, fmt.Errorf("%q is too large for a price", text)
	}
	return Price(amount.Minor), nil
}

// parseWords reads a text of one line, or a word of a closed list.
func parseWords(text string, n ast.Node, t reflect.Type) (string, error) {
	if list, ok := closed[t]; ok {
		for _, w := range list {
			if w == text {
				return text, nil
			}
		}
		return "", fmt.Errorf("%q is none of %s%s", text, strings.Join(list, ", "), suggest(text, list))
	}
	switch _, isText := n.(*ast.StringNode); {
	case !isText:
		return "", fmt.Errorf("%s is not text: put it in quotes", text)
	case text == "" || strings.TrimSpace(text) != text:
		return "", errors.New("words are wanted here, without blanks around them")
	case len(text) > 1000 || strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) }):
		return "", errors.New("one short line of words is wanted here")
	}
	return text, nil
}

// scalar is the text of a plain or quoted value.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// kind names what a node is, for people.
func kind(n ast.Node) string {
	switch n.Type() {
	case ast.NullType:
		return "nothing"
	case ast.MappingType, ast.MappingValueType:
		return "keys and values"
	case ast.SequenceType:
		return "a list"
	case ast.AnchorType, ast.AliasType, ast.TagType, ast.MergeKeyType:
		return "an anchor, alias or tag; write the value itself"
	case ast.LiteralType:
		return "a text of several lines"
	}
	return "a single value"
}

// wanted names what a field holds, for people.
func wanted(into reflect.Value, f field) string {
	switch into.Interface().(type) {
	case Duration:
		return "a span like 3d or 48h"
	case Percent:
		return "a share like 90%"
	case Rating:
		return "a rating like 4.7"
	case Price:
		return "a price like 25.00"
	}
	switch {
	case f.unit == "bytes":
		return "a size like 10MiB"
	case into.Kind() == reflect.String:
		return "a word"
	case into.Kind() == reflect.Bool:
		return "true or false"
	}
	return "a whole number"
}

// slug tells whether text can be a name: it stands in paths and addresses.
func slug(text string) bool {
	return text != "" && len(text) <= 64 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}
