package market

import (
	"cmp"
	"fmt"
	"strings"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// subject loads what somebody wants to link a case to and tells whom it
// concerns. What they may not see they cannot ask about either. words are what
// the desk finds the case by.
func (m *Market) subject(tx *store.Tx, who member.Actor, s desk.Subject) (d desk.Draft, words []string, err error) {
	d.Subject = s
	switch s.About {
	case desk.AboutNothing:
		d.Subject.ID = ""
	case desk.AboutOrder:
		words, err = aboutOrder(tx, who, &d)
	case desk.AboutGig:
		words, err = aboutGig(tx, who, &d)
	case desk.AboutMessage:
		err = aboutMessage(tx, who, &d)
	case desk.AboutOffer:
		words, err = aboutOffer(tx, who, &d)
	case desk.AboutPage:
		err = aboutPage(&d)
	default:
		err = fault.Invalid("about", "A case is about an order, a message, an offer, a gig or a page.")
	}
	if err != nil {
		return d, nil, err
	}
	for _, id := range []ident.Member{who.Member, d.Other} {
		if id == "" {
			continue
		}
		person, err := tx.Member(id)
		if err != nil {
			return d, nil, err
		}
		words = append(words, person.Name)
	}
	return d, words, nil
}

func aboutOrder(tx *store.Tx, who member.Actor, d *desk.Draft) ([]string, error) {
	o, err := tx.Order(ident.Order(d.Subject.ID))
	if err != nil {
		return nil, missing(err, noOrder)
	}
	party := o.PartyOf(who)
	if !mayRead(o, party) {
		return nil, fault.NotFound(noOrder)
	}
	d.Order, d.Other, d.Label = o.ID, o.Other(party), o.Title
	return []string{o.Ref, o.Title}, nil
}

func aboutGig(tx *store.Tx, who member.Actor, d *desk.Draft) ([]string, error) {
	g, err := tx.Gig(ident.Gig(d.Subject.ID))
	if err != nil {
		return nil, missing(err, "There is no such gig.")
	}
	if !g.SeenBy(who) || g.State == gig.StateDeleted {
		return nil, fault.NotFound("There is no such gig.")
	}
	if d.Label = g.Title; !who.Is(g.Seller) {
		d.Other = g.Seller
	}
	return []string{g.Title}, nil
}

const maxPath = 200

// aboutPage keeps a path of the house, and nothing that leads elsewhere.
func aboutPage(d *desk.Draft) error {
	path := member.Line(d.Subject.ID)
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || len(path) > maxPath || strings.ContainsAny(path, "\\?#") {
		return fault.Invalid("about", "This is no page of the house.")
	}
	d.Subject.ID, d.Label = path, path
	return nil
}

// messageAt is a message's address in a subject: its thread and its number.
func messageAt(id string) (thread, no string) {
	thread, no, _ = strings.Cut(id, "/")
	return thread, no
}

// recordFor is what the house attaches to a case by itself: to a question about
// figures or a level the opener's figures, their level, and what the next one asks
// for, as their own page says it.
func (m *Market) recordFor(tx *store.Tx, who member.Actor, d desk.Draft) (string, error) {
	if d.Kind != desk.Level {
		return d.Record, nil
	}
	sheet, err := m.sheetOf(tx, who.Member, m.Now())
	if err != nil {
		return "", err
	}
	var lines []string
	for _, r := range sheet.Rates() {
		lines = append(lines, fmt.Sprintf("%s: %s, %d of %d counted, %d not counted", r.Figure.Name(), r, r.For, r.Counted(), r.Excluded()))
	}
	level, err := m.levelRecord(tx, who.Member, sheet)
	return strings.Join(append(lines, level...), "\n"), err
}

// levelRecord is why a seller is not at the next level, or is about to lose
// theirs, in lines; nothing of somebody who does not sell.
func (m *Market) levelRecord(tx *store.Tx, who ident.Member, sheet standing.Sheet) ([]string, error) {
	s, err := sellerOf(tx, who)
	if err != nil || s.From.IsZero() {
		return nil, err
	}
	if _, err := m.settleLevel(tx, &s, sheet.At); err != nil {
		return nil, err
	}
	p := m.PolicyAt(sheet.At)
	v := Standing{Ladder: ladder(sheet, s.State, p)}
	lines := []string{"Level: " + cmp.Or(standing.LevelWords(p, s.Level), "none")}
	asks, there := v.NextRung()
	if !s.DemotesAt.IsZero() { // then they ask about what they are to lose
		lines[0] += ", which ends on " + s.DemotesAt.UTC().Format("2006-01-02 15:04") + " UTC unless it is met again"
		asks, there = v.Rung(s.Level)
	}
	if !there {
		return lines, nil
	}
	lines = append(lines, asks.Words+":")
	for _, q := range asks.Requirements {
		line := q.Figure.Name() + ": " + q.Mine + ", asked for " + q.Required
		if !q.Met {
			line += "; missing " + q.Missing
		}
		lines = append(lines, line)
	}
	return lines, nil
}
