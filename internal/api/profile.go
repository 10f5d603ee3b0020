package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/front"
	"guildhall/internal/ident"
	"guildhall/internal/member"
)

// Me is a member as they see themselves.
type Me struct {
	Person
	Email    string         `json:"email"`
	About    string         `json:"about"`
	Theme    member.Theme   `json:"theme" enum:",light,dark" doc:"Empty is as the device says."`
	Agent    bool           `json:"agent" doc:"Works the support desk."`
	Operator bool           `json:"operator" doc:"Runs the house."`
	Created  time.Time      `json:"created_at"`
	Scopes   []member.Scope `json:"scopes,omitempty" doc:"Of the token in use; absent for a browser, which may do everything."`
}

func meOf(m member.Member, now time.Time) Me {
	return Me{
		Person: personOf(m, now), Email: m.Email, About: m.About, Theme: m.Theme, Agent: m.Agent, Operator: m.Operator,
		Created: m.Created.UTC(),
	}
}

type profileIn struct {
	Keyed
	Body struct {
		Name  string       `json:"name" maxLength:"200"`
		About string       `json:"about,omitempty" maxLength:"20000"`
		Zone  string       `json:"zone" maxLength:"60" doc:"IANA name."`
		Theme member.Theme `json:"theme,omitempty" enum:",light,dark"`
	}
}

type pictureIn struct {
	Keyed
	Body struct {
		File ident.File `json:"file" pattern:"^(file_[0-9a-z]{26})?$" doc:"An upload of yours with the purpose avatar; empty takes the picture away."`
	}
}

type shopIn struct {
	Keyed
	Body struct {
		Tagline string   `json:"tagline" maxLength:"500"`
		Skills  []string `json:"skills,omitempty" maxItems:"100"`
	}
}

type awayIn struct {
	Keyed
	Body struct {
		Until time.Time `json:"until"`
	}
}

func (a *API) profile() {
	serve(a, route{
		method: http.MethodGet, path: "/me", id: "get-me", tag: "Account", who: signedIn, scopes: reading, does: "Who you are here",
	}, func(ctx context.Context, _ *none) (*answer[Me], error) {
		me := meOf(*front.In(ctx).Member, a.Market.Now())
		me.Scopes = actor(ctx).Scopes
		return ok(me, nil)
	})
	manages := func(path, id, does string) route {
		return route{method: http.MethodPut, path: path, id: id, tag: "Account", who: signedIn, scopes: []member.Scope{member.ScopeManage}, does: does}
	}
	serve(a, manages("/me", "set-profile", "Change what you say about yourself"), func(ctx context.Context, in *profileIn) (*answer[Me], error) {
		return a.me(a.Market.SetProfile(ctx, actor(ctx), in.Key, member.Profile(in.Body)))
	})
	serve(a, manages("/me/picture", "set-picture", "Put a picture on your profile"), a.picture)
	sells := func(method, path, id, does string) route {
		return route{method: method, path: path, id: id, tag: "Account", who: signedIn, scopes: selling, does: does}
	}
	serve(a, sells(http.MethodPut, "/me/seller", "open-shop", "Open your seller profile, or change what it says"),
		func(ctx context.Context, in *shopIn) (*answer[Me], error) {
			return a.me(a.Market.OpenShop(ctx, actor(ctx), in.Key, member.Shop(in.Body)))
		})
	serve(a, sells(http.MethodPut, "/me/away", "go-away", "Take no new orders until a moment; running ones go on"),
		func(ctx context.Context, in *awayIn) (*answer[Me], error) {
			return a.me(a.Market.GoAway(ctx, actor(ctx), in.Key, in.Body.Until))
		})
	serve(a, sells(http.MethodDelete, "/me/away", "come-back", "Take orders again"), func(ctx context.Context, in *Keyed) (*answer[Me], error) {
		return a.me(a.Market.ComeBack(ctx, actor(ctx), in.Key))
	})
}

func (a *API) me(m member.Member, err error) (*answer[Me], error) {
	return ok(meOf(m, a.Market.Now()), err)
}

func (a *API) picture(ctx context.Context, in *pictureIn) (*answer[Me], error) {
	return a.me(a.Market.SetPicture(ctx, actor(ctx), in.Key, in.Body.File))
}
