package kit

import (
	"fmt"
	"strings"
	"time"
)

// Local is how one reader sees instants: in their zone, at the moment Now. In a
// rehearsal Now is the movable clock. The zero Zone is UTC.
type Local struct {
	Now  time.Time
	Zone *time.Location
}

func (l Local) zone() *time.Location {
	if l.Zone == nil {
		return time.UTC
	}
	return l.Zone
}

// At says an instant in full: "Tue 24 Nov, 14:05", with the year when it is not
// the current one.
func (l Local) At(t time.Time) string { return l.Day(t) + ", " + t.In(l.zone()).Format("15:04") }

// Day says the date alone: "Tue 24 Nov", with the year when it is not the
// current one.
func (l Local) Day(t time.Time) string {
	t = t.In(l.zone())
	if t.Year() == l.Now.In(l.zone()).Year() {
		return t.Format("Mon 2 Jan")
	}
	return t.Format("Mon 2 Jan 2006")
}

// In says how far off an instant is: "in 1 day 4 h", "20 min ago".
func (l Local) In(t time.Time) string { return Countdown(t.Sub(l.Now)) }

// ZoneName says the reader's zone at an instant, by its place as the list of
// zones calls it: "Berlin, UTC+1".
func (l Local) ZoneName(t time.Time) string {
	_, offset := t.In(l.zone()).Zone()
	name := l.zone().String()
	if offset == 0 && name == "UTC" {
		return "UTC"
	}
	sign := "+"
	if offset < 0 {
		sign, offset = "−", -offset
	}
	utc := fmt.Sprintf("UTC%s%d", sign, offset/3600)
	if rest := offset % 3600 / 60; rest != 0 {
		utc += fmt.Sprintf(":%02d", rest)
	}
	return Place(name) + ", " + utc
}

// Of says another zone as it is now: "Kathmandu, UTC+5:45".
func (l Local) Of(zone *time.Location) string { return Local{Now: l.Now, Zone: zone}.ZoneName(l.Now) }

// Place is a name of the list of time zones as people say it: "Los Angeles" for
// "America/Los_Angeles".
func Place(zone string) string {
	return strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ")
}

// Countdown puts a span into words, two units at most and never rounded up:
// what is left is at least what is said. static/js/clock.js says the same.
func Countdown(d time.Duration) string {
	past := d < 0
	total := int(d.Abs() / time.Minute)
	if total < 1 {
		if past {
			return "just now"
		}
		return "in less than a minute"
	}
	words := span(total)
	if past {
		return words + " ago"
	}
	return "in " + words
}

func span(total int) string {
	days, hours, minutes := total/1440, total%1440/60, total%60
	switch {
	case days >= 14:
		return fmt.Sprintf("%d days", days)
	case days > 0:
		unit := "days"
		if days == 1 {
			unit = "day"
		}
		return with(fmt.Sprintf("%d %s", days, unit), hours, "h")
	case hours > 0:
		return with(fmt.Sprintf("%d h", hours), minutes, "min")
	default:
		return fmt.Sprintf("%d min", minutes)
	}
}

func with(words string, n int, unit string) string {
	if n == 0 {
		return words
	}
	return fmt.Sprintf("%s %d %s", words, n, unit)
}
