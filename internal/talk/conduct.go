package talk

import (
	"fmt"
	"time"
	"unicode/utf8"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

// Reason is why a message is reported.
type Reason string

// The closed list of reasons.
const (
	Spam    Reason = "spam"    // advertising, or sent to everybody
	Insult  Reason = "insult"  // insults, threats, hate
	Outside Reason = "outside" // asks to pay or to talk outside of the house
	Demand  Reason = "demand"  // asks for something in return for a good review, or threatens with a bad one
	Deceit  Reason = "deceit"  // pretends to be somebody else, asks for passwords or card numbers
	Other   Reason = "other"   // needs words
)

// Reasons lists every reason with its words, in the order forms show them.
func Reasons() []struct {
	Reason Reason
	Words  string
} {
	return []struct {
		Reason Reason
		Words  string
	}{
		{Spam, "It is advertising, or plainly sent to everybody"},
		{Insult, "It insults, threatens or harasses"},
		{Outside, "It asks to pay or to talk outside of the house"},
		{Demand, "It asks for something in return for a review, or threatens with one"},
		{Deceit, "It pretends to be somebody else, or asks for passwords or card numbers"},
		{Other, "Something else"},
	}
}

// Words says a reason to people.
func (r Reason) Words() string {
	for _, known := range Reasons() {
		if known.Reason == r {
			return known.Words
		}
	}
	return string(r)
}

func (r Reason) known() bool { return r.Words() != string(r) }

// Report is one person's word about a message of the other's.
type Report struct {
	Thread ident.Thread
	No     int
	By     ident.Member
	Reason Reason
	Text   string
	At     time.Time

	Question bool // it calls the first message spam that a seller was asked in, so the house says whether it is
}

// Tell reports a message to the house. Whoever was asked something and reports
// it as spam is not measured by it until the house has looked, see Judge. within
// is the time that they had to answer: what came to be counted before they said
// a word is not taken back by theirs alone.
// Errors: fault.NotFound for a message of their own, fault.Invalid beside
// reason and text.
func Tell(now time.Time, t Thread, who ident.Member, msg Message, reason Reason, text string, within time.Duration, p policy.Version) (Thread, Report, effect.Set, error) {
	if msg.Author == who {
		return t, Report{}, effect.Set{}, fault.NotFound("You wrote this message yourself.")
	}
	text = member.Text(text)
	bad := fault.Fields{}
	bad.Need(reason.known(), "reason", "Choose what is wrong with the message.")
	bad.Need(reason != Other || text != "", "text", "Say in a few words what is wrong.")
	most := p.Limits.TextRunes
	bad.Need(utf8.RuneCountInString(text) <= most, "text", fmt.Sprintf("At most %d characters, please.", most))
	if err := bad.Err(); err != nil {
		return t, Report{}, effect.Set{}, err
	}
	asSpam := reason == Spam && msg.No == 1 && t.First.Asked == who
	if asSpam && t.First.Spam.IsZero() && now.Before(t.First.At.Add(within)) {
		t.First.Spam = now
	}
	e := t.happen(now, who, Reported)
	e.Detail.Of, e.Detail.Text = msg.No, cut(oneLine(text), excerpt)
	e.Detail.Facts = map[string]string{"reason": string(reason)}
	r := Report{Thread: t.ID, No: msg.No, By: who, Reason: reason, Text: text, At: now, Question: asSpam && t.First.Selling}
	return t, r, effect.Set{Events: []effect.Event{e}}, nil
}

// Judge notes what became of the report of a first message as spam: the house
// found that it was, or it was none, to the house or to whoever takes the report
// back. Spam asks for no answer; anything else counts as if nobody had reported it.
func Judge(now time.Time, t Thread, spam bool, who member.Actor) (Thread, effect.Set) {
	kind := Dropped
	switch {
	case !spam:
		t.First.Spam = time.Time{}
	case t.First.Spam.IsZero():
		t.First.Spam = now
	}
	if spam {
		kind = Upheld
	}
	e := t.happen(now, who.Member, kind)
	e.Role, e.Detail.Of = who.Role, 1
	return t, effect.Set{Events: []effect.Event{e}}
}

// Block makes somebody deaf to the other: neither of them can write in the
// thread until they unblock. Blocking twice changes nothing. Whoever asked
// something and waits for no answer is owed none: it is noted for the figures.
func Block(now time.Time, t Thread, who ident.Member) (Thread, effect.Set) {
	if !t.seat(who).Blocked.IsZero() {
		return t, effect.Set{}
	}
	t.seat(who).Blocked = now
	if f := &t.First; f.Asker == who && f.Answered.IsZero() && f.Shut.IsZero() {
		f.Shut = now
	}
	return t, effect.Set{Events: []effect.Event{t.happen(now, who, Blocked)}}
}

// Close notes, where the account of whoever asked was closed, that they can be
// answered no more: whoever they asked owes them nothing from then on. It changes
// nothing once there is an answer.
func Close(now time.Time, t Thread, who member.Actor) (Thread, effect.Set) {
	f := &t.First
	if !f.Answered.IsZero() || !f.Shut.IsZero() {
		return t, effect.Set{}
	}
	f.Shut = now
	e := t.happen(now, who.Member, Closed)
	e.Role = who.Role
	return t, effect.Set{Events: []effect.Event{e}}
}

// Unblock ends it.
func Unblock(now time.Time, t Thread, who ident.Member) (Thread, effect.Set) {
	if t.seat(who).Blocked.IsZero() {
		return t, effect.Set{}
	}
	t.seat(who).Blocked = time.Time{}
	return t, effect.Set{Events: []effect.Event{t.happen(now, who, Unblocked)}}
}
