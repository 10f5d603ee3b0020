package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/needs"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
	"guildhall/internal/standing"
)

// Figures are a person's numbers now.
type Figures struct {
	At           time.Time         `json:"at"`
	Policy       ident.Policy      `json:"policy" doc:"The version of the rulebook that they were made by."`
	Completed    int               `json:"completed" doc:"A seller's completed orders, ever."`
	UniqueBuyers int               `json:"unique_buyers" doc:"Different buyers of those."`
	Earned       Money             `json:"earned" doc:"What orders paid them, ever, after commission and refunds."`
	Days         int               `json:"days" doc:"Whole days since they opened their shop."`
	Opened       *time.Time        `json:"shop_opened_at,omitempty"`
	Completion   Rate              `json:"completion" doc:"A seller's completed orders, of those and the endings that count."`
	OnTime       Rate              `json:"on_time" doc:"A seller's first deliveries that came by the due date."`
	Response     Rate              `json:"response" doc:"A seller's first messages that were answered in time."`
	Rating       Mean              `json:"rating" doc:"The mean of a seller's reviews that are shown."`
	Warnings     []StandingWarning `json:"warnings" doc:"Those that stand now."`
	Record       Record            `json:"buyer_record" doc:"What of a buyer's endings is on record."`
}

// Rate is a share. It is the fraction that is compared, never the text.
type Rate struct {
	Text     string    `json:"text" doc:"In percent, cut to one decimal and never rounded up; \"none yet\" where nothing counts."`
	For      int       `json:"for"`
	Counted  int       `json:"counted" doc:"The denominator."`
	Against  int       `json:"against"`
	Excluded int       `json:"excluded" doc:"Those of the window that are left out, each with its rule."`
	Since    time.Time `json:"since" doc:"What happened after this instant is looked at."`
	Reached  bool      `json:"reached" doc:"Too few count in the window alone, so it looks further back."`
	Enforced bool      `json:"enforced" doc:"Enough count for it to be held against a threshold."`
}

// Mean is a mean of stars. It is the parts that are compared, never the text.
type Mean struct {
	Text       string    `json:"text" doc:"Cut to one decimal and never rounded up; \"none yet\" without a review."`
	Parts      int64     `json:"parts" doc:"The sum of the overalls of the window, in parts of a star: 2520 are one star."`
	Reviews    int       `json:"reviews" doc:"The denominator: reviews of the window that are shown."`
	Removed    int       `json:"removed" doc:"Of the window, with tombstones in their places."`
	Since      time.Time `json:"since"`
	Life       string    `json:"lifetime_text"`
	LifeParts  int64     `json:"lifetime_parts"`
	LifeN      int       `json:"lifetime_reviews"`
	LifeRemove int       `json:"lifetime_removed"`
}

// StandingWarning is a warning as figures read it.
type StandingWarning struct {
	ID    ident.Warning `json:"id,omitempty"`
	Given time.Time     `json:"given_at"`
	Until time.Time     `json:"until"`
}

// Record is what of a buyer's endings is on record.
type Record struct {
	Noted    int       `json:"noted"`
	NotNoted int       `json:"not_noted"`
	Since    time.Time `json:"since"`
}

// Contribution is what one thing adds to one figure.
type Contribution struct {
	Figure  standing.Figure `json:"figure" enum:"completed,unique_buyers,earned,completion,on_time,response,rating,warnings,buyer_record"`
	Subject string          `json:"subject,omitempty" doc:"The id of the order, conversation or warning; absent through a link."`
	Order   ident.Order     `json:"order,omitempty" doc:"The same, where it is an order."`
	Ref     string          `json:"ref,omitempty"`
	With    ident.Member    `json:"with,omitempty" doc:"The other party; absent through a link."`
	Name    string          `json:"with_name,omitempty"`
	At      time.Time       `json:"at"`
	Mark    standing.Mark   `json:"mark" enum:"for,against,excluded" doc:"In a buyer's record, against is noted and excluded is not."`
	Value   int64           `json:"value,omitempty" doc:"Of earned: minor units. Of rating: parts of a star, 2520 are one."`
	Rule    string          `json:"rule" doc:"The row of the matrix of endings, or a word like completed, on_time, delivered_late, answered."`
	Why     string          `json:"why"`
	Class   policy.Class    `json:"class,omitempty"`
	Cause   string          `json:"cause,omitempty"`
	Fault   string          `json:"fault,omitempty"`
}

type behindIn struct {
	Figure standing.Figure `path:"figure" enum:"completed,unique_buyers,earned,completion,on_time,response,rating,warnings,buyer_record"`
	Mark   standing.Mark   `query:"mark" enum:"for,against,excluded" doc:"Only these; empty for all."`
	Page
}

// Need is one thing that waits for somebody.
type Need struct {
	Kind   needs.Kind   `json:"kind" enum:"answer,pay,case,offer,late,look,deliver,revise,brief,stale"`
	Side   order.Party  `json:"side" doc:"buyer or seller; empty in a case."`
	About  market.About `json:"about" enum:"order,offer,case"`
	ID     string       `json:"id"`
	Ref    string       `json:"ref,omitempty"`
	Title  string       `json:"title"`
	Do     string       `json:"do"`
	Lost   string       `json:"lost" doc:"What becomes of it otherwise."`
	At     *time.Time   `json:"at,omitempty" doc:"When; past where it can happen any moment, absent where nothing is lost by waiting."`
	Amount *Money       `json:"amount,omitempty"`
}

// Needs is what waits for one person.
type Needs struct {
	Items []Need `json:"items" doc:"Requests to answer first, then what is lost first."`
	More  bool   `json:"more" doc:"There is more of one kind than stands here; the lists of orders hold it all."`
}

// Endings is the matrix of how orders end without being completed.
type Endings struct {
	Rows   []EndingRow `json:"rows"`
	Causes []Cause     `json:"causes" doc:"The closed list."`
}

// EndingRow is one row of the matrix.
type EndingRow struct {
	Rule   string        `json:"rule" doc:"The name of the row: the class, and who asked where it matters."`
	Class  policy.Class  `json:"class"`
	Label  string        `json:"label"`
	Came   string        `json:"came" doc:"How it came."`
	Seller policy.Effect `json:"seller"`
	Buyer  policy.Effect `json:"buyer"`
	Says   EndingSays    `json:"says"`
}

// EndingSays is a row's effect in words.
type EndingSays struct {
	Seller string `json:"seller"`
	Buyer  string `json:"buyer"`
}

// Cause is one entry of the closed list of causes.
type Cause struct {
	Name  string `json:"name"`
	Words string `json:"words"`
}

// Ending is how an order that was not completed came to its end, and in whose
// record that enters.
type Ending struct {
	Class      policy.Class `json:"class"`
	Label      string       `json:"label"`
	Rule       string       `json:"rule" doc:"The row of the matrix of endings."`
	Came       string       `json:"came"`
	By         policy.Party `json:"by,omitempty" doc:"Who asked or pressed; absent for the clock, the house and the bank."`
	Cause      *Cause       `json:"cause,omitempty" doc:"As it was declared."`
	OtherCause *Cause       `json:"other_cause,omitempty" doc:"As the other side sees it; the same one confirms it."`
	Disputed   bool         `json:"disputed" doc:"The other side names another cause."`
	Fault      order.Fault  `json:"fault,omitempty" doc:"As it was decided."`
	Seller     bool         `json:"counts_for_seller" doc:"It counts against the seller's completion rate."`
	Buyer      bool         `json:"noted_for_buyer" doc:"It is noted in the buyer's record."`
}

func (a *API) figures() {
	serve(a, route{
		method: http.MethodGet, path: "/standing", id: "get-standing", tag: "Standing", who: signedIn, scopes: reading,
		does: "Where you stand", about: "Your figures and your level, what the next one asks for, what changes by itself and what would mend it. Every figure opens at /standing/{figure}.",
	}, a.standing)
	serve(a, route{
		method: http.MethodGet, path: "/standing/{figure}", id: "list-contributions", tag: "Standing", who: signedIn, scopes: reading,
		does: "What is behind one of your figures, newest first", about: "Just what the figure was made of.",
	}, a.behind)
	a.levels()
	serve(a, route{
		method: http.MethodGet, path: "/needs", id: "list-needs", tag: "Standing", who: signedIn, scopes: reading,
		does: "What waits for you, with what is lost first at the top",
	}, a.needs)
	serve(a, route{
		method: http.MethodGet, path: "/endings", id: "list-endings", tag: "Standing", who: anyone,
		does: "Every way for an order to end, and what it does to both sides", about: "Read from the policy in force.",
	}, a.endings)
}

func figuresOf(f market.Figures) Figures {
	r := f.Record
	w := Figures{
		At: f.At.UTC(), Policy: f.Policy.ID, Completed: f.Completed, UniqueBuyers: f.UniqueBuyers,
		Earned: moneyOf(policy.Price(f.Earned).In(f.Policy.Currency)), Days: f.Days, Opened: instant(f.From),
		Completion: rateOf(f.Completion), OnTime: rateOf(f.OnTime), Response: rateOf(f.Response), Rating: meanOf(f.Rating),
		Record: Record{Noted: r.Noted, NotNoted: len(r.Lines) - r.Noted, Since: r.Since.UTC()}, Warnings: []StandingWarning{},
	}
	for _, x := range f.Warnings {
		w.Warnings = append(w.Warnings, StandingWarning{x.ID, x.Given.UTC(), x.Until.UTC()})
	}
	return w
}

func meanOf(m standing.Mean) Mean {
	return Mean{
		Text: m.String(), Parts: m.Sum, Reviews: m.N, Removed: m.Removed, Since: m.Since.UTC(),
		Life: m.Lifetime(), LifeParts: m.LifeSum, LifeN: m.LifeN, LifeRemove: m.LifeGone,
	}
}

func rateOf(r standing.Rate) Rate {
	return Rate{
		Text: r.String(), For: r.For, Counted: r.Counted(), Against: r.Against, Excluded: r.Excluded(),
		Since: r.Since.UTC(), Reached: r.Reached, Enforced: r.Enforced,
	}
}

func (a *API) behind(ctx context.Context, in *behindIn) (*answer[List[Contribution]], error) {
	b, err := a.Market.Behind(ctx, actor(ctx), in.Figure, in.Mark, market.Cursor(in.Cursor), in.Limit)
	return ok(behindOf(b), err)
}

func behindOf(b market.Behind) List[Contribution] {
	return listOf(b.Lines, string(b.Next), func(c standing.Contribution) Contribution { return contributionOf(c, b.Names) })
}

func contributionOf(c standing.Contribution, names map[ident.Member]string) Contribution {
	return Contribution{
		Figure: c.Figure, Subject: c.Subject, Order: c.Order, Ref: c.Ref, With: c.Peer, Name: names[c.Peer], At: c.At.UTC(),
		Mark: c.Mark, Value: c.Value, Rule: c.Rule, Why: c.Why(), Class: c.Class, Cause: c.Cause, Fault: c.Fault,
	}
}

func (a *API) needs(ctx context.Context, _ *none) (*answer[Needs], error) {
	all, err := a.Market.NeedsYou(ctx, actor(ctx), 0)
	if err != nil {
		return nil, err
	}
	w := Needs{Items: make([]Need, len(all.List)), More: all.More}
	for i, n := range all.List {
		words := strings.NewReplacer("{other}", n.Other, "{until}", moment(n.At))
		w.Items[i] = Need{
			Kind: n.Kind, Side: n.Side, About: n.About, ID: n.ID, Ref: n.Ref, Title: n.Title,
			Do: words.Replace(n.Do), Lost: words.Replace(n.Lost), At: instant(n.At),
		}
		if !n.Amount.IsZero() {
			amount := moneyOf(n.Amount)
			w.Items[i].Amount = &amount
		}
	}
	return ok(w, nil)
}

func (a *API) endings(context.Context, *none) (*answer[Endings], error) {
	p := a.Market.Policy()
	w := Endings{Causes: make([]Cause, len(p.Cancellation.Causes))}
	for _, r := range standing.Matrix(p) {
		w.Rows = append(w.Rows, EndingRow{
			Rule: r.Name, Class: r.Class, Label: r.Label, Came: r.Came, Seller: r.Seller, Buyer: r.Buyer,
			Says: EndingSays{r.OnSeller(p), r.OnBuyer()},
		})
	}
	for i, c := range p.Cancellation.Causes {
		w.Causes[i] = Cause(c)
	}
	return ok(w, nil)
}

// endingOf is how an order ended; nil for one that is running or was completed.
func endingOf(o order.Order, p policy.Version) *Ending {
	class := o.EndingClass()
	if class == "" {
		return nil
	}
	w := &Ending{Class: class, Label: standing.Label(class)}
	for _, c := range standing.Of(o, p) {
		switch c.Figure {
		case standing.Completion:
			w.Rule, w.Came, w.Seller = c.Rule, c.Why(), c.Mark == standing.Against
		case standing.BuyerRecord:
			w.Buyer = c.Mark == standing.Against
		}
	}
	if e := o.Life.Ending; e != nil {
		w.By, w.Disputed, w.Fault = e.By, e.Disputed, e.Fault
		w.Cause, w.OtherCause = causeOf(e.Cause, p), causeOf(e.OtherCause, p)
	}
	return w
}

func causeOf(name string, p policy.Version) *Cause {
	if name == "" {
		return nil
	}
	return &Cause{name, resolution.CauseWords(name, p)}
}
