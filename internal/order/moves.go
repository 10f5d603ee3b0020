package order

import (
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/resolution"
)

// Name names a move, as the table, the API and the history spell it.
type Name string

// The closed list of moves.
const (
	MovePlace        Name = "place"
	MoveUndo         Name = "undo"
	MoveSubmit       Name = "submit_requirements"
	MoveWaive        Name = "waive_requirements"
	MoveProgress     Name = "progress"
	MoveComment      Name = "comment"
	MoveDelay        Name = "delay_notice"
	MoveDeliver      Name = "deliver"
	MoveExtendReview Name = "extend_review"
	MoveRevise       Name = "ask_revision"
	MoveAccept       Name = "accept"
	MoveCancelLate   Name = "cancel_late"
	MoveCancelStale  Name = "cancel_stale"
	MoveRefundSent   Name = "refund_sent"
	MoveHold         Name = "hold"
	MoveRelease      Name = "release"
	MoveTick         Name = "tick"

	MoveAsk             Name = "ask"
	MoveAgree           Name = "agree"
	MoveDecline         Name = "decline"
	MoveCounter         Name = "counter"
	MoveWithdraw        Name = "withdraw"
	MovePayMore         Name = "pay_more"
	MoveNudge           Name = "remind"
	MoveSayCause        Name = "say_cause"
	MoveRefundConfirmed Name = "refund_confirmed"
	MoveRefundDisputed  Name = "refund_disputed"
	MoveRefundOvertaken Name = "refund_overtaken"
	MoveForceCancel     Name = "force_cancel"
	MoveForceComplete   Name = "force_complete"
	MoveForceRefund     Name = "force_refund"
	MoveModerate        Name = "moderate"
	MoveDispute         Name = "dispute"
	MoveDisputeWon      Name = "dispute_won"
	MoveDisputeLost     Name = "dispute_lost"
)

// Move is what somebody wants to do with an order. The set is closed: only the
// types below are moves.
type Move interface{ Name() Name }

// The moves, with what each brings along.
type (
	// Place is a payment that arrived. If the sale no longer stands, or the
	// order was paid already, the money goes straight back.
	Place struct {
		Charge Charge
		Sale   Sale
	}
	// Undo cancels before the start, with everything back. A cause may be named.
	Undo struct{ Cause string }
	// Submit answers the seller's questions and starts the work.
	Submit struct{ Answers []Answer }
	// Waive starts the work without the answers; from then on the order counts.
	Waive struct{}
	// Progress shows how far the work is. It is not a delivery and stops no clock.
	Progress struct {
		Text  string
		Files []ident.File
	}
	// Comment answers a progress update or a delivery, by its event number.
	Comment struct {
		On   int
		Text string
	}
	// Delay says before the due date that it will be late, and why.
	Delay struct{ Reason string }
	// Deliver hands over the work. UploadBegan is when the first of its files
	// began to arrive; zero when there are none.
	Deliver struct {
		Text        string
		Files       []ident.File
		UploadBegan time.Time
	}
	// ExtendReview asks for more time to look.
	ExtendReview struct{}
	// Revise sends the delivery back. Lines are the requirement lines it falls
	// short of, from 1; a Fault against them is not counted as a revision.
	Revise struct {
		Text  string
		Lines []int
		Fault bool
	}
	// Accept takes the delivery and completes the order.
	Accept struct{}
	// CancelLate ends an order whose seller let the due date pass with nothing delivered.
	CancelLate struct{}
	// CancelStale ends an order whose buyer never sent the requirements.
	CancelStale struct{}
	// RefundSent says that the provider has taken a refund on. The event that
	// booked it and the payment name it.
	RefundSent struct {
		Event   int
		Payment ident.Payment
	}
	// RefundConfirmed is the provider's word that it has sent a refund.
	RefundConfirmed struct {
		Event   int
		Payment ident.Payment
	}
	// RefundDisputed says that the provider sends nothing while the bank looks
	// into the payment.
	RefundDisputed struct {
		Event   int
		Payment ident.Payment
	}
	// RefundOvertaken says that the bank took the payment back before the refund
	// was sent: it will never be.
	RefundOvertaken struct {
		Event   int
		Payment ident.Payment
	}
	// Ask opens a request to the other party (rulebook section 5).
	Ask struct{ Proposal resolution.Proposal }
	// Agree says yes to the request of that number. Cause is what the answering
	// side holds for the cause of a cancellation; empty confirms the declared one.
	Agree struct {
		No    int
		Cause string
	}
	// Decline says no. The order goes on as it was.
	Decline struct {
		No   int
		Text string
	}
	// Counter puts another request of the same kind in the place of one.
	Counter struct {
		No       int
		Proposal resolution.Proposal
	}
	// Withdraw takes one's own request back, or gives up one that waits for payment.
	Withdraw struct{ No int }
	// PayMore is the payment of an agreed request.
	PayMore struct {
		Charge Charge
		No     int
	}
	// Nudge reminds a buyer who does not answer.
	Nudge struct{ Text string }
	// SayCause names the cause of an ending that somebody else declared.
	SayCause struct{ Cause string }
	// ForceCancel ends the order by decision: whose fault, why, and the share
	// that goes back.
	ForceCancel struct {
		Fault Fault
		Cause string
		Share money.BasisPoints
	}
	// ForceComplete completes the order by decision.
	ForceComplete struct{}
	// ForceRefund sends a share back by decision. Available is what the seller
	// could withdraw now, in minor units: what is missing there is owed.
	ForceRefund struct {
		Share     money.BasisPoints
		Fault     Fault
		Available int64
	}
	// Moderate ends an order whose gig or party was removed by the house.
	Moderate struct{ Why string }
	// Dispute says that the buyer went to their bank. Until is when the bank decides.
	Dispute struct {
		Payment ident.Payment
		Reason  string
		Until   time.Time
	}
	// DisputeWon says that the bank lets a payment stand.
	DisputeWon struct{ Payment ident.Payment }
	// DisputeLost says that the bank took a payment back. Taken is how much of
	// it, to the provider's word: whatever was not refunded by then. Available is
	// what the seller could withdraw now. Both are minor units.
	DisputeLost struct {
		Payment   ident.Payment
		Taken     int64
		Available int64
	}
	// HoldOrder freezes every clock and shows the reason.
	HoldOrder struct{ Reason string }
	// Release lets the clocks run on from where they stood.
	Release struct{}
	// Tick fires what is due and does nothing else.
	Tick struct{}
)

// Name names the move.
func (Place) Name() Name        { return MovePlace }
func (Undo) Name() Name         { return MoveUndo }         // Name names the move.
func (Submit) Name() Name       { return MoveSubmit }       // Name names the move.
func (Waive) Name() Name        { return MoveWaive }        // Name names the move.
func (Progress) Name() Name     { return MoveProgress }     // Name names the move.
func (Comment) Name() Name      { return MoveComment }      // Name names the move.
func (Delay) Name() Name        { return MoveDelay }        // Name names the move.
func (Deliver) Name() Name      { return MoveDeliver }      // Name names the move.
func (ExtendReview) Name() Name { return MoveExtendReview } // Name names the move.
func (Revise) Name() Name       { return MoveRevise }       // Name names the move.
func (Accept) Name() Name       { return MoveAccept }       // Name names the move.
func (CancelLate) Name() Name   { return MoveCancelLate }   // Name names the move.
func (CancelStale) Name() Name  { return MoveCancelStale }  // Name names the move.
func (RefundSent) Name() Name   { return MoveRefundSent }   // Name names the move.
func (HoldOrder) Name() Name    { return MoveHold }         // Name names the move.
func (Release) Name() Name      { return MoveRelease }      // Name names the move.
func (Tick) Name() Name         { return MoveTick }         // Name names the move.

// Name names the move.
func (Ask) Name() Name             { return MoveAsk }
func (Agree) Name() Name           { return MoveAgree }           // Name names the move.
func (Decline) Name() Name         { return MoveDecline }         // Name names the move.
func (Counter) Name() Name         { return MoveCounter }         // Name names the move.
func (Withdraw) Name() Name        { return MoveWithdraw }        // Name names the move.
func (PayMore) Name() Name         { return MovePayMore }         // Name names the move.
func (Nudge) Name() Name           { return MoveNudge }           // Name names the move.
func (SayCause) Name() Name        { return MoveSayCause }        // Name names the move.
func (RefundConfirmed) Name() Name { return MoveRefundConfirmed } // Name names the move.
func (RefundDisputed) Name() Name  { return MoveRefundDisputed }  // Name names the move.
func (RefundOvertaken) Name() Name { return MoveRefundOvertaken } // Name names the move.
func (ForceCancel) Name() Name     { return MoveForceCancel }     // Name names the move.
func (ForceComplete) Name() Name   { return MoveForceComplete }   // Name names the move.
func (ForceRefund) Name() Name     { return MoveForceRefund }     // Name names the move.
func (Moderate) Name() Name        { return MoveModerate }        // Name names the move.
func (Dispute) Name() Name         { return MoveDispute }         // Name names the move.
func (DisputeWon) Name() Name      { return MoveDisputeWon }      // Name names the move.
func (DisputeLost) Name() Name     { return MoveDisputeLost }     // Name names the move.

// The events that an order's life is made of.
const (
	Ordered            = "order.ordered"
	Paid               = "order.paid"
	PaymentReturned    = "order.payment_returned"
	Lapsed             = "order.lapsed"
	Undone             = "order.undone"
	RequirementsIn     = "order.requirements_submitted"
	RequirementsWaived = "order.requirements_waived"
	ProgressShown      = "order.progress"
	Commented          = "order.commented"
	DelayNoticed       = "order.delay_noticed"
	DeliveredWork      = "order.delivered"
	ReviewExtended     = "order.review_extended"
	RevisionAsked      = "order.revision_asked"
	Accepted           = "order.accepted"
	CompletedByTime    = "order.completed_by_time"
	CancelledLate      = "order.cancelled_late"
	CancelledStale     = "order.cancelled_stale"
	RefundedStale      = "order.refunded_stale"
	Cleared            = "order.cleared"
	RefundOnItsWay     = "order.refund_sent"
	PutOnHold          = "order.held"
	TakenOffHold       = "order.released"

	RemindRequirements = "order.remind_requirements"
	RemindDue          = "order.remind_due"
	DuePassed          = "order.due_passed"
	LateCancelOpen     = "order.late_cancel_open"
	RemindRevision     = "order.remind_revision"
	RemindCompletion   = "order.remind_completion"

	RequestAsked     = "order.request_asked"
	RequestAgreed    = "order.request_agreed"
	RequestDeclined  = "order.request_declined"
	RequestWithdrawn = "order.request_withdrawn"
	RequestExpired   = "order.request_expired"
	RequestOvertaken = "order.request_overtaken" // something else ended it
	RequestToDesk    = "order.request_to_desk"
	RequestPaid      = "order.request_paid"
	RemindRequest    = "order.remind_request"
	ClocksRunOn      = "order.clocks_run_on"
	DueMoved         = "order.due_moved"
	ExtraAdded       = "order.extra_added"
	PartRefunded     = "order.part_refunded"
	Swapped          = "order.swapped"
	Nudged           = "order.buyer_reminded"
	CauseSaid        = "order.cause_said"
	RefundHanded     = "order.refund_handed"
	RefundWaits      = "order.refund_waits"   // for the bank's decision
	RefundByBank     = "order.refund_by_bank" // the bank gave the money back instead

	CancelledMutual     = "order.cancelled_mutual"
	CancelledUnanswered = "order.cancelled_unanswered"
	ForcedCancel        = "order.forced_cancel"
	ForcedComplete      = "order.forced_complete"
	RefundedInFull      = "order.refunded_in_full"
	ModeratedAway       = "order.moderated"
	DisputeOpened       = "order.dispute_opened"
	DisputeWasWon       = "order.dispute_won"
	DisputeWasLost      = "order.dispute_lost"
)

// Kinds lists every kind of event of an order, in the order of life.
func Kinds() []effect.Kind {
	return []effect.Kind{
		Ordered, Paid, PaymentReturned, Lapsed, Undone, RequirementsIn, RequirementsWaived, ProgressShown, Commented,
		DelayNoticed, DeliveredWork, ReviewExtended, RevisionAsked, Accepted, CompletedByTime, CancelledLate,
		CancelledStale, RefundedStale, Cleared, RefundOnItsWay, PutOnHold, TakenOffHold,
		RemindRequirements, RemindDue, DuePassed, LateCancelOpen, RemindRevision, RemindCompletion,
		RequestAsked, RequestAgreed, RequestDeclined, RequestWithdrawn, RequestExpired, RequestOvertaken, RequestToDesk,
		RequestPaid, RemindRequest, ClocksRunOn, DueMoved, ExtraAdded, PartRefunded, Swapped, Nudged, CauseSaid, RefundHanded,
		RefundWaits, RefundByBank,
		CancelledMutual, CancelledUnanswered, ForcedCancel, ForcedComplete, RefundedInFull, ModeratedAway,
		DisputeOpened, DisputeWasWon, DisputeWasLost,
	}
}

// TakesComments tells what a comment may hang on: a progress update or a delivery.
func TakesComments(k effect.Kind) bool { return k == ProgressShown || k == DeliveredWork }
