package review

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

const windowOver = "The time to review this order is over."

func write(t *turn, m Move) error {
	side := t.side()
	_, why, ok := Eligible(t.o, t.rules)
	closes := t.p.Closes(t.o, t.rules)
	switch {
	case t.p.Get(side) != nil:
		return fault.Conflict("You have written your review of this order already.")
	case !ok:
		return fault.Conflict(why)
	case t.p.Revealed(), !t.now.Before(closes):
		return fault.Expired(windowOver)
	}
	w, err := t.worded(side, m.(Write).Draft)
	if err != nil {
		return err
	}
	t.p.ClosesAt = closes
	t.p.set(Review{By: side, Author: t.p.Member(side), Of: t.p.Member(side.Other()), Words: w})
	t.wrote(Written, side, w)
	if t.p.Get(side.Other()) != nil {
		t.reveal()
	}
	return nil
}

func amend(t *turn, m Move) error {
	side := t.side()
	r := t.p.Get(side)
	switch {
	case r == nil:
		return fault.Conflict("You have not written a review of this order.")
	case r.Removal != nil:
		return fault.Conflict("The house removed this review, so it cannot be changed.")
	case r.Amended():
		return fault.Conflict("You have changed this review once already.")
	case !t.now.Before(r.At.Add(t.rules.Reviews.Amend.D())):
		return fault.Expired("The time to change this review is over.")
	}
	w, err := t.worded(side, m.(Amend).Draft)
	if err != nil {
		return err
	}
	r.Earlier, r.Words = append(r.Earlier, r.Words), w
	t.wrote(Amended, side, w)
	return nil
}

// wrote records an author's words.
func (t *turn) wrote(kind effect.Kind, side Side, w Words) {
	facts := map[string]string{FactBy: string(side)}
	for _, s := range w.Stars {
		facts[FactStars+s.Name] = strconv.Itoa(s.Stars)
	}
	d := effect.Detail{Text: w.Text, Facts: facts}
	if !t.p.Revealed() {
		facts[FactBlind], d.Until = "yes", t.p.ClosesAt
	}
	if t.p.Get(side.Other()) != nil {
		facts[FactBoth] = "yes"
	}
	t.happen(kind, d)
}

// worded makes words of a draft. Errors: fault.Invalid beside stars.NAME and text.
func (t *turn) worded(side Side, d Draft) (Words, error) {
	bad := fault.Fields{}
	w := Words{Text: member.Text(d.Text), At: t.now}
	asked := t.p.Asked(side)
	for _, c := range asked {
		n := d.Stars[c.Name]
		bad.Need(n >= 1 && n <= MostStars, "stars."+c.Name, fmt.Sprintf("Choose one to %d stars.", MostStars))
		w.Stars = append(w.Stars, Star{Name: c.Name, Asked: c.Words, Stars: n})
	}
	for name := range d.Stars {
		bad.Need(named(asked, name), "stars."+name, "Nobody asks for this.")
	}
	n, least, most := utf8.RuneCountInString(w.Text), t.rules.Reviews.MinText, t.rules.Limits.TextRunes
	bad.Need(n == 0 || n >= least, "text", fmt.Sprintf("Write at least %d characters, or none at all.", least))
	bad.Need(n <= most, "text", fmt.Sprintf("At most %d characters, please.", most))
	return w, bad.Err()
}

func named(list []policy.Criterion, name string) bool {
	for _, c := range list {
		if c.Name == name {
			return true
		}
	}
	return false
}

// about is the revealed review about whoever acts.
func (t *turn) about() (*Review, error) {
	r := t.p.Get(t.side().Other())
	switch {
	case r == nil || !t.p.Revealed():
		return nil, fault.Conflict("There is no review about you here that everybody can read.")
	case r.Removal != nil:
		return nil, fault.Conflict("The house removed this review.")
	}
	return r, nil
}

func answer(t *turn, m Move) error {
	r, err := t.about()
	if err != nil {
		return err
	}
	kind := effect.Kind(Replied)
	switch was := r.Reply; {
	case was == nil && !t.now.Before(t.p.RevealedAt.Add(t.rules.Reviews.Reply.D())):
		return fault.Expired("The time to reply is over.")
	case was != nil && !t.now.Before(was.At.Add(t.rules.Reviews.ReplyEdit.D())):
		return fault.Expired("You have replied, and the time to change the reply is over.")
	case was != nil:
		kind = ReplyEdited
	}
	text := member.Text(m.(Answer).Text)
	if err := t.words(text); err != nil {
		return err
	}
	if r.Reply == nil {
		r.Reply = &Reply{Text: text, At: t.now}
	} else {
		r.Reply.Text, r.Reply.EditedAt = text, t.now
	}
	t.happen(kind, effect.Detail{Text: text, Facts: map[string]string{FactBy: string(r.By)}})
	return nil
}

// words holds a text that must be there to the policy's bounds.
func (t *turn) words(text string) error {
	bad := fault.Fields{}
	n, least, most := utf8.RuneCountInString(text), max(1, t.rules.Reviews.MinText), t.rules.Limits.TextRunes
	bad.Need(n >= least, "text", fmt.Sprintf("Write at least %d characters, so that somebody else can understand it.", least))
	bad.Need(n <= most, "text", fmt.Sprintf("At most %d characters, please.", most))
	return bad.Err()
}

func (p *Pair) set(r Review) {
	if r.By == Buyer {
		p.ByBuyer = &r
		return
	}
	p.BySeller = &r
}
