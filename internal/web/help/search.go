package help

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// section is a heading and the words beneath it, for looking up.
type section struct {
	head, text string
}

// Hit is an article that a search found, with the place that fits best.
type Hit struct {
	Article Article
	Head    Head   // zero for the top of the article
	Says    string // the sentence around the first word found
	score   int
}

// most is how many hits are worth reading.
const most = 8

// Search finds articles that hold every word of the query, or the beginnings of
// words; those that hold them in title or heading first.
func (b *Book) Search(query string) []Hit {
	words := wordsOf(query)
	if len(words) == 0 {
		return nil
	}
	var hits []Hit
	for _, a := range b.articles {
		if hit, ok := a.find(words); ok {
			hits = append(hits, hit)
		}
	}
	slices.SortStableFunc(hits, func(x, y Hit) int { return y.score - x.score })
	return hits[:min(len(hits), most)]
}

// find scores an article: every word must stand somewhere in it.
func (a Article) find(words []string) (Hit, bool) {
	hit := Hit{Article: a}
	best := 0
	found := map[string]bool{}
	top := 20*count(a.Title, words, found) + 8*count(a.Summary, words, found)
	for _, s := range a.words {
		score := 10*count(s.head, words, found) + min(5, count(s.text, words, found))
		if score > best {
			best = score
			hit.Head, hit.Says = Head{}, sentence(s.text, words)
			for _, h := range a.Heads {
				if h.Text == s.head {
					hit.Head = h
				}
			}
		}
	}
	hit.score = top + best
	if hit.Says == "" {
		hit.Says = a.Summary
	}
	return hit, len(found) == len(words)
}

func count(text string, words []string, found map[string]bool) int {
	n := 0
	for _, have := range wordsOf(text) {
		for _, w := range words {
			if strings.HasPrefix(have, w) {
				n++
				found[w] = true
			}
		}
	}
	return n
}

// wordsOf are the words of a text that say something, in small letters.
func wordsOf(text string) []string {
	var list []string
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if !slices.Contains(idle, w) && !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	return list
}

var idle = strings.Fields("a an and are as at be but by can do does for from get has have how i if in is it me my not of on or so s t that the then there this to was what when where which who why will with you your")

// sections cuts the text of an article at its headings, without its marks.
func sections(text string) []section {
	list := []section{{}}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if h, ok := strings.CutPrefix(line, "## "); ok {
			list = append(list, section{head: h})
			continue
		}
		if strings.HasPrefix(line, "| ---") {
			continue
		}
		last := &list[len(list)-1]
		if item, listed := strings.CutPrefix(line, "- "); listed {
			line = "· " + item
		}
		last.text += " " + strings.TrimSpace(marks.ReplaceAllString(link.ReplaceAllString(line, "$1"), ""))
	}
	return list
}

var (
	link  = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	marks = regexp.MustCompile("[*_`\\\\>|#]")
)

// sentence is the first one that holds one of the words.
func sentence(text string, words []string) string {
	for _, s := range strings.SplitAfter(text, ". ") {
		if count(s, words, map[string]bool{}) > 0 {
			return strings.TrimPrefix(strings.TrimSpace(s), "· ")
		}
	}
	return ""
}
