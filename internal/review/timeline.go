package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/resolution"
)

// Line is one thing that happened around a review, as the house saw it.
type Line struct {
	At   time.Time
	Who  string // the buyer, the seller, the desk, the clock, the bank
	What string
	Kept bool // stays between its maker and the desk: a demand that was reported
}

// Timeline is what the house itself puts before whoever decides about a review:
// the clocks of the order, what was asked and refused, the demands that were
// reported and when, and when each side rated. told are the events of the order
// and of its pair, in any order. What is still closed to a party stays closed
// here: the words and stars of a review are never in it.
func Timeline(o order.Order, told []effect.Event) []Line {
	var lines []Line
	for _, e := range told {
		what := lineOf(e)
		if what == "" {
			continue
		}
		lines = append(lines, Line{At: e.At, Who: whoDid(o, e), What: what, Kept: e.Kind == DemandReported})
	}
	if what := dueWords(o, lines); what != "" {
		lines = append(lines, Line{At: o.DueAt, Who: "the clock", What: what})
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Compare(a.At.UnixMicro(), b.At.UnixMicro()) })
	return lines
}

// dueWords are what is to be said of the due date: nothing once something was
// delivered, or where the order ended before.
func dueWords(o order.Order, lines []Line) string {
	switch {
	case o.DueAt.IsZero(), !o.Life.FirstDeliveredAt.IsZero(), o.State.Ended() && o.EndedAt.Before(o.DueAt):
		return ""
	case slices.ContainsFunc(lines, func(l Line) bool { return !l.At.Before(o.DueAt) }):
		return "the first delivery was due"
	}
	return "the first delivery is due"
}

// Record writes a timeline down for a case: what its people read, and apart from
// it what only the desk does, since whoever reported a demand was promised that
// the other side is not told. Times are UTC.
func Record(lines []Line) (open, kept string) {
	var all, desk strings.Builder
	for _, l := range lines {
		to := &all
		if l.Kept {
			to = &desk
		}
		fmt.Fprintf(to, "%s UTC · %s · %s\n", l.At.UTC().Format("2006-01-02 15:04"), l.Who, l.What)
	}
	return strings.TrimSuffix(all.String(), "\n"), strings.TrimSuffix(desk.String(), "\n")
}

func whoDid(o order.Order, e effect.Event) string {
	switch {
	case e.Actor == o.Buyer:
		return "the buyer"
	case e.Actor == o.Seller:
		return "the seller"
	case e.Role == member.RoleAgent, e.Role == member.RoleOperator:
		return "the desk"
	case e.Role == member.RoleProvider:
		return "the bank"
	}
	return "the clock"
}

func lineOf(e effect.Event) string {
	asks := resolution.Kind(e.Detail.Facts["kind"]).About()
	switch e.Kind {
	case order.RequestAsked:
		return "asked " + e.Detail.Facts["asks"] + quoted(e.Detail.Text)
	case order.RequestDeclined:
		return "declined to " + asks + quoted(e.Detail.Text)
	case order.RequestAgreed:
		return "agreed to " + asks
	case order.RequestExpired:
		return "the request to " + asks + " was not answered in time"
	case order.RequestWithdrawn:
		return "took the request to " + asks + " back"
	case order.RevisionAsked:
		return "asked for a revision" + quoted(e.Detail.Text)
	case DemandReported:
		when := ", after the other side had rated"
		if e.Detail.Facts[FactUnrated] != "" {
			when = ", before the other side had rated"
		}
		return "reported a demand" + when + quoted(e.Detail.Text)
	}
	return plain[e.Kind]
}

func quoted(text string) string {
	const most = 300
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + "…"
	}
	if text == "" {
		return ""
	}
	return ": “" + text + "”"
}

// plain are the events that say all there is to say by their kind.
var plain = map[effect.Kind]string{
	order.Paid:                "the order was paid",
	order.RequirementsIn:      "sent the requirements; the work started",
	order.RequirementsWaived:  "started without requirements",
	order.DelayNoticed:        "gave notice of a delay",
	order.DueMoved:            "the due date moved, as both had agreed",
	order.DuePassed:           "the due date passed without a delivery",
	order.DeliveredWork:       "delivered",
	order.PartRefunded:        "a part was refunded, as both had agreed",
	order.Accepted:            "accepted the delivery; the order is completed",
	order.CompletedByTime:     "silence after the delivery completed the order",
	order.CancelledLate:       "cancelled the order: it was late",
	order.CancelledMutual:     "the order was cancelled by agreement",
	order.CancelledUnanswered: "the order was cancelled: a request went unanswered",
	order.ForcedCancel:        "cancelled the order",
	order.ForcedComplete:      "completed the order",
	order.RefundedInFull:      "refunded the order in full",
	order.ModeratedAway:       "the gig or an account was removed",
	order.DisputeOpened:       "a bank dispute was opened",
	order.DisputeWasWon:       "the bank dispute ended in the seller’s favour",
	order.DisputeWasLost:      "the bank took the payment back",
	Written:                   "rated the other side",
	Amended:                   "changed their review",
	Revealed:                  "the reviews became public",
	Replied:                   "replied in public",
	Challenged:                "challenged the review",
}
