package order

import (
	"slices"
	"strconv"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// endRequest closes the open request and lets the clocks run on.
func (t *turn) endRequest() {
	t.resume()
	t.o.Life.Request = nil
}

// closeRequest closes a request that something else has overtaken.
func (t *turn) closeRequest() {
	r := t.o.Life.Request
	if r == nil {
		return
	}
	no, kind := r.No, string(r.Proposal.Kind)
	t.endRequest()
	t.happen(RequestOvertaken, effect.Detail{Of: no, Facts: map[string]string{"kind": kind}})
}

// requestEnds is what silence does.
func requestEnds(t *turn, _ Deadline) error {
	r := *t.o.Life.Request
	facts := map[string]string{"kind": string(r.Proposal.Kind)}
	terms := t.terms(r)
	t.endRequest()
	switch owed, err := t.owed(r.Proposal); {
	case err != nil:
		return err
	case r.Agreed():
		facts["why"] = "not_paid"
		t.happen(RequestExpired, effect.Detail{Of: r.No, Facts: facts})
		return nil
	case terms.AfterDeliveryToDesk && r.By == policy.PartyBuyer && !t.o.Life.FirstDeliveredAt.IsZero():
		t.o.Life.Hold = &Hold{Reason: "support looks at a request to cancel that was not answered", Since: t.now}
		t.happen(RequestToDesk, effect.Detail{Of: r.No, Text: r.Proposal.Reason, Facts: facts})
		return nil
	case terms.OnSilence == policy.AnswerApply && owed > 0:
		terms.OnSilence = policy.AnswerDeny // nobody is charged by silence
	}
	t.happen(RequestExpired, effect.Detail{Of: r.No, Facts: facts})
	return t.outcome(terms.OnSilence, r, "")
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
