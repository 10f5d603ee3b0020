package kit

import (
	"cmp"
	"slices"
	"time"
)

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
