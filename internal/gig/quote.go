package gig

import (
	"strconv"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/policy"
)

// Pick is what a buyer chose on the gig page.
type Pick struct {
	Tier     Tier     `json:"tier"`
	Extras   []string `json:"extras,omitempty"` // keys
	Quantity int      `json:"quantity"`
}

// Quote is the price of a pick, line by line, and what it promises. The order
// pins it whole: charged = displayed, always (rulebook section 13).
type Quote struct {
	Title     string       `json:"title"`
	Tier      Tier         `json:"tier"`
	Package   string       `json:"package"`
	Scope     string       `json:"scope"`
	Extras    []string     `json:"extras,omitempty"` // keys, so that the pick can be priced again
	Quantity  int          `json:"quantity"`
	Lines     []Line       `json:"lines"`
	Price     money.Amount `json:"price"` // of the work
	Fee       money.Amount `json:"fee"`   // the buyer's fee
	Total     money.Amount `json:"total"` // price + fee, what is charged
	Days      int          `json:"days"`
	Revisions int          `json:"revisions"`
	Questions []Question   `json:"questions,omitempty"`
	Edition   int          `json:"edition,omitempty"`  // the gig's version that was priced
	Capacity  int          `json:"capacity,omitempty"` // its orders in progress at most, in that version
	Offer     ident.Offer  `json:"offer,omitempty"`    // the custom offer it was bought through
	PayBy     time.Time    `json:"pay_by,omitzero"`    // … and from when no payment for it is taken any more
}

// Pick is what the quote was made for.
func (q Quote) Pick() Pick { return Pick{Tier: q.Tier, Extras: q.Extras, Quantity: q.Quantity} }

// Line is one row of a quote.
type Line struct {
	Label  string       `json:"label"`
	Amount money.Amount `json:"amount"`
}

// NewQuote prices a pick. Extras are bought once per unit, like the package;
// the days of the package and of each extra add up once, however many units.
// Errors: fault.Invalid beside tier, extras or quantity.
func NewQuote(b Body, pick Pick, p policy.Version) (Quote, error) {
	bad := fault.Fields{}
	pack, ok := b.Package(pick.Tier)
	bad.Need(ok, "tier", "Choose one of the packages.")
	bad.Need(pick.Quantity >= 1 && pick.Quantity <= p.Order.MaxQuantity, "quantity",
		"Choose between 1 and "+strconv.Itoa(p.Order.MaxQuantity)+".")
	extras, ok := b.extras(pick.Extras)
	bad.Need(ok, "extras", "One of the extras is no longer offered. Choose again.")
	if err := bad.Err(); err != nil {
		return Quote{}, err
	}
	q := Quote{
		Title: b.Title, Tier: pack.Tier, Package: pack.Name, Scope: pack.Description,
		Extras: pick.Extras, Quantity: pick.Quantity, Days: pack.Days, Revisions: pack.Revisions, Questions: b.Questions,
	}
	if err := q.line(pack.Name, money.Of(pack.Price, b.Currency), pick.Quantity); err != nil {
		return Quote{}, err
	}
	for _, e := range extras {
		if err := q.line(e.Name, money.Of(e.Price, b.Currency), pick.Quantity); err != nil {
			return Quote{}, err
		}
		q.Days += e.Days
	}
	return q, q.sum(p.Money.BuyerFee.BP())
}

func (q *Quote) line(label string, each money.Amount, quantity int) error {
	if quantity > 1 {
		label += " × " + strconv.Itoa(quantity)
	}
	amount, err := each.Times(int64(quantity))
	q.Lines = append(q.Lines, Line{label, amount})
	return err
}

func (q *Quote) sum(fee money.BasisPoints) error {
	amounts := make([]money.Amount, len(q.Lines))
	for i, l := range q.Lines {
		amounts[i] = l.Amount
	}
	var err error
	if q.Price, err = money.Sum(amounts...); err != nil {
		return err
	}
	if q.Fee, err = q.Price.Share(fee); err != nil {
		return err
	}
	q.Total, err = money.Sum(q.Price, q.Fee)
	return err
}

// extras finds the extras by key, in the gig's order, each at most once.
func (b Body) extras(keys []string) (found []Extra, ok bool) {
	wanted := map[string]bool{}
	for _, k := range keys {
		wanted[k] = true
	}
	for _, e := range b.Extras {
		if wanted[e.Key] {
			found = append(found, e)
			delete(wanted, e.Key)
		}
	}
	return found, len(wanted) == 0
}
