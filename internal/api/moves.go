package api

import (
	"context"
	"net/http"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/order"
)

// Moved is where an order stands after a move.
type Moved struct {
	Order   ident.Order `json:"order"`
	State   order.State `json:"state"`
	Version int         `json:"version"`
	Event   int         `json:"event" doc:"The number of what happened in the order's timeline."`
}

// OrderAt is the address of an order.
type OrderAt struct {
	ID ident.Order `path:"id" pattern:"^order_[0-9a-z]{26}$"`
}

// bareMove is a move that brings nothing along.
type bareMove struct {
	Keyed
	OrderAt
}

type requirementsIn struct {
	Keyed
	OrderAt
	Body struct {
		Answers []Answer `json:"answers" maxItems:"100"`
	}
}

// Answer is one requirement answered by the buyer.
type Answer struct {
	Question string `json:"question" maxLength:"60" doc:"The key of the question."`
	Text     string `json:"text" maxLength:"100000"`
}

type postIn struct {
	Keyed
	OrderAt
	Body struct {
		Text  string       `json:"text,omitempty" maxLength:"100000" doc:"At least a text or a file."`
		Files []ident.File `json:"files,omitempty" maxItems:"100" doc:"Uploads of yours with the purpose order."`
	}
}

type commentIn struct {
	Keyed
	OrderAt
	Body struct {
		On   int    `json:"on" minimum:"1" maximum:"1000000" doc:"The number of the event that is commented on."`
		Text string `json:"text" maxLength:"100000"`
	}
}

type delayIn struct {
	Keyed
	OrderAt
	Body struct {
		Reason string `json:"reason" maxLength:"100000"`
	}
}

type revisionIn struct {
	Keyed
	OrderAt
	Body struct {
		Text  string `json:"text" maxLength:"100000"`
		Lines []int  `json:"lines,omitempty" maxItems:"100" doc:"The requirement lines that the delivery falls short of, counted from 1."`
		Fault bool   `json:"fault,omitempty" doc:"It misses these lines: such a revision is never counted."`
	}
}

var (
	buying  = []member.Scope{member.ScopeBuy}
	selling = []member.Scope{member.ScopeSell}
	either  = []member.Scope{member.ScopeBuy, member.ScopeSell}
)

// bare are the moves that need no more than their name.
var bare = []struct {
	path   string
	scopes []member.Scope
	move   order.Move
	does   string
}{
	{"undo", buying, order.Undo{}, "Undo an order before it starts: everything goes back to the buyer"},
	{"waive", selling, order.Waive{}, "Start without the buyer's answers; from now on the order counts"},
	{"extend-review", buying, order.ExtendReview{}, "Take more time to look at a delivery, once"},
	{"accept", buying, order.Accept{}, "Accept the delivery: completes the order and pays the seller"},
	{"cancel-late", buying, order.CancelLate{}, "Cancel an order that is late with nothing delivered"},
	{"cancel-stale", selling, order.CancelStale{}, "Cancel an order whose buyer never answered the questions"},
}

func (a *API) moves() {
	for _, b := range bare {
		serve(a, moveRoute(b.path, b.scopes, b.does), func(ctx context.Context, in *bareMove) (*answer[Moved], error) {
			return a.move(ctx, in.Keyed, in.OrderAt, b.move)
		})
	}
	serve(a, moveRoute("requirements", buying, "Answer the seller's questions: this starts the order"), a.submit)
	serve(a, moveRoute("progress", selling, "Show how far the work is; it stops no clock"), a.progress)
	serve(a, moveRoute("deliver", selling, "Hand over the work"), a.deliver)
	serve(a, moveRoute("comments", either, "Comment on an update or a delivery"), func(ctx context.Context, in *commentIn) (*answer[Moved], error) {
		return a.move(ctx, in.Keyed, in.OrderAt, order.Comment{On: in.Body.On, Text: in.Body.Text})
	})
	serve(a, moveRoute("delay", selling, "Say before the due date that it will be late, and why"), func(ctx context.Context, in *delayIn) (*answer[Moved], error) {
		return a.move(ctx, in.Keyed, in.OrderAt, order.Delay{Reason: in.Body.Reason})
	})
	serve(a, moveRoute("revision", buying, "Send the delivery back"), func(ctx context.Context, in *revisionIn) (*answer[Moved], error) {
		return a.move(ctx, in.Keyed, in.OrderAt, order.Revise{Text: in.Body.Text, Lines: in.Body.Lines, Fault: in.Body.Fault})
	})
}

func moveRoute(path string, scopes []member.Scope, does string) route {
	return route{
		method: http.MethodPost, path: "/orders/{id}/" + path, id: "order-" + path, tag: "Order moves",
		who: signedIn, scopes: scopes, does: does, errors: []int{http.StatusGone},
	}
}

func (a *API) move(ctx context.Context, k Keyed, at OrderAt, m order.Move) (*answer[Moved], error) {
	moved, err := a.Market.Move(ctx, actor(ctx), k.Key, at.ID, m)
	return ok(movedOf(moved), err)
}

func movedOf(m market.Moved) Moved { return Moved(m) }

func (a *API) submit(ctx context.Context, in *requirementsIn) (*answer[Moved], error) {
	answers := make([]order.Answer, len(in.Body.Answers))
	for i, x := range in.Body.Answers {
		answers[i] = order.Answer{Question: x.Question, Text: x.Text}
	}
	return a.move(ctx, in.Keyed, in.OrderAt, order.Submit{Answers: answers})
}

func (a *API) progress(ctx context.Context, in *postIn) (*answer[Moved], error) {
	return a.move(ctx, in.Keyed, in.OrderAt, order.Progress{Text: in.Body.Text, Files: in.Body.Files})
}

func (a *API) deliver(ctx context.Context, in *postIn) (*answer[Moved], error) {
	return a.move(ctx, in.Keyed, in.OrderAt, order.Deliver{Text: in.Body.Text, Files: in.Body.Files})
}
