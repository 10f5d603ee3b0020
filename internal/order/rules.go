package order

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/money"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// place starts the order the payment was for, or sends the money back.
func place(t *turn, m Move) error {
	pl := m.(Place)
	sound := t.o.State == Unpaid && pl.Sale.Open && pl.Sale.Capacity && pl.Sale.Price == t.o.Total && pl.Charge.Amount == t.o.Total
	if !sound {
		why := "paid_already"
		if t.o.State == Unpaid || t.o.State == Abandoned {
			why = pl.why()
		}
		return t.giveBack(pl.Charge, why)
	}
	t.o.Life.Charge = pl.Charge
	t.o.PaidAt, t.o.Life.HeardAt = t.now, t.now
	t.o.Life.Rest = Rest{t.o.Agreement.Price.Minor, t.o.Agreement.Fee.Minor}
	if err := t.book(ledger.KindHold, pl.Charge.Ref, t.o.deal().Hold()); err != nil {
		return err
	}
	paid := effect.Detail{Amount: t.o.Total.Minor, Provider: pl.Charge.Ref}
	if t.o.needsAnswers() {
		t.o.Life.WaitsSince = t.now
		t.move(Paid, AwaitingRequirements, paid)
		return nil
	}
	t.start(Paid, paid)
	return nil
}

// giveBack books a payment that the order has no use for: in and out again. An
// order that was never paid is closed by it.
func (t *turn) giveBack(c Charge, why string) error {
	d := ledger.Deal{Order: t.o.ID, Seller: t.o.Seller, Provider: c.Provider, Price: c.Amount}
	if err := t.book(ledger.KindHold, c.Ref, d.Hold()); err != nil {
		return err
	}
	if err := t.book(ledger.KindRefund, c.Ref, d.Refund()); err != nil {
		return err
	}
	to := t.o.State
	if to == Unpaid || to == Abandoned {
		to = Abandoned
		t.o.EndedAt = t.now
	}
	t.move(PaymentReturned, to, effect.Detail{
		Amount: c.Amount.Minor, Provider: c.Ref, Refunds: []effect.Refund{t.refund(c, c.Amount.Minor)},
		Facts: map[string]string{"why": why, "method": c.Method},
	})
	return nil
}

// why says which part of the sale no longer stood.
func (pl Place) why() string {
	switch {
	case pl.Sale.Ended:
		return "offer_ended"
	case !pl.Sale.Open:
		return "not_for_sale"
	case !pl.Sale.Capacity:
		return "fully_booked"
	case pl.Sale.Price != pl.Charge.Amount:
		return "price_changed"
	}
	return "too_late"
}

func (o Order) needsAnswers() bool {
	for _, q := range o.Agreement.Questions {
		if q.Required {
			return true
		}
	}
	return false
}

// start begins the work: from now on the clock runs and the order counts.
func (t *turn) start(kind effect.Kind, d effect.Detail) {
	t.o.Life.StartedAt = t.now
	t.o.DueAt = t.now.Add(time.Duration(t.o.Agreement.Days) * 24 * time.Hour)
	t.o.Life.LateFrom = t.o.DueAt.Add(t.p.Order.LateCancel.D())
	d.Until = t.o.DueAt
	t.move(kind, InProgress, d)
}

func undo(t *turn, m Move) error {
	cause := m.(Undo).Cause
	if cause != "" && !resolution.KnownCause(cause, t.p) {
		return fault.Invalid("cause", "Choose the cause that fits best.")
	}
	return t.cancel(Undone, policy.ClassBeforeStart, money.Whole, Ending{By: policy.PartyBuyer, Cause: cause})
}

func submit(t *turn, m Move) error {
	answers, err := t.o.answered(m.(Submit).Answers, t.p)
	if err != nil {
		return err
	}
	t.o.Life.Answers = answers
	t.start(RequirementsIn, effect.Detail{})
	return nil
}

// answered checks the answers against the questions and keeps them in their order.
func (o Order) answered(given []Answer, p policy.Version) ([]Answer, error) {
	texts := map[string]string{}
	for _, a := range given {
		texts[a.Question] = strings.TrimSpace(a.Text)
	}
	bad := fault.Fields{}
	var kept []Answer
	for _, q := range o.Agreement.Questions {
		text := texts[q.Key]
		field := "answers." + q.Key
		if text == "" {
			bad.Need(!q.Required, field, "Your seller needs this to start.")
			continue
		}
		bad.Need(utf8.RuneCountInString(text) <= p.Limits.TextRunes, field, "Please keep it under "+strconv.Itoa(p.Limits.TextRunes)+" characters.")
		bad.Need(q.Fits(text), field, q.Hint())
		kept = append(kept, Answer{q.Key, text})
	}
	return kept, bad.Err()
}

func waive(t *turn, _ Move) error {
	t.start(RequirementsWaived, effect.Detail{})
	return nil
}

func progress(t *turn, m Move) error {
	pr := m.(Progress)
	text, err := t.post(pr.Text, pr.Files)
	if err != nil {
		return err
	}
	t.happen(ProgressShown, effect.Detail{Text: text, Files: pr.Files})
	return nil
}

func comment(t *turn, m Move) error {
	c := m.(Comment)
	text, err := t.words("text", c.Text)
	if err != nil {
		return err
	}
	if c.On < 1 || c.On > t.o.Seq {
		return fault.Invalid("on", "There is no such update to comment on.")
	}
	t.happen(Commented, effect.Detail{Text: text, Of: c.On})
	return nil
}

func delay(t *turn, m Move) error {
	reason, err := t.words("reason", m.(Delay).Reason)
	if err != nil {
		return err
	}
	if t.o.Clock(t.now).After(t.o.DueAt) {
		return fault.Expired("The due date is past. A delay can be announced only before it.")
	}
	t.happen(DelayNoticed, effect.Detail{Text: reason, Until: t.o.DueAt})
	return nil
}

func deliver(t *turn, m Move) error {
	d := m.(Deliver)
	if r := t.o.Life.Request; r != nil && r.By == policy.PartyBuyer && !r.Agreed() {
		return fault.Conflict("The buyer asks to " + t.o.about() + ". Please answer that first: the due date waits meanwhile.")
	}
	t.closeRequest() // the seller's own request, or one that was never paid
	text, err := t.post(d.Text, d.Files)
	if err != nil {
		return err
	}
	life := &t.o.Life
	if life.FirstDeliveredAt.IsZero() {
		life.FirstDeliveredAt = t.now
		life.OnTime = t.onTime(d)
	}
	life.DeliveredAt = t.now
	life.CompletesAt = t.now.Add(t.p.Order.ReviewPeriod.D())
	t.move(DeliveredWork, Delivered, effect.Detail{
		Text: text, Files: d.Files, Until: life.CompletesAt,
		Facts: map[string]string{"on_time": strconv.FormatBool(life.OnTime)},
	})
	return nil
}

// onTime: delivered by the due date, or uploading by then and done within the grace.
func (t *turn) onTime(d Deliver) bool {
	if !t.now.After(t.o.DueAt) {
		return true
	}
	began := !d.UploadBegan.IsZero() && !d.UploadBegan.After(t.o.DueAt)
	return began && !t.now.After(t.o.DueAt.Add(t.p.Clocks.UploadGrace.D()))
}

func extendReview(t *turn, _ Move) error {
	if t.o.Life.Extensions >= t.p.Order.ReviewExtensions {
		return fault.Conflict("You already took more time for this order. Accept it or ask for a revision before the time is over.")
	}
	t.o.Life.Extensions++
	t.o.Life.CompletesAt = t.o.Life.CompletesAt.Add(t.p.Order.ReviewExtension.D())
	t.rearm("remind_completion", completionReminder(*t.o, t.p))
	t.happen(ReviewExtended, effect.Detail{Until: t.o.Life.CompletesAt})
	return nil
}

func revise(t *turn, m Move) error {
	r := m.(Revise)
	bad := fault.Fields{}
	text, err := t.words("text", r.Text)
	if err != nil {
		bad["text"] = "Say what should change, so that the next delivery fits."
	}
	for _, line := range r.Lines {
		bad.Need(line >= 1 && line <= len(t.o.Agreement.Questions), "lines", "There is no requirement line "+strconv.Itoa(line)+".")
	}
	bad.Need(!r.Fault || len(r.Lines) > 0, "lines", "Name the requirement lines that the delivery does not meet.")
	bad.Need(r.Fault || t.o.RevisionsLeft() > 0, "fault", "No revisions are left in this package. Where the delivery misses your requirements, name the lines: that is not a revision and is never counted.")
	if err := bad.Err(); err != nil {
		return err
	}
	if !r.Fault {
		t.o.Life.RevisionsUsed++
	}
	t.o.Life.CompletesAt = time.Time{} // silence completes nothing while the work is being revised
	t.o.Life.RevisionBy = t.o.Clock(t.now).Add(t.p.Order.RevisionTarget.D())
	t.move(RevisionAsked, InRevision, effect.Detail{
		Text: text, Lines: r.Lines, Until: t.o.Life.RevisionBy,
		Facts: map[string]string{"counted": strconv.FormatBool(!r.Fault)},
	})
	return nil
}

func accept(t *turn, _ Move) error { return t.complete(Accepted) }

func cancelLate(t *turn, _ Move) error {
	if t.o.Clock(t.now).Before(t.o.Life.LateFrom) {
		return fault.Conflict("You can cancel for lateness once the order is " + t.p.Order.LateCancel.Words() + " past due.")
	}
	return t.cancel(CancelledLate, policy.ClassLate, money.Whole, Ending{By: policy.PartyBuyer, Cause: causeLate})
}

func cancelStale(t *turn, _ Move) error {
	if t.now.Before(t.o.Life.WaitsSince.Add(t.p.Order.StaleCancel.D())) {
		return fault.Conflict("You can cancel an order that never started once it has waited " + t.p.Order.StaleCancel.Words() + ".")
	}
	return t.cancel(CancelledStale, policy.ClassBeforeStartStale, money.Whole, Ending{By: policy.PartySeller, Cause: causeMissing})
}

// The causes that a move itself declares.
const (
	causeLate    = "seller_late"
	causeMissing = "requirements_missing"
)

// post checks what an update or a delivery carries: at least a text or a file.
func (t *turn) post(text string, files []ident.File) (string, error) {
	text = strings.TrimSpace(text)
	bad := fault.Fields{}
	bad.Need(text != "" || len(files) > 0, "text", "Write something or attach a file.")
	bad.Need(utf8.RuneCountInString(text) <= t.p.Limits.TextRunes, "text", "Please keep it under "+strconv.Itoa(t.p.Limits.TextRunes)+" characters.")
	bad.Need(len(files) <= t.p.Limits.FilesPerPost, "files", "At most "+strconv.Itoa(t.p.Limits.FilesPerPost)+" files at once.")
	return text, bad.Err()
}

// words checks a text that must be there.
func (t *turn) words(field, text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", fault.Invalid(field, "Please write a few words.")
	case utf8.RuneCountInString(text) > t.p.Limits.TextRunes:
		return "", fault.Invalid(field, "Please keep it under "+strconv.Itoa(t.p.Limits.TextRunes)+" characters.")
	}
	return text, nil
}
