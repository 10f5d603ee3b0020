package kit

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The geometry of charts: numbers in, places out, in per cent of the drawing.

// pct is a place as SVG takes it, with two decimals at most.
func pct(v float64) string { return coord(v) + "%" }

func coord(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}

// topOf is a round number at or above the largest value: 1, 2 or 5 times a
// power of ten, never less than 1.
func topOf(most int64) int64 {
	for step := int64(1); step <= math.MaxInt64/10; step *= 10 {
		for _, m := range []int64{1, 2, 5} {
			if m*step >= most {
				return m * step
			}
		}
	}
	return most
}

// grid are the values at which a line is drawn across: nothing, half where it is
// whole, and the top.
func grid(top int64) []int64 {
	if top%2 == 0 {
		return []int64{0, top / 2, top}
	}
	return []int64{0, top}
}

// at is the height of a value, from the top of the drawing.
func at(value, top int64) float64 { return 100 - 100*float64(value)/float64(max(top, 1)) }

func (b BarProps) top() int64 {
	var most int64
	for _, c := range b.Columns {
		most = max(most, c.sum())
	}
	return topOf(most)
}

// block is a rectangle.
type block struct{ X, Y, W, H float64 }

// bar is one drawn part of a column.
type bar struct {
	block
	series int
	says   string
}

// bars stacks the parts of each column from the ground up. Columns leave a
// quarter of their width free.
func (b BarProps) bars() []bar {
	top, step := b.top(), 100/float64(max(len(b.Columns), 1))
	var out []bar
	for i, c := range b.Columns {
		var below int64
		for s, cell := range c.Cells[:min(len(c.Cells), len(b.Series))] {
			if cell.Value <= 0 {
				continue
			}
			below += cell.Value
			y := at(below, top)
			out = append(out, bar{
				block{X: float64(i)*step + step/8, Y: y, W: step * 3 / 4, H: at(below-cell.Value, top) - y},
				s, c.full() + ": " + b.Series[s].Name + " " + b.scale(cell.Value),
			})
		}
	}
	return out
}

// tick is a label under a chart.
type tick struct {
	x      float64
	anchor string // start, middle or end
	text   string
}

// labelMost is how long a label may be beneath a chart; the table has it whole.
const labelMost = 24

func shortened(s string) string {
	if utf8.RuneCountInString(s) <= labelMost {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:labelMost-1])) + "…"
}

// ticks picks the labels that fit beneath, the first and the last always. The
// longer they are the fewer there are.
func ticks(long []string) []tick {
	n, longest := len(long), 0
	labels := make([]string, n)
	for i, l := range long {
		labels[i] = shortened(l)
		longest = max(longest, utf8.RuneCountInString(labels[i]))
	}
	if n == 0 {
		return nil
	}
	parts := min(max(36/max(longest, 1)-1, 1), 4, n-1)
	if parts <= 0 {
		return []tick{{50, "middle", labels[0]}}
	}
	step := 100 / float64(n)
	var out []tick
	for p := range parts + 1 {
		i := p * (n - 1) / parts
		t := tick{x: (float64(i) + 0.5) * step, anchor: "middle", text: labels[i]}
		switch p {
		case 0:
			t.x, t.anchor = 0, "start"
		case parts:
			t.x, t.anchor = 100, "end"
		}
		out = append(out, t)
	}
	return out
}

func (b BarProps) ticks() []tick {
	labels := make([]string, len(b.Columns))
	for i, c := range b.Columns {
		labels[i] = c.Label
	}
	return ticks(labels)
}

func (s SparkProps) ticks() []tick {
	if len(s.Points) == 0 {
		return nil
	}
	first, last := s.Points[0].tick(), s.Points[len(s.Points)-1].tick()
	if len(s.Points) == 1 {
		return []tick{{50, "middle", first}}
	}
	return []tick{{0, "start", first}, {100, "end", last}}
}

// tick is a point beneath its line: the day, and what it was.
func (p Point) tick() string {
	if p.Gap || p.Shown == "" {
		return shortened(p.Label)
	}
	return shortened(p.Label) + ": " + p.Shown
}

// spread is the range of values that a line is drawn in, with a little air. A
// flat line lies in the middle.
func (s SparkProps) spread() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	take := func(v float64) { low, high = min(low, v), max(high, v) }
	for _, p := range s.Points {
		if p.drawn() {
			take(p.Value)
		}
	}
	if s.Need != nil {
		take(s.Need.Value)
	}
	if low > high {
		return 0, 1
	}
	if low == high {
		return low - 1, high + 1
	}
	air := (high - low) * 0.08
	return low - air, high + air
}

func (p Point) drawn() bool { return !p.Gap && !math.IsNaN(p.Value) && !math.IsInf(p.Value, 0) }

func (s SparkProps) y(v float64) float64 {
	low, high := s.spread()
	return 100 - 100*(v-low)/(high-low)
}

func (s SparkProps) x(i int) float64 {
	if len(s.Points) < 2 {
		return 50
	}
	return 100 * float64(i) / float64(len(s.Points)-1)
}

// path is the line, in thousandths across and down; a gap breaks it.
func (s SparkProps) path() string {
	var b strings.Builder
	pen := "M"
	for i, p := range s.Points {
		if !p.drawn() {
			pen = "M"
			continue
		}
		b.WriteString(pen + coord(s.x(i)*10) + " " + coord(s.y(p.Value)*10))
		pen = "L"
	}
	return b.String()
}

// dots are where a point must be drawn to be seen: the last one, and those that
// stand between two gaps.
func (s SparkProps) dots() []block {
	var out []block
	last := -1
	for i, p := range s.Points {
		if p.drawn() {
			last = i
		}
	}
	for i, p := range s.Points {
		lone := (i == 0 || !s.Points[i-1].drawn()) && (i == len(s.Points)-1 || !s.Points[i+1].drawn())
		if p.drawn() && (i == last || lone) {
			out = append(out, block{X: s.x(i), Y: s.y(p.Value)})
		}
	}
	return out
}

// shares cut a whole into widths that add up to 100. What is there at all is at
// least one wide, so that it can be seen.
func shares(counts []int) []float64 {
	out, sum := make([]float64, len(counts)), 0
	for _, n := range counts {
		sum += max(n, 0)
	}
	if sum == 0 {
		return out
	}
	var raised, rest float64
	for i, n := range counts {
		if n <= 0 {
			continue
		}
		out[i] = 100 * float64(n) / float64(sum)
		if out[i] < 1 {
			out[i] = 1
			raised++
		} else {
			rest += out[i]
		}
	}
	for i := range out {
		if out[i] > 1 {
			out[i] *= (100 - raised) / rest
		}
	}
	return out
}

func (s ShareProps) blocks() []block {
	counts := make([]int, len(s.Parts))
	for i, p := range s.Parts {
		counts[i] = p.Count
	}
	out, x := make([]block, len(s.Parts)), 0.0
	for i, w := range shares(counts) {
		out[i] = block{X: x, W: w, H: 100}
		x += w
	}
	return out
}

func (d DistProps) total() int {
	n := 0
	for _, r := range d.Rows {
		n += max(r.Count, 0)
	}
	return n
}

func (d DistProps) width(r DistRow) float64 {
	return 100 * float64(max(r.Count, 0)) / float64(max(d.total(), 1))
}

// square is one day of a calendar.
type square struct {
	week, weekday int // Monday is 0
	day           time.Time
	heat          int // 0 to 4
	mark          Tone
	today         bool
	says          string
}

// weeksMost bounds a calendar to two years.
const weeksMost = 105

// civil is the date of an instant, as midnight UTC, so that days can be counted.
func civil(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (c CalendarProps) civil(t time.Time) time.Time { return civil(t.In(c.Local.zone())) }

func weekday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

// ends are the first and the last day shown, and how many weeks they touch.
func (c CalendarProps) ends() (first, last time.Time, weeks int) {
	first, last = c.civil(c.From), c.civil(c.To)
	if last.Before(first) {
		last = first
	}
	monday := first.AddDate(0, 0, -weekday(first))
	weeks = int(last.Sub(monday).Hours()/24)/7 + 1
	if weeks > weeksMost {
		weeks, last = weeksMost, monday.AddDate(0, 0, weeksMost*7-1)
	}
	return first, last, weeks
}

// squares are the days from first to last with what falls on them.
func (c CalendarProps) squares() []square {
	first, last, _ := c.ends()
	monday := first.AddDate(0, 0, -weekday(first))
	type load struct {
		heat int
		mark Tone
		n    int
	}
	loads, most := map[time.Time]load{}, 0
	for _, m := range c.Days {
		day := c.civil(m.Day)
		l := loads[day]
		l.heat, l.mark, l.n = l.heat+max(m.Heat, 0), cmp.Or(l.mark, m.Mark), l.n+1
		loads[day] = l
		if !day.Before(first) && !day.After(last) {
			most = max(most, l.heat)
		}
	}
	var out []square
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		l := loads[day]
		s := square{
			week: int(day.Sub(monday).Hours()/24) / 7, weekday: weekday(day), day: day, heat: heat(l.heat, most), mark: l.mark,
			today: !c.Today.IsZero() && c.civil(c.Today).Equal(day), says: c.dayWords(day),
		}
		if l.n > 0 {
			s.says += ": " + times(l.n, "entry", "entries")
		}
		out = append(out, s)
	}
	return out
}

// heat puts an amount into one of four steps; nothing stays nothing.
func heat(n, most int) int {
	if n <= 0 || most <= 0 {
		return 0
	}
	return min((4*n+most-1)/most, 4)
}

// dayWords say a date that civil made, as the reader's pages do.
func (c CalendarProps) dayWords(day time.Time) string {
	return Local{Now: c.Local.Now.In(c.Local.zone()).UTC()}.Day(day)
}

// block is where a day is drawn: weeks go across in per cent, days down in
// pixels below the line of months.
func (q square) block(weeks int) block {
	step := 100 / float64(weeks)
	return block{X: float64(q.week)*step + step/16, Y: float64(months + q.weekday*cellHigh), W: step * 7 / 8, H: cellHigh - 3}
}

// Heights of a calendar in pixels, and the widest a week gets.
const (
	months   = 20
	cellHigh = 20
	cellWide = 30
	calHigh  = months + 7*cellHigh
)

// monthTicks name the months above the week in which each begins; the first
// shown month is left out where the name of the next would touch its own.
func (c CalendarProps) monthTicks() []tick {
	first, last, weeks := c.ends()
	monday := first.AddDate(0, 0, -weekday(first))
	step := 100 / float64(weeks)
	every := 1 + weeks/30 // on a phone more than a dozen names would touch
	type start struct {
		week int
		day  time.Time
	}
	starts := []start{{0, first}}
	for day := time.Date(first.Year(), first.Month()+1, 1, 0, 0, 0, 0, time.UTC); !day.After(last); day = day.AddDate(0, 1, 0) {
		starts = append(starts, start{int(day.Sub(monday).Hours()/24) / 7, day})
	}
	if len(starts) > 1 && every == 1 && starts[1].week < 1+weeks/16 {
		starts = starts[1:]
	}
	var out []tick
	for i, s := range starts {
		t := tick{x: float64(s.week) * step, anchor: "start", text: s.day.Format("Jan")}
		if s.week >= weeks-1 && weeks > 2 {
			t.x, t.anchor = 100, "end"
			if len(out) > 0 && 100-out[len(out)-1].x < 12 {
				continue
			}
		}
		if i%every == 0 {
			out = append(out, t)
		}
	}
	return out
}

// entries are the marked days inside the calendar, the earliest first.
func (c CalendarProps) entries() []Marked {
	first, last, _ := c.ends()
	var out []Marked
	for _, m := range c.Days {
		if day := c.civil(m.Day); !day.Before(first) && !day.After(last) {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b Marked) int { return c.civil(a.Day).Compare(c.civil(b.Day)) })
	return out
}
