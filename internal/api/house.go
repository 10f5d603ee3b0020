package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
)

// Letter is a letter that was kept instead of sent.
type Letter struct {
	ID      string    `json:"id"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
}

type suspendIn struct {
	Keyed
	ID   ident.Member `path:"id" pattern:"^member_[0-9a-z]{26}$"`
	Body struct {
		Why string `json:"why" maxLength:"10000" doc:"In words that the person will read."`
	}
}

type removeGigIn struct {
	Keyed
	ID   ident.Gig `path:"id" pattern:"^gig_[0-9a-z]{26}$"`
	Body struct {
		Why string `json:"why" maxLength:"10000" doc:"In words that everybody concerned will read."`
	}
}

type removalIn struct {
	Kind    string `query:"kind" enum:"gig,account" required:"true"`
	Address string `query:"address" maxLength:"200" required:"true" doc:"Of a gig its slug, of an account its handle."`
}

// Removal is what taking a gig or an account down would end.
type Removal struct {
	Gig    ident.Gig    `json:"gig,omitempty" doc:"One of the two: what POST …/remove takes down."`
	Member ident.Member `json:"member,omitempty"`
	Title  string       `json:"title" doc:"Of the gig, or the name."`
	Orders []OrderHead  `json:"orders" doc:"Running ones, which would be cancelled, earliest first."`
	Offers int          `json:"offers" doc:"Open ones about the gig, which would end."`
	Back   Money        `json:"back" doc:"To their buyers, in all."`
}

func removalOf(r market.Removal, now time.Time) Removal {
	w := Removal{Orders: make([]OrderHead, len(r.Orders)), Offers: r.Offers, Back: moneyOf(r.Back)}
	if r.Gig != nil {
		w.Gig, w.Title = r.Gig.ID, r.Gig.Title
	}
	if r.Member != nil {
		w.Member, w.Title = r.Member.ID, r.Member.Name
	}
	for i, o := range r.Orders {
		w.Orders[i] = headOf(o, now)
	}
	return w
}

type letterAt struct {
	ID string `path:"id" maxLength:"200"`
}

func (a *API) house() {
	serve(a, route{
		method: http.MethodPost, path: "/members/{id}/suspend", id: "suspend-member", tag: "House", who: operator,
		does: "Close a login: its sessions and API tokens end at once",
	}, func(ctx context.Context, in *suspendIn) (*answer[Person], error) {
		m, err := a.Market.Suspend(ctx, actor(ctx), in.Key, in.ID, in.Body.Why)
		return ok(personOf(m, a.Market.Now()), err)
	})
	serve(a, route{
		method: http.MethodGet, path: "/removal", id: "preview-removal", tag: "House", who: operator,
		does: "What removing a gig or an account would end; nothing is done",
	}, func(ctx context.Context, in *removalIn) (*answer[Removal], error) {
		r, err := a.Market.Removal(ctx, actor(ctx), in.Kind, in.Address)
		return ok(removalOf(r, a.Market.Now()), err)
	})
	serve(a, route{
		method: http.MethodPost, path: "/members/{id}/remove", id: "remove-member", tag: "House", who: operator,
		does: "Close an account for good and end its running orders, with everything back to their buyers",
	}, func(ctx context.Context, in *suspendIn) (*answer[market.Removed], error) {
		return ok(a.Market.RemoveMember(ctx, actor(ctx), in.Key, in.ID, in.Body.Why))
	})
	serve(a, route{
		method: http.MethodPost, path: "/gigs/{id}/remove", id: "remove-gig", tag: "House", who: operator,
		does: "Take a gig down for good and end its running orders, with everything back to their buyers",
	}, func(ctx context.Context, in *removeGigIn) (*answer[market.Removed], error) {
		return ok(a.Market.RemoveGig(ctx, actor(ctx), in.Key, in.ID, in.Body.Why))
	})
	about := "For operators; in a rehearsal for everybody, since nobody is written to there."
	serve(a, route{
		method: http.MethodGet, path: "/letters", id: "list-letters", tag: "House", who: anyone, errors: []int{http.StatusNotFound},
		does: "Letters that were kept instead of sent, newest first", about: about,
	}, a.letters)
	serve(a, route{
		method: http.MethodGet, path: "/letters/{id}", id: "get-letter", tag: "House", who: anyone, does: "One kept letter", about: about,
	}, func(ctx context.Context, in *letterAt) (*answer[Letter], error) {
		l, err := a.Market.Letter(ctx, actor(ctx), in.ID)
		return ok(letterOf(l), err)
	})
}

func (a *API) letters(ctx context.Context, in *Page) (*answer[List[Letter]], error) {
	at, id, err := letterPlace(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := a.Market.Letters(ctx, actor(ctx), at, id, in.Limit)
	next := ""
	if n := len(list); n > 0 && n == in.Limit {
		next = strconv.FormatInt(list[n-1].At.UnixMicro(), 10) + "." + list[n-1].ID
	}
	return ok(listOf(list, next, letterOf), err)
}

func letterPlace(cursor string) (time.Time, string, error) {
	if cursor == "" {
		return time.Time{}, "", nil
	}
	micros, id, ok := strings.Cut(cursor, ".")
	n, err := strconv.ParseInt(micros, 10, 64)
	if !ok || err != nil {
		return time.Time{}, "", fault.Invalid("query.cursor", "This cursor is broken. Start from the first page.")
	}
	return time.UnixMicro(n), id, nil
}

func letterOf(l market.Letter) Letter {
	return Letter{ID: l.ID, To: l.To, Subject: l.Subject, Text: l.Text, At: l.At.UTC()}
}
