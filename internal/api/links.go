package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
)

// LinkedAccounts are two accounts tied together: neither works on cases of the
// other.
type LinkedAccounts struct {
	Member Person    `json:"member"`
	Linked Person    `json:"linked"`
	Why    string    `json:"why"`
	At     time.Time `json:"at"`
}

type linkIn struct {
	Keyed
	Body struct {
		Member string `json:"member" maxLength:"100" doc:"A member's id or handle."`
		Linked string `json:"linked" maxLength:"100"`
		Why    string `json:"why" maxLength:"10000"`
	}
}

type unlinkIn struct {
	Keyed
	Body struct {
		Member string `json:"member" maxLength:"100" doc:"A member's id or handle."`
		Linked string `json:"linked" maxLength:"100"`
	}
}

// SuspendedMember is somebody whom the house keeps out.
type SuspendedMember struct {
	ID     ident.Member `json:"id" pattern:"^member_[0-9a-z]{26}$"`
	Name   string       `json:"name"`
	Handle string       `json:"handle"`
	Since  time.Time    `json:"since"`
	Why    string       `json:"why"`
}

type memberAt struct {
	Keyed
	ID ident.Member `path:"id" pattern:"^member_[0-9a-z]{26}$"`
}

// Done says that it is.
type Done struct {
	Done bool `json:"done"`
}

func (a *API) links() {
	runs := func(method, path, id, does string) route {
		return route{method: method, path: path, id: id, tag: "House", who: operator, does: does}
	}
	serve(a, runs(http.MethodGet, "/links", "list-links", "Accounts that are tied: an agent never works on cases of one tied to theirs"), func(ctx context.Context, in *Page) (*answer[List[LinkedAccounts]], error) {
		list, next, err := a.Market.Linked(ctx, actor(ctx), market.Cursor(in.Cursor), in.Limit)
		return ok(listOf(list, string(next), func(l market.LinkedAccounts) LinkedAccounts {
			now := a.Market.Now()
			return LinkedAccounts{personOf(l.Member, now), personOf(l.Linked, now), l.Why, l.At.UTC()}
		}), err)
	})
	serve(a, runs(http.MethodPost, "/links", "link-accounts", "Tie two accounts"), func(ctx context.Context, in *linkIn) (*answer[Done], error) {
		err := a.Market.LinkAccounts(ctx, actor(ctx), in.Key, in.Body.Member, in.Body.Linked, in.Body.Why)
		return ok(Done{true}, err)
	})
	serve(a, runs(http.MethodPost, "/links/remove", "unlink-accounts", "Untie two accounts"), func(ctx context.Context, in *unlinkIn) (*answer[Done], error) {
		err := a.Market.UnlinkAccounts(ctx, actor(ctx), in.Key, in.Body.Member, in.Body.Linked)
		return ok(Done{true}, err)
	})
	serve(a, runs(http.MethodGet, "/suspended", "list-suspended", "Who is kept out now, newest first"), func(ctx context.Context, in *Page) (*answer[List[SuspendedMember]], error) {
		list, next, err := a.Market.SuspendedMembers(ctx, actor(ctx), market.Cursor(in.Cursor), in.Limit)
		return ok(listOf(list, string(next), func(s market.SuspendedMember) SuspendedMember {
			return SuspendedMember{s.ID, s.Name, s.Handle, s.Since.UTC(), s.Why}
		}), err)
	})
	serve(a, runs(http.MethodPost, "/members/{id}/restore", "restore-member", "Open a suspended login again"), func(ctx context.Context, in *memberAt) (*answer[Person], error) {
		m, err := a.Market.LiftSuspension(ctx, actor(ctx), in.Key, in.ID)
		return ok(personOf(m, a.Market.Now()), err)
	})
}
