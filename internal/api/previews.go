package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
)

// Preview is what an action would do, one row for each possible answer. It was
// decided by what decides the action itself, and not saved.
type Preview struct {
	Order  ident.Order `json:"order"`
	Move   order.Name  `json:"move"`
	You    order.Party `json:"you" enum:"buyer,seller"`
	Digest string      `json:"digest" doc:"Send it along with the action: where the effect on this order would differ by then, nothing is done."`
	Rows   []EffectRow `json:"rows"`
}

// EffectRow is what comes of an action with one answer of the other side.
type EffectRow struct {
	Reply     order.Reply    `json:"reply" enum:"now,accepted,declined,silence" doc:"The answer; now where none is awaited. Beside an answer of yours, silence is your own."`
	At        time.Time      `json:"at" doc:"When it would take effect."`
	Says      string         `json:"says" doc:"What becomes of the order."`
	State     order.State    `json:"state"`
	Class     policy.Class   `json:"class,omitempty"`
	Ending    *Ending        `json:"ending,omitempty"`
	Held      bool           `json:"held" doc:"Every clock would stand still."`
	Title     string         `json:"title"`
	Total     Money          `json:"total" doc:"What the buyer would have paid in all."`
	Due       *time.Time     `json:"due_at,omitempty"`
	Completes *time.Time     `json:"completes_at,omitempty"`
	Money     Flow           `json:"money"`
	Figures   []FigureChange `json:"figures" doc:"Yours that this order touches."`
	Level     *LevelShift    `json:"level,omitempty" doc:"Yours as a seller, without and with it."`
}

// LevelShift is your level without and with what would happen.
type LevelShift struct {
	Moves         bool       `json:"moves"`
	Before        string     `json:"before" doc:"Its name in the policy; empty for none."`
	After         string     `json:"after"`
	DemotesBefore *time.Time `json:"demotes_before,omitempty" doc:"When it falls unless your figures recover."`
	DemotesAfter  *time.Time `json:"demotes_after,omitempty"`
	Short         []string   `json:"short,omitempty" doc:"What your figures would lack for it."`
}

// Flow is the money of a row, added up from the entries that would be booked.
type Flow struct {
	Says       string `json:"says"`
	Charged    Money  `json:"charged" doc:"What the buyer pays more."`
	Back       Money  `json:"back" doc:"What goes back to the buyer."`
	Paid       Money  `json:"paid_out" doc:"What is passed on: to the buyer all of it, to the seller their own share."`
	Commission *Money `json:"commission,omitempty" doc:"What the house keeps; shown to the seller."`
	Held       Money  `json:"held" doc:"What rests with the house afterwards."`
	Settles    *Money `json:"settles,omitempty" doc:"The most of the seller's share that pays off what they owe the house, before it can be withdrawn; absent where they owe nothing."`
}

// FigureChange is one of your figures without and with what would happen.
type FigureChange struct {
	Figure standing.Figure `json:"figure" enum:"completed,unique_buyers,earned,completion,on_time,buyer_record"`
	Moves  bool            `json:"moves" doc:"Whether it would be another one."`
	Before string          `json:"before"`
	After  string          `json:"after"`
	Mark   standing.Mark   `json:"mark,omitempty" enum:"for,against,excluded"`
	Why    string          `json:"why,omitempty"`
	Until  *time.Time      `json:"until,omitempty" doc:"It leaves the window then."`
	Latest *time.Time      `json:"until_at_most,omitempty" doc:"Where few things count the window reaches back for it, at most until then; absent where many do."`
}

// effectsOf shows a preview to the party it was made for.
func effectsOf(v market.Preview) Preview {
	w := Preview{Order: v.Order.ID, Move: v.Move, You: v.Party, Digest: v.Digest, Rows: make([]EffectRow, len(v.Rows))}
	for i, row := range v.Rows {
		w.Rows[i] = effectRowOf(v, row, v.Figures[i], v.Levels[i])
	}
	return w
}

func effectRowOf(v market.Preview, row order.Foreseen, figures []standing.Change, level standing.LevelChange) EffectRow {
	o := row.After
	text, until := row.Says(v.Order)
	says := strings.NewReplacer("{buyer}", "the buyer", "{seller}", "the seller", "{until}", moment(until))
	w := EffectRow{
		Reply: row.Reply, At: row.At.UTC(), Says: strings.TrimSpace(says.Replace(text + " " + row.Counts())),
		State: o.State, Class: o.EndingClass(), Ending: endingOf(o, v.Policy), Held: o.Held(), Title: o.Title, Total: moneyOf(o.Total),
		Due: instant(o.DueAt), Money: flowOf(v, row), Figures: []FigureChange{},
	}
	if o.State == order.Delivered {
		w.Completes = instant(o.Life.CompletesAt)
	}
	me := o.Buyer
	if v.Party == order.Seller {
		me = o.Seller
	}
	for _, c := range figures {
		if c.Member == me {
			w.Figures = append(w.Figures, figureChangeOf(c))
		}
	}
	if v.Party == order.Seller {
		w.Level = levelShiftOf(level)
	}
	return w
}

func levelShiftOf(c standing.LevelChange) *LevelShift {
	return &LevelShift{
		Moves: c.Moves(), Before: c.Before, After: c.After, Short: c.Short,
		DemotesBefore: instant(c.Demotes[0]), DemotesAfter: instant(c.Demotes[1]),
	}
}

func flowOf(v market.Preview, row order.Foreseen) Flow {
	f, err := row.Flow(v.Policy)
	if err != nil {
		return Flow{} // amounts are checked when they are agreed on
	}
	says := strings.NewReplacer("{other}", "the other side", "{method}", row.After.Methods())
	w := Flow{Says: says.Replace(f.Says(v.Party)), Charged: moneyOf(f.Charged), Back: moneyOf(f.Back), Held: moneyOf(f.Held)}
	if v.Party == order.Seller {
		kept := moneyOf(f.Commission)
		w.Paid, w.Commission = moneyOf(f.Seller), &kept
		if !f.Settles.IsZero() {
			settles := moneyOf(f.Settles)
			w.Settles = &settles
		}
		return w
	}
	f.Seller.Minor += f.Commission.Minor
	w.Paid = moneyOf(f.Seller)
	return w
}

func figureChangeOf(c standing.Change) FigureChange {
	return FigureChange{
		Figure: c.Figure, Moves: c.Moves(), Mark: c.Adds.Mark, Why: c.Adds.Why(), Until: instant(c.Until), Latest: latestOf(c),
		Before: c.Says[0], After: c.Says[1],
	}
}

// latestOf is how long a change may stay where few things count; nil elsewhere.
func latestOf(c standing.Change) *time.Time {
	if !c.Lingers() {
		return nil
	}
	return instant(c.Latest)
}

// deed is an action on an order, as its request said it.
type deed struct {
	key    market.Key
	order  ident.Order
	digest string
	move   order.Move
	err    error // what is wrong with the request itself
}

// Seen is the digest of the preview that somebody has looked at.
type Seen struct {
	Digest string `json:"digest,omitempty" maxLength:"64" doc:"Of the preview that you have seen; optional. Where the effect would be another one by now, nothing is done and the answer is 409 with the preview of now."`
}

// act registers an action on an order, and its preview: the same request,
// decided and not done.
func act[I any](a *API, path, id string, scopes []member.Scope, does string, read func(*I) deed) {
	r := route{
		method: http.MethodPost, path: "/orders/{id}/" + path, id: id, tag: "Order moves",
		who: signedIn, scopes: scopes, does: does, errors: []int{http.StatusGone},
	}
	serve(a, r, func(ctx context.Context, in *I) (*answer[Moved], error) {
		d := read(in)
		if d.err != nil {
			return nil, d.err
		}
		moved, err := a.Market.Confirm(ctx, actor(ctx), d.key, d.order, d.move, d.digest)
		return ok(movedOf(moved), err)
	})
	r.path, r.id, r.scopes, r.idle = r.path+"/preview", "preview-"+id, reading, true
	r.does = "What that would do, for each possible answer; nothing is done"
	r.about = "The same request as " + strings.TrimSuffix(r.path, "/preview") + "."
	serve(a, r, func(ctx context.Context, in *I) (*answer[Preview], error) {
		d := read(in)
		if d.err != nil {
			return nil, d.err
		}
		v, err := a.Market.Foresee(ctx, actor(ctx), d.order, d.move)
		if err != nil {
			return nil, err
		}
		return ok(effectsOf(v), nil)
	})
}
