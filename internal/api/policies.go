package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

// PolicyHead is one version of the rulebook in a list.
type PolicyHead struct {
	ID        ident.Policy `json:"id" pattern:"^policy_[0-9a-z]{26}$"`
	Profile   string       `json:"profile"`
	Effective time.Time    `json:"effective"`
	Created   time.Time    `json:"created_at"`
	InForce   bool         `json:"in_force"`
	By        ident.Member `json:"by,omitempty" doc:"Shown to operators only; absent where the house applied it."`
}

// Policy is one version of the rulebook.
type Policy struct {
	PolicyHead
	Source string `json:"source" doc:"The policy file, every number of the rulebook in it."`
}

// Change is one number of the rulebook that differs.
type Change struct {
	Path string `json:"path"`
	From string `json:"from"`
	To   string `json:"to"`
}

// PolicyAt is the address of a version of the rulebook.
type PolicyAt struct {
	ID ident.Policy `path:"id" pattern:"^policy_[0-9a-z]{26}$"`
}

type diffIn struct {
	PolicyAt
	From ident.Policy `query:"from" maxLength:"60" doc:"The version to compare with; the one before when absent."`
}

type applyIn struct {
	Keyed
	Body struct {
		Source    string    `json:"source" maxLength:"500000"`
		Effective time.Time `json:"effective,omitzero" doc:"A moment to come; the earliest possible one when absent."`
	}
}

func (a *API) policies() {
	reads := func(path, id, does string) route {
		return route{method: http.MethodGet, path: path, id: id, tag: "Policy", who: anyone, does: does}
	}
	serve(a, reads("/policy", "get-policy", "The rulebook that is in force now"), func(ctx context.Context, _ *none) (*answer[Policy], error) {
		return a.policy(ctx, a.Market.Policy().ID)
	})
	serve(a, reads("/policies", "list-policies", "Every version of the rulebook, in the order of effect"), a.editions)
	serve(a, reads("/policies/{id}", "get-policy-version", "A version of the rulebook"), func(ctx context.Context, in *PolicyAt) (*answer[Policy], error) {
		return a.policy(ctx, in.ID)
	})
	serve(a, reads("/policies/{id}/diff", "diff-policy", "What a version changes"), a.diff)
	serve(a, route{
		method: http.MethodPost, path: "/policies", id: "apply-policy", tag: "House", who: operator, status: http.StatusCreated,
		does: "Add a version of the rulebook that takes effect at a moment to come",
	}, a.apply)
}

func headOfEdition(e market.Edition, now ident.Policy, who member.Actor) PolicyHead {
	h := PolicyHead{ID: e.ID, Profile: e.Profile, Effective: e.Effective.UTC(), Created: e.Created.UTC(), InForce: e.ID == now}
	if who.Role == member.RoleOperator {
		h.By = e.By
	}
	return h
}

func (a *API) editions(ctx context.Context, _ *none) (*answer[List[PolicyHead]], error) {
	all, err := a.Market.Editions(ctx)
	now := a.Market.Policy().ID
	return ok(listOf(all, "", func(e market.Edition) PolicyHead { return headOfEdition(e, now, actor(ctx)) }), err)
}

// edition finds a version and the one before it.
func (a *API) edition(ctx context.Context, id ident.Policy) (it, before market.Edition, err error) {
	all, err := a.Market.Editions(ctx)
	if err != nil {
		return it, before, err
	}
	for i, e := range all {
		if e.ID == id {
			if i > 0 {
				before = all[i-1]
			}
			return e, before, nil
		}
	}
	return it, before, fault.NotFound("There is no such version of the policy.")
}

func (a *API) policy(ctx context.Context, id ident.Policy) (*answer[Policy], error) {
	e, _, err := a.edition(ctx, id)
	return ok(Policy{headOfEdition(e, a.Market.Policy().ID, actor(ctx)), e.Source}, err)
}

func (a *API) diff(ctx context.Context, in *diffIn) (*answer[List[Change]], error) {
	to, from, err := a.edition(ctx, in.ID)
	if err == nil && in.From != "" {
		from, _, err = a.edition(ctx, in.From)
	}
	if err != nil {
		return nil, err
	}
	var changes []policy.Change
	if from.ID != "" { // the first version changes nothing
		changes = policy.Diff(from.Document, to.Document)
	}
	return ok(listOf(changes, "", func(c policy.Change) Change { return Change(c) }), nil)
}

func (a *API) apply(ctx context.Context, in *applyIn) (*answer[Policy], error) {
	e, err := a.Market.ApplyPolicy(ctx, actor(ctx), in.Key, "policy", in.Body.Source, in.Body.Effective)
	return ok(Policy{headOfEdition(e, a.Market.Policy().ID, actor(ctx)), e.Source}, err)
}
