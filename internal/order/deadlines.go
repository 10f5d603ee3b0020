package order

import (
	"slices"
	"strconv"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ledger"
	"guildhall/internal/money"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// Deadline is one instant at which something will happen by itself.
type Deadline struct {
	At   time.Time
	Name string
	fire func(*turn, Deadline) error
}

// alarm is one kind of deadline: in which states it runs, when it rings (zero
// for never) and what it does.
type alarm struct {
	name   string
	from   []State
	at     func(Order, policy.Version) time.Time
	fire   func(*turn, Deadline) error
	result string
	always bool // rings although an open request lets the clocks stand still
}

// alarms lists every deadline of section 3 and 4. Reminders ring once a phase:
// they are remembered in Fired, which is emptied when the state changes.
var alarms = []alarm{
	{"remind_request", running, requestReminder, remindRequest, "whoever must answer or pay is reminded", true},
	{"request_ends", running, func(o Order, _ policy.Version) time.Time {
		if o.Life.Request == nil {
			return time.Time{}
		}
		return o.Life.Request.Ends
	}, requestEnds, "silence decides, by the kind of request", true},
	{"pause_ends", running, pauseEnds, func(t *turn, _ Deadline) error {
		t.resume()
		t.happen(ClocksRunOn, effect.Detail{Of: t.o.Life.Request.No, Until: t.o.until(t.p), Facts: t.told(*t.o.Life.Request)})
		return nil
	}, "the clocks run on: the seller's requests have paused them long enough", true},
	{"lapse", []State{Unpaid}, func(o Order, p policy.Version) time.Time {
		return o.LapsesAt(p)
	}, lapse, "abandoned", false},
	{"remind_requirements", []State{AwaitingRequirements}, nextRequirementsReminder, remind(RemindRequirements), "the buyer is reminded", false},
	{"stale_refund", []State{AwaitingRequirements}, func(o Order, p policy.Version) time.Time {
		return o.Life.WaitsSince.Add(p.Order.StaleRefund.D())
	}, func(t *turn, _ Deadline) error {
		return t.cancel(RefundedStale, policy.ClassBeforeStartStale, money.Whole, Ending{Cause: causeMissing})
	}, "cancelled: before_start_stale, full refund", false},
	{"remind_due", []State{InProgress}, dueReminder, remind(RemindDue), "the seller is reminded", false},
	{"due", []State{InProgress}, func(o Order, _ policy.Version) time.Time {
		return o.DueAt
	}, remind(DuePassed), "both are told; consequences begin later", false},
	{"late_cancel_open", []State{InProgress}, func(o Order, _ policy.Version) time.Time {
		return o.Life.LateFrom
	}, remind(LateCancelOpen), "the buyer may cancel", false},
	{"remind_revision", []State{InRevision}, func(o Order, _ policy.Version) time.Time {
		return o.Life.RevisionBy
	}, remind(RemindRevision), "the seller is reminded; no effect on figures", false},
	{"remind_completion", []State{Delivered}, completionReminder, remind(RemindCompletion), "the buyer is reminded", false},
	{"complete", []State{Delivered}, func(o Order, _ policy.Version) time.Time {
		if r := o.Life.Request; r != nil {
			return latest(o.Life.CompletesAt, r.Ends) // the request is answered first
		}
		return o.Life.CompletesAt
	}, func(t *turn, _ Deadline) error { return t.complete(CompletedByTime) }, "completed", false},
	{"clear", []State{Completed, Cancelled}, func(o Order, _ policy.Version) time.Time {
		if !o.Life.ClearedAt.IsZero() {
			return time.Time{}
		}
		return o.Life.ClearsAt
	}, clearFunds, "the seller's money can be withdrawn", false},
}

// Next is the earliest deadline of the order under its policy version. A held
// order has none: its clocks stand still. The second result is false when
// nothing will ever happen by itself.
func Next(o Order, p policy.Version) (Deadline, bool) {
	if o.Held() {
		return Deadline{}, false
	}
	var first Deadline
	for _, a := range alarms {
		if !slices.Contains(a.from, o.State) || o.Paused() && !a.always {
			continue
		}
		d := Deadline{At: a.at(o, p), Name: a.name, fire: a.fire}
		switch d.Name {
		case "remind_requirements":
			d.Name += "_" + strconv.Itoa(len(o.Life.Fired)+1)
		case "remind_request":
			d.Name += markOf(o.Life.Request)
		}
		if d.At.IsZero() || slices.Contains(o.Life.Fired, d.Name) {
			continue
		}
		if first.At.IsZero() || d.At.Before(first.At) {
			first = d
		}
	}
	return first, !first.At.IsZero()
}

// nextRequirementsReminder is the next of the policy's list that has not been given.
func nextRequirementsReminder(o Order, p policy.Version) time.Time {
	given := len(o.Life.Fired)
	if given >= len(p.Clocks.RequirementsReminders) {
		return time.Time{}
	}
	return o.Life.WaitsSince.Add(p.Clocks.RequirementsReminders[given].D())
}

// requestReminder comes once while an answer is awaited, and once more while a
// payment is.
func requestReminder(o Order, p policy.Version) time.Time {
	if o.Life.Request == nil || p.Clocks.BeforeRequestEnds >= p.Requests.Answer {
		return time.Time{}
	}
	return o.Life.Request.Ends.Add(-p.Clocks.BeforeRequestEnds.D())
}

func dueReminder(o Order, p policy.Version) time.Time {
	return after(o.Life.StartedAt, o.DueAt.Add(-p.Clocks.BeforeDue.D()))
}

func completionReminder(o Order, p policy.Version) time.Time {
	return after(o.Life.DeliveredAt, o.Life.CompletesAt.Add(-p.Clocks.BeforeCompletion.D()))
}

// rearm lets a reminder come again whose instant was moved, unless it would
// have to come at once.
func (t *turn) rearm(name string, at time.Time) {
	fired := slices.DeleteFunc(t.o.Life.Fired, func(n string) bool { return n == name })
	if !at.After(t.now) {
		fired = append(fired, name)
	}
	t.o.Life.Fired = fired
}

// after drops a reminder that would come before the phase it belongs to began.
func after(began, at time.Time) time.Time {
	if at.After(began) {
		return at
	}
	return time.Time{}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// markOf tells the reminder to answer a request from the one to pay for it.
func markOf(r *resolution.Request) string {
	if r == nil {
		return ""
	}
	text := "_" + strconv.Itoa(r.No)
	if r.Agreed() {
		text += "_pay"
	}
	return text
}

func remindRequest(t *turn, d Deadline) error {
	r := t.o.Life.Request
	t.o.Life.Fired = append(t.o.Life.Fired, d.Name)
	facts := t.told(*r)
	facts["waits"], facts["to"], facts["silence"] = "answer", string(r.Waits()), string(t.o.IfSilent(t.p))
	if r.Agreed() {
		facts["waits"] = "payment"
	}
	if r.Waits() == policy.PartyBuyer {
		t.o.Life.Reminders = append(t.o.Life.Reminders, t.now)
	}
	t.happen(RemindRequest, effect.Detail{Of: r.No, Until: r.Ends, Amount: r.Owed, Facts: facts})
	return nil
}

func remind(kind effect.Kind) func(*turn, Deadline) error {
	return func(t *turn, d Deadline) error {
		t.o.Life.Fired = append(t.o.Life.Fired, d.Name)
		if kind == RemindRequirements || kind == RemindCompletion {
			t.o.Life.Reminders = append(t.o.Life.Reminders, t.now)
		}
		t.happen(kind, effect.Detail{Until: t.o.until(t.p)})
		return nil
	}
}

// until is the deadline that a reminder is about.
func (o Order) until(p policy.Version) time.Time {
	switch o.State {
	case AwaitingRequirements:
		return o.Life.WaitsSince.Add(p.Order.StaleRefund.D())
	case Delivered:
		return o.Life.CompletesAt
	case InRevision:
		return o.Life.RevisionBy
	}
	return o.DueAt
}

// LapsesAt is when the order is put away if nobody pays it. One that was opened
// for a custom offer waits for its payment as long as the offer does.
func (o Order) LapsesAt(p policy.Version) time.Time {
	if !o.Agreement.PayBy.IsZero() {
		return o.Agreement.PayBy
	}
	return o.CreatedAt.Add(p.Order.UnpaidLapse.D())
}

func lapse(t *turn, _ Deadline) error {
	t.o.EndedAt = t.now
	var d effect.Detail
	if offer := t.o.Agreement.Offer; offer != "" {
		d.Facts = map[string]string{"offer": string(offer)}
	}
	t.move(Lapsed, Abandoned, d)
	return nil
}

func clearFunds(t *turn, _ Deadline) error {
	d := t.o.deal()
	shares, err := t.o.Shares(t.p)
	if err != nil {
		return err
	}
	if shares.Seller.IsZero() {
		t.o.Life.ClearsAt = time.Time{}
		return nil
	}
	if err := t.book(ledger.KindClear, "", d.Clear(shares)); err != nil {
		return err
	}
	t.o.Life.ClearedAt = t.now
	t.happen(Cleared, effect.Detail{Amount: shares.Seller.Minor})
	return nil
}
