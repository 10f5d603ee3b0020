package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing that is wrong in a policy file.
type Fault struct {
	File   string
	Line   int    // from 1
	Column int    // from 1, in characters
	Path   string // of the value, like order.review_period; empty for the file itself
	Text   string // what is wrong and how it would be right
	Source string // the line as it stands in the file
}

// String prints the place, the reason, the line and a caret under the column.
func (f Fault) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: ", f.File, f.Line, f.Column)
	if f.Path != "" {
		b.WriteString(f.Path + ": ")
	}
	b.WriteString(f.Text)
	if strings.TrimSpace(f.Source) != "" {
		b.WriteString("\n    " + f.Source + "\n    " + indent(f.Source, f.Column) + "^")
	}
	return b.String()
}

// indent is the blank text before the caret; it keeps tabs, which are as wide
// as in the line above.
func indent(line string, column int) string {
	var b strings.Builder
	for i, r := range []rune(line) {
		switch {
		case i >= column-1:
			return b.String()
		case r == '\t':
			b.WriteByte('\t')
		default:
			b.WriteByte(' ')
		}
	}
	b.WriteString(strings.Repeat(" ", max(0, column-1-len([]rune(line)))))
	return b.String()
}

// Faults are all that is wrong in one policy file, in the order of its lines.
type Faults []Fault

// Error prints every fault like a compiler does.
func (f Faults) Error() string {
	parts := make([]string, len(f))
	for i := range f {
		parts[i] = f[i].String()
	}
	return strings.Join(parts, "\n")
}

func (f Faults) sort() {
	slices.SortStableFunc(f, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// suggest returns " (did you mean x?)" for the nearest known word, if one is near.
func suggest(word string, known []string) string {
	if best := nearest(word, known); best != "" {
		return fmt.Sprintf(" (did you mean %s?)", best)
	}
	return ""
}

// nearest is the known word with the fewest letters changed, or empty.
func nearest(word string, known []string) string {
	best, distance := "", len(word)/3+1
	for _, k := range known {
		if d := edits(word, k); d <= distance && d < max(len(word), len(k)) {
			if best == "" || d < distance {
				best, distance = k, d
			}
		}
	}
	return best
}

// edits counts the insertions, deletions and replacements between two words.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
