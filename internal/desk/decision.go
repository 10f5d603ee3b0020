package desk

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"guildhall/internal/fault"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// FaultWords say whose fault it is.
func FaultWords(f order.Fault) string {
	switch f {
	case order.FaultSeller:
		return "the seller’s fault"
	case order.FaultBuyer:
		return "the buyer’s fault"
	case order.FaultPlatform:
		return "the fault of the house"
	}
	return "nobody’s fault"
}

// Decision is one bundle: everything in it happens, or nothing does.
type Decision struct {
	Cancel   *Ending `json:"cancel,omitempty"` // force the order's end
	Refund   *Ending `json:"refund,omitempty"` // give a share back, of a running or completed order
	Complete bool    `json:"complete,omitempty"`
	Hold     string  `json:"hold,omitempty"` // freeze every clock; the reason shown
	Release  bool    `json:"release,omitempty"`
	Warn     []Side  `json:"warn,omitempty"`
	Suspend  []Side  `json:"suspend,omitempty"`
	Lift     []Side  `json:"lift,omitempty"` // end a suspension and this case's warning
	Dismiss  bool    `json:"dismiss,omitempty"`

	Spam Finding `json:"spam,omitempty"` // of the question that the case is about

	RemoveReview  string `json:"remove_review,omitempty"`  // the review that the case is about, for this reason of the policy's list
	RestoreReview bool   `json:"restore_review,omitempty"` // take its tombstone away, on appeal

	Rule  string `json:"rule"`  // the rule it rests on
	Facts string `json:"facts"` // what happened, in words for both parties
}

// Finding is what the house finds of a first message that was reported as spam.
type Finding string

// The closed list of findings. Spam asked for no answer; what was none counts for
// the response rate as if nobody had reported it.
const (
	IsSpam Finding = "spam"
	NoSpam Finding = "no_spam"
)

// Ending is a share that goes back, and whose fault it is.
type Ending struct {
	Fault order.Fault       `json:"fault"`
	Cause string            `json:"cause,omitempty"` // one of the policy's list; of a cancellation
	Share money.BasisPoints `json:"share"`
}

// Check says what is wrong with a decision about a case. Errors: fault.Invalid
// beside the fields of the builder.
func (d Decision) Check(c Case, p policy.Version) error {
	bad := fault.Fields{}
	d.checkParts(bad, c)
	d.checkTogether(bad)
	d.checkSides(bad, c)
	d.checkReview(bad, c, p)
	d.checkSpam(bad, c)
	if d.touchesOrder() {
		bad.Need(c.Order != "", "part", "This case is about no order, so nothing can be done to one.")
	}
	if d.Cancel != nil {
		bad.Need(resolution.KnownCause(d.Cancel.Cause, p), "cause", "Choose a cause from the list.")
	}
	bad.Need(member.Line(d.Rule) != "", "rule", "Name the rule that this rests on.")
	bad.Need(utf8.RuneCountInString(d.Rule) <= 300, "rule", "At most 300 characters.")
	n := utf8.RuneCountInString(strings.TrimSpace(d.Facts))
	bad.Need(n >= 10, "facts", "Say what happened, in words that both parties will read.")
	bad.Need(n <= p.Limits.TextRunes, "facts", fmt.Sprintf("At most %d characters.", p.Limits.TextRunes))
	return bad.Err()
}

func (d Decision) checkParts(bad fault.Fields, c Case) {
	some := d.touchesOrder() || d.touchesReview() || d.Spam != "" || len(d.Warn)+len(d.Suspend)+len(d.Lift) > 0
	bad.Need(some || d.Dismiss || c.OwesFinding(), "part", "Choose what the decision does, or that nothing changes.")
	bad.Need(!some || !d.Dismiss, "dismiss", "Either nothing changes, or something does.")
	for _, e := range []struct {
		at   string
		part *Ending
	}{{"cancel", d.Cancel}, {"refund", d.Refund}} {
		if e.part == nil {
			continue
		}
		bad.Need(slices.Contains(order.Faults(), e.part.Fault), "fault", "Say whose fault it is.")
		bad.Need(e.part.Share >= 0 && e.part.Share <= money.Whole, "share", "A share is between 0 and 100 %.")
		bad.Need(e.at == "cancel" || e.part.Share > 0, "share", "Say how much goes back.")
	}
	bad.Need(utf8.RuneCountInString(d.Hold) <= 300, "hold", "At most 300 characters.")
}

// checkTogether refuses parts that contradict each other.
func (d Decision) checkTogether(bad fault.Fields) {
	ends := 0
	for _, part := range []bool{d.Cancel != nil, d.Complete, d.Refund != nil && d.Refund.Share == money.Whole} {
		if part {
			ends++
		}
	}
	bad.Need(ends <= 1, "part", "An order ends in one way: cancel it, complete it or refund it in full.")
	bad.Need(d.Cancel == nil || d.Refund == nil, "refund", "The cancellation says already how much goes back.")
	bad.Need(d.Hold == "" || ends == 0, "hold", "An order that ends has no clocks to hold.")
	bad.Need(d.Hold == "" || !d.Release, "hold", "Either the clocks stand, or they run.")
}

func (d Decision) checkSides(bad fault.Fields, c Case) {
	for _, part := range []struct {
		field string
		sides []Side
	}{{"warn", d.Warn}, {"suspend", d.Suspend}, {"lift", d.Lift}} {
		for i, s := range part.sides {
			bad.Need(s == Opener || s == Across, part.field, "Choose one of the people of the case.")
			bad.Need(c.At(s) != "", part.field, "Nobody stands on this side of the case.")
			bad.Need(!slices.Contains(part.sides[:i], s), part.field, "Once is enough.")
			bad.Need(part.field == "lift" || !slices.Contains(d.Lift, s), "lift", "What is lifted cannot be given in the same decision.")
		}
	}
}

// checkReview holds what a decision does to a review to the case that it belongs
// to. Whoever asks for a removal is never punished for asking.
func (d Decision) checkReview(bad fault.Fields, c Case, p policy.Version) {
	about := c.Subject.About == AboutReview
	bad.Need(d.RemoveReview == "" || about, "remove_review", "This case is about no review.")
	known := slices.ContainsFunc(p.Reviews.ChallengeReasons, func(r policy.Cause) bool { return r.Name == d.RemoveReview })
	bad.Need(d.RemoveReview == "" || known, "remove_review", "Choose the reason that fits.")
	bad.Need(!d.RestoreReview || about && c.Matter.AppealOf != "", "restore_review", "Only an appeal brings a removed review back.")
	bad.Need(!d.RestoreReview || d.RemoveReview == "", "restore_review", "Either it is removed, or it stands.")
	if c.Matter.Filed == "" {
		return
	}
	for field, sides := range map[string][]Side{"warn": d.Warn, "suspend": d.Suspend} {
		filer := slices.ContainsFunc(sides, func(s Side) bool { return c.At(s) == c.Matter.Filed })
		bad.Need(!filer, field, "Nobody is warned or suspended for challenging a review.")
	}
}

// checkSpam has every question that was reported as spam found to be spam or not:
// what is left open would never count.
func (d Decision) checkSpam(bad fault.Fields, c Case) {
	bad.Need(d.Spam == "" || d.Spam == IsSpam || d.Spam == NoSpam, "spam", "Choose whether it is spam.")
	bad.Need(d.Spam == "" || c.Matter.Question, "spam", "This case is not about a seller’s first message from somebody, reported as spam.")
	bad.Need(d.Spam != "" || !c.OwesFinding(), "spam", "Say whether the message is spam: the seller’s response rate waits for it.")
}

func (d Decision) touchesReview() bool { return d.RemoveReview != "" || d.RestoreReview }

func (d Decision) touchesOrder() bool {
	return d.Cancel != nil || d.Refund != nil || d.Complete || d.Hold != "" || d.Release
}

// concerns tells whether the decision does anything to a side, so that they must
// read it: a complaint that came to nothing is told to nobody else.
func (d Decision) concerns(s Side) bool {
	return d.touchesOrder() || d.touchesReview() || slices.Contains(slices.Concat(d.Warn, d.Suspend, d.Lift), s)
}

// Suspends tells whether the decision closes the account of a side.
func (d Decision) Suspends(s Side) bool { return slices.Contains(d.Suspend, s) }

// Moves are what the decision does to its order, in the order in which it must
// be done. available is what the order's seller could withdraw now, in minor
// units: a refund of money that is out already takes from there first.
func (d Decision) Moves(available int64) []order.Move {
	var moves []order.Move
	if d.Release {
		moves = append(moves, order.Release{})
	}
	if e := d.Refund; e != nil {
		moves = append(moves, order.ForceRefund{Share: e.Share, Fault: e.Fault, Available: available})
	}
	if e := d.Cancel; e != nil {
		moves = append(moves, order.ForceCancel{Fault: e.Fault, Cause: e.Cause, Share: e.Share})
	}
	if d.Complete {
		moves = append(moves, order.ForceComplete{})
	}
	if d.Hold != "" {
		moves = append(moves, order.HoldOrder{Reason: d.Hold})
	}
	return moves
}

// Does says in words what the decision does, for letters and lists. names are
// the people of the case.
func (d Decision) Does(names map[Side]string, p policy.Version) []string {
	var does []string
	say := func(format string, args ...any) { does = append(does, fmt.Sprintf(format, args...)) }
	for _, r := range p.Reviews.ChallengeReasons {
		if d.RemoveReview != "" && r.Name == d.RemoveReview {
			say("the review is removed: %s", lowered(r.Words))
		}
	}
	if d.RestoreReview {
		say("the review stands again, word for word")
	}
	switch d.Spam {
	case IsSpam:
		say("the message was spam and is left out of the response rate")
	case NoSpam:
		say("the message was no spam and counts for the response rate as if nobody had reported it")
	}
	if d.Release {
		say("the clocks of the order run again")
	}
	if e := d.Cancel; e != nil {
		say("the order is cancelled, %s, and %s goes back to the buyer", FaultWords(e.Fault), share(e.Share))
	}
	if e := d.Refund; e != nil {
		say("%s goes back to the buyer, %s", share(e.Share), FaultWords(e.Fault))
	}
	if d.Complete {
		say("the order is completed and the seller is paid")
	}
	if d.Hold != "" {
		say("the order is on hold: %s", strings.TrimSuffix(d.Hold, "."))
	}
	for _, s := range d.Warn {
		say("%s is warned", names[s])
	}
	for _, s := range d.Suspend {
		say("the account of %s is suspended", names[s])
	}
	for _, s := range d.Lift {
		say("what was laid on %s is lifted", names[s])
	}
	if d.Dismiss {
		say("nothing changes")
	}
	return does
}

// lowered is a reason inside a sentence.
func lowered(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToLower(first)) + words[size:]
}

func share(bp money.BasisPoints) string {
	switch bp {
	case 0:
		return "nothing"
	case money.Whole:
		return "everything"
	}
	return policy.Percent(bp).String()
}
