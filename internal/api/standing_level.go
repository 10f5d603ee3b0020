package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/standing"
)

// Standing is where somebody stands as a seller.
type Standing struct {
	Figures
	Selling   bool            `json:"selling" doc:"They have a shop; without one only the figures say anything."`
	Suspended bool            `json:"suspended" doc:"The level stays, and nobody is shown it."`
	Level     SellerLevel     `json:"level"`
	Ladder    []Rung          `json:"ladder" doc:"Every level, from the lowest."`
	Forecast  []ForecastStep  `json:"forecast" doc:"What changes by itself when, and what the figures are then if nothing else happens."`
	Recovery  []Recovery      `json:"recovery" doc:"How few more it takes for each figure that is below what is asked for."`
	History   []LevelEvent    `json:"history" doc:"Of the level, newest first."`
	Shares    []StandingShare `json:"shares" doc:"Links that still show it to somebody."`
	Expires   *time.Time      `json:"expires_at,omitempty" doc:"Of the link that this is seen through."`
}

// SellerLevel is where a seller stands on the ladder.
type SellerLevel struct {
	Name     string     `json:"name" doc:"Empty for none."`
	Words    string     `json:"words,omitempty"`
	Since    *time.Time `json:"since,omitempty"`
	Warned   *time.Time `json:"below_since,omitempty" doc:"The figures are below it since then."`
	Ends     *time.Time `json:"ends_at,omitempty" doc:"And it ends then, unless they are back before."`
	Waits    string     `json:"waits_for,omitempty" doc:"The level for which only a person's yes is missing."`
	Asked    *time.Time `json:"asked_at,omitempty"`
	Approved *LevelWord `json:"approved,omitempty"`
	Declined *LevelWord `json:"declined,omitempty"`
	NextLook *time.Time `json:"next_look_at,omitempty" doc:"When time alone has it looked at again; whatever changes a figure has it looked at besides."`
}

// LevelWord is what a person of the house said about a level.
type LevelWord struct {
	Level string    `json:"level"`
	At    time.Time `json:"at"`
	Why   string    `json:"why"`
}

// Rung is one level, with what it asks for and what of that is there.
type Rung struct {
	Name         string        `json:"name"`
	Words        string        `json:"words"`
	Held         bool          `json:"held" doc:"The present level, or below it."`
	Met          bool          `json:"met"`
	Requirements []Requirement `json:"requirements"`
}

// Requirement is one row of the answer to why somebody is not at a level.
type Requirement struct {
	Figure   standing.Figure `json:"figure"`
	Required string          `json:"required"`
	Mine     string          `json:"mine"`
	Missing  string          `json:"missing,omitempty"`
	Todo     string          `json:"todo,omitempty"`
	Met      bool            `json:"met"`
	Enforced bool            `json:"enforced" doc:"False for a share of which too little counts: it is held against nobody."`
}

// ForecastStep is one instant at which something changes by itself.
type ForecastStep struct {
	At         time.Time      `json:"at"`
	Leaves     []Contribution `json:"leaves"`
	Comes      []Contribution `json:"comes"`
	Lapsed     int            `json:"warnings_ended"`
	Rules      ident.Policy   `json:"rules,omitempty" doc:"The version of the rulebook that takes effect then."`
	Completion Rate           `json:"completion"`
	OnTime     Rate           `json:"on_time"`
	Response   Rate           `json:"response"`
	Rating     Mean           `json:"rating"`
	Level      string         `json:"level" doc:"Name of the level then; empty for none."`
	Ends       *time.Time     `json:"level_ends_at,omitempty" doc:"When that level would end, where the figures are below it then."`
}

// Recovery is how a figure reaches what a level asks for.
type Recovery struct {
	Figure   standing.Figure `json:"figure"`
	Level    string          `json:"level"`
	Required string          `json:"required"`
	Need     []RecoveryNeed  `json:"need" doc:"From each instant on until the next."`
}

// RecoveryNeed is how many more are enough from an instant on: orders completed or
// delivered on time, first messages answered, reviews with five stars.
type RecoveryNeed struct {
	From time.Time `json:"from"`
	N    int       `json:"n" doc:"0: it is reached without any. -1: no number is enough."`
}

// LevelEvent is one thing that happened to a level.
type LevelEvent struct {
	Kind  effect.Kind       `json:"kind"`
	At    time.Time         `json:"at"`
	From  string            `json:"from,omitempty"`
	To    string            `json:"to,omitempty"`
	Until *time.Time        `json:"until,omitempty" doc:"Of a warning: the day on which the level ends."`
	Text  string            `json:"text,omitempty"`
	Facts map[string]string `json:"facts,omitempty"`
}

// StandingShare is a link that shows a standing, to read only.
type StandingShare struct {
	ID     ident.Share `json:"id" pattern:"^share_[0-9a-z]{26}$"`
	Secret string      `json:"secret,omitempty" doc:"Told once, when it is made: the standing stands at /standing/shared/{secret}."`
	Made   time.Time   `json:"made_at"`
	Until  time.Time   `json:"until"`
}

type levelIn struct {
	Level string `path:"level" maxLength:"100" doc:"Its name in the policy."`
}

type makeShareIn struct{ Keyed }

type shareAt struct {
	Keyed
	ID ident.Share `path:"id" pattern:"^share_[0-9a-z]{26}$"`
}

type sharedIn struct {
	Secret string `path:"secret" maxLength:"200"`
}

type sharedBehindIn struct {
	Secret string          `path:"secret" maxLength:"200"`
	Figure standing.Figure `path:"figure" enum:"completed,unique_buyers,earned,completion,on_time,response,rating,warnings"`
	Mark   standing.Mark   `query:"mark" enum:"for,against,excluded" doc:"Only these; empty for all."`
	Page
}

func (a *API) levels() {
	reads := func(path, id, does, about string, who who) route {
		r := route{method: http.MethodGet, path: path, id: id, tag: "Standing", who: who, does: does, about: about}
		if who == signedIn {
			r.scopes = reading
		}
		return r
	}
	const closed = "Whoever has the secret may read; a wrong one, an old one and a closed one are answered alike. It names no order, no conversation and no buyer."
	serve(a, reads("/standing/why/{level}", "get-level-requirements", "Why you are not, or are, at a level", "One row for each thing that it asks for.", signedIn), a.why)
	serve(a, reads("/standing/shared/{secret}", "get-shared-standing", "A standing that its owner shows to a helper", closed, anyone), a.sharedStanding)
	serve(a, reads("/standing/shared/{secret}/{figure}", "list-shared-contributions", "What is behind a figure of such a standing", closed, anyone), func(ctx context.Context, in *sharedBehindIn) (*answer[List[Contribution]], error) {
		b, err := a.Market.SharedBehind(ctx, in.Secret, in.Figure, in.Mark, market.Cursor(in.Cursor), in.Limit)
		return ok(behindOf(b), err)
	})
	serve(a, route{
		method: http.MethodPost, path: "/standing/shares", id: "share-standing", tag: "Standing", who: signedIn, scopes: selling, status: http.StatusCreated,
		does: "Make a link that shows your standing to a helper", about: "To read only, and for the time that the policy gives it. Its secret is told this once.",
	}, func(ctx context.Context, in *makeShareIn) (*answer[StandingShare], error) {
		s, err := a.Market.ShareStanding(ctx, actor(ctx), in.Key)
		return ok(shareOf(s), err)
	})
	serve(a, route{
		method: http.MethodPost, path: "/standing/shares/{id}/revoke", id: "revoke-standing-share", tag: "Standing", who: signedIn, scopes: selling,
		does: "Close such a link",
	}, func(ctx context.Context, in *shareAt) (*answer[Done], error) {
		return ok(Done{true}, a.Market.RevokeShare(ctx, actor(ctx), in.Key, in.ID))
	})
	a.knownOf()
	a.levelQueue()
}

func (a *API) standing(ctx context.Context, _ *none) (*answer[Standing], error) {
	s, err := a.Market.MyStanding(ctx, actor(ctx))
	if err != nil {
		return nil, err
	}
	return ok(standingOf(s), nil)
}

func (a *API) sharedStanding(ctx context.Context, in *sharedIn) (*answer[Standing], error) {
	s, err := a.Market.SharedStanding(ctx, in.Secret)
	if err != nil {
		return nil, err
	}
	return ok(standingOf(s), nil)
}

func (a *API) why(ctx context.Context, in *levelIn) (*answer[Rung], error) {
	s, err := a.Market.MyStanding(ctx, actor(ctx))
	if err != nil {
		return nil, err
	}
	r, found := s.Rung(in.Level)
	if !found || !s.Selling {
		return nil, errNoLevel
	}
	return ok(rungOf(r), nil)
}

func standingOf(s market.Standing) Standing {
	w := Standing{
		Figures: figuresOf(s.Figures), Selling: s.Selling, Suspended: s.Suspended, Level: levelOf(s.State, s.Policy), Expires: instant(s.Expires),
		Ladder: []Rung{}, Forecast: []ForecastStep{}, Recovery: []Recovery{}, History: []LevelEvent{}, Shares: []StandingShare{},
	}
	w.Level.NextLook = instant(s.Next)
	for _, r := range s.Ladder {
		w.Ladder = append(w.Ladder, rungOf(r))
	}
	for _, step := range s.Forecast {
		w.Forecast = append(w.Forecast, turnOf(step))
	}
	for _, r := range s.Recovery {
		w.Recovery = append(w.Recovery, recoveryOf(r))
	}
	for _, e := range s.History {
		w.History = append(w.History, LevelEvent{e.Kind, e.At.UTC(), e.From, e.To, instant(e.Detail.Until), e.Detail.Text, e.Detail.Facts})
	}
	for _, link := range s.Shares {
		w.Shares = append(w.Shares, shareOf(link))
	}
	return w
}
