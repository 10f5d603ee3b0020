package kit

import (
	"cmp"
	"strconv"
	"time"
)

// Charts are drawn by the server as SVG without a script: places across are in
// per cent and heights in CSS, so that words keep their size on a phone. A chart
// is a picture with a title and a description to whoever hears the page, and the
// numbers stand once more in a real table, where each can lead to its list.
// Nothing is told by colour alone: series have a texture, marks a shape, and
// both stand in a legend in words.

// ChartProps are common to all charts.
type ChartProps struct {
	ID    string // unique on the page
	Title string // what is shown: "Completion rate, day by day"
	Says  string // what there is to see in it, in a sentence
	Quiet bool   // the title is for hearing only, a heading above says it already
}

func (c ChartProps) title() string { return c.ID + "-title" }
func (c ChartProps) says() string  { return c.ID + "-says" }
func (c ChartProps) names() string { return c.title() + " " + c.says() }

// SparkProps is a line of one value over time.
type SparkProps struct {
	ChartProps
	Column string // heading of the values in the table: "Rate"
	Points []Point
	Need   *Need // a line to be above, such as a level's threshold
	Tone   Tone  // Lapis when empty
}

// Point is one value. A Gap has none yet: the line is broken there.
type Point struct {
	Label string // "Tue 24 Nov"
	Value float64
	Shown string // as written: "94.3 %"
	Href  string // may be empty
	Gap   bool
}

// Need is a value to reach.
type Need struct {
	Value float64
	Says  string // "Level 2 needs 90 %"
}

// BarProps is a series of columns over time, each stacked of the same parts.
type BarProps struct {
	ChartProps
	Column  string   // heading of the labels in the table: "Day"
	Series  []Series // five at most
	Columns []Column
	Total   bool               // the table has a sum for each column
	Scale   func(int64) string // how values are written; a plain number when nil
}

// Series is one part of every column.
type Series struct {
	Name string
	Tone Tone
}

// Column is one span of time.
type Column struct {
	Label string // short, under the chart: "24 Nov"
	Full  string // in the table; Label when empty
	Cells []Cell // one of each series
}

// Cell is one number that may open to its list.
type Cell struct {
	Value int64
	Href  string
}

func (c Column) full() string {
	if c.Full != "" {
		return c.Full
	}
	return c.Label
}

func (c Column) sum() int64 {
	var n int64
	for _, cell := range c.Cells {
		n += max(cell.Value, 0)
	}
	return n
}

func (b BarProps) scale(n int64) string {
	if b.Scale != nil {
		return b.Scale(n)
	}
	return grouped(n)
}

// DistProps is how often each of a few answers was given, such as five to one
// stars. It is a table of its own: no other one stands beneath.
type DistProps struct {
	ChartProps
	Rows []DistRow
	Tone Tone // Brass when empty
}

// DistRow is one answer.
type DistRow struct {
	Label string // "5 stars"
	Count int
	Href  string // may be empty
}

// ShareProps is one whole cut into parts: for, against, excluded.
type ShareProps struct {
	ChartProps
	Parts []SharePart
}

// SharePart is one part; the legend beneath leads to its list.
type SharePart struct {
	Label string
	Count int
	Tone  Tone
	Href  string // may be empty
}

// CalendarProps is days in weeks: how much falls on each, and what is marked.
type CalendarProps struct {
	ChartProps
	Days   []Marked // in any order; days without anything may be left out
	From   time.Time
	To     time.Time // the last day shown
	Today  time.Time // outlined; zero outlines none
	Legend []MarkKey // what the marks mean
	Column string    // heading of what happens, in the table: "What leaves the window"
	Local  Local
}

// Marked is a day on which something happens. Several may fall on one day: the
// heat adds up, and the mark of the first is drawn.
type Marked struct {
	Day  time.Time
	Heat int  // how much; 0 draws the mark alone
	Mark Tone // Good a disc, Warn a triangle, Bad a cross, Brass a diamond, Lapis a square; "" none
	Says string
	Href string // may be empty
}

// MarkKey is a mark of the calendar in words.
type MarkKey struct {
	Mark Tone
	Says string
}

// grouped writes a whole number with its thousands apart.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(s) - 3; i > first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func times(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

func (c CalendarProps) weeks() int {
	_, _, n := c.ends()
	return n
}

func (c CalendarProps) wide() string { return strconv.Itoa(c.weeks() * cellWide) }

func (q square) class() string {
	out := "chart-heat-" + strconv.Itoa(q.heat)
	if q.today {
		out += " chart-today"
	}
	return out
}

// texture is the name of the fill of one series of a chart.
func texture(id string, series int) string { return id + "-fill-" + strconv.Itoa(series) }

func filled(id string, series int) string { return "url(#" + texture(id, series) + ")" }

func (b BarProps) tones() []Tone {
	out := make([]Tone, len(b.Series))
	for i, s := range b.Series {
		out[i] = s.Tone
	}
	return out
}

func (s ShareProps) tones() []Tone {
	out := make([]Tone, len(s.Parts))
	for i, p := range s.Parts {
		out[i] = p.Tone
	}
	return out
}

func distTone(t Tone) Tone { return cmp.Or(t, Brass) }

func sparkTone(t Tone) Tone { return cmp.Or(t, Lapis) }
