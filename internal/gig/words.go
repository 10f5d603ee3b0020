package gig

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"guildhall/internal/ident"
)

// Bounds of the word index: what one gig may cost there, and how much of a
// word is compared. The same cut is made when indexing and when asking.
const (
	maxWords   = 32
	maxLetters = 24
	maxAsked   = 4
)

// letters that fall apart into no base letter and accent, as people type them without.
var plainLetters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ł", "l", "þ", "th", "ð", "d", "ı", "i")

// Fold writes text in lower case and without accents: Résumé → resume.
func Fold(text string) string {
	strip := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	folded, _, err := transform.String(strip, strings.ToValidUTF8(text, " "))
	if err != nil {
		folded = text
	}
	return plainLetters.Replace(strings.ToLower(folded))
}

// Words are what a gig is found by: the words of its title and tags, then of
// its description as far as the bound reaches, each once.
func Words(b Body) []string {
	seen := map[string]bool{}
	var words []string
	for _, text := range append([]string{b.Title}, append(append([]string{}, b.Tags...), b.Description)...) {
		for _, w := range split(text, 4*maxWords) {
			if len(words) == maxWords {
				return words
			}
			if !seen[w] {
				seen[w] = true
				words = append(words, w)
			}
		}
	}
	return words
}

// Asked are the words of a query, at most four, in the order typed. The last
// one may be the beginning of a word.
func Asked(query string) []string {
	words := split(query, 64)
	return words[:min(len(words), maxAsked)]
}

// split folds and cuts text into at most n words. Scripts that set no spaces
// are cut into single characters. A letter outside a–z is written as x and its
// code point, so that every database, whatever its collation, puts the words
// that begin alike next to each other.
func split(text string, n int) []string {
	var words []string
	var word strings.Builder
	taken := 0
	flush := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
		taken = 0
	}
	for _, r := range Fold(text) {
		if len(words) >= n {
			return words[:n]
		}
		alone := unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			if r != '\'' && r != '’' {
				flush()
			}
			continue
		case alone:
			flush()
		case taken == maxLetters:
			continue
		}
		taken++
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			word.WriteRune(r)
		} else {
			fmt.Fprintf(&word, "x%05x", r)
		}
		if alone {
			flush()
		}
	}
	flush()
	return words[:min(len(words), n)]
}

// Slug is the readable part of a gig's address with the end of its id, so that
// equal titles never meet.
func Slug(title string, id ident.Gig) string {
	tail := string(id)
	tail = tail[max(0, len(tail)-8):]
	if name := SlugOf(title); name != "" {
		return name + "-" + tail
	}
	return "gig-" + tail
}

// SlugOf writes text in lower-case letters, digits and single dashes, at most
// 60 of them; "" when nothing is left.
func SlugOf(text string) string {
	var b strings.Builder
	for _, r := range Fold(text) {
		if b.Len() >= 60 {
			break
		}
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			b.WriteRune(r)
		case r == '\'' || r == '’':
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}
