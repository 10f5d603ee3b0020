package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
)

// Category is a place in the catalogue's tree.
type Category struct {
	ID     ident.Category `json:"id" pattern:"^category_[0-9a-z]{26}$"`
	Parent ident.Category `json:"parent,omitempty" doc:"Absent for a root."`
	Name   string         `json:"name"`
	Slug   string         `json:"slug"`
	Path   string         `json:"path" doc:"Slugs from the root down, each followed by a slash."`
}

func categoryOf(c gig.Category) Category {
	return Category{ID: c.ID, Parent: c.Parent, Name: c.Name, Slug: c.Slug, Path: c.Path}
}

func categoriesOf(list []gig.Category) []Category { return listOf(list, "", categoryOf).Items }

// GigCard is a gig as lists show it.
type GigCard struct {
	ID       ident.Gig      `json:"id" pattern:"^gig_[0-9a-z]{26}$"`
	Slug     string         `json:"slug"`
	Title    string         `json:"title"`
	State    gig.State      `json:"state" enum:"draft,active,paused,deleted"`
	Category ident.Category `json:"category,omitempty"`
	From     Money          `json:"from" doc:"The lowest price."`
	Days     int            `json:"days" doc:"Of the cheapest package."`
	Cover    ident.File     `json:"cover,omitempty" doc:"A file; read it with size=card."`
	Updated  time.Time      `json:"updated_at"`
	Seller   CardSeller     `json:"seller"`
	Reviews  *CardReviews   `json:"reviews,omitempty" doc:"Absent where there are none."`
}

// CardReviews is what the reviews of a gig add up to, on a card.
type CardReviews struct {
	Count int    `json:"count" doc:"Shown and removed."`
	Mean  string `json:"mean,omitempty" doc:"Of the shown ones, cut to one decimal."`
}

// CardSeller is the seller on a card.
type CardSeller struct {
	ID       ident.Member `json:"id"`
	Name     string       `json:"name"`
	Handle   string       `json:"handle"`
	Picture  ident.File   `json:"picture,omitempty"`
	AwayTill *time.Time   `json:"away_until,omitempty"`
}

func cardOf(c gig.Card) GigCard {
	return GigCard{
		ID: c.ID, Slug: c.Slug, Title: c.Title, State: c.State, Category: c.Category, From: moneyOf(c.From), Days: c.Days,
		Cover: c.Cover, Updated: c.Updated.UTC(),
		Seller: CardSeller{c.Seller, c.SellerName, c.SellerHandle, c.SellerPicture, instant(c.AwayUntil)},
	}
}

// cardsOf shows a list of gigs with what their reviews add up to, read at once.
func (a *API) cardsOf(ctx context.Context, c market.Cards, err error) (List[GigCard], error) {
	if err != nil {
		return List[GigCard]{}, err
	}
	ids := make([]ident.Gig, len(c.List))
	for i, g := range c.List {
		ids[i] = g.ID
	}
	sums, err := a.Market.GigSums(ctx, ids...)
	list := listOf(c.List, c.Next, cardOf)
	for i, id := range ids {
		if s, ok := sums[id]; ok {
			list.Items[i].Reviews = &CardReviews{Count: s.Count(), Mean: sumsOf(s).Mean}
		}
	}
	return list, err
}

// Cards asks for one page of gigs; their number is the house's.
type Cards struct {
	Cursor string `query:"cursor" maxLength:"60" doc:"The next of the page before; empty for the first page."`
}

type browseIn struct {
	Cards
	Q        string `query:"q" maxLength:"200" doc:"Words that a gig must carry; the last one may be half-typed."`
	Category string `query:"category" maxLength:"2500" doc:"Path of a category; all below it is included."`
}

type mineIn struct {
	Cards
	State gig.State `query:"state" enum:"draft,active,paused" default:"active"`
}

type sellerIn struct {
	Cards
	Handle string `path:"handle" maxLength:"60"`
}

// SellerPage is a seller with the gigs they offer.
type SellerPage struct {
	Seller Person        `json:"seller"`
	About  string        `json:"about"`
	Gigs   List[GigCard] `json:"gigs"`
}

type categoryIn struct {
	Keyed
	Body struct {
		Parent ident.Category `json:"parent,omitempty" maxLength:"60"`
		Name   string         `json:"name" maxLength:"200"`
	}
}

var cursorPlace = places{"after": "query.cursor"}

func (a *API) catalogue() {
	serve(a, route{
		method: http.MethodGet, path: "/categories", id: "list-categories", tag: "Catalogue", who: anyone,
		does: "The whole tree, parents before children",
	}, func(ctx context.Context, _ *none) (*answer[List[Category]], error) {
		all, err := a.Market.Categories(ctx)
		return ok(listOf(all, "", categoryOf), err)
	})
	serve(a, route{
		method: http.MethodPost, path: "/categories", id: "add-category", tag: "House", who: operator, status: http.StatusCreated,
		does: "Make a category, or find the one that is there already",
	}, func(ctx context.Context, in *categoryIn) (*answer[Category], error) {
		c, err := a.Market.AddCategory(ctx, actor(ctx), in.Key, in.Body.Parent, in.Body.Name)
		return ok(categoryOf(c), err)
	})
	serve(a, route{
		method: http.MethodGet, path: "/gigs", id: "list-gigs", tag: "Catalogue", who: anyone, places: cursorPlace,
		errors: []int{http.StatusNotFound},
		does:   "Browse and search what is for sale, newest first",
	}, a.browse)
	serve(a, route{
		method: http.MethodGet, path: "/me/gigs", id: "list-my-gigs", tag: "Gigs", who: signedIn, scopes: reading, places: cursorPlace,
		does: "Your own gigs of one state, newest first",
	}, func(ctx context.Context, in *mineIn) (*answer[List[GigCard]], error) {
		list, err := a.Market.MyGigs(ctx, actor(ctx), in.State, in.Cursor)
		return ok(a.cardsOf(ctx, list, err))
	})
	serve(a, route{
		method: http.MethodGet, path: "/sellers/{handle}", id: "get-seller", tag: "Catalogue", who: anyone, places: cursorPlace,
		does: "A member's page with the gigs they offer",
	}, a.seller)
}

func (a *API) browse(ctx context.Context, in *browseIn) (*answer[List[GigCard]], error) {
	if in.Q != "" {
		found, err := a.Market.Search(ctx, in.Q, in.Category, in.Cursor)
		return ok(a.cardsOf(ctx, found, err))
	}
	v, err := a.Market.Browse(ctx, in.Category, in.Cursor)
	return ok(a.cardsOf(ctx, v.Cards, err))
}

func (a *API) seller(ctx context.Context, in *sellerIn) (*answer[SellerPage], error) {
	v, err := a.Market.SellerPage(ctx, in.Handle, in.Cursor)
	cards, err := a.cardsOf(ctx, v.Cards, err)
	return ok(SellerPage{personOf(v.Member, a.Market.Now()), v.Member.About, cards}, err)
}
