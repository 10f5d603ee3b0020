package client

import "time"

// OrderHead is what lists and the order itself tell alike.
type OrderHead struct {
	ID        string     `json:"id"`
	Ref       string     `json:"ref"`
	Title     string     `json:"title"`
	State     string     `json:"state"`
	Class     string     `json:"class"` // of a cancelled order
	Late      bool       `json:"late"`
	Held      bool       `json:"held"`
	Turn      string     `json:"turn"` // buyer, seller or nobody
	Total     Money      `json:"total"`
	Gig       string     `json:"gig"`
	Created   time.Time  `json:"created_at"`
	Paid      *time.Time `json:"paid_at"`
	Due       *time.Time `json:"due_at"`
	Completes *time.Time `json:"completes_at"`
	Ended     *time.Time `json:"ended_at"`
}

// OrderRow is one order in a list, with the other party.
type OrderRow struct {
	OrderHead
	Other Person `json:"other"`
}

// Tab is a filter of a list of orders with the length of its list.
type Tab struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

// Order is everything that a party sees of an order.
type Order struct {
	OrderHead
	You           string      `json:"you"` // buyer or seller
	Buyer         Person      `json:"buyer"`
	Seller        Person      `json:"seller"`
	GigSlug       string      `json:"gig_slug"`
	Policy        string      `json:"policy"`
	Version       int         `json:"version"`
	Step          Step        `json:"step"`
	Options       []OrderStep `json:"options"`
	Clocks        []Clock     `json:"clocks"`
	Hold          *Hold       `json:"hold"`
	Ending        *Ending     `json:"ending"`  // nil while it runs and where it was completed
	Request       *Request    `json:"request"` // open, waits for an answer or a payment
	Paused        *Hold       `json:"paused"`  // an open request lets the clocks stand still
	Added         []Added     `json:"added"`
	Refunds       []Refund    `json:"refunds"`
	Pauses        []Pause     `json:"pauses"`
	Agreement     Quote       `json:"agreement"`
	Answers       []Answer    `json:"answers"`
	RevisionsLeft int         `json:"revisions_left"`
	Timeline      []Event     `json:"timeline"`
	Money         []MoneyLine `json:"money"`
	Payments      []Payment   `json:"payments"` // empty for the seller
}

// Step is where the order is, whose move it is, and what silence will mean.
type Step struct {
	Whose string     `json:"whose"`
	Says  string     `json:"says"`
	Until *time.Time `json:"until"`
}

// OrderStep is one thing you may do, or the words that say when or why not.
type OrderStep struct {
	Move    string     `json:"move"`
	Verb    string     `json:"verb"`
	Says    string     `json:"says"`
	Primary bool       `json:"primary"`
	Not     string     `json:"not"` // why it is not possible now
	From    *time.Time `json:"from"`
}

// Clock is one deadline.
type Clock struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
	Says string    `json:"says"`
}

// Hold freezes every clock of an order.
type Hold struct {
	Reason string    `json:"reason"`
	Since  time.Time `json:"since"`
}

// Pause is a time in which the clocks of an order stood still.
type Pause struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Why   string    `json:"why"`
}

// Answer is one requirement answered by the buyer.
type Answer struct {
	Question string `json:"question"` // its key
	Text     string `json:"text"`
}

// Event is one thing that happened to an order.
type Event struct {
	No     int        `json:"no"`
	Kind   string     `json:"kind"`
	At     time.Time  `json:"at"`
	By     string     `json:"by"` // buyer, seller, house, clock or provider
	From   string     `json:"from"`
	To     string     `json:"to"`
	Text   string     `json:"text"`
	Files  []File     `json:"files"`
	Lines  []int      `json:"lines"`
	On     int        `json:"on"`
	Until  *time.Time `json:"until"`
	Amount *Money     `json:"amount"`
	OnTime *bool      `json:"on_time"` // of a delivery
	Count  *bool      `json:"counted"` // of a revision
}

// MoneyLine is one movement of an order's money; its parts add up to nothing.
type MoneyLine struct {
	No    int         `json:"no"`
	Kind  string      `json:"kind"`
	At    time.Time   `json:"at"`
	Says  string      `json:"says"`
	Parts []MoneyPart `json:"parts"`
}

// MoneyPart is what one pot lost or gained.
type MoneyPart struct {
	Pot    string `json:"pot"`
	Amount Money  `json:"amount"`
}

// Payment is one attempt to pay one order.
type Payment struct {
	ID       string     `json:"id"`
	Order    string     `json:"order"`
	Amount   Money      `json:"amount"`
	State    string     `json:"state"`
	Method   string     `json:"method"`
	Reason   string     `json:"reason"`
	Step     string     `json:"step"`
	Created  time.Time  `json:"created_at"`
	Settled  *time.Time `json:"settled_at"`
	Refunded *time.Time `json:"refunded_at"`
}
