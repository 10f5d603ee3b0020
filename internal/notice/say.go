package notice

import (
	"strings"
	"time"

	"guildhall/internal/money"
)

// Part is a piece of a sentence: words, or an instant or amount that the
// reader's page writes in its own way.
type Part struct {
	Text  string
	At    time.Time
	Money money.Amount
}

// TitleParts is the title, piece by piece.
func (c Content) TitleParts() []Part { return c.parts(c.Title) }

// BodyParts is the body, piece by piece.
func (c Content) BodyParts() []Part { return c.parts(c.Body) }

func (c Content) parts(template string) []Part {
	var list []Part
	for _, p := range split(template) {
		if p.slot {
			list = append(list, Part(c.Slots[p.words]))
		} else {
			list = append(list, Part{Text: p.words})
		}
	}
	return list
}

// Say writes parts as one line of text, instants as at writes them.
func Say(parts []Part, at func(time.Time) string) string {
	var b strings.Builder
	for _, p := range parts {
		switch {
		case !p.At.IsZero():
			b.WriteString(at(p.At))
		case p.Money.Currency != "":
			b.WriteString(p.Money.String())
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// At writes instants in a zone: "Tue 24 Nov, 14:05", with the year when it is
// not the year of now.
func At(now time.Time, zone *time.Location) func(time.Time) string {
	return func(t time.Time) string {
		if t = t.In(zone); t.Year() != now.In(zone).Year() {
			return t.Format("Mon 2 Jan 2006, 15:04")
		}
		return t.Format("Mon 2 Jan, 15:04")
	}
}

// piece is words, or the name of a slot.
type piece struct {
	words string
	slot  bool
}

// split takes a template apart. What later stands in a slot is never taken
// apart again, so nobody's words can name a slot.
func split(template string) []piece {
	var list []piece
	for template != "" {
		before, rest, found := strings.Cut(template, "{")
		if before != "" {
			list = append(list, piece{words: before})
		}
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		list = append(list, piece{words: name, slot: true})
		template = after
	}
	return list
}
