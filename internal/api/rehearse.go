package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/policy"
	"guildhall/internal/rehearsal"
)

// PolicyRehearsal is how far the rehearsal of a policy is, and what came of it.
// Pairs are before and after; money is in minor units of the house's currency.
type PolicyRehearsal struct {
	ID      string                 `json:"id"`
	By      ident.Member           `json:"by"`
	Started time.Time              `json:"started_at"`
	Ended   time.Time              `json:"ended_at,omitzero" doc:"Absent while it runs."`
	Share   int                    `json:"percent" doc:"How far it is, nearly."`
	Failed  string                 `json:"failed,omitempty" doc:"Why it came to nothing."`
	Against ident.Policy           `json:"against" doc:"The version that it is compared with."`
	Changes []Change               `json:"changes"`
	At      time.Time              `json:"effective" doc:"From when it would be in force."`
	Until   time.Time              `json:"until" doc:"Levels are let run on until then, as if nothing else happened."`
	Sellers int                    `json:"sellers" doc:"Looked at so far."`
	Turns   map[rehearsal.Kind]int `json:"turns,omitempty" doc:"Sellers of whom it would be so: promoted, warned, demoted, asked (for a person's yes), spared, missed. This is what would happen."`
	Orders  *RehearsedTotals       `json:"orders,omitempty" doc:"What would have been, had the policy been in force when each order was placed. It will not be: an order keeps its own."`
	Classes []RehearsedClass       `json:"classes,omitempty" doc:"The same by how the orders ended; without a class those that were completed."`
}

// RehearsedTurn is one thing that would happen to a level.
type RehearsedTurn rehearsal.Turn

// RehearsedTotals add up what would have been otherwise about some orders.
type RehearsedTotals rehearsal.Totals

// RehearsedClass is that for the orders that ended in one way.
type RehearsedClass struct {
	Class policy.Class `json:"class,omitempty"`
	RehearsedTotals
}

func turnsOf(turns []rehearsal.Turn) []RehearsedTurn {
	list := make([]RehearsedTurn, len(turns))
	for i, t := range turns {
		list[i] = RehearsedTurn(t)
	}
	return list
}

// RehearsedSeller is one seller of a rehearsal.
type RehearsedSeller struct {
	Member ident.Member    `json:"member"`
	Handle string          `json:"handle"`
	Name   string          `json:"name"`
	Level  string          `json:"level,omitempty" doc:"Held now."`
	Turns  []RehearsedTurn `json:"turns"`
	Orders RehearsedTotals `json:"orders" doc:"Of those that would have been otherwise."`
}

// RehearsedPerson is one seller with every order that would have been otherwise.
type RehearsedPerson struct {
	Member ident.Member     `json:"member"`
	Name   string           `json:"name"`
	Level  string           `json:"level,omitempty" doc:"Held now."`
	Old    RehearsedPath    `json:"today" doc:"How the level runs on under today's policy."`
	New    RehearsedPath    `json:"then" doc:"And under the one that is rehearsed."`
	Turns  []RehearsedTurn  `json:"turns" doc:"What differs."`
	Items  []RehearsedOrder `json:"items"`
	Next   string           `json:"next,omitempty"`
}

// RehearsedPath is how a level runs on if nothing else happens.
type RehearsedPath struct {
	Level string          `json:"level,omitempty" doc:"At the end."`
	Turns []RehearsedTurn `json:"turns"`
}

// RehearsedOrder is what would have been otherwise about one order.
type RehearsedOrder struct {
	Order      ident.Order  `json:"order"`
	Ref        string       `json:"ref"`
	Class      policy.Class `json:"class,omitempty"`
	Ended      time.Time    `json:"ended_at"`
	Paid       [2]int64     `json:"paid" doc:"To the seller."`
	Commission [2]int64     `json:"commission"`
	Fee        [2]int64     `json:"fee"`
	Counts     [2]bool      `json:"counts" doc:"Against the seller."`
	Noted      [2]bool      `json:"noted" doc:"For the buyer."`
	Ends       [2]time.Time `json:"ends"`
	Clears     [2]time.Time `json:"clears" doc:"The year 1 where nothing clears."`
	Unless     string       `json:"unless,omitempty" doc:"Why it would not have ended so, or not then."`
}

type rehearseIn struct {
	Body struct {
		Source    string    `json:"source" maxLength:"500000"`
		Effective time.Time `json:"effective,omitzero" doc:"A moment to come; the earliest possible one when absent."`
		From      time.Time `json:"from,omitzero" doc:"Look at orders placed from then on; all when absent."`
		To        time.Time `json:"to,omitzero" doc:"And before then."`
	}
}

// RehearsalAt names a rehearsal.
type RehearsalAt struct {
	ID string `path:"id" maxLength:"40"`
}

type rehearsedIn struct {
	RehearsalAt
	Page
	Only rehearsal.Only `query:"only" enum:"promoted,warned,demoted,asked,spared,missed,orders" doc:"Only those of whom this would be so; all when absent."`
}

type rehearsedSellerIn struct {
	RehearsalAt
	Page
	Member ident.Member `path:"member" pattern:"^member_[0-9a-z]{26}$"`
}

func (a *API) rehearsals() {
	r := func(method, path, id, does string) route {
		return route{method: method, path: path, id: id, tag: "House", who: operator, does: does}
	}
	start := r(http.MethodPost, "/rehearsals", "rehearse-policy", "Begin to rehearse a policy on the house's own history; nothing is written")
	start.status = http.StatusAccepted
	serve(a, start, func(ctx context.Context, in *rehearseIn) (*answer[PolicyRehearsal], error) {
		j, err := a.Market.StartRehearsal(ctx, actor(ctx), market.Rehearsing{
			Name: "policy", Source: in.Body.Source, At: in.Body.Effective, From: in.Body.From, To: in.Body.To,
		})
		return ok(rehearsalOf(j), err)
	})
	serve(a, r(http.MethodGet, "/rehearsals", "list-rehearsals", "The rehearsals that run or have run lately, newest first"),
		func(ctx context.Context, _ *none) (*answer[List[PolicyRehearsal]], error) {
			jobs, err := a.Market.Rehearsals(ctx, actor(ctx))
			return ok(listOf(jobs, "", rehearsalOf), err)
		})
	serve(a, r(http.MethodGet, "/rehearsals/{id}", "get-rehearsal", "How far a rehearsal is, and what came of it"),
		func(ctx context.Context, in *RehearsalAt) (*answer[PolicyRehearsal], error) {
			j, err := a.Market.RehearsalJob(ctx, actor(ctx), in.ID)
			return ok(rehearsalOf(j), err)
		})
	serve(a, r(http.MethodPost, "/rehearsals/{id}/stop", "stop-rehearsal", "Stop a rehearsal that runs"),
		func(ctx context.Context, in *RehearsalAt) (*answer[PolicyRehearsal], error) {
			if err := a.Market.StopRehearsal(ctx, actor(ctx), in.ID); err != nil {
				return nil, err
			}
			j, err := a.Market.RehearsalJob(ctx, actor(ctx), in.ID)
			return ok(rehearsalOf(j), err)
		})
	sellers := r(http.MethodGet, "/rehearsals/{id}/sellers", "list-rehearsed-sellers", "The sellers of whom anything would be otherwise")
	seller := r(http.MethodGet, "/rehearsals/{id}/sellers/{member}", "get-rehearsed-seller", "One of them, with the orders that would have been otherwise")
	sellers.errors = []int{http.StatusConflict} // under way, or stopped
	seller.errors = sellers.errors              // or nothing differs any more
	serve(a, sellers, a.rehearsedSellers)
	serve(a, seller, a.rehearsedSeller)
}

func rehearsalOf(j market.RehearsalJob) PolicyRehearsal {
	r := j.Report
	v := PolicyRehearsal{
		ID: j.ID, By: j.By, Started: j.Started.UTC(), Ended: j.Ended, Share: j.Step.Share, Against: r.Old.ID,
		Changes: []Change{}, At: r.At, Until: r.Until, Sellers: j.Step.Sellers,
	}
	for _, c := range r.Changes {
		v.Changes = append(v.Changes, Change(c))
	}
	switch {
	case j.Running():
	case j.Failed != nil:
		v.Failed = j.Why()
	default:
		totals := RehearsedTotals(r.Totals)
		v.Turns, v.Orders = r.Turns, &totals
		for _, c := range r.Classes {
			v.Classes = append(v.Classes, RehearsedClass{c.Class, RehearsedTotals(c.Totals)})
		}
	}
	return v
}

func (a *API) rehearsedSellers(ctx context.Context, in *rehearsedIn) (*answer[List[RehearsedSeller]], error) {
	rows, next, err := a.Market.RehearsedSellers(ctx, actor(ctx), in.ID, in.Only, market.Cursor(in.Cursor), in.Limit)
	return ok(listOf(rows, string(next), func(r market.RehearsedRow) RehearsedSeller {
		return RehearsedSeller{r.Seller.ID, r.Seller.Handle, r.Seller.Name, r.Fate.Level, turnsOf(r.Turns), RehearsedTotals(r.Totals)}
	}), err)
}

func (a *API) rehearsedSeller(ctx context.Context, in *rehearsedSellerIn) (*answer[RehearsedPerson], error) {
	j, err := a.Market.RehearsalJob(ctx, actor(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	v, err := a.Market.RehearsedSeller(ctx, actor(ctx), j.In, in.Member, market.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	path := func(p rehearsal.Path) RehearsedPath {
		return RehearsedPath{p.Level, turnsOf(p.Turns)}
	}
	out := RehearsedPerson{
		Member: v.Member.ID, Name: v.Member.Name, Level: v.Held, Old: path(v.Fate.Old), New: path(v.Fate.New),
		Turns: turnsOf(v.Fate.Turns), Items: []RehearsedOrder{}, Next: string(v.Next),
	}
	for _, l := range v.Orders {
		out.Items = append(out.Items, RehearsedOrder{
			l.Order, l.Ref, l.Class, l.Ended, l.Paid, l.Commission, l.Fee, l.Counts, l.Noted, l.Ends, l.Clears, l.Unless,
		})
	}
	return &answer[RehearsedPerson]{out}, nil
}
