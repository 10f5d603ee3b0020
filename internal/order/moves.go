package order

import (
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
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
	// Undo cancels before the start, with everything back.
	Undo struct{}
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
	// RefundSent is the provider's word that a refund is on its way.
	RefundSent struct{ Charge Charge }
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
)

// Kinds lists every kind of event of an order, in the order of life.
func Kinds() []effect.Kind {
	return []effect.Kind{
		Ordered, Paid, PaymentReturned, Lapsed, Undone, RequirementsIn, RequirementsWaived, ProgressShown, Commented,
		DelayNoticed, DeliveredWork, ReviewExtended, RevisionAsked, Accepted, CompletedByTime, CancelledLate,
		CancelledStale, RefundedStale, Cleared, RefundOnItsWay, PutOnHold, TakenOffHold,
		RemindRequirements, RemindDue, DuePassed, LateCancelOpen, RemindRevision, RemindCompletion,
	}
}
