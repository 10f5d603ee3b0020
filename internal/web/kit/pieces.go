package kit

import (
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"
)

// BecauseProps is a figure that a rule produced, with what is behind it.
type BecauseProps struct {
	ID     string // unique on the page
	Figure string // as shown: "94.3 %"
	Says   string // one sentence in plain words; may be empty
	Rule   Link   // the help page of the rule
	Parts  []Part // see Tally
	Lines  []Line // the newest three
	All    Link   // "See all 38"; empty Href shows none
}

// Part is one heap of a figure: "counted" 50.
type Part struct {
	Label, Figure string
}

// Tally makes the three usual heaps.
func Tally(counted, against, excluded int) []Part {
	return []Part{
		{"counted", strconv.Itoa(counted)},
		{"against", strconv.Itoa(against)},
		{"excluded", strconv.Itoa(excluded)},
	}
}

// Line is one thing behind a figure: what it was, and what it did.
type Line struct {
	Text, Href, Note string
}

// ClockProps is a deadline as one reader sees it.
type ClockProps struct {
	Label string // what happens then: "Completes by itself"
	Over  string // the same once it is past: "Was due"; empty keeps Label
	Due   time.Time
	Local Local

	OtherName string         // whose zone may be looked at on tap; empty shows none
	OtherZone *time.Location // nil shows none

	Paused  *Pause // the clock stands
	Allows  string // what an overdue clock allows now
	Compact bool   // one line, for rows
}

// Pause is why a clock stands, and since when.
type Pause struct {
	Why   string
	Since time.Time
}

func (c ClockProps) overdue() bool { return c.Paused == nil && c.Due.Before(c.Local.Now) }

func (c ClockProps) label() string {
	if c.overdue() && c.Over != "" {
		return c.Over
	}
	return c.Label
}

func (c ClockProps) class() string {
	switch {
	case c.Paused != nil:
		return "clock-paused"
	case c.overdue():
		return "clock-overdue"
	}
	return ""
}

func (c ClockProps) icon() string {
	switch {
	case c.Paused != nil:
		return "pause"
	case c.overdue():
		return "timer-off"
	}
	return "timer"
}

// other is the deadline in the other party's zone.
func (c ClockProps) other() string {
	l := Local{Now: c.Local.Now, Zone: c.OtherZone}
	return l.At(c.Due) + " (" + l.ZoneName(c.Due) + ")"
}

// Move says whose turn it is.
type Move int

// The closed list of turns.
const (
	YourMove    Move = iota
	TheirMove        // NextStepProps.Who names them
	NobodysTurn      // it has ended, or only the clock moves
)

// NextStepProps is the top of every page about a thing in motion.
type NextStepProps struct {
	Move    Move
	Who     string   // the other party, for TheirMove
	Heading string   // replaces "Your move" and the like when given
	Say     string   // one sentence: where we are and what comes next
	More    string   // a quieter second one: what silence will mean, and when
	Primary *Action  // the one button
	Others  []Action // quieter ones
	Clock   *ClockProps
}

func (n NextStepProps) label() string {
	switch {
	case n.Heading != "":
		return n.Heading
	case n.Move == YourMove:
		return "Your move"
	case n.Move == TheirMove && n.Who != "":
		return n.Who + "’s move"
	case n.Move == TheirMove:
		return "Their move"
	}
	return "Nothing to do"
}

func (n NextStepProps) icon() string {
	switch n.Move {
	case YourMove:
		return "circle-dot"
	case TheirMove:
		return "hourglass"
	}
	return "circle-check"
}

// Action is something one can do: a page to go to (Href) or a form with one
// button (Post).
type Action struct {
	Label  string
	Icon   string // may be empty
	Href   string
	Post   string   // the form's address; wins over Href
	Key    string   // idempotency key of the form
	Hidden []Hidden // further fields of the form
	Hurts  bool     // shown as something to think about
}

// Hidden is a field that is sent and not seen.
type Hidden struct {
	Name, Value string
}

// Term is one piece of a ledger line: "− $8.00 commission".
type Term struct {
	Op     string // "", "+", "−", "="
	Amount string // "$8.00"
	Words  string // "commission"
}

// LedgerRow is one line of a ledger table.
type LedgerRow struct {
	Label   string
	Note    string
	Amount  string
	Because *BecauseProps // replaces Amount when given
}

// EffectProps is what an action would do, one row for each possible answer.
type EffectProps struct {
	Heading string
	Rows    []EffectRow
}

// EffectRow is one possible answer and all it would do.
type EffectRow struct {
	Answer, Note string // "No answer", "until Tue 24 Nov, 14:05 your time"
	Order, Money string
	Figures      []Shift  // changed ones only
	Still        []string // the others, folded, each with its reason
	Until        string   // how long it counts
}

// Shift is a figure before and after.
type Shift struct {
	Figure, Before, After string
	Tone                  Tone
}

// State is a state in words with its tone and icon; an empty Icon takes the
// tone's own.
type State struct {
	Tone Tone
	Icon string
	Text string
}

func (s State) icon() string {
	if s.Icon == "" {
		return s.Tone.icon()
	}
	return s.Icon
}

// AvatarProps is a person's picture; without Src initials are drawn on a colour
// of their own.
type AvatarProps struct {
	Name, Src string
	Size      string // "sm", "", "lg", "xl"
}

func (a AvatarProps) class() string {
	out := "avatar-disc hue-" + strconv.Itoa(int(drawn(a.Name, 8)))
	if a.Size != "" {
		out += " avatar-" + a.Size
	}
	return out
}

// Initials are the first letters of the first and the last word.
func Initials(name string) string {
	var first, last rune
	start := true
	for _, r := range name {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		if letter && start {
			if first == 0 {
				first = unicode.ToUpper(r)
			} else {
				last = unicode.ToUpper(r)
			}
		}
		start = !letter && r != '\'' && r != '’'
	}
	switch {
	case first == 0:
		return "?"
	case last == 0:
		return string(first)
	}
	return string(first) + string(last)
}

// firstLetter is what a drawn cover shows.
func firstLetter(s string) string {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	r, _ := utf8.DecodeRuneInString("G")
	return string(r)
}
