package page

import (
	"fmt"
	"strings"
	"time"

	events "guildhall/internal/effect"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
)

// other is the party across the table from the reader.
func other(v market.OrderPage) member.Member {
	if v.Party == order.Buyer {
		return v.Seller
	}
	return v.Buyer
}

// otherPart is what they are in the order.
func otherPart(v market.OrderPage) string {
	if v.Party == order.Buyer {
		return "Seller"
	}
	return "Buyer"
}

// said puts names and instants into a sentence of the rules.
func said(text string, who string, until time.Time, l kit.Local) string {
	return strings.NewReplacer("{other}", who, "{until}", l.At(until)).Replace(text)
}

// stateOf says an order's state in words with its tone.
func stateOf(o order.Order, now time.Time) kit.State {
	switch {
	case o.Held():
		return kit.State{Tone: kit.Warn, Icon: "pause", Text: "On hold"}
	case o.Late(now):
		return kit.State{Tone: kit.Warn, Icon: "timer-off", Text: "Late"}
	}
	switch o.State {
	case order.Unpaid:
		return kit.State{Tone: kit.Neutral, Icon: "credit-card", Text: "Not paid yet"}
	case order.AwaitingRequirements:
		return kit.State{Tone: kit.Neutral, Icon: "circle-help", Text: "Waits for answers"}
	case order.InProgress:
		return kit.State{Tone: kit.Lapis, Icon: "pencil", Text: "In progress"}
	case order.Delivered:
		return kit.State{Tone: kit.Lapis, Icon: "package-check", Text: "Delivered"}
	case order.InRevision:
		return kit.State{Tone: kit.Lapis, Icon: "pencil", Text: "In revision"}
	case order.Completed:
		return kit.State{Tone: kit.Good, Icon: "circle-check", Text: "Completed"}
	case order.Cancelled:
		return kit.State{Tone: kit.Neutral, Icon: "circle-x", Text: "Canceled: " + standing.Label(o.Class)}
	case order.Refunded:
		return kit.State{Tone: kit.Neutral, Icon: "circle-x", Text: "Refunded"}
	}
	return kit.State{Tone: kit.Neutral, Icon: "circle-x", Text: "Never started"}
}

// turnWords say whose move it is, in a list.
func turnWords(o order.Order, side order.Party, who string) (words string, mine bool) {
	switch turn := o.Turn(); {
	case turn == order.Nobody || o.Held():
		return "", false
	case turn == side:
		return "Your move", true
	default:
		return who + "’s move", false
	}
}

// clockOf is the deadline that matters to a list row; nil once it is over.
func clockOf(o order.Order, l kit.Local) *kit.ClockProps {
	c := &kit.ClockProps{Due: o.RankAt(), Local: l, Compact: true}
	if o.Held() {
		c.Paused = pauseOf(o)
	}
	if r := o.Life.Request; r != nil {
		c.Label = "Answer"
		if r.Agreed() {
			c.Label = "Pay"
		}
		return c
	}
	switch o.State {
	case order.InProgress:
		c.Label, c.Over = "Due", "Was due"
	case order.InRevision:
		c.Label, c.Over = "Revision expected", "Revision was expected"
	case order.Delivered:
		c.Label = "Completes"
	default:
		return nil
	}
	return c
}

// noteOf stands in the clock's place where no clock runs.
func noteOf(o order.Order, l kit.Local) string {
	switch o.State {
	case order.Unpaid:
		return "Ordered " + l.Day(o.CreatedAt)
	case order.AwaitingRequirements:
		return "Paid " + l.Day(o.PaidAt)
	}
	return "Ended " + l.Day(o.EndedAt)
}

// pauseOf is why the clocks of an order stand, and since when.
func pauseOf(o order.Order) *kit.Pause {
	switch {
	case o.Held():
		return &kit.Pause{Why: o.Life.Hold.Reason, Since: o.Life.Hold.Since}
	case o.Paused():
		return &kit.Pause{Why: "a request to " + o.Life.Request.Proposal.Kind.About() + " is open", Since: o.Life.PausedAt}
	}
	return nil
}

// clocksOf are the running deadlines of an order, the same for both parties.
func clocksOf(v market.OrderPage, l kit.Local) []kit.ClockProps {
	o := v.Order
	clock := func(label string, due time.Time, allows string) kit.ClockProps {
		c := kit.ClockProps{Label: label, Due: due, Local: l, OtherName: other(v).Name, OtherZone: other(v).Location(), Allows: allows}
		c.Paused = pauseOf(o)
		return c
	}
	switch o.State {
	case order.AwaitingRequirements:
		return []kit.ClockProps{clock("Refunded by itself without answers", o.Life.WaitsSince.Add(v.Policy.Order.StaleRefund.D()), "")}
	case order.InProgress:
		due := clock("Delivery is due", o.DueAt, "Nothing is lost yet.")
		if !l.Now.Before(o.Life.LateFrom) {
			due.Allows = named(v, order.Buyer, "You") + " may cancel now and get everything back."
		}
		if o.Late(l.Now) && l.Now.Before(o.Life.LateFrom) {
			return []kit.ClockProps{due, clock(named(v, order.Buyer, "You")+" may cancel from", o.Life.LateFrom, "")}
		}
		return []kit.ClockProps{due}
	case order.InRevision:
		return []kit.ClockProps{clock("Revision is expected", o.Life.RevisionBy, "A reminder only: no figure depends on it.")}
	case order.Delivered:
		return []kit.ClockProps{clock("Completes by itself", o.Life.CompletesAt, "")}
	case order.Completed:
		if o.Life.ClearedAt.IsZero() && v.Party == order.Seller {
			return []kit.ClockProps{clock("Your money can be withdrawn", o.Life.ClearsAt, "")}
		}
	}
	return nil
}

// happened is one event as the reader sees it.
func happened(v market.OrderPage, e events.Event, l kit.Local) kit.Event {
	w, who := wordOf(e.Kind), actorOf(v, e)
	amount := money.Of(e.Detail.Amount, v.Order.Total.Currency).String()
	until := ""
	if !e.Detail.Until.IsZero() {
		until = l.At(e.Detail.Until)
	}
	title := strings.NewReplacer(append(requestSlots(v, e, l), "{who}", who, "{amount}", amount, "{until}", until, "{method}", wayBack(v, e.Detail.Facts["method"]),
		"{buyer}", named(v, order.Buyer, "you"), "{seller}", named(v, order.Seller, "you"),
		"{buyer was}", was(v, order.Buyer), "{seller was}", was(v, order.Seller), "{Buyer}", named(v, order.Buyer, "You"), "{stood}", e.Detail.Facts["stood"])...).Replace(w.title)
	if e.Kind == order.PaymentReturned {
		title += returnedWords[e.Detail.Facts["why"]]
	}
	return kit.Event{Icon: w.icon, Tone: w.tone, Title: title, When: e.At, Text: e.Detail.Text, Files: filesOf(v, e)}
}

// named is a party as the reader calls it.
func named(v market.OrderPage, side order.Party, you string) string {
	switch side {
	case v.Party:
		return you
	case order.Buyer:
		return v.Buyer.Name
	}
	return v.Seller.Name
}

func was(v market.OrderPage, side order.Party) string {
	if side == v.Party {
		return "You were"
	}
	return named(v, side, "") + " was"
}

func filesOf(v market.OrderPage, e events.Event) []kit.File {
	var files []kit.File
	for _, id := range e.Detail.Files {
		f := v.Files[id]
		files = append(files, kit.File{Name: f.Name, Href: "/files/" + string(id), Size: sizeWords(f.Size), Hash: f.SHA256})
	}
	return files
}

type eventWord struct {
	icon  string
	tone  kit.Tone
	title string
}

// eventWords are the titles of the timeline, for every kind of event there is.
var eventWords = map[events.Kind]eventWord{
	order.Ordered:            {"shopping-bag", kit.Neutral, "{who} ordered for {amount}"},
	order.Paid:               {"credit-card", kit.Good, "Paid: {amount} is held until the work is accepted"},
	order.PaymentReturned:    {"undo-2", kit.Neutral, "A payment of {amount} went straight back"},
	order.Lapsed:             {"circle-x", kit.Neutral, "Never paid; put away by itself"},
	order.Undone:             {"undo-2", kit.Neutral, "{who} undid the order before it started: {amount} goes back to {method}"},
	order.RequirementsIn:     {"play", kit.Good, "{who} answered the questions; work is due {until}"},
	order.RequirementsWaived: {"play", kit.Good, "{who} started without the answers; work is due {until}"},
	order.ProgressShown:      {"pencil", kit.Neutral, "{who} showed progress"},
	order.Commented:          {"message-square", kit.Neutral, "{who} wrote a comment"},
	order.DelayNoticed:       {"triangle-alert", kit.Warn, "{who} announced a delay; the due date stays {until}"},
	order.DeliveredWork:      {"package-check", kit.Lapis, "{who} delivered; silence completes the order {until}"},
	order.ReviewExtended:     {"timer", kit.Neutral, "{who} took more time, until {until}"},
	order.RevisionAsked:      {"undo-2", kit.Neutral, "{who} asked for a revision, aimed for {until}"},
	order.Accepted:           {"circle-check", kit.Good, "{who} accepted the delivery"},
	order.CompletedByTime:    {"circle-check", kit.Good, "Completed by itself: nobody objected in time"},
	order.CancelledLate:      {"circle-x", kit.Warn, "{who} cancelled the late order: {amount} goes back to {method}"},
	order.CancelledStale:     {"circle-x", kit.Neutral, "{who} ended the order that never started: {amount} goes back to {method}"},
	order.RefundedStale:      {"circle-x", kit.Neutral, "The order never started and was refunded: {amount} goes back to {method}"},
	order.Cleared:            {"circle-check", kit.Good, "{amount} cleared for {seller}"},
	order.RefundOnItsWay:     {"credit-card", kit.Good, "{amount} was sent back to {method}"},
	order.PutOnHold:          {"pause", kit.Warn, "Put on hold; every clock stands still"},
	order.TakenOffHold:       {"play", kit.Neutral, "Released after {stood}; the clocks run on"},
	order.RemindRequirements: {"bell", kit.Neutral, "{buyer was} reminded of the questions"},
	order.RemindDue:          {"bell", kit.Neutral, "{seller was} reminded: due {until}"},
	order.DuePassed:          {"timer-off", kit.Warn, "The due date passed with nothing delivered"},
	order.LateCancelOpen:     {"timer-off", kit.Warn, "{Buyer} may cancel for lateness from now on"},
	order.RemindRevision:     {"bell", kit.Neutral, "{seller was} reminded of the revision"},
	order.RemindCompletion:   {"bell", kit.Neutral, "{buyer was} reminded: silence completes the order {until}"},
}

var returnedWords = map[string]string{
	"not_for_sale":  ": the gig was no longer for sale",
	"fully_booked":  ": the last place had just been taken",
	"price_changed": ": the price had changed meanwhile",
	"too_late":      ": the order was closed already",
	"paid_already":  ": the order was paid already",
	"offer_ended":   ": the offer had ended",
	"request_over":  ": what it was meant for had ended",
}

// sizeWords says the size of a file.
func sizeWords(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
