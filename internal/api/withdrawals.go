package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/withdrawal"
)

// Withdrawal is one amount on its way out.
type Withdrawal struct {
	ID     ident.Withdrawal `json:"id" pattern:"^withdrawal_[0-9a-z]{26}$"`
	Amount Money            `json:"amount"`
	To     string           `json:"to" doc:"The account, all but its end hidden."`
	State  withdrawal.State `json:"state" enum:"asked,sent,returned"`
	Why    string           `json:"why,omitempty" doc:"Why it came back."`
	Asked  time.Time        `json:"asked_at"`
	Ended  *time.Time       `json:"ended_at,omitempty" doc:"It was sent, or came back."`
}

func withdrawalOf(w withdrawal.Withdrawal) Withdrawal {
	return Withdrawal{
		ID: w.ID, Amount: moneyOf(w.Amount), To: w.Masked(), State: w.State, Why: w.Why, Asked: w.Asked.UTC(), Ended: instant(w.Ended),
	}
}

type withdrawIn struct {
	Keyed
	Body struct {
		Amount  Money  `json:"amount"`
		Account string `json:"account" maxLength:"200" doc:"Where the provider shall send it."`
	}
}

func (a *API) withdrawals() {
	serve(a, route{
		method: http.MethodPost, path: "/withdrawals", id: "withdraw", tag: "Money", who: signedIn, scopes: selling, status: http.StatusCreated,
		does: "Withdraw from what is available", about: "The money leaves the balance at once. If the provider cannot send it, it comes back with the reason.",
	}, func(ctx context.Context, in *withdrawIn) (*answer[Withdrawal], error) {
		w, err := a.Market.Withdraw(ctx, actor(ctx), in.Key, in.Body.Amount.amount(), in.Body.Account)
		return ok(withdrawalOf(w), err)
	})
	serve(a, route{
		method: http.MethodGet, path: "/withdrawals", id: "list-withdrawals", tag: "Money", who: signedIn, scopes: reading,
		does: "Your withdrawals, newest first",
	}, func(ctx context.Context, in *Page) (*answer[List[Withdrawal]], error) {
		list, next, err := a.Market.Withdrawals(ctx, actor(ctx), market.Cursor(in.Cursor), in.Limit)
		return ok(listOf(list, string(next), withdrawalOf), err)
	})
}
