package standing

import (
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/talk"
)

// Rules that are no row of the matrix.
const (
	RuleCompleted  = "completed"
	RuleOnTime     = "on_time"
	RuleLate       = "delivered_late"
	RulePaid       = "paid"
	RuleTakenBack  = "taken_back"
	RuleAnswered   = "answered"
	RuleUnanswered = "not_answered"   // no answer came
	RuleSlow       = "answered_late"  // one came after the time was over
	RuleAway       = "out_of_office"  // asked in an announced absence
	RuleSpam       = "spam"           // reported as spam in time, or found to be
	RuleShut       = "asker_blocked"  // the asker could take no messages before the time to answer was over
	RuleReviewed   = "reviewed"       // a review that is shown
	RuleRemoved    = "review_removed" // a review that was taken away, with a tombstone in its place
	RuleWarned     = "warned"
	RuleLifted     = "warning_lifted"
	RuleEnded      = "warning_ended"
)

// Star is one star, in the parts in which reviews count it.
const Star = review.Unit

// OfReview is what the reviews of an order add to the rating of its seller: the
// buyer's overall from the moment at which everybody reads it. A removed one
// leaves its place, and no stars in it. ref is the order's short name.
func OfReview(p review.Pair, ref string) []Contribution {
	r := p.ByBuyer
	if r == nil || !p.Revealed() {
		return nil
	}
	c := Contribution{
		Figure: Rating, Member: p.Seller, Subject: string(p.Order), Order: p.Order, Peer: p.Buyer, Ref: ref,
		Value: int64(r.Overall()), At: p.RevealedAt, Mark: For, Rule: RuleReviewed,
	}
	if r.Removal != nil {
		c.Value, c.Mark, c.Rule, c.Cause = 0, Excluded, RuleRemoved, r.Removal.Reason
	}
	return []Contribution{c}
}

// OfTalk is what the first message of a conversation adds to the response rate
// of the seller who was asked; nothing when nobody was asked as a seller. A
// question counts against them from the moment at which the time to answer is
// over, and an answer within that time takes its place, so silence needs nobody
// to notice it. p is the policy in force when the question came.
func OfTalk(id ident.Thread, f talk.First, p policy.Version) []Contribution {
	if !f.Selling || f.Asked == "" {
		return nil
	}
	within := p.Standing.Response.D()
	c := Contribution{
		Figure: Response, Member: f.Asked, Subject: string(id), Peer: f.Asker, Ref: ident.RefOf(id),
		At: f.At.Add(within), Mark: Against, Rule: RuleUnanswered,
	}
	switch {
	case f.Away:
		c.At, c.Mark, c.Rule = f.At, Excluded, RuleAway
	case !f.Spam.IsZero():
		c.At, c.Mark, c.Rule = f.At, Excluded, RuleSpam
	case f.Within(within):
		c.At, c.Mark, c.Rule = f.Answered, For, RuleAnswered
	case f.ShutWithin(within):
		c.At, c.Mark, c.Rule = f.At, Excluded, RuleShut
	case !f.Answered.IsZero():
		c.Rule = RuleSlow
	}
	return []Contribution{c}
}

// Warning is a warning with its end, as far as figures read it.
type Warning struct {
	ID     ident.Warning
	Given  time.Time
	Until  time.Time
	Lifted time.Time // zero unless it was taken back
}

// Active tells whether the warning stands at that moment.
func (w Warning) Active(now time.Time) bool {
	return !now.Before(w.Given) && now.Before(w.Until) && (w.Lifted.IsZero() || now.Before(w.Lifted))
}

// OfWarning is a warning as a line behind the number of them.
func OfWarning(m ident.Member, w Warning, now time.Time) Contribution {
	c := Contribution{
		Figure: Warnings, Member: m, Subject: string(w.ID), Ref: ident.RefOf(w.ID), At: w.Given, Mark: Against, Rule: RuleWarned,
	}
	switch {
	case !w.Lifted.IsZero() && !now.Before(w.Lifted):
		c.Mark, c.Rule = Excluded, RuleLifted
	case !now.Before(w.Until):
		c.Mark, c.Rule = Excluded, RuleEnded
	}
	return c
}
