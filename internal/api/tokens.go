package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
)

// Token is a personal key for programs.
type Token struct {
	ID      ident.Token    `json:"id" pattern:"^token_[0-9a-z]{26}$"`
	Name    string         `json:"name"`
	Scopes  []member.Scope `json:"scopes"`
	Created time.Time      `json:"created_at"`
	Expires *time.Time     `json:"expires_at,omitempty" doc:"Absent: never."`
	Used    *time.Time     `json:"used_at,omitempty" doc:"To some minutes."`
	Revoked *time.Time     `json:"revoked_at,omitempty"`
}

// NewToken is a token with its secret, which is shown only here.
type NewToken struct {
	Token
	Secret string `json:"secret" doc:"Send it as Authorization: Bearer …; it is never shown again."`
}

func tokenOf(t member.Token) Token {
	return Token{
		ID: t.ID, Name: t.Name, Scopes: filled(t.Scopes), Created: t.Created.UTC(),
		Expires: instant(t.Expires), Used: instant(t.Used), Revoked: instant(t.Revoked),
	}
}

type tokenAt struct {
	ID ident.Token `path:"id" pattern:"^token_[0-9a-z]{26}$"`
}

type makeTokenIn struct {
	Body struct {
		Email    string         `json:"email,omitempty" maxLength:"300" doc:"Who you are; not needed in a signed-in browser."`
		Password string         `json:"password,omitempty" maxLength:"1000"`
		Name     string         `json:"name" maxLength:"200" doc:"Name it after the program that will use it."`
		Scopes   []member.Scope `json:"scopes" maxItems:"10" doc:"What it may do: read, buy, sell, manage."`
		Expires  time.Time      `json:"expires_at,omitzero" doc:"Absent: never."`
	}
}

func (a *API) tokens() {
	serve(a, route{
		method: http.MethodPost, path: "/tokens", id: "make-token", tag: "Account", who: anyone, status: http.StatusCreated,
		places: places{"expires": "expires_at"},
		does:   "Make a token, with your address and password or in a signed-in browser", about: "A token cannot make another one.",
	}, a.makeToken)
	serve(a, route{
		method: http.MethodGet, path: "/tokens", id: "list-tokens", tag: "Account", who: browser, does: "Your tokens, newest first",
	}, func(ctx context.Context, _ *none) (*answer[List[Token]], error) {
		list, err := a.Market.Tokens(ctx, actor(ctx))
		return ok(listOf(list, "", tokenOf), err)
	})
	serve(a, route{
		method: http.MethodDelete, path: "/tokens/{id}", id: "revoke-token", tag: "Account", who: browser, status: http.StatusNoContent,
		does: "Revoke a token: it opens nothing any more",
	}, func(ctx context.Context, in *tokenAt) (*none, error) {
		return &none{}, a.Market.RevokeToken(ctx, actor(ctx), in.ID)
	})
}

func (a *API) makeToken(ctx context.Context, in *makeTokenIn) (*answer[NewToken], error) {
	b, who, session := in.Body, actor(ctx), front.In(ctx).Session
	if b.Email != "" || b.Password != "" {
		found, err := a.recognise(ctx, b.Email, b.Password)
		if err != nil {
			return nil, err
		}
		who, session = found.Actor(), ""
	} else if !who.SignedIn() {
		return nil, fault.SignIn("Say who you are: send email and password.")
	}
	t, secret, err := a.Market.MakeToken(ctx, who, market.NewToken{Name: b.Name, Scopes: b.Scopes, Expires: b.Expires, Session: session})
	return ok(NewToken{tokenOf(t), secret}, err)
}
