package order

import (
	"fmt"
	"slices"
	"strings"

	"guildhall/internal/ident"
	"guildhall/internal/member"
)

// Party is who somebody is to one order.
type Party string

// The closed list of parties.
const (
	Nobody   Party = ""
	Buyer    Party = "buyer"
	Seller   Party = "seller"
	Agent    Party = "agent"
	Clock    Party = "clock"
	Provider Party = "provider"
)

// PartyOf tells who the actor is to the order. An agent who is a party acts as
// the party: nobody decides their own case.
func (o Order) PartyOf(who member.Actor) Party {
	switch {
	case who.Is(o.Buyer):
		return Buyer
	case who.Is(o.Seller):
		return Seller
	case who.Role == member.RoleAgent, who.Role == member.RoleOperator:
		return Agent
	case who.Role == member.RoleClock:
		return Clock
	case who.Role == member.RoleProvider:
		return Provider
	}
	return Nobody
}

// Other is the party across the table.
func (o Order) Other(p Party) ident.Member {
	if p == Buyer {
		return o.Seller
	}
	return o.Buyer
}

// Row is one line of the table of section 3: who may make which move from
// which states, what else must hold, and what comes of it.
type Row struct {
	Move   Name
	By     []Party
	From   []State
	Guard  string // in words; the code is in do
	Result string
	held   bool // allowed while the order is on hold
	do     func(*turn, Move) error
}

var everPaid = []State{AwaitingRequirements, InProgress, Delivered, InRevision, Completed, Cancelled, Refunded}

// alive is paid and not over.
var alive = []State{AwaitingRequirements, InProgress, Delivered, InRevision}

// Table is every move there is. docs/order-states.md is printed from it.
func Table() []Row {
	return []Row{
		{MovePlace, []Party{Provider}, States(), "gig active, capacity free, price unchanged; otherwise the payment goes straight back",
			"awaiting_requirements, or in_progress where the gig has no required question", true, place},
		{MoveUndo, []Party{Buyer}, []State{AwaitingRequirements}, "any time before the start", "cancelled: before_start, full refund", false, undo},
		{MoveSubmit, []Party{Buyer}, []State{AwaitingRequirements}, "every required question answered", "in_progress; the due date is fixed", false, submit},
		{MoveWaive, []Party{Seller}, []State{AwaitingRequirements}, "", "in_progress; from now on it counts", false, waive},
		{MoveProgress, []Party{Seller}, []State{InProgress, InRevision}, "a text or a file", "no change; stops no clock", false, progress},
		{MoveComment, []Party{Buyer, Seller}, []State{InProgress, InRevision, Delivered}, "on a progress update or a delivery", "no change", true, comment},
		{MoveDelay, []Party{Seller}, []State{InProgress}, "before the due date, with a reason", "recorded; the due date stays", false, delay},
		{MoveDeliver, []Party{Seller}, []State{InProgress, InRevision}, "a text or a file", "delivered; silence completes it", false, deliver},
		{MoveExtendReview, []Party{Buyer}, []State{Delivered}, "not more often than the policy allows", "more time to look", false, extendReview},
		{MoveRevise, []Party{Buyer}, []State{Delivered}, "revisions left, or a fault against requirement lines", "in_revision", false, revise},
		{MoveAccept, []Party{Buyer}, []State{Delivered}, "", "completed", false, accept},
		{MoveCancelLate, []Party{Buyer}, []State{InProgress}, "late enough, nothing delivered", "cancelled: late, full refund", false, cancelLate},
		{MoveCancelStale, []Party{Seller}, []State{AwaitingRequirements}, "waited long enough", "cancelled: before_start_stale, full refund", false, cancelStale},
		{MoveAsk, []Party{Buyer, Seller}, running, "no open request; not more often than the policy allows", "a request is open; the clocks stand still", false, ask},
		{MoveAgree, []Party{Buyer, Seller}, running, "the other side's open request", "it takes effect, or waits for its payment", false, agree},
		{MoveDecline, []Party{Buyer, Seller}, running, "the other side's open request", "no change; the clocks run on", false, decline},
		{MoveCounter, []Party{Buyer, Seller}, running, "the other side's open request; the same kind", "another request in its place, its time anew", false, counter},
		{MoveWithdraw, []Party{Buyer, Seller}, running, "one's own open request, or one that waits for payment", "no change; the clocks run on", true, withdraw},
		{MovePayMore, []Party{Provider}, States(), "an agreed request waits for this amount; otherwise the payment goes straight back", "the request takes effect", true, payMore},
		{MoveNudge, []Party{Seller}, running, "not more often than the policy allows", "the buyer is reminded", false, nudge},
		{MoveSayCause, []Party{Buyer, Seller}, []State{Cancelled, Refunded}, "one of them ended it; once for each side", "no change; both causes are shown", true, sayCause},
		{MoveRefundSent, []Party{Provider}, States(), "a refund was booked", "no change; the provider has taken the refund on", true, refundSent},
		{MoveRefundConfirmed, []Party{Provider}, States(), "a refund was booked", "no change; the refund is confirmed", true, refundConfirmed},
		{MoveRefundDisputed, []Party{Provider}, States(), "a refund was booked", "no change; the refund waits until the bank has decided", true, refundDisputed},
		{MoveRefundOvertaken, []Party{Provider}, States(), "a refund was booked", "no change; the bank gave the money back, and the refund is not sent", true, refundOvertaken},
		{MoveForceCancel, []Party{Agent}, alive, "with fault, cause and share", "cancelled: forced; the share goes back, the rest pays the seller", true, forceCancel},
		{MoveForceComplete, []Party{Agent}, running, "", "completed", true, forceComplete},
		{MoveForceRefund, []Party{Agent}, everPaid, "something is left to go back", "the share goes back; refunded once a completed order loses all", true, forceRefund},
		{MoveModerate, []Party{Agent}, alive, "", "cancelled: moderated, full refund", true, moderate},
		{MoveDispute, []Party{Provider}, States(), "the buyer went to the bank", "every clock stands still; none for a payment that goes straight back", true, dispute},
		{MoveDisputeWon, []Party{Provider}, States(), "held for the bank, or over meanwhile", "the clocks run on once the bank looks into no payment any more; what waited to go back is sent", true, disputeWon},
		{MoveDisputeLost, []Party{Provider}, States(), "one of its payments", "cancelled: chargeback; no change for a payment that goes straight back", true, disputeLost},
		{MoveHold, []Party{Agent, Provider}, everPaid, "not on hold; with a reason", "every clock stands still", false, hold},
		{MoveRelease, []Party{Agent, Provider}, everPaid, "on hold, not for the bank", "the clocks run on", true, release},
		{MoveTick, []Party{Clock}, States(), "", "fires what is due", true, func(*turn, Move) error { return nil }},
	}
}

var table = func() map[Name]Row {
	rows := map[Name]Row{}
	for _, r := range Table() {
		rows[r.Move] = r
	}
	return rows
}()

// TableMarkdown prints the table for docs/order-states.md.
func TableMarkdown() string {
	var b strings.Builder
	b.WriteString("| move | who | from | guard | result |\n| --- | --- | --- | --- | --- |\n")
	for _, r := range Table() {
		from := joined(r.From)
		if len(r.From) == len(States()) {
			from = "any"
		} else if slices.Equal(r.From, everPaid) {
			from = "any after payment"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.Move, joined(r.By), from, r.Guard, r.Result)
	}
	b.WriteString("\nFired by the clock, each at its own instant:\n\n| deadline | from | result |\n| --- | --- | --- |\n")
	for _, a := range alarms {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", a.name, joined(a.from), a.result)
	}
	return b.String()
}

func joined[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	return strings.Join(words, ", ")
}
