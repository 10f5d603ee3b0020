package order

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/money"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// outcome lets an answer, or the silence, take effect.
func (t *turn) outcome(a policy.Answer, r resolution.Request, cause string) error {
	switch a {
	case policy.AnswerCancelMutual:
		e := Ending{By: r.By, Cause: r.Proposal.Cause, OtherCause: cause, Disputed: cause != "" && cause != r.Proposal.Cause}
		if cause == "" {
			e.OtherCause = r.Proposal.Cause
		}
		return t.cancel(CancelledMutual, policy.ClassMutual, r.Proposal.Share, e)
	case policy.AnswerCancelUnanswered:
		e := Ending{By: r.By, Cause: r.Proposal.Cause}
		t.excuse(&e)
		return t.cancel(CancelledUnanswered, policy.ClassUnanswered, money.Whole, e)
	case policy.AnswerApply:
		return t.apply(r)
	}
	return nil
}

// excuse tells whether the buyer's silence excuses a seller who asked to
// cancel because of it: enough reminders, and long enough.
func (t *turn) excuse(e *Ending) {
	if e.By != policy.PartySeller || e.Cause != t.p.Cancellation.UnresponsiveCause {
		return
	}
	heard := t.o.Life.HeardAt
	if said := t.o.BuyerSaid; said.After(heard) && !said.After(t.now) {
		heard = said
	}
	reminders := 0
	for _, at := range t.o.Life.Reminders {
		if at.After(heard) {
			reminders++
		}
	}
	silence := t.now.Sub(heard)
	if reminders >= t.p.Cancellation.UnresponsiveReminders && silence >= t.p.Cancellation.UnresponsiveSilence.D() {
		e.Excused = true
		e.Why = "the buyer was silent for " + policy.Duration(silence.Truncate(time.Hour)).Words() + ", through " + strconv.Itoa(reminders) + " reminders"
	}
}

// apply lets an agreed proposal that ends nothing take effect.
func (t *turn) apply(r resolution.Request) error {
	a := r.Proposal
	switch a.Kind {
	case resolution.Extend:
		t.o.Life.Extended++
		t.moveDue(a.Days)
		t.happen(DueMoved, effect.Detail{Of: r.No, Until: t.o.DueAt, Facts: map[string]string{"days": strconv.Itoa(a.Days)}})
	case resolution.AddExtra:
		return t.add(r)
	case resolution.Discount:
		return t.discount(r.No, r.Proposal.Share, map[string]string{})
	case resolution.Swap:
		return t.swap(r)
	}
	return nil
}

// moveDue gives the delivery more days, from the due date, or from now once
// that is past. Its reminders come anew.
func (t *turn) moveDue(days int) {
	more := time.Duration(days) * 24 * time.Hour
	if t.o.DueAt.After(t.now) {
		t.dueBy(t.o.DueAt.Add(more), t.o.Life.LateFrom.Add(more))
		return
	}
	due := t.now.Add(more)
	t.dueBy(due, due.Add(t.p.Order.LateCancel.D()))
}

// dueBy sets a due date that is still to come.
func (t *turn) dueBy(due, lateFrom time.Time) {
	t.o.DueAt, t.o.Life.LateFrom = due, lateFrom
	t.rearm("remind_due", dueReminder(*t.o, t.p))
	t.rearm("due", due)
	t.rearm("late_cancel_open", lateFrom)
}

// add puts more work into the order. Where the work was delivered already, it
// goes back to the seller, so that nothing completes before the rest is there.
func (t *turn) add(r resolution.Request) error {
	a := r.Proposal
	more, err := t.o.priced(a, t.p)
	if err != nil {
		return err
	}
	rest, life := t.o.rest(), &t.o.Life
	life.Rest = Rest{rest.Price + more.Price, rest.Fee + more.Fee}
	life.Added = append(slices.Clip(life.Added), Added{Label: a.Extra, Price: t.o.amount(a.Price), Days: a.Days, At: t.now})
	d := effect.Detail{Of: r.No, Amount: more.Price + more.Fee, Text: a.Extra}
	if t.o.State == InProgress {
		if a.Days > 0 {
			t.moveDue(a.Days)
		}
		d.Until = t.o.DueAt
		t.happen(ExtraAdded, d)
		return nil
	}
	by := t.now.Add(t.p.Order.RevisionTarget.D())
	if a.Days > 0 {
		by = t.now.Add(time.Duration(a.Days) * 24 * time.Hour)
	}
	t.backToWork(latest(life.RevisionBy, by))
	d.Until = life.RevisionBy
	t.move(ExtraAdded, InRevision, d)
	return nil
}

// backToWork lets a delivered order go on as a revision: silence completes
// nothing meanwhile.
func (t *turn) backToWork(by time.Time) {
	t.o.Life.CompletesAt, t.o.Life.RevisionBy = time.Time{}, by
	t.rearm("remind_revision", by)
}

// discount sends a part back; the order goes on and nobody's figures move.
func (t *turn) discount(no int, share money.BasisPoints, facts map[string]string) error {
	back, keep, err := t.o.rest().share(share, t.o.Total.Currency)
	if err != nil {
		return err
	}
	refunds, err := t.giveUp(back)
	if err != nil {
		return err
	}
	t.o.Life.Rest = keep
	facts["method"] = t.o.Methods()
	t.happen(PartRefunded, effect.Detail{Of: no, Amount: back.Price + back.Fee, Refunds: refunds, Facts: facts})
	return nil
}

// swap puts another gig in the place of what was bought. The paid money moves
// along, what is too much goes back, and no cancellation is recorded. Work that
// was delivered before keeps the buyer from cancelling alone: such an order
// goes on as a revision.
func (t *turn) swap(r resolution.Request) error {
	into := r.Proposal.Into
	rest, due := t.o.rest(), into.Quote.Total.Minor
	before, err := json.Marshal(resolution.Into{Gig: t.o.Gig, Quote: t.o.Agreement})
	if err != nil {
		return err
	}
	title := t.o.Title
	back := Rest{Price: max(0, rest.Price+rest.Fee-due)}
	refunds, err := t.giveUp(back)
	if err != nil {
		return err
	}
	t.o.Life.Rest = Rest{into.Quote.Price.Minor, into.Quote.Fee.Minor}
	t.o.Life.Swaps++
	t.o.Life.RevisionsUsed = 0
	t.o.Gig, t.o.Agreement, t.o.Title = into.Gig, into.Quote, into.Quote.Title
	d := effect.Detail{Of: r.No, Amount: back.Price, Refunds: refunds, Proposal: before, Facts: map[string]string{"before": title, "after": into.Quote.Title, "method": t.o.Methods()}}
	d.Until = t.now.Add(time.Duration(into.Quote.Days) * 24 * time.Hour)
	if t.o.Life.FirstDeliveredAt.IsZero() {
		t.dueBy(d.Until, d.Until.Add(t.p.Order.LateCancel.D()))
		t.happen(Swapped, d)
		return nil
	}
	t.backToWork(d.Until)
	t.move(Swapped, InRevision, d)
	return nil
}
