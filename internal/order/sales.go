package order

import "time"

// Bucket is the part of the Sales page that an order lies in. Buckets are a
// partition; tabs are made of them.
type Bucket string

// The closed list of buckets.
const (
	BucketUnpaid    Bucket = "unpaid"   // the buyer's own affair
	BucketPending   Bucket = "pending"  // paid, nothing delivered yet
	BucketRevision  Bucket = "revision" // sent back by the buyer
	BucketDelivered Bucket = "delivered"
	BucketCompleted Bucket = "completed"
	BucketCancelled Bucket = "cancelled" // with a class, or refunded in full
	BucketAbandoned Bucket = "abandoned" // never paid
)

// Bucket tells where the order lies.
func (o Order) Bucket() Bucket {
	switch o.State {
	case Unpaid:
		return BucketUnpaid
	case AwaitingRequirements, InProgress:
		return BucketPending
	case InRevision:
		return BucketRevision
	case Delivered:
		return BucketDelivered
	case Completed:
		return BucketCompleted
	case Cancelled, Refunded:
		return BucketCancelled
	default:
		return BucketAbandoned
	}
}

// Tab is one filter of the Sales page and its mirror for the buyer. Tabs are
// filters, not a partition: everything pending is active too (rulebook section 3).
type Tab struct {
	Name    string // in addresses
	Label   string
	Buckets []Bucket
	Newest  bool // sorted by newest first; else by what is lost first
}

// Tabs are the five tabs, in order; the buyer has a sixth for what is not paid.
func Tabs(side Party) []Tab {
	tabs := []Tab{
		{"active", "Active", []Bucket{BucketPending, BucketRevision}, false},
		{"pending", "Pending", []Bucket{BucketPending}, false},
		{"delivered", "Delivered", []Bucket{BucketDelivered}, false},
		{"completed", "Completed", []Bucket{BucketCompleted}, true},
		{"cancelled", "Canceled", []Bucket{BucketCancelled}, true},
	}
	if side == Buyer {
		tabs = append(tabs, Tab{"unpaid", "Not paid", []Bucket{BucketUnpaid, BucketAbandoned}, true})
	}
	return tabs
}

// TabNamed finds a tab; the first one when there is none of that name.
func TabNamed(side Party, name string) Tab {
	tabs := Tabs(side)
	for _, t := range tabs {
		if t.Name == name {
			return t
		}
	}
	return tabs[0]
}

// RankAt is what lists are sorted by: the instant at which something is lost
// while the order lives, the end once it is over.
func (o Order) RankAt() time.Time {
	if o.Life.Request != nil {
		return o.Life.Request.Ends
	}
	switch o.State {
	case Unpaid:
		return o.CreatedAt
	case AwaitingRequirements:
		return o.Life.WaitsSince
	case InProgress:
		return o.DueAt
	case InRevision:
		return o.Life.RevisionBy
	case Delivered:
		return o.Life.CompletesAt
	default:
		return o.EndedAt
	}
}

// Occupies tells whether the order takes one of its gig's places.
func (o Order) Occupies() bool {
	b := o.Bucket()
	return b == BucketPending || b == BucketRevision
}

// Turn tells whose move it is; Nobody once the order has ended.
func (o Order) Turn() Party {
	if o.Life.Request != nil {
		return Party(o.Life.Request.Waits())
	}
	switch o.State {
	case Unpaid, AwaitingRequirements, Delivered:
		return Buyer
	case InProgress, InRevision:
		return Seller
	}
	return Nobody
}
