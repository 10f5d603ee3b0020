package client

import (
	"context"
	"iter"
	"net/url"
	"time"
)

// Figures are your numbers now, each made of what you did.
type Figures struct {
	At           time.Time         `json:"at"`
	Policy       string            `json:"policy"`
	Completed    int               `json:"completed"` // ever
	UniqueBuyers int               `json:"unique_buyers"`
	Earned       Money             `json:"earned"`
	Days         int               `json:"days"` // as a seller
	Opened       *time.Time        `json:"shop_opened_at"`
	Completion   Rate              `json:"completion"`
	OnTime       Rate              `json:"on_time"`
	Response     Rate              `json:"response"`
	Rating       Mean              `json:"rating"`
	Warnings     []StandingWarning `json:"warnings"` // that stand now
	Record       Record            `json:"buyer_record"`
}

// Rate is a share of orders; For of Counted is what is compared, Text is cut.
type Rate struct {
	Text     string    `json:"text"`
	For      int       `json:"for"`
	Counted  int       `json:"counted"`
	Against  int       `json:"against"`
	Excluded int       `json:"excluded"`
	Since    time.Time `json:"since"`
	Reached  bool      `json:"reached"`  // too few count in the window alone
	Enforced bool      `json:"enforced"` // enough count for a threshold
}

// Record is what of your endings as a buyer is on record.
type Record struct {
	Noted    int       `json:"noted"`
	NotNoted int       `json:"not_noted"`
	Since    time.Time `json:"since"`
}

// Mean is a mean of stars; Parts of Reviews is what is compared, 2520 parts are
// one star, Text is cut.
type Mean struct {
	Text            string    `json:"text"`
	Parts           int64     `json:"parts"`
	Reviews         int       `json:"reviews"`
	Removed         int       `json:"removed"`
	Since           time.Time `json:"since"`
	LifetimeText    string    `json:"lifetime_text"`
	LifetimeParts   int64     `json:"lifetime_parts"`
	LifetimeReviews int       `json:"lifetime_reviews"`
	LifetimeRemoved int       `json:"lifetime_removed"`
}

// StandingWarning is a warning as figures read it.
type StandingWarning struct {
	ID    string    `json:"id"`
	Given time.Time `json:"given_at"`
	Until time.Time `json:"until"`
}

// Contribution is what one thing adds to one figure.
type Contribution struct {
	Figure  string    `json:"figure"`
	Subject string    `json:"subject"` // the id of an order, a conversation or a warning
	Order   string    `json:"order"`   // the same, where it is an order
	Ref     string    `json:"ref"`
	With    string    `json:"with"` // the other party
	Name    string    `json:"with_name"`
	At      time.Time `json:"at"`
	Mark    string    `json:"mark"`  // for, against or excluded
	Value   int64     `json:"value"` // of earned: minor units; of rating: parts of a star
	Rule    string    `json:"rule"`
	Why     string    `json:"why"`
	Class   string    `json:"class"`
	Cause   string    `json:"cause"`
	Fault   string    `json:"fault"`
}

// Need is one thing that waits for you.
type Need struct {
	Kind   string     `json:"kind"`
	Side   string     `json:"side"`  // buyer, seller or empty
	About  string     `json:"about"` // order, offer or case
	ID     string     `json:"id"`
	Ref    string     `json:"ref"`
	Title  string     `json:"title"`
	Do     string     `json:"do"`
	Lost   string     `json:"lost"` // what becomes of it otherwise
	At     *time.Time `json:"at"`   // when
	Amount *Money     `json:"amount"`
}

// Endings is the matrix of how orders end without being completed.
type Endings struct {
	Rows   []EndingRow `json:"rows"`
	Causes []Cause     `json:"causes"`
}

// EndingRow is one row of the matrix.
type EndingRow struct {
	Rule   string `json:"rule"`
	Class  string `json:"class"`
	Label  string `json:"label"`
	Came   string `json:"came"`
	Seller string `json:"seller"`
	Buyer  string `json:"buyer"`
	Says   struct {
		Seller string `json:"seller"`
		Buyer  string `json:"buyer"`
	} `json:"says"`
}

// Cause is one entry of the closed list of causes.
type Cause struct {
	Name  string `json:"name"`
	Words string `json:"words"`
}

// Ending is how an order that was not completed came to its end.
type Ending struct {
	Class      string `json:"class"`
	Label      string `json:"label"`
	Rule       string `json:"rule"`
	Came       string `json:"came"`
	By         string `json:"by"` // who asked or pressed
	Cause      *Cause `json:"cause"`
	OtherCause *Cause `json:"other_cause"`
	Disputed   bool   `json:"disputed"`
	Fault      string `json:"fault"`
	Seller     bool   `json:"counts_for_seller"`
	Buyer      bool   `json:"noted_for_buyer"`
}

// Standing is where you stand: figures, level, and what lies ahead.
func (c *Client) Standing(ctx context.Context) (Standing, error) {
	return read[Standing](ctx, c, "/standing", nil)
}

// Behind is what is behind one of your figures; an empty mark is all of it.
func (c *Client) Behind(ctx context.Context, figure, mark string) iter.Seq2[Contribution, error] {
	q := url.Values{}
	if mark != "" {
		q.Set("mark", mark)
	}
	return pages[Contribution](ctx, c, "/standing/"+url.PathEscape(figure), q)
}

// Needs is what waits for you, with what is lost first at the top.
func (c *Client) Needs(ctx context.Context) ([]Need, error) {
	list, err := read[struct {
		Items []Need `json:"items"`
	}](ctx, c, "/needs", nil)
	return list.Items, err
}

// Endings is every way for an order to end, and what it does to both sides.
func (c *Client) Endings(ctx context.Context) (Endings, error) {
	return read[Endings](ctx, c, "/endings", nil)
}
