package kit

import (
	"slices"
	"strconv"
)

// StarProps asks for stars for one thing: a radio for each number, with its word.
type StarProps struct {
	Name   string
	Legend string
	Hint   string
	Error  string
	Value  string   // the chosen number
	Words  []string // for one star, for two …
}

func (s StarProps) id() string { return fieldID(s.Name) }

// optionID gives the first radio the field's own id, so that ErrorSummary's link
// lands on something one can use.
func (s StarProps) optionID(n int) string {
	if n == 1 {
		return s.id()
	}
	return s.id() + "-" + strconv.Itoa(n)
}

// starMost is how many stars are drawn.
const starMost = 5

// Given says stars in words: "4 of 5 stars".
func Given(stars string) string { return stars + " of " + strconv.Itoa(starMost) + " stars" }

// full tells of each drawn star whether it is a full one.
func full(whole int) []bool {
	list := make([]bool, starMost)
	for i := range min(max(whole, 0), starMost) {
		list[i] = true
	}
	return list
}

// stars writes a number of stars: "1 star", "2 stars".
func stars(n int) string {
	if n == 1 {
		return "1 star"
	}
	return strconv.Itoa(n) + " stars"
}

// StarRows are the rows of a distribution, five stars first. counts has one star
// first; href leads to the reviews of a row.
func StarRows(counts []int, href func(stars int) string) []DistRow {
	rows := make([]DistRow, len(counts))
	for i, count := range counts {
		rows[i] = DistRow{Label: stars(i + 1), Count: count, Href: href(i + 1)}
	}
	slices.Reverse(rows)
	return rows
}
