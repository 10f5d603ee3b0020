package market

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/review"
	"guildhall/internal/store"
)

// reviews holds every pair of reviews against the rules: decided again from its
// history it is what is written down, so that every star and word is its
// author's, and what everybody reads was revealed in its time.
func (a *audit) reviews(ctx context.Context) error {
	var after ident.Review
	for {
		cases, err := a.tx.AuditReviews(after, auditPage)
		if err != nil || len(cases) == 0 {
			return err
		}
		for _, c := range cases {
			if err := a.review(ctx, c); err != nil {
				return err
			}
		}
		after = cases[len(cases)-1].ID
	}
}

func (a *audit) review(ctx context.Context, c store.ReviewCase) error {
	p, subject := c.Pair, string(c.ID)
	if a.broken[p.Order] {
		return nil
	}
	o, err := a.tx.Order(p.Order)
	if errors.Is(err, store.ErrNotFound) {
		a.finding("reviews", subject, "it is about an order that does not exist")
		return nil
	}
	if err != nil {
		return err
	}
	r, err := a.m.pairOf(ctx, a.tx, o)
	if err != nil {
		return err
	}
	a.reviewed(p, r)
	if due, _ := p.Next(); !due.Equal(c.Due) {
		a.finding("deadline", subject, "the column that sweeps read does not fit it")
	}
	events, err := a.tx.Events(subject)
	if err != nil {
		return err
	}
	again, set, err := reviewAgain(r, events)
	if why := fault.KindOf(err); why != "" {
		a.finding("history", subject, "the rules would not have allowed it: %v", err)
		return nil
	}
	if err != nil {
		return err
	}
	for i := range max(len(events), len(set.Events)) {
		if i >= len(events) || i >= len(set.Events) || spelt(events[i]) != spelt(set.Events[i]) {
			a.finding("history", subject, "event %d is not what the rules made of those before it", i+1)
			break
		}
	}
	if asText(again) != asText(p) {
		a.finding("reviews", subject, "it stands otherwise than its events say")
	}
	return nil
}

// reviewed compares a pair with its order.
func (a *audit) reviewed(p review.Pair, r reviewed) {
	o, subject := r.order, string(p.ID)
	switch _, _, ok := review.Eligible(o, r.policy); {
	case p.ID != review.Named(o.ID) || p.Buyer != o.Buyer || p.Seller != o.Seller || p.Policy != o.Policy:
		a.finding("reviews", subject, "order %s is of other people, or under other rules", o.Ref)
	case (p.ByBuyer != nil || p.BySeller != nil) && !ok:
		a.finding("reviews", subject, "order %s may not be reviewed", o.Ref)
	case p.ByBuyer != nil && p.Gig != o.Gig:
		a.finding("reviews", subject, "it counts for a gig that order %s was not about", o.Ref)
	}
	for _, by := range review.Sides() {
		if one := p.Get(by); one != nil && one.Removal != nil && (one.Removal.Reason == "" || one.Removal.Role == "" || one.Removal.Case == "") {
			a.finding("reviews", subject, "the %s’s was removed, and nobody can read why, by whom or in which case", by)
		}
	}
}

// reviewAgain makes all moves of a pair again, as its events tell them.
func reviewAgain(r reviewed, events []effect.Event) (review.Pair, effect.Set, error) {
	kept := r.pair
	p := review.Pair{
		ID: kept.ID, Order: kept.Order, Gig: kept.Gig, Buyer: kept.Buyer, Seller: kept.Seller, Policy: kept.Policy, Criteria: kept.Criteria,
	}
	// The order as it was: it has ended again since, perhaps, but the window
	// that was written in has stayed.
	o := order.Order{ID: kept.Order, Buyer: kept.Buyer, Seller: kept.Seller, State: order.InProgress, PaidAt: r.order.PaidAt}
	o.Life.StartedAt, o.Life.FirstDeliveredAt = r.order.PaidAt, r.order.PaidAt
	var set effect.Set
	for _, e := range events {
		if e.Kind == review.Revealed {
			continue // it comes with the review that was missing, or by itself
		}
		if e.Kind == review.Written && o.EndedAt.IsZero() {
			o.State, o.EndedAt = order.Completed, kept.ClosesAt.Add(-r.policy.Reviews.Window.D())
		}
		mv, err := reviewMove(e)
		if err != nil {
			return p, set, err
		}
		next, more, err := review.Decide(e.At, p, o, actorOf(e), mv, r.policy)
		if err != nil {
			return p, set, err
		}
		p = next
		set.Add(more)
	}
	if len(events) == 0 {
		return p, set, nil
	}
	next, more, err := review.Decide(events[len(events)-1].At, p, o, member.Clock(), review.Tick{}, r.policy)
	set.Add(more)
	return next, set, err
}

// reviewMove is the move that an event was made by.
func reviewMove(e effect.Event) (review.Move, error) {
	facts := e.Detail.Facts
	by, of := review.Side(facts[review.FactBy]), ident.Case(facts[review.FactCase])
	switch e.Kind {
	case review.Written:
		return review.Write{Draft: draftOf(e)}, nil
	case review.Amended:
		return review.Amend{Draft: draftOf(e)}, nil
	case review.Replied, review.ReplyEdited:
		return review.Answer{Text: e.Detail.Text}, nil
	case review.SampleOffered:
		return review.Pick{File: slices.Concat(e.Detail.Files, []ident.File{""})[0], Delivered: e.Detail.Files}, nil
	case review.SampleDropped:
		return review.Drop{}, nil
	case review.SampleAgreed, review.SampleRefused:
		return review.Consent{Yes: e.Kind == review.SampleAgreed}, nil
	case review.DemandReported:
		return review.Report{Evidence: evidenceOf(e), Case: of}, nil
	case review.Challenged:
		return review.Object{Reason: facts[review.FactReason], Evidence: evidenceOf(e), Case: of, DecideBy: e.Detail.Until}, nil
	case review.Reopened:
		return review.Reopen{By: by, Case: of, DecideBy: e.Detail.Until}, nil
	case review.KeptReview:
		return review.Keep{By: by, Withdrawn: e.Role == member.RoleMember}, nil
	case review.Removed:
		return review.Remove{By: by, Reason: facts[review.FactReason], Role: facts[review.FactRole], Case: of}, nil
	case review.Restored:
		return review.Restore{By: by, Role: facts[review.FactRole], Case: of}, nil
	}
	return nil, fault.Conflict("nobody can make " + string(e.Kind) + " happen")
}

func draftOf(e effect.Event) review.Draft {
	d := review.Draft{Stars: map[string]int{}, Text: e.Detail.Text}
	for name, value := range e.Detail.Facts {
		if criterion, ok := strings.CutPrefix(name, review.FactStars); ok {
			d.Stars[criterion], _ = strconv.Atoi(value) // what is no number is no star either
		}
	}
	return d
}

func evidenceOf(e effect.Event) review.Evidence {
	ev := review.Evidence{Text: e.Detail.Text, Files: e.Detail.Files, Passage: e.Detail.Facts[review.FactPassage]}
	for word := range strings.FieldsSeq(e.Detail.Facts[review.FactMessages]) {
		n, _ := strconv.Atoi(word) // the rule refuses what is none
		ev.Messages = append(ev.Messages, n)
	}
	return ev
}

// asText writes a pair down without its guard, so that two can be compared.
func asText(p review.Pair) string {
	p.Version = 0
	text, err := json.Marshal(p)
	if err != nil {
		panic("market: a pair of reviews cannot be written: " + err.Error()) // it is plain data
	}
	return string(text)
}
