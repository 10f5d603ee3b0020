package front

import (
	"strings"
	"unicode/utf8"
)

// Readable tells whether text is UTF-8 without NUL: what both engines can keep
// and compare. One of them refuses anything else as an error of the program, so
// the faces refuse it before it gets there.
func Readable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }
