package review

import (
	"time"

	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// Option is one thing a party may do now. What is not possible has no option:
// NextStep says where the reviews are and why.
type Option struct {
	Move    Name
	Verb    string // on the button
	Says    string // what pressing it will do; {until} stands for an instant
	Until   time.Time
	Primary bool
}

// Step is the sentence at the top of an order's reviews. {other} and {until}
// stand for the other party's name and an instant in the reader's zone.
type Step struct {
	Says  string
	Until time.Time
}

// Options lists what a party may do now, the primary one first. They are asked
// of the very table and rules that Decide obeys.
func Options(now time.Time, p Pair, o order.Order, who member.Actor, rules policy.Version) []Option {
	party := o.PartyOf(who)
	if party != order.Buyer && party != order.Seller {
		return nil
	}
	p = p.AsOf(now)
	v := view{now, p, o, Side(party), rules}
	var list []Option
	for _, may := range []func() (Option, bool){v.write, v.amend, v.reply, v.sample, v.consent, v.drop, v.report, v.challenge} {
		if opt, ok := may(); ok {
			list = append(list, opt)
		}
	}
	return list
}

// view is a pair in front of one party.
type view struct {
	now   time.Time
	p     Pair
	o     order.Order
	side  Side
	rules policy.Version
}

func (v view) mine() *Review   { return v.p.Get(v.side) }
func (v view) theirs() *Review { return v.p.Get(v.side.Other()) }

// about is the revealed review about the viewer; nil while there is none to act on.
func (v view) about() *Review {
	if r := v.theirs(); v.p.Revealed() && r != nil && r.Removal == nil {
		return r
	}
	return nil
}

func (v view) write() (Option, bool) {
	_, _, ok := Eligible(v.o, v.rules)
	until := v.p.Closes(v.o, v.rules)
	return Option{MoveWrite, "Write your review", "It stays closed until both of you have written, or until {until}. You can change it once.", until, true},
		ok && v.mine() == nil && !v.p.Revealed() && v.now.Before(until)
}

func (v view) amend() (Option, bool) {
	r := v.mine()
	if r == nil || r.Removal != nil || r.Amended() {
		return Option{}, false
	}
	until := r.At.Add(v.rules.Reviews.Amend.D())
	return Option{MoveAmend, "Change your review", "You can do this once, until {until}. What you wrote first stays readable in the history.", until, false}, v.now.Before(until)
}

func (v view) reply() (Option, bool) {
	r := v.about()
	if r == nil {
		return Option{}, false
	}
	if r.Reply != nil {
		until := r.Reply.At.Add(v.rules.Reviews.ReplyEdit.D())
		return Option{MoveAnswer, "Change your reply", "Everybody reads it below the review. You can change it until {until}.", until, false}, v.now.Before(until)
	}
	until := v.p.RevealedAt.Add(v.rules.Reviews.Reply.D())
	return Option{MoveAnswer, "Reply in public", "Everybody reads it below the review, so write it for those who come next. You can reply once, until {until}.", until, false}, v.now.Before(until)
}

func (v view) sample() (Option, bool) {
	r := v.about()
	return Option{MovePick, "Offer a work sample", "The buyer is asked whether everybody may see the file beside the review. Nobody does before they agree.", zero, false},
		v.side == Seller && r != nil && !r.Sample.Shown()
}

func (v view) consent() (Option, bool) {
	r := v.mine()
	if v.side != Buyer || r == nil || r.Removal != nil || r.Sample == nil {
		return Option{}, false
	}
	if r.Sample.Shown() {
		return Option{MoveConsent, "Hide the work sample", "Nobody sees it beside your review any more. You can allow it again.", zero, false}, true
	}
	return Option{MoveConsent, "Answer about the work sample", "If you agree, everybody sees the file beside your review. You can take that back at any time.", zero, false}, true
}

func (v view) drop() (Option, bool) {
	r := v.about()
	return Option{MoveDrop, "Withdraw the work sample", "The file is not shown beside the review any more.", zero, false},
		v.side == Seller && r != nil && r.Sample != nil
}

func (v view) report() (Option, bool) {
	until := v.p.Closes(v.o, v.rules)
	return Option{MoveReport, "Report a demand", "Somebody at the desk looks at it at once, and it stands in the record should a review be challenged. The other side is not told.", until, false},
		!v.o.PaidAt.IsZero() && v.p.DemandBy(v.side) == nil && !v.p.Revealed() && (until.IsZero() || v.now.Before(until))
}

func (v view) challenge() (Option, bool) {
	r := v.about()
	return Option{MoveObject, "Challenge this review", "The desk decides with the order’s record before it. “Under challenge” stands on the review meanwhile. Asking can never earn you a warning.", zero, false},
		r != nil && r.Challenge == nil
}

// NextStep says where the reviews of an order are, for one party.
func NextStep(now time.Time, p Pair, o order.Order, side Side, rules policy.Version) Step {
	p = p.AsOf(now)
	mine, theirs := p.Get(side), p.Get(side.Other())
	closes := p.Closes(o, rules)
	_, why, ok := Eligible(o, rules)
	switch {
	case p.Revealed() && theirs != nil && theirs.Removal != nil:
		return Step{"The house removed {other}’s review on {until}. That one stood here, and why it went, stays to be seen.", theirs.Removal.At}
	case p.Revealed() && mine != nil && mine.Removal != nil:
		return Step{"The house removed your review on {until}. That one stood here, and why it went, stays to be seen.", mine.Removal.At}
	case p.Revealed() && mine != nil && theirs != nil:
		return Step{"Both reviews are in, and everybody can read them since {until}.", p.RevealedAt}
	case p.Revealed() && mine != nil:
		return Step{"The window closed on {until}. Your review is public; {other} wrote none.", p.RevealedAt}
	case p.Revealed():
		return Step{"The window closed on {until}. {other}’s review is public; you wrote none.", p.RevealedAt}
	case mine != nil:
		return Step{"Your review is in and stays closed until {other} has written, too, or until {until}.", closes}
	case !ok:
		return Step{why, zero}
	case !now.Before(closes):
		return Step{"The window closed on {until}: no review.", closes}
	case theirs != nil:
		return Step{"{other} has written a review. It opens as soon as yours is in, or on {until}.", closes}
	}
	return Step{"You can both write a review until {until}. Neither sees the other’s before both are in, or the time is over.", closes}
}
