package api

import (
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
	Body *Seen
}

type requirementsIn struct {
	Keyed
	OrderAt
	Body struct {
		Seen
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
		Seen
		Text  string       `json:"text,omitempty" maxLength:"100000" doc:"At least a text or a file."`
		Files []ident.File `json:"files,omitempty" maxItems:"100" doc:"Uploads of yours with the purpose order."`
	}
}

type commentIn struct {
	Keyed
	OrderAt
	Body struct {
		Seen
		On   int    `json:"on" minimum:"1" maximum:"1000000" doc:"The number of the event that is commented on."`
		Text string `json:"text" maxLength:"100000"`
	}
}

type delayIn struct {
	Keyed
	OrderAt
	Body struct {
		Seen
		Reason string `json:"reason" maxLength:"100000"`
	}
}

type revisionIn struct {
	Keyed
	OrderAt
	Body struct {
		Seen
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
		act(a, b.path, "order-"+b.path, b.scopes, b.does, func(in *bareMove) deed {
			d := deed{key: in.Key, order: in.ID, move: b.move}
			if in.Body != nil {
				d.digest = in.Body.Digest
			}
			return d
		})
	}
	act(a, "requirements", "order-requirements", buying, "Answer the seller's questions: this starts the order", func(in *requirementsIn) deed {
		answers := make([]order.Answer, len(in.Body.Answers))
		for i, x := range in.Body.Answers {
			answers[i] = order.Answer{Question: x.Question, Text: x.Text}
		}
		return deed{key: in.Key, order: in.ID, digest: in.Body.Digest, move: order.Submit{Answers: answers}}
	})
	act(a, "progress", "order-progress", selling, "Show how far the work is; it stops no clock", func(in *postIn) deed {
		return deed{key: in.Key, order: in.ID, digest: in.Body.Digest, move: order.Progress{Text: in.Body.Text, Files: in.Body.Files}}
	})
	act(a, "deliver", "order-deliver", selling, "Hand over the work", func(in *postIn) deed {
		return deed{key: in.Key, order: in.ID, digest: in.Body.Digest, move: order.Deliver{Text: in.Body.Text, Files: in.Body.Files}}
	})
	act(a, "comments", "order-comments", either, "Comment on an update or a delivery", func(in *commentIn) deed {
		return deed{key: in.Key, order: in.ID, digest: in.Body.Digest, move: order.Comment{On: in.Body.On, Text: in.Body.Text}}
	})
	act(a, "delay", "order-delay", selling, "Say before the due date that it will be late, and why", func(in *delayIn) deed {
		return deed{key: in.Key, order: in.ID, digest: in.Body.Digest, move: order.Delay{Reason: in.Body.Reason}}
	})
	act(a, "revision", "order-revision", buying, "Send the delivery back", func(in *revisionIn) deed {
		b := in.Body
		return deed{key: in.Key, order: in.ID, digest: b.Digest, move: order.Revise{Text: b.Text, Lines: b.Lines, Fault: b.Fault}}
	})
}

func movedOf(m market.Moved) Moved { return Moved(m) }
