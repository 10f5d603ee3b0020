package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// GigBody is what a seller writes.
type GigBody struct {
	Category    string     `json:"category,omitempty"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Packages    []Package  `json:"packages"`
	Extras      []Extra    `json:"extras,omitempty"`
	Questions   []Question `json:"questions,omitempty"`
	FAQ         []FAQ      `json:"faq,omitempty"`
	Tags        []string   `json:"tags,omitempty"`
	Pictures    []string   `json:"pictures,omitempty"`
	Capacity    int        `json:"capacity,omitempty"`
}

// Package is one ready-made scope at one price.
type Package struct {
	Tier        string `json:"tier"` // basic, standard or premium
	Name        string `json:"name"`
	Description string `json:"description"`
	Price       Money  `json:"price"`
	Days        int    `json:"days"`
	Revisions   int    `json:"revisions"`
}

// Extra is something that can be added to a package.
type Extra struct {
	Key   string `json:"key,omitempty"` // given by the house
	Name  string `json:"name"`
	Price Money  `json:"price"`
	Days  int    `json:"days"`
}

// Question is one requirement.
type Question struct {
	Key      string   `json:"key,omitempty"` // given by the house
	Kind     string   `json:"kind"`          // text, long_text, choice or number
	Text     string   `json:"text"`
	Choices  []string `json:"choices,omitempty"`
	Required bool     `json:"required"`
}

// FAQ is one question that buyers often ask, with its answer.
type FAQ struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// Gig is a service for sale.
type Gig struct {
	GigBody
	ID      string    `json:"id"`
	Slug    string    `json:"slug"`
	State   string    `json:"state"`
	Version int       `json:"version"`
	Created time.Time `json:"created_at"`
	Updated time.Time `json:"updated_at"`
}

// GigPage is a gig with what stands around it.
type GigPage struct {
	Gig
	Seller  Person     `json:"seller"`
	Way     []Category `json:"way"`
	Busy    int        `json:"busy"`
	ForSale bool       `json:"for_sale"`
	Why     string     `json:"why"` // it cannot be ordered now
	Mine    bool       `json:"mine"`
}

// GigCard is a gig in a list.
type GigCard struct {
	ID       string       `json:"id"`
	Slug     string       `json:"slug"`
	Title    string       `json:"title"`
	State    string       `json:"state"`
	Category string       `json:"category"`
	From     Money        `json:"from"`
	Days     int          `json:"days"`
	Cover    string       `json:"cover"`
	Updated  time.Time    `json:"updated_at"`
	Seller   CardSeller   `json:"seller"`
	Reviews  *CardReviews `json:"reviews"` // nil where there are none
}

// CardReviews is what the reviews of a gig add up to.
type CardReviews struct {
	Count int    `json:"count"` // shown and removed
	Mean  string `json:"mean"`  // empty where none is shown
}

// CardSeller is the seller on a card.
type CardSeller struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Handle  string     `json:"handle"`
	Picture string     `json:"picture"`
	Away    *time.Time `json:"away_until"`
}

// Category is a place in the catalogue's tree.
type Category struct {
	ID     string `json:"id"`
	Parent string `json:"parent"`
	Name   string `json:"name"`
	Slug   string `json:"slug"`
	Path   string `json:"path"`
}

// Categories is the whole tree, parents before children.
func (c *Client) Categories(ctx context.Context) ([]Category, error) {
	p, err := read[page[Category]](ctx, c, "/categories", nil)
	return p.Items, err
}

// AddCategory makes a category below another one, or finds it. For operators.
func (c *Client) AddCategory(ctx context.Context, parent, name string) (Category, error) {
	in := map[string]string{"name": name}
	if parent != "" {
		in["parent"] = parent
	}
	return change[Category](ctx, c, http.MethodPost, "/categories", in)
}

// Gigs browses what is for sale in a category path ("" for all), or searches it
// for words.
func (c *Client) Gigs(ctx context.Context, category, words string) iter.Seq2[GigCard, error] {
	q := url.Values{}
	if category != "" {
		q.Set("category", category)
	}
	if words != "" {
		q.Set("q", words)
	}
	return pages[GigCard](ctx, c, "/gigs", q)
}

// MyGigs are your own gigs of a state: draft, active or paused.
func (c *Client) MyGigs(ctx context.Context, state string) iter.Seq2[GigCard, error] {
	return pages[GigCard](ctx, c, "/me/gigs", url.Values{"state": {state}})
}

// Gig is a gig by its id or slug.
func (c *Client) Gig(ctx context.Context, id string) (GigPage, error) {
	return read[GigPage](ctx, c, gigPath(id, ""), nil)
}

// CreateGig begins a gig: a draft that only you see.
func (c *Client) CreateGig(ctx context.Context, in GigBody) (Gig, error) {
	return change[Gig](ctx, c, http.MethodPost, "/gigs", in)
}

// SaveGig changes a gig whose version you have seen.
func (c *Client) SaveGig(ctx context.Context, id string, version int, in GigBody) (Gig, error) {
	return change[Gig](ctx, c, http.MethodPut, gigPath(id, ""), struct {
		GigBody
		Version int `json:"version"`
	}{in, version})
}

// PublishGig offers a draft to buyers.
func (c *Client) PublishGig(ctx context.Context, id string) (Gig, error) {
	return change[Gig](ctx, c, http.MethodPost, gigPath(id, "/publish"), nil)
}

// PauseGig takes a gig off sale.
func (c *Client) PauseGig(ctx context.Context, id string) (Gig, error) {
	return change[Gig](ctx, c, http.MethodPost, gigPath(id, "/pause"), nil)
}

// ResumeGig puts a paused gig back on sale.
func (c *Client) ResumeGig(ctx context.Context, id string) (Gig, error) {
	return change[Gig](ctx, c, http.MethodPost, gigPath(id, "/resume"), nil)
}

// DeleteGig removes a gig for ever.
func (c *Client) DeleteGig(ctx context.Context, id string) (Gig, error) {
	return change[Gig](ctx, c, http.MethodDelete, gigPath(id, ""), nil)
}

func gigPath(id, rest string) string { return "/gigs/" + url.PathEscape(id) + rest }

// PreviewGig is the page of a gig as it would be. Nothing is saved.
func (c *Client) PreviewGig(ctx context.Context, in GigBody) (GigPage, error) {
	return change[GigPage](ctx, c, http.MethodPost, "/gigs/preview", in)
}
