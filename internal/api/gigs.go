package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
)

// GigBody is what a seller writes. A draft may be incomplete.
type GigBody struct {
	Category    ident.Category `json:"category,omitempty" maxLength:"60" doc:"Id of a category."`
	Title       string         `json:"title" maxLength:"500" doc:"Continues the sentence: I will …"`
	Description string         `json:"description" maxLength:"100000"`
	Packages    []Package      `json:"packages" maxItems:"3" doc:"One to three, in the order basic, standard, premium."`
	Extras      []Extra        `json:"extras" maxItems:"100" required:"false"`
	Questions   []Question     `json:"questions" maxItems:"100" required:"false" doc:"What the buyer must tell before the work starts."`
	FAQ         []FAQ          `json:"faq" maxItems:"100" required:"false"`
	Tags        []string       `json:"tags" maxItems:"100" required:"false"`
	Pictures    []ident.File   `json:"pictures" maxItems:"100" required:"false" doc:"Uploads of yours with the purpose gig_picture; the first is the cover."`
	Capacity    int            `json:"capacity,omitempty" minimum:"0" maximum:"10000" doc:"Orders in progress at most; 0 is no limit."`
}

// Package is one ready-made scope at one price.
type Package struct {
	Tier        gig.Tier `json:"tier" enum:"basic,standard,premium"`
	Name        string   `json:"name" maxLength:"500"`
	Description string   `json:"description" maxLength:"10000"`
	Price       Money    `json:"price"`
	Days        int      `json:"days" minimum:"0" maximum:"100000"`
	Revisions   int      `json:"revisions" minimum:"0" maximum:"100000"`
}

// Extra is something that can be added to a package.
type Extra struct {
	Key   string `json:"key,omitempty" maxLength:"60" doc:"Given by the house to a new extra; it never changes."`
	Name  string `json:"name" maxLength:"500"`
	Price Money  `json:"price"`
	Days  int    `json:"days" minimum:"0" maximum:"100000" doc:"Added to the delivery time."`
}

// Question is one requirement.
type Question struct {
	Key      string           `json:"key,omitempty" maxLength:"60" doc:"Given by the house to a new question; it never changes."`
	Kind     gig.QuestionKind `json:"kind" enum:"text,long_text,choice,number"`
	Text     string           `json:"text" maxLength:"1000"`
	Choices  []string         `json:"choices,omitempty" maxItems:"100"`
	Required bool             `json:"required"`
}

// FAQ is one question that buyers often ask, with its answer.
type FAQ struct {
	Question string `json:"question" maxLength:"1000"`
	Answer   string `json:"answer" maxLength:"100000"`
}

// Gig is a service for sale.
type Gig struct {
	GigBody
	ID      ident.Gig `json:"id" pattern:"^(gig_[0-9a-z]{26})?$" doc:"Empty in a preview."`
	Slug    string    `json:"slug"`
	State   gig.State `json:"state" enum:"draft,active,paused,deleted"`
	Version int       `json:"version" doc:"Send it back when you change the gig, so that nobody overwrites another's change."`
	Created time.Time `json:"created_at"`
	Updated time.Time `json:"updated_at"`
}

// GigPage is a gig with what stands around it.
type GigPage struct {
	Gig
	Seller  Person     `json:"seller"`
	Way     []Category `json:"way" doc:"From the root to the gig's category."`
	Busy    int        `json:"busy" doc:"Orders in progress."`
	ForSale bool       `json:"for_sale"`
	Why     string     `json:"why,omitempty" doc:"Why it cannot be ordered now."`
	Mine    bool       `json:"mine"`
}

func questionsOf(list []gig.Question) []Question {
	w := make([]Question, len(list))
	for i, q := range list {
		w[i] = Question(q)
	}
	return w
}

func gigOf(g gig.Gig) Gig {
	price := func(minor int64) Money { return moneyOf(money.Of(minor, g.Currency)) }
	w := Gig{ID: g.ID, Slug: g.Slug, State: g.State, Version: g.Version, Created: g.Created.UTC(), Updated: g.Updated.UTC()}
	w.GigBody = GigBody{
		Category: g.Category, Title: g.Title, Description: g.Description, Capacity: g.Capacity,
		Packages: make([]Package, len(g.Packages)), Extras: make([]Extra, len(g.Extras)), Questions: questionsOf(g.Questions),
		FAQ: make([]FAQ, len(g.FAQ)), Tags: filled(g.Tags), Pictures: filled(g.Pictures),
	}
	for i, p := range g.Packages {
		w.Packages[i] = Package{p.Tier, p.Name, p.Description, price(p.Price), p.Days, p.Revisions}
	}
	for i, e := range g.Extras {
		w.Extras[i] = Extra{e.Key, e.Name, price(e.Price), e.Days}
	}
	for i, f := range g.FAQ {
		w.FAQ[i] = FAQ(f)
	}
	return w
}

// input is the body as the market takes it. Every price is in the currency of
// the house.
func (b GigBody) input(c money.Currency) (market.GigInput, error) {
	bad := fault.Fields{}
	price := func(m Money, list string, i int) int64 {
		bad.Need(money.Currency(m.Currency) == c, list+"."+strconv.Itoa(i)+".price.currency", "Prices here are in "+string(c)+".")
		return m.Minor
	}
	body := gig.Body{
		Title: b.Title, Description: b.Description, Currency: c, Tags: b.Tags, Pictures: b.Pictures, Capacity: b.Capacity,
	}
	for i, p := range b.Packages {
		body.Packages = append(body.Packages, gig.Package{
			Tier: p.Tier, Name: p.Name, Description: p.Description, Price: price(p.Price, "packages", i), Days: p.Days, Revisions: p.Revisions,
		})
	}
	for i, e := range b.Extras {
		body.Extras = append(body.Extras, gig.Extra{Key: e.Key, Name: e.Name, Price: price(e.Price, "extras", i), Days: e.Days})
	}
	for _, q := range b.Questions {
		body.Questions = append(body.Questions, gig.Question(q))
	}
	for _, f := range b.FAQ {
		body.FAQ = append(body.FAQ, gig.FAQ(f))
	}
	return market.GigInput{Category: b.Category, Body: body}, bad.Err()
}

// GigAt is the address of a gig.
type GigAt struct {
	ID ident.Gig `path:"id" pattern:"^gig_[0-9a-z]{26}$"`
}

type gigSeen struct {
	ID string `path:"id" maxLength:"120" pattern:"^[a-z0-9_-]+$" doc:"The id or the slug."`
}

type createGigIn struct {
	Keyed
	Body GigBody
}

type previewIn struct{ Body GigBody }

type saveGigIn struct {
	Keyed
	GigAt
	Body struct {
		GigBody
		Version int `json:"version" minimum:"1" maximum:"1000000000" doc:"The version that you changed; another one in between is a conflict."`
	}
}

type moveGigIn struct {
	Keyed
	GigAt
}

func (a *API) gigs() {
	serve(a, route{
		method: http.MethodGet, path: "/gigs/{id}", id: "get-gig", tag: "Gigs", who: anyone,
		does: "A gig", about: "Drafts are seen by their seller only.",
	}, a.gig)
	sells := func(method, path, id, does string) route {
		return route{method: method, path: path, id: id, tag: "Gigs", who: signedIn, scopes: selling, does: does}
	}
	create := sells(http.MethodPost, "/gigs", "create-gig", "Begin a gig: a draft that only you see")
	create.status = http.StatusCreated
	serve(a, create, a.createGig)
	serve(a, sells(http.MethodPost, "/gigs/preview", "preview-gig", "The page of a gig as it would be; nothing is saved"), a.previewGig)
	serve(a, sells(http.MethodPut, "/gigs/{id}", "save-gig", "Change a gig"), a.saveGig)
	for _, m := range []struct {
		method, path, id, does string
		move                   gigMove
	}{
		{http.MethodPost, "/gigs/{id}/publish", "publish-gig", "Offer a draft to buyers", a.Market.PublishGig},
		{http.MethodPost, "/gigs/{id}/pause", "pause-gig", "Take a gig off sale; running orders go on", a.Market.PauseGig},
		{http.MethodPost, "/gigs/{id}/resume", "resume-gig", "Put a paused gig back on sale", a.Market.ResumeGig},
		{http.MethodDelete, "/gigs/{id}", "delete-gig", "Remove a gig for ever; orders keep what they agreed on", a.Market.DeleteGig},
	} {
		serve(a, sells(m.method, m.path, m.id, m.does), func(ctx context.Context, in *moveGigIn) (*answer[Gig], error) {
			g, err := m.move(ctx, actor(ctx), in.Key, in.ID)
			return ok(gigOf(g), err)
		})
	}
}

type gigMove = func(context.Context, member.Actor, market.Key, ident.Gig) (gig.Gig, error)

func (a *API) gig(ctx context.Context, in *gigSeen) (*answer[GigPage], error) {
	v, err := a.Market.GigPage(ctx, actor(ctx), in.ID)
	return ok(a.gigPage(v), err)
}

func (a *API) gigPage(v market.GigView) GigPage {
	return GigPage{
		Gig: gigOf(v.Gig), Seller: personOf(v.Seller, a.Market.Now()), Way: categoriesOf(v.Way), Busy: v.Busy,
		ForSale: v.ForSale, Why: v.Why, Mine: v.Mine,
	}
}

func (a *API) previewGig(ctx context.Context, in *previewIn) (*answer[GigPage], error) {
	input, err := in.Body.input(a.Market.Policy().Currency)
	if err != nil {
		return nil, err
	}
	v, err := a.Market.PreviewGig(ctx, actor(ctx), "", input)
	return ok(a.gigPage(v), err)
}

func (a *API) createGig(ctx context.Context, in *createGigIn) (*answer[Gig], error) {
	input, err := in.Body.input(a.Market.Policy().Currency)
	if err != nil {
		return nil, err
	}
	g, err := a.Market.CreateGig(ctx, actor(ctx), in.Key, input)
	return ok(gigOf(g), err)
}

func (a *API) saveGig(ctx context.Context, in *saveGigIn) (*answer[Gig], error) {
	input, err := in.Body.input(a.Market.Policy().Currency)
	if err != nil {
		return nil, err
	}
	g, err := a.Market.SaveGig(ctx, actor(ctx), in.Key, in.ID, in.Body.Version, input)
	return ok(gigOf(g), err)
}
