package order

import (
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/policy"
)

// endRequest closes the open request and lets the clocks run on. Where it paused
// none, silence may have been due to complete the order already and waited for
// the answer: it completes with the end of the request, never before it.
func (t *turn) endRequest() {
	t.resume()
	t.o.Life.Request = nil
	if t.o.State == Delivered {
		t.o.Life.CompletesAt = latest(t.o.Life.CompletesAt, t.now)
	}
}

// closeRequest closes a request that something else has overtaken.
func (t *turn) closeRequest() {
	r := t.o.Life.Request
	if r == nil {
		return
	}
	detail := effect.Detail{Of: r.No, Facts: t.told(*r)}
	t.endRequest()
	t.happen(RequestOvertaken, detail)
}

// Silence is what becomes of a request that nobody answers.
type Silence string

// The closed list of what silence does.
const (
	SilenceNothing Silence = "nothing" // the order goes on as before
	SilenceCancels Silence = "cancels" // the order ends, unanswered
	SilenceDesk    Silence = "desk"    // support looks at it
	SilenceApplies Silence = "applies" // it takes effect
)

// IfSilent is what becomes of the open request without an answer, or without
// the payment once it is agreed on.
func (o Order) IfSilent(p policy.Version) Silence {
	r := o.Life.Request
	if r == nil || r.Agreed() {
		return SilenceNothing
	}
	terms := p.Requests.Kinds[string(r.Proposal.Kind)]
	switch {
	case terms.AfterDeliveryToDesk && r.By == policy.PartyBuyer && !o.Life.FirstDeliveredAt.IsZero():
		return SilenceDesk
	case terms.OnSilence == policy.AnswerCancelUnanswered:
		return SilenceCancels
	case r.Proposal.TakesOffer():
		return SilenceNothing // an offer has an end of its own, and is taken by a yes
	case terms.OnSilence == policy.AnswerApply:
		if owed, err := o.owed(r.Proposal, p); err == nil && owed == 0 {
			return SilenceApplies // nobody is charged by silence
		}
	}
	return SilenceNothing
}

// Says tells a reader of one side what silence means.
func (s Silence) Says(reader Party) string {
	switch s {
	case SilenceCancels:
		if reader == Buyer {
			return "Without an answer the order is cancelled then and everything goes back to you."
		}
		return "Without an answer the order is cancelled then and everything goes back to the buyer."
	case SilenceDesk:
		return "Without an answer support looks at it; nothing is cancelled by itself."
	case SilenceApplies:
		return "Without an answer it takes effect then."
	}
	return "Without an answer nothing changes."
}

// requestEnds is what silence does.
func requestEnds(t *turn, _ Deadline) error {
	r, silence := *t.o.Life.Request, t.o.IfSilent(t.p)
	facts := t.told(r)
	facts["silence"] = string(silence)
	if r.Agreed() {
		facts["why"] = "not_paid"
	}
	t.endRequest()
	if silence == SilenceDesk {
		t.o.Life.Hold = &Hold{Reason: "support looks at a request to cancel that was not answered", Since: t.now}
		t.happen(RequestToDesk, effect.Detail{Of: r.No, Text: r.Proposal.Reason, Facts: facts})
		return nil
	}
	t.happen(RequestExpired, effect.Detail{Of: r.No, Until: t.o.until(t.p), Facts: facts})
	if silence == SilenceNothing {
		return nil
	}
	return t.outcome(t.terms(r).OnSilence, r, "")
}

// nudge is the seller's reminder to a buyer who does not answer.
func nudge(t *turn, m Move) error {
	if next := t.o.nudgeFrom(t.p); t.now.Before(next) {
		return fault.Conflict("You reminded the buyer less than " + t.p.Requests.Remind.Words() + " ago.")
	}
	text := ""
	if v := m.(Nudge); v.Text != "" {
		var err error
		if text, err = t.words("text", v.Text); err != nil {
			return err
		}
	}
	t.o.Life.NudgedAt = t.now
	t.o.Life.Reminders = append(t.o.Life.Reminders, t.now)
	t.happen(Nudged, effect.Detail{Text: text})
	return nil
}

func (o Order) nudgeFrom(p policy.Version) time.Time {
	if o.Life.NudgedAt.IsZero() {
		return time.Time{}
	}
	return o.Life.NudgedAt.Add(p.Requests.Remind.D())
}
