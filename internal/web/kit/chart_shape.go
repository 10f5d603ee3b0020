package kit

import (
	"math"
	"strconv"
	"strings"
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
