package api

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// strictJSON reads JSON as both engines can keep it: readable text, no NUL, not
// nested without end. Its errors carry a place and a reason, never a value.
var strictJSON = huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: readJSON}

// separator stands between the place and the reason of an error of readJSON.
const separator = "\x1f"

// maxNesting is deeper than any request needs to be.
const maxNesting = 16

func unreadable(place, why string) error { return errors.New(place + separator + why) }

func readJSON(data []byte, into any) error {
	if !utf8.Valid(data) {
		return unreadable("", "this is not UTF-8")
	}
	err := json.Unmarshal(data, into)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return unreadable("", "this is not JSON from byte "+strconv.FormatInt(syntax.Offset, 10)+" on")
	case errors.As(err, &kind):
		return unreadable(kind.Field, "this does not fit; whole numbers are written without fraction and exponent")
	case err != nil:
		return unreadable("", "this cannot be read")
	}
	if tree, ok := into.(*any); ok {
		return checkTree(*tree, nil)
	}
	return nil
}

// checkTree looks through everything that was sent, known or not.
func checkTree(node any, way []string) error {
	if len(way) > maxNesting {
		return unreadable("", "this is nested too deeply")
	}
	switch v := node.(type) {
	case string:
		if strings.ContainsRune(v, 0) {
			return unreadable(strings.Join(way, "."), "this contains a NUL character")
		}
	case []any:
		for i, item := range v {
			if err := checkTree(item, append(way, strconv.Itoa(i))); err != nil {
				return err
			}
		}
	case map[string]any:
		for name, item := range v {
			if strings.ContainsRune(name, 0) {
				return unreadable("", "a name contains a NUL character")
			}
			if err := checkTree(item, append(way, name)); err != nil {
				return err
			}
		}
	}
	return nil
}
