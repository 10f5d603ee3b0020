package gig

import (
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/money"
)

// Category is a place in the catalogue's tree.
type Category struct {
	ID       ident.Category
	Parent   ident.Category // "" for a root
	Name     string
	Slug     string
	Path     string // slugs from the root down, each followed by a slash
	Position int
}

// Card is a gig as lists show it.
type Card struct {
	ID       ident.Gig
	Seller   ident.Member
	Category ident.Category
	State    State
	Slug     string
	Title    string
	From     money.Amount
	Days     int // of the cheapest package
	Cover    ident.File
	Updated  time.Time

	SellerName, SellerHandle string
	SellerPicture            ident.File
	AwayUntil                time.Time // zero when the seller takes orders
}

// Days is the delivery time of the cheapest package.
func (b Body) Days() int {
	var cheapest Package
	for i, p := range b.Packages {
		if i == 0 || p.Price < cheapest.Price {
			cheapest = p
		}
	}
	return cheapest.Days
}

// Cover is the first picture, "" for none.
func (b Body) Cover() ident.File {
	if len(b.Pictures) == 0 {
		return ""
	}
	return b.Pictures[0]
}
