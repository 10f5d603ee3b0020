package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/market"
	"guildhall/internal/member"
)

type signUpIn struct {
	Body struct {
		Name     string `json:"name" maxLength:"200"`
		Email    string `json:"email" maxLength:"300"`
		Password string `json:"password" maxLength:"1000"`
		Zone     string `json:"zone,omitempty" maxLength:"60" doc:"IANA name of the time zone; UTC when absent."`
	}
}

type signInIn struct {
	Body struct {
		Email    string `json:"email" maxLength:"300"`
		Password string `json:"password" maxLength:"1000"`
	}
}

type forgotIn struct {
	Body struct {
		Email string `json:"email" maxLength:"300"`
	}
}

type resetIn struct {
	Body struct {
		Token    string `json:"token" maxLength:"200" doc:"From the link in the letter."`
		Password string `json:"password" maxLength:"1000"`
	}
}

type setUpIn struct {
	Body struct {
		Token    string `json:"token" maxLength:"200" doc:"From the link that the house printed when it was started."`
		Name     string `json:"name" maxLength:"200"`
		Email    string `json:"email" maxLength:"300"`
		Password string `json:"password" maxLength:"1000"`
		Zone     string `json:"zone,omitempty" maxLength:"60"`
	}
}

// Shut is how somebody is heard who may not sign in.
type Shut struct {
	Reason string     `json:"reason"`
	Voice  string     `json:"voice" enum:",ask,appeal,add" doc:"What their words do: ask support to look at it, appeal against the decision, or add to the case in which it is looked at. Empty when they are heard no more."`
	Case   string     `json:"case,omitempty" doc:"Name of the case that people read out."`
	Until  *time.Time `json:"until,omitempty" doc:"When the time to appeal ends."`
}

type shutWordsIn struct {
	Keyed
	Body struct {
		Email    string `json:"email" maxLength:"300"`
		Password string `json:"password" maxLength:"1000"`
		Text     string `json:"text" maxLength:"20000"`
	}
}

type passwordIn struct {
	Body struct {
		Old      string `json:"old" maxLength:"1000"`
		Password string `json:"password" maxLength:"1000"`
	}
}

func (a *API) accounts() {
	open := func(path, id string, status int, does string) route {
		return route{method: http.MethodPost, path: path, id: id, tag: "Account", who: anyone, status: status, does: does}
	}
	serve(a, open("/signup", "sign-up", http.StatusCreated, "Become a member"), a.signUp)
	signIn := open("/session", "sign-in", http.StatusOK, "Sign a browser in: the answer sets its session cookie")
	serve(a, signIn, a.signIn)
	serve(a, open("/session/suspension", "suspension", http.StatusOK, "Why you may not sign in, and how you are heard about it"), a.suspension)
	heard := open("/session/suspension/words", "suspension-words", http.StatusNoContent, "Speak about your suspension in the way that is open: ask, appeal, or add to it")
	heard.errors = []int{http.StatusGone}
	serve(a, heard, a.suspensionWords)
	serve(a, route{
		method: http.MethodDelete, path: "/session", id: "sign-out", tag: "Account", who: browser, status: http.StatusNoContent,
		does: "Sign the browser out",
	}, func(ctx context.Context, _ *none) (*none, error) { return &none{}, a.Front.SignOut(ctx) })
	serve(a, open("/password-resets", "request-password-reset", http.StatusAccepted, "Ask for a letter with a link that sets a new password"), a.forgot)
	reset := open("/password", "reset-password", http.StatusNoContent, "Set a new password with the token of such a link; every session and every API token ends")
	reset.errors = []int{http.StatusGone}
	serve(a, reset, a.reset)
	serve(a, route{
		method: http.MethodPut, path: "/password", id: "change-password", tag: "Account", who: browser, status: http.StatusNoContent,
		does: "Change your password; every API token ends, and every session but this one",
	}, a.password)
	setUp := open("/setup", "set-up", http.StatusCreated, "Make the first operator with the set-up link of a new house")
	setUp.errors = []int{http.StatusGone}
	serve(a, setUp, a.setUp)
}

func (a *API) signUp(ctx context.Context, in *signUpIn) (*answer[Me], error) {
	if err := a.Front.Limits.Attempt("signup", front.In(ctx), ""); err != nil {
		return nil, err
	}
	b := in.Body
	who, err := a.Market.SignUp(ctx, market.SignUp{Application: member.Application{
		Name: b.Name, Email: b.Email, Password: b.Password, Zone: b.Zone,
	}})
	return ok(meOf(who.Member, a.Market.Now()), err)
}

func (a *API) signIn(ctx context.Context, in *signInIn) (*answer[Me], error) {
	if front.In(ctx).Token {
		return nil, errTokenBrowser
	}
	who, err := a.recognise(ctx, in.Body.Email, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return ok(meOf(who.Member, a.Market.Now()), a.Front.SignIn(ctx, who))
}

var errTokenBrowser = fault.Forbidden("Leave the token out: a session belongs to a browser.")

// recognise finds the member of an address and password, within the limits of
// guessing.
func (a *API) recognise(ctx context.Context, email, password string) (market.Entrant, error) {
	if err := a.Front.Limits.Attempt("signin", front.In(ctx), member.Email(email)); err != nil {
		return market.Entrant{}, err
	}
	return a.Market.SignIn(ctx, email, password)
}

// suspension tells the holder of an address and password what the sign-in page
// tells them.
func (a *API) suspension(ctx context.Context, in *signInIn) (*answer[Shut], error) {
	if err := a.Front.Limits.Attempt("signin", front.In(ctx), member.Email(in.Body.Email)); err != nil {
		return nil, err
	}
	s, err := a.Market.ShutOut(ctx, in.Body.Email, in.Body.Password)
	out := Shut{Reason: s.Why, Voice: string(s.Voice)}
	if s.Case != nil {
		out.Case = s.Case.Ref
		if s.Voice == market.MayAppeal {
			out.Until = &s.Case.AppealUntil
		}
	}
	return ok(out, err)
}

func (a *API) suspensionWords(ctx context.Context, in *shutWordsIn) (*none, error) {
	if err := a.Front.Limits.Attempt("signin", front.In(ctx), member.Email(in.Body.Email)); err != nil {
		return nil, err
	}
	_, err := a.Market.HearShutOut(ctx, in.Key, in.Body.Email, in.Body.Password, in.Body.Text)
	return &none{}, err
}

// forgot always answers the same: who has an account here is nobody's business.
func (a *API) forgot(ctx context.Context, in *forgotIn) (*none, error) {
	email := member.Email(in.Body.Email)
	if err := a.Front.Limits.Attempt("reset", front.In(ctx), email); err != nil {
		return nil, err
	}
	return &none{}, a.Market.RequestReset(ctx, email)
}

func (a *API) reset(ctx context.Context, in *resetIn) (*none, error) {
	if err := a.Front.Limits.Attempt("reset", front.In(ctx), ""); err != nil {
		return nil, err
	}
	_, err := a.Market.Reset(ctx, in.Body.Token, in.Body.Password)
	return &none{}, err
}

func (a *API) password(ctx context.Context, in *passwordIn) (*none, error) {
	me := front.In(ctx).Member
	if err := a.Front.Limits.Attempt("signin", front.In(ctx), me.Email); err != nil {
		return nil, err
	}
	who, err := a.Market.ChangePassword(ctx, actor(ctx), in.Body.Old, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return &none{}, a.Front.SignIn(ctx, who)
}

func (a *API) setUp(ctx context.Context, in *setUpIn) (*answer[Me], error) {
	if err := a.Front.Limits.Attempt("signup", front.In(ctx), ""); err != nil {
		return nil, err
	}
	b := in.Body
	who, err := a.Market.FirstOperator(ctx, b.Token, market.SignUp{Application: member.Application{
		Name: b.Name, Email: b.Email, Password: b.Password, Zone: b.Zone,
	}})
	return ok(meOf(who.Member, a.Market.Now()), err)
}
