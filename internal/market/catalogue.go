package market

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/store"
)

// perPage is how many cards a page of the catalogue shows.
const perPage = 24

// Cards is one page of a list of gigs. Next is the cursor of the page after it,
// "" on the last one.
type Cards struct {
	List []gig.Card
	Next string
}

// GigView is a gig as its page shows it.
type GigView struct {
	Gig      gig.Gig
	Seller   member.Member // what others may see of them
	Way      []gig.Category
	Busy     int // orders in progress
	ForSale  bool
	Why      string    // why it is not for sale now, in words
	AwayTill time.Time // zero unless the seller is away
	Mine     bool      // the viewer is its seller
}

// GigPage shows a gig by its slug or id. Errors: fault.NotFound, also for the
// drafts of others and for what is deleted.
func (m *Market) GigPage(ctx context.Context, who member.Actor, slugOrID string) (GigView, error) {
	var v GigView
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		if ident.Valid(ident.Gig(slugOrID)) {
			v.Gig, err = tx.Gig(ident.Gig(slugOrID))
		} else {
			v.Gig, err = tx.GigBySlug(slugOrID)
		}
		if err != nil {
			return missing(err, noGig)
		}
		if !v.Gig.SeenBy(who) {
			return fault.NotFound(noGig)
		}
		if v.Seller, err = tx.Member(v.Gig.Seller); err != nil {
			return err
		}
		if v.Way, err = tx.Ancestry(v.Gig.Category); err != nil {
			return err
		}
		v.Busy, err = tx.OrdersInProgress(v.Gig.ID)
		return err
	})
	v.Mine = who.Is(v.Gig.Seller)
	v.Seller.Email = ""
	if err == nil {
		v.AwayTill = awayUntil(v.Seller, m.Now())
		v.Why = gig.NotForSale(v.Gig, v.Seller, m.Now(), v.Busy)
		v.ForSale = v.Why == ""
	}
	return v, err
}

// awayUntil is when a seller who is away takes orders again; zero when here.
func awayUntil(seller member.Member, now time.Time) time.Time {
	if seller.Seller == nil || !seller.Seller.AwayUntil.After(now) {
		return time.Time{}
	}
	return seller.Seller.AwayUntil
}

// CategoryView is a category's page.
type CategoryView struct {
	Way      []gig.Category // from the root to the category; empty for the whole market
	Children []gig.Category
	Cards    Cards
}

// Browse lists the gigs of a category and all below it, newest first. path is
// the category's slugs with slashes between; "" is the whole market.
// Errors: fault.NotFound.
func (m *Market) Browse(ctx context.Context, path, cursor string) (CategoryView, error) {
	var v CategoryView
	before, err := readCursor(cursor)
	if err != nil {
		return v, err
	}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		at, err := placeOf(tx, path)
		if err != nil {
			return err
		}
		if v.Way, err = tx.Ancestry(at); err != nil {
			return err
		}
		all, err := tx.Categories()
		if err != nil {
			return err
		}
		v.Children = nil // the closure may run twice
		for _, c := range all {
			if c.Parent == at {
				v.Children = append(v.Children, c)
			}
		}
		list, err := tx.GigsIn(at, before, perPage+1)
		v.Cards = cutPage(list)
		return err
	})
	return v, err
}

// placeOf finds the category of a path; "" is the whole market.
func placeOf(tx *store.Tx, path string) (ident.Category, error) {
	path = strings.Trim(path, "/")
	if path == "" {
		return "", nil
	}
	c, err := tx.CategoryByPath(path + "/")
	return c.ID, missing(err, "There is no such category.")
}

// Search lists the gigs that carry all words of a query, the last of which may
// be half-typed, newest first, in a category and all below it. A query without
// a single word finds nothing. Errors: fault.NotFound for the category.
func (m *Market) Search(ctx context.Context, query, path, cursor string) (Cards, error) {
	var found Cards
	before, err := readCursor(cursor)
	if err != nil {
		return found, err
	}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		at, err := placeOf(tx, path)
		if err != nil {
			return err
		}
		list, next, err := tx.Search(gig.Asked(query), at, before, perPage+1)
		if found = cutPage(list); found.Next == "" {
			found.Next = string(next)
		}
		return err
	})
	return found, err
}

// Categories is the whole tree, parents before children.
func (m *Market) Categories(ctx context.Context) ([]gig.Category, error) {
	var list []gig.Category
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.Categories()
		return err
	})
	return list, err
}

// SellerView is a seller's page.
type SellerView struct {
	Member   member.Member
	AwayTill time.Time
	Cards    Cards
}

// SellerPage shows a member by handle, with the gigs they offer. Errors: fault.NotFound.
func (m *Market) SellerPage(ctx context.Context, handle, cursor string) (SellerView, error) {
	who, err := m.MemberByHandle(ctx, handle)
	if err != nil {
		return SellerView{}, err
	}
	who.Email = ""
	v := SellerView{Member: who, AwayTill: awayUntil(who, m.Now())}
	if !who.Suspended() { // what cannot be ordered is listed nowhere
		v.Cards, err = m.sellerCards(ctx, who.ID, gig.StateActive, cursor)
	}
	return v, err
}

func (m *Market) sellerCards(ctx context.Context, seller ident.Member, s gig.State, cursor string) (Cards, error) {
	before, err := readCursor(cursor)
	if err != nil {
		return Cards{}, err
	}
	var found Cards
	err = m.store.View(ctx, func(tx *store.Tx) error {
		list, err := tx.GigsOf(seller, s, before, perPage+1)
		found = cutPage(list)
		return err
	})
	return found, err
}

// cutPage turns up to perPage+1 cards into a page that knows whether more follow.
func cutPage(list []gig.Card) Cards {
	if len(list) <= perPage {
		return Cards{List: list}
	}
	return Cards{List: list[:perPage], Next: string(list[perPage-1].ID)}
}

func readCursor(text string) (ident.Gig, error) {
	if text != "" && !ident.Valid(ident.Gig(text)) {
		return "", fault.Invalid("after", "This page of the list does not exist. Start from the first.")
	}
	return ident.Gig(text), nil
}

// AddCategory makes a category below another one, or finds the one that is
// there already. Errors: fault.SignIn, fault.NotFound unless the actor runs the
// house; fault.Invalid beside name or parent.
func (m *Market) AddCategory(ctx context.Context, who member.Actor, key Key, parent ident.Category, name string) (gig.Category, error) {
	if err := who.NeedOperator(); err != nil {
		return gig.Category{}, err
	}
	return once(ctx, m, who, key, "add category", []string{string(parent), name}, func(tx *store.Tx) (gig.Category, error) {
		way, err := tx.Ancestry(parent)
		if err != nil {
			return gig.Category{}, missing(err, "There is no such category.")
		}
		return m.categoryBelow(tx, way, name)
	})
}

// addCategory makes a category, unless its path is taken in the same instant. A
// house has no more of them than its pages can show.
func addCategory(tx *store.Tx, c gig.Category) (gig.Category, error) {
	full, err := tx.CategoriesFull()
	if err == nil && full {
		err = fault.Invalid("name", fmt.Sprintf("This would be one category too many: a house has at most %d.", store.MostCategories))
	}
	if err == nil {
		err = tx.AddCategory(c)
	}
	if err != nil {
		return c, err
	}
	return tx.CategoryByPath(c.Path)
}

// mostAlike bounds how many categories share an address but for its number.
const mostAlike = 100

// categoryBelow finds or makes the category of a name at the end of a way.
func (m *Market) categoryBelow(tx *store.Tx, way []gig.Category, name string) (gig.Category, error) {
	c, err := gig.NewCategory(ident.New[ident.Category](m.ids, m.Now()), way, name)
	if err != nil {
		return c, err
	}
	at := c
	for n := 2; ; n++ {
		there, err := tx.CategoryByPath(at.Path)
		if errors.Is(err, store.ErrNotFound) {
			there, err = addCategory(tx, at)
		}
		if err != nil || gig.SameName(there.Name, c.Name) || n > mostAlike {
			return there, err
		}
		at = c.Numbered(n)
	}
}
