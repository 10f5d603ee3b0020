package kit

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
)

func TestTopOf(t *testing.T) {
	for most, want := range map[int64]int64{
		-3: 1, 0: 1, 1: 1, 2: 2, 3: 5, 5: 5, 6: 10, 11: 20, 21: 50, 99: 100, 100: 100, 101: 200, 1_000_000_001: 2_000_000_000,
		math.MaxInt64: math.MaxInt64,
	} {
		if got := topOf(most); got != want {
			t.Errorf("topOf(%d) = %d, want %d", most, got, want)
		}
	}
	for top, want := range map[int64][]int64{1: {0, 1}, 2: {0, 1, 2}, 5: {0, 5}, 20: {0, 10, 20}} {
		if got := grid(top); !slices.Equal(got, want) {
			t.Errorf("grid(%d) = %v, want %v", top, got, want)
		}
	}
}

func TestBarsStackInsideTheDrawing(t *testing.T) {
	tests := []struct {
		name    string
		columns []Column
		drawn   int
	}{
		{"none", nil, 0},
		{"one", []Column{{Label: "1 Nov", Cells: []Cell{{Value: 1}, {Value: 0}}}}, 1},
		{"all zero", []Column{{Cells: []Cell{{}, {}}}, {Cells: []Cell{{}, {}}}}, 0},
		{"below nothing", []Column{{Cells: []Cell{{Value: -5}, {Value: 2}}}}, 1},
		{"more cells than series", []Column{{Cells: []Cell{{Value: 5}, {Value: 5}, {Value: 5}}}}, 2},
		{"stacked", []Column{{Cells: []Cell{{Value: 7}, {Value: 13}}}, {Cells: []Cell{{Value: 1}, {Value: 1}}}}, 4},
	}
	for _, tt := range tests {
		b := BarProps{Series: []Series{{Name: "a"}, {Name: "b"}}, Columns: tt.columns}
		list := b.bars()
		if len(list) != tt.drawn {
			t.Errorf("%s: %d bars, want %d", tt.name, len(list), tt.drawn)
		}
		foot := map[float64]float64{}
		for _, r := range list {
			if r.H <= 0 || r.Y < 0 || r.Y+r.H > 100.001 || r.X < 0 || r.X+r.W > 100.001 {
				t.Errorf("%s: %+v stands outside", tt.name, r.block)
			}
			if below, ok := foot[r.X]; ok && math.Abs(below-r.Y-r.H) > 1e-9 {
				t.Errorf("%s: %+v does not stand on the one below (%v)", tt.name, r.block, below)
			}
			foot[r.X] = r.Y
		}
	}
}

func TestTicks(t *testing.T) {
	days := func(n int) (out []string) {
		for i := range n {
			out = append(out, time.Date(2026, 11, 1+i, 0, 0, 0, 0, time.UTC).Format("2 Jan"))
		}
		return out
	}
	tests := []struct {
		name   string
		labels []string
		want   string
	}{
		{"none", nil, ""},
		{"one", days(1), "middle:1 Nov"},
		{"two", days(2), "start:1 Nov end:2 Nov"},
		{"month", days(30), "start:1 Nov middle:8 Nov middle:15 Nov middle:22 Nov end:30 Nov"},
		{"long", []string{"the week of Monday 2 November", "x", "the week of Monday 16 November"}, "start:the week of Monday 2 No… end:the week of Monday 16 N…"},
	}
	for _, tt := range tests {
		var got []string
		for _, k := range ticks(tt.labels) {
			if k.x < 0 || k.x > 100 {
				t.Errorf("%s: label at %v", tt.name, k.x)
			}
			got = append(got, k.anchor+":"+k.text)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, s, tt.want)
		}
	}
}

func TestSparkPath(t *testing.T) {
	points := func(vs ...float64) (out []Point) {
		for _, v := range vs {
			out = append(out, Point{Value: v, Gap: math.IsInf(v, 1)})
		}
		return out
	}
	gap := math.Inf(1)
	tests := []struct {
		name   string
		points []Point
		need   *Need
		path   string
		dots   int
	}{
		{"none", nil, nil, "", 0},
		{"one", points(3), nil, "M500 500", 1},
		{"all zero", points(0, 0, 0), nil, "M0 500L500 500L1000 500", 1},
		{"up", points(0, 100), nil, "M0 931.03L1000 68.97", 1},
		{"a need widens", points(50, 50), &Need{Value: 100}, "M0 931.03L1000 931.03", 1},
		{"gaps break it", points(1, gap, 1, 1, gap), nil, "M0 500M500 500L750 500", 2},
		{"not a number", points(1, math.NaN(), 1), nil, "M0 500M1000 500", 2},
		{"only gaps", points(gap, gap), nil, "", 0},
	}
	for _, tt := range tests {
		s := SparkProps{Points: tt.points, Need: tt.need}
		if got := s.path(); got != tt.path {
			t.Errorf("%s: path %q, want %q", tt.name, got, tt.path)
		}
		if got := len(s.dots()); got != tt.dots {
			t.Errorf("%s: %d dots, want %d", tt.name, got, tt.dots)
		}
	}
}

func TestShares(t *testing.T) {
	tests := []struct {
		counts, want []float64
		in           []int
	}{
		{in: nil, want: nil},
		{in: []int{0, 0}, want: []float64{0, 0}},
		{in: []int{1}, want: []float64{100}},
		{in: []int{3, 1, 0}, want: []float64{75, 25, 0}},
		{in: []int{9999, 1, -4}, want: []float64{99, 1, 0}},
	}
	for _, tt := range tests {
		got := shares(tt.in)
		for i := range got {
			if math.Abs(got[i]-tt.want[i]) > 0.001 {
				t.Errorf("shares(%v) = %v, want %v", tt.in, got, tt.want)
			}
		}
	}
}

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestCalendar(t *testing.T) {
	tests := []struct {
		name, from, to string
		weeks, days    int
		months         string
	}{
		{"one day", "2026-11-22", "2026-11-22", 1, 1, "Nov"},
		{"backwards", "2026-11-22", "2026-11-01", 1, 1, "Nov"},
		{"sixty days", "2026-11-23", "2027-01-21", 9, 60, "Nov Dec Jan"},
		{"over a clock change", "2026-10-19", "2026-11-01", 2, 14, "Oct Nov"},
		{"a year", "2026-01-01", "2026-12-31", 53, 365, "Jan Mar May Jul Sep Nov"},
		{"ten years", "2020-01-01", "2030-01-01", weeksMost, 733, "Jan May Sep Jan May Sep Jan"},
	}
	for _, tt := range tests {
		c := CalendarProps{From: day(tt.from), To: day(tt.to), Local: Local{Now: now}}
		list := c.squares()
		if c.weeks() != tt.weeks || len(list) != tt.days {
			t.Errorf("%s: %d weeks and %d days, want %d and %d", tt.name, c.weeks(), len(list), tt.weeks, tt.days)
		}
		for _, q := range list {
			if b := q.block(tt.weeks); b.X < 0 || b.X+b.W > 100.001 || b.Y+b.H > calHigh {
				t.Fatalf("%s: %s stands at %+v", tt.name, q.says, b)
			}
		}
		var got []string
		for _, k := range c.monthTicks() {
			got = append(got, k.text)
		}
		if s := strings.Join(got, " "); s != tt.months {
			t.Errorf("%s: months %q, want %q", tt.name, s, tt.months)
		}
	}
}

// TestCalendarDaysAreTheReaders puts what happens late in the evening on the
// day the reader's own calendar shows.
func TestCalendarDaysAreTheReaders(t *testing.T) {
	late := time.Date(2026, 11, 24, 23, 30, 0, 0, time.UTC)
	c := CalendarProps{
		From: now, To: now.AddDate(0, 0, 6), Today: now, Local: here,
		Days: []Marked{{Day: late, Heat: 1, Mark: Good, Says: "first"}, {Day: late, Heat: 3, Mark: Bad, Says: "second"}, {Day: now.AddDate(0, 1, 0), Heat: 100}},
	}
	for _, q := range c.squares() {
		want := square{}
		switch q.day.Day() {
		case 25:
			want = square{heat: 4, mark: Good}
		case 22:
			want = square{today: true}
		}
		if q.heat != want.heat || q.mark != want.mark || q.today != want.today {
			t.Errorf("%s: heat %d, mark %q, today %v", q.says, q.heat, q.mark, q.today)
		}
	}
	if got := len(c.entries()); got != 2 {
		t.Errorf("%d entries, want the two inside", got)
	}
	if got, want := c.dayWords(c.civil(late)), "Wed 25 Nov"; got != want {
		t.Errorf("the day is %q, want %q", got, want)
	}
}

func TestHeat(t *testing.T) {
	for _, tt := range []struct{ n, most, want int }{{0, 9, 0}, {-1, 9, 0}, {1, 0, 0}, {1, 1, 4}, {1, 100, 1}, {25, 100, 1}, {26, 100, 2}, {100, 100, 4}} {
		if got := heat(tt.n, tt.most); got != tt.want {
			t.Errorf("heat(%d, %d) = %d, want %d", tt.n, tt.most, got, tt.want)
		}
	}
}

// charts are one of each, full and empty.
func charts() []templ.Component {
	long := strings.Repeat("a long word of what happens ", 4)
	var points []Point
	var columns []Column
	for i := range 30 {
		d := now.AddDate(0, 0, i-29)
		points = append(points, Point{Label: here.Day(d), Value: 90 + float64(i%7), Shown: "9" + string(rune('0'+i%7)) + ".0 %", Href: "/standing/completion", Gap: i < 3})
		columns = append(columns, Column{Label: d.Format("2 Jan"), Full: here.Day(d), Cells: []Cell{{int64(i % 9), "/house/orders?day=" + d.Format(time.DateOnly)}, {int64(i % 4), ""}, {int64(i % 3), ""}, {int64(i % 2), ""}, {1, ""}}})
	}
	series := []Series{{"Completed", Lapis}, {"Agreed", Brass}, {"Seller’s fault", Warn}, {"Disputed", Bad}, {"Other", Neutral}}
	days := []Marked{{Day: now.AddDate(0, 0, 3), Heat: 2, Mark: Good, Says: "#F3 leaves: 94.3 → 96.2 %", Href: "/orders/F3"}, {Day: now.AddDate(0, 0, 15), Heat: 1, Mark: Warn, Says: long}, {Day: now.AddDate(0, 0, 40), Heat: 3, Mark: Bad}, {Day: now.AddDate(0, 0, 22), Mark: Brass}, {Day: now.AddDate(0, 0, 8), Mark: Lapis}}
	return []templ.Component{
		Spark(SparkProps{ChartProps: ChartProps{ID: "c1", Title: "Completion, day by day", Says: "It rose from 90 to 96 %."}, Column: "Rate", Points: points, Need: &Need{92, "Level 2 needs 92 %"}}),
		Spark(SparkProps{ChartProps: ChartProps{ID: "c2", Title: "Rating"}, Column: "Stars"}),
		Spark(SparkProps{ChartProps: ChartProps{ID: "c3", Title: "Rating"}, Column: "Stars", Points: points[29:], Tone: Brass}),
		Bars(BarProps{ChartProps: ChartProps{ID: "c4", Title: "Endings", Says: "How orders ended, by day."}, Column: "Day", Series: series, Columns: columns, Total: true}),
		Bars(BarProps{ChartProps: ChartProps{ID: "c5", Title: "Orders"}, Column: "Day", Series: series[:1]}),
		Bars(BarProps{ChartProps: ChartProps{ID: "c6", Title: "Orders"}, Column: "Day", Series: series[:1], Columns: []Column{{Label: long, Cells: []Cell{{Value: 0}}}}}),
		Distribution(DistProps{ChartProps: ChartProps{ID: "c7", Title: "38 reviews"}, Rows: []DistRow{{"5 stars", 30, "?stars=5"}, {"4 stars", 6, "?stars=4"}, {"3 stars", 0, ""}, {"2 stars", 1, "?stars=2"}, {"1 star", 1, "?stars=1"}}}),
		Distribution(DistProps{ChartProps: ChartProps{ID: "c8", Title: "No reviews", Quiet: true}, Rows: []DistRow{{"5 stars", 0, ""}}}),
		Share(ShareProps{ChartProps: ChartProps{ID: "c9", Title: "Behind your completion rate", Says: "50 of 53 counted orders were completed; 12 are excluded."}, Parts: []SharePart{{"for", 50, Good, "?mark=for"}, {"against", 3, Warn, "?mark=against"}, {"excluded", 12, Neutral, "?mark=excluded"}}}),
		Share(ShareProps{ChartProps: ChartProps{ID: "c10", Title: "Nothing", Quiet: true}, Parts: []SharePart{{"for", 0, Good, ""}}}),
		Calendar(CalendarProps{ChartProps: ChartProps{ID: "c11", Title: "What leaves the window"}, Days: days, From: now, To: now.AddDate(0, 0, 59), Today: now, Local: here, Column: "What happens", Legend: []MarkKey{{Good, "your rate rises"}, {Warn, "your rate falls"}, {Bad, "below a threshold"}, {Brass, "a level changes"}, {Lapis, "something of yours ends"}}}),
		Calendar(CalendarProps{ChartProps: ChartProps{ID: "c12", Title: "Nothing leaves"}, From: now, To: now.AddDate(1, 0, 0), Local: here, Column: "What happens"}),
	}
}

func chartPage() templ.Component {
	var cards []templ.Component
	for _, c := range charts() {
		cards = append(cards, in(Card(""), c))
	}
	return all(PageHead("Charts", "One of each, full and empty."), div("figures", cards...))
}

// TestChartsCanBeHeard holds every chart to what a reader without the picture
// needs, and to numbers that are numbers.
func TestChartsCanBeHeard(t *testing.T) {
	for _, c := range charts() {
		markup := render(t, c)
		if bad := regexp.MustCompile(`NaN|Inf|="-\d+(\.\d+)?%"`).FindString(markup); bad != "" {
			t.Errorf("%s stands in %s", bad, markup[:80])
		}
		els := elements(t, markup)
		ids, table := map[string]string{}, false
		for _, e := range els {
			ids[e.attrs["id"]] = e.text()
			table = table || e.Data == "table"
		}
		for _, e := range els {
			switch {
			case e.attrs["role"] == "img":
				names := strings.Fields(e.attrs["aria-labelledby"])
				if len(names) != 2 || ids[names[0]] == "" {
					t.Errorf("a picture is named by %q", names)
				}
				for n := range e.Descendants() {
					if n.Data == "a" {
						t.Error("a link stands inside a picture, where it cannot be heard")
					}
				}
			case e.Data == "svg" && !inside(e, "svg") && !hidden(e):
				t.Errorf("a drawing is neither named nor hidden: %v", e.attrs)
			}
		}
		full := strings.Contains(markup, "chart-table") || strings.Contains(markup, `class="dist"`) || strings.Contains(markup, "chart-legend")
		if !full && !table && !strings.Contains(markup, "othing") {
			t.Errorf("no table and no word stands for %s", markup[:80])
		}
	}
}

func hidden(e element) bool {
	for n := e.Node; n != nil; n = n.Parent {
		for _, a := range n.Attr {
			if a.Key == "aria-hidden" && a.Val == "true" {
				return true
			}
		}
	}
	return false
}

func inside(e element, tag string) bool {
	for n := e.Parent; n != nil; n = n.Parent {
		if n.Data == tag {
			return true
		}
	}
	return false
}
