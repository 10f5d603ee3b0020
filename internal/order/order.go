// Package order is one purchase and its life (rulebook sections 3 and 4).
//
// It owns the Order, the closed set of moves, the table of who may make which
// move from which state, and the deadlines that an order carries as state.
// Decide is the one function that changes an order; nothing else in the
// program writes a state. A preview of a move is the same call, not saved.
//
// Before it decides, Decide fires every deadline that is already past, each at
// its own instant. So a move that comes a second after the clock meets the
// order the clock left behind, whether or not a sweep has been there, and
// jumping over a month gives the same history as walking through it.
//
// It is a rules room: above gig, ledger, member and policy, below market.
package order

import (
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/money"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// State is where an order stands.
type State string

// The closed list of states.
const (
	Unpaid               State = "unpaid"
	AwaitingRequirements State = "awaiting_requirements"
	InProgress           State = "in_progress"
	Delivered            State = "delivered"
	InRevision           State = "in_revision"
	Completed            State = "completed"
	Cancelled            State = "cancelled"
	Refunded             State = "refunded"
	Abandoned            State = "abandoned"
)

// States lists every state in the order of life.
func States() []State {
	return []State{Unpaid, AwaitingRequirements, InProgress, Delivered, InRevision, Completed, Cancelled, Refunded, Abandoned}
}

// Ended tells whether the life is over; money may still be on its way.
func (s State) Ended() bool {
	switch s {
	case Completed, Cancelled, Refunded, Abandoned:
		return true
	}
	return false
}

// Order is one purchase. Zero instants have not happened.
type Order struct {
	ID     ident.Order
	Ref    string // the short name people read out: G7K2M4
	Buyer  ident.Member
	Seller ident.Member
	Gig    ident.Gig
	Policy ident.Policy // the version it was placed under, for ever
	Title  string
	Total  money.Amount // what the buyer pays, fee included
	State  State
	Class  policy.Class // of a cancelled order

	Version int         // bumped by each save; the guard of every write
	Seq     int         // number of the last event
	Books   ledger.Head // end of the order's chain of entries

	CreatedAt time.Time
	PaidAt    time.Time
	DueAt     time.Time // when the first delivery is promised; moves only through a recorded change
	EndedAt   time.Time

	Life      Life
	Agreement gig.Quote // what was bought; empty in lists

	// BuyerSaid is when the buyer last wrote to the seller, at or before the end
	// of the open request. It is not the order's own: who decides hands it in
	// where a silence may excuse the seller.
	BuyerSaid time.Time `json:"-"`

	// SellerLevel is the seller's level, by its name. It is not the order's own
	// either: who decides hands it in where money may be paid out, since some
	// levels shorten how long it takes to clear.
	SellerLevel string `json:"-"`

	// SellerOwes is what the seller owes the house, in minor units, which the next
	// money pays off before it can be withdrawn. It decides nothing here and is no
	// business of the buyer: it is handed in where the seller is told what they get.
	SellerOwes int64 `json:"-"`
}

// Life is what an order remembers beyond its headline.
type Life struct {
	Charge           Charge              `json:"charge,omitzero"`
	More             []Charge            `json:"more,omitempty"`     // charged later, for added work or a dearer swap
	Rest             Rest                `json:"rest,omitzero"`      // the buyer's money that rests until the end
	Refunds          []Refund            `json:"refunds,omitempty"`  // each on its own way back
	Settled          Settled             `json:"settled,omitzero"`   // what the end paid to whom
	Added            []Added             `json:"added,omitempty"`    // work beyond the agreement
	Request          *resolution.Request `json:"request,omitempty"`  // the open one
	Asked            map[string]int      `json:"asked,omitempty"`    // requests so far, by party and kind
	Extended         int                 `json:"extended,omitempty"` // agreed extensions
	Swaps            int                 `json:"swaps,omitempty"`
	PausedAt         time.Time           `json:"paused_at,omitzero"`      // the open request lets the clocks stand since then
	SellerPaused     int64               `json:"seller_paused,omitempty"` // microseconds that the seller's own requests paused
	HeardAt          time.Time           `json:"heard_at,omitzero"`       // the buyer's last act
	Reminders        []time.Time         `json:"reminders,omitempty"`     // given to the buyer since then
	NudgedAt         time.Time           `json:"nudged_at,omitzero"`      // the seller's own last reminder
	Ending           *Ending             `json:"ending,omitempty"`        // of an order that was not completed
	WaitsSince       time.Time           `json:"waits_since,omitzero"`    // for the requirements
	StartedAt        time.Time           `json:"started_at,omitzero"`
	LateFrom         time.Time           `json:"late_from,omitzero"` // the buyer may cancel a late order from then on
	Answers          []Answer            `json:"answers,omitempty"`
	FirstDeliveredAt time.Time           `json:"first_delivered_at,omitzero"`
	OnTime           bool                `json:"on_time,omitempty"`     // of the first delivery
	DeliveredAt      time.Time           `json:"delivered_at,omitzero"` // the newest delivery
	CompletesAt      time.Time           `json:"completes_at,omitzero"` // silence completes it then
	Extensions       int                 `json:"extensions,omitempty"`  // of the review period
	RevisionsUsed    int                 `json:"revisions_used,omitempty"`
	RevisionBy       time.Time           `json:"revision_by,omitzero"` // reminder target of the running revision
	ClearsAt         time.Time           `json:"clears_at,omitzero"`   // the seller's money becomes withdrawable
	ClearsFor        string              `json:"clears_for,omitempty"` // the seller's level, where it shortened that
	ClearedAt        time.Time           `json:"cleared_at,omitzero"`
	RefundedAt       time.Time           `json:"refunded_at,omitzero"` // the newest refund was confirmed
	Hold             *Hold               `json:"hold,omitempty"`
	Pauses           []Pause             `json:"pauses,omitempty"`
	Fired            []string            `json:"fired,omitempty"` // names of reminders already given in this phase
}

// Charge is the payment that stands behind an order.
type Charge struct {
	Payment  ident.Payment `json:"payment"`
	Provider string        `json:"provider"`
	Ref      string        `json:"ref"`    // the provider's name of it
	Method   string        `json:"method"` // Visa ending 4242
	Amount   money.Amount  `json:"amount"`
	Back     int64         `json:"back,omitempty"` // minor units of it that were refunded
}

// Answer is one requirement answered by the buyer.
type Answer struct {
	Question string `json:"question"`
	Text     string `json:"text"`
}

// Hold freezes every clock of an order and says why.
type Hold struct {
	Reason string    `json:"reason"`
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until,omitzero"`  // when whoever decides has to
	Bank   bool      `json:"bank,omitempty"`  // the bank decides
	Under  string    `json:"under,omitempty"` // why the order was held before the bank came

	Others int `json:"others,omitempty"` // how many more payments of the order the bank looks into
}

// Pause is one line of the pause log: from, until, why.
type Pause struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Why   string    `json:"why"`
}

// Sale is what must hold in the world at the moment an order is paid.
type Sale struct {
	Open     bool         // the gig is active, or the custom offer open
	Ended    bool         // of a custom offer: it is not open because it has ended
	Capacity bool         // a place is free
	Price    money.Amount // what the pick costs now
}

// Started tells whether work has begun.
func (o Order) Started() bool { return !o.Life.StartedAt.IsZero() }

// Late is derived, never stored: promised, not delivered, past due. Clocks that
// stand still make nobody late.
func (o Order) Late(now time.Time) bool {
	return o.State == InProgress && !o.DueAt.IsZero() && o.Clock(now).After(o.DueAt)
}

// Held tells whether the clocks stand still.
func (o Order) Held() bool { return o.Life.Hold != nil }

// RevisionsLeft is how many revisions the package still gives.
func (o Order) RevisionsLeft() int { return max(0, o.Agreement.Revisions-o.Life.RevisionsUsed) }
