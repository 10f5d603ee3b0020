package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// MarketHealth is how the market does, by days of the house (UTC).
type MarketHealth struct {
	From     string        `json:"from" format:"date"`
	To       string        `json:"to" format:"date" doc:"Included."`
	Step     market.Step   `json:"step" enum:"day,week,month" doc:"How long one span lasts; the first and the last may be shorter."`
	Spans    []HealthSpan  `json:"spans" doc:"Every n and every amount below has one place for each of these."`
	Placed   []HealthTally `json:"placed" doc:"By the day an order was placed: paid, abandoned. What waits for its payment is not counted yet."`
	Endings  []HealthTally `json:"endings" doc:"Completed, refunded, and each class of cancellation."`
	Requests []HealthTally `json:"requests" doc:"What parties asked of each other, and how it was answered, by kind of event."`
	Disputes []HealthTally `json:"disputes" doc:"Payments that a bank disputed."`
	Opened   []HealthTally `json:"cases_opened"`
	Decided  []HealthTally `json:"cases_decided"`
	Answers  HealthAnswers `json:"first_answers"`
	Held     []HealthPot   `json:"held" doc:"What lay there at the end of each span, as of the newest seal of the books."`
	Earned   []HealthPot   `json:"earned" doc:"What the house gained in each span; below nothing where it gave back."`
	Levels   []HealthLevel `json:"levels" doc:"Every seller once, now, whatever the range."`
}

// HealthSpan is the days of one place in each series.
type HealthSpan struct {
	From string `json:"from" format:"date"`
	To   string `json:"to" format:"date" doc:"Included."`
}

// HealthTally is how often one thing happened; the list of that name has just as many rows.
type HealthTally struct {
	What string `json:"what"`
	N    []int  `json:"n"`
	Sum  int    `json:"sum"`
}

// HealthAnswers is how soon the desk answered the cases opened in the range.
type HealthAnswers struct {
	Opened    int   `json:"opened"`
	Answered  int   `json:"answered"`
	Within    int   `json:"within" doc:"Answered by the target."`
	Late      int   `json:"late" doc:"Not answered, and the target is past."`
	Median    int64 `json:"median_seconds" doc:"Half of the answers took no longer; 0 where there is none."`
	Ninetieth int64 `json:"ninetieth_seconds" doc:"Nine of ten took no longer."`
	Target    int64 `json:"target_seconds"`
}

// HealthPot is the money of one kind of account.
type HealthPot struct {
	Pot     string  `json:"pot" enum:"escrow,pending,available,commission,fees,losses"`
	Amounts []Money `json:"amounts"`
}

// HealthLevel is how many sellers stand on a level.
type HealthLevel struct {
	Level   string `json:"level" doc:"Its name in the policy; none for those without a level."`
	Words   string `json:"words"`
	Sellers int    `json:"sellers"`
}

// HealthOrder is one order behind a number. Who took part is not in it.
type HealthOrder struct {
	ID      ident.Order  `json:"id"`
	Ref     string       `json:"ref"`
	Title   string       `json:"title"`
	Total   Money        `json:"total"`
	State   order.State  `json:"state"`
	Class   policy.Class `json:"class,omitempty"`
	At      time.Time    `json:"at" doc:"When it was placed, ended, or the event happened: what the list is about."`
	Created *time.Time   `json:"created_at,omitempty"`
	Ended   *time.Time   `json:"ended_at,omitempty"`
	Part    *Money       `json:"part,omitempty" doc:"In lists of money: what it adds to the number. Below nothing where it was given back."`
	Entry   ledger.Kind  `json:"entry,omitempty" enum:"release,take_back,chargeback" doc:"By which entry of the books, where the house's own accounts moved."`
}

// HealthBalance is what lay in a seller's account.
type HealthBalance struct {
	ID     ident.Member `json:"id"`
	Name   string       `json:"name"`
	Handle string       `json:"handle"`
	Amount Money        `json:"amount"`
}

// HealthCase is one case behind a number. Who is concerned is not in it.
type HealthCase struct {
	ID       ident.Case `json:"id,omitempty" doc:"Absent where you may not work on it."`
	Ref      string     `json:"ref,omitempty"`
	Kind     desk.Kind  `json:"kind"`
	State    desk.State `json:"state"`
	Opened   time.Time  `json:"opened_at"`
	AnswerBy time.Time  `json:"answer_by"`
	Answered *time.Time `json:"answered_at,omitempty"`
	Decided  *time.Time `json:"decided_at,omitempty"`
}

// HealthSeller is a seller on a level.
type HealthSeller struct {
	ID        ident.Member `json:"id"`
	Name      string       `json:"name"`
	Handle    string       `json:"handle"`
	Since     *time.Time   `json:"since,omitempty"`
	Completed int          `json:"completed"`
}

// RangeIn asks for days of the house.
type RangeIn struct {
	From string `query:"from" format:"date" pattern:"^\\d{4}-\\d{2}-\\d{2}$" doc:"The first day, in UTC. Without both, the last thirty days."`
	To   string `query:"to" format:"date" pattern:"^\\d{4}-\\d{2}-\\d{2}$" doc:"The last day."`
}

func (in RangeIn) days() market.Range {
	day := func(text string) time.Time {
		t, _ := time.Parse(time.DateOnly, text) // the format was checked; none is none
		return t
	}
	return market.Range{From: day(in.From), To: day(in.To)}
}

type healthOrdersIn struct {
	Page
	RangeIn
	What string `query:"what" required:"true" maxLength:"200" doc:"As in the tallies; ended for all endings; several ways to end with commas between; escrow for the orders whose money was held at the end of the range; commission, fees or losses for what moved them."`
}

type healthCasesIn struct {
	Page
	RangeIn
	By     string    `query:"by" enum:"opened,decided" default:"opened"`
	Kind   desk.Kind `query:"kind" enum:"cancel,challenge,breach,level,payment,other,unheard,blameless"`
	Answer string    `query:"answer" enum:"within,late,waiting" doc:"Of those opened: how the first answer came."`
}

type healthSellersIn struct {
	Page
	Level string `query:"level" required:"true" maxLength:"100" doc:"As in levels; none for the sellers without one."`
}

type healthBalancesIn struct {
	Page
	RangeIn
	Pot string `query:"pot" required:"true" enum:"pending,available"`
}

func (a *API) health() {
	seen := "For operators. That you looked is written down."
	serve(a, route{
		method: http.MethodGet, path: "/market-health", id: "get-market-health", tag: "House", who: operator,
		does: "How the market does: orders, endings, support and money by day", about: "Two years at most. Every number equals the length of its list, every amount the sum of its list.",
	}, func(ctx context.Context, in *RangeIn) (*answer[MarketHealth], error) {
		h, err := a.Market.Health(ctx, actor(ctx), in.days())
		return ok(healthOf(h), err)
	})
	serve(a, route{
		method: http.MethodGet, path: "/market-health/orders", id: "list-health-orders", tag: "House", who: operator,
		does: "The orders behind a number of the market's health, newest first", about: seen,
	}, func(ctx context.Context, in *healthOrdersIn) (*answer[List[HealthOrder]], error) {
		list, err := a.Market.HealthList(ctx, actor(ctx), market.HealthQuery{Range: in.days(), What: in.What, After: market.Cursor(in.Cursor), Most: in.Limit})
		return ok(listOf(list.Rows, string(list.Next), healthOrderOf), err)
	})
	serve(a, route{
		method: http.MethodGet, path: "/market-health/cases", id: "list-health-cases", tag: "House", who: operator,
		does: "The cases behind a number of the market's health, newest first", about: seen,
	}, func(ctx context.Context, in *healthCasesIn) (*answer[List[HealthCase]], error) {
		list, err := a.Market.HealthCases(ctx, actor(ctx), market.CasesQuery{
			Range: in.days(), Decided: in.By == "decided", Kind: in.Kind, Answer: in.Answer, After: market.Cursor(in.Cursor), Most: in.Limit,
		})
		return ok(listOf(list.Rows, string(list.Next), healthCaseOf), err)
	})
	serve(a, route{
		method: http.MethodGet, path: "/market-health/balances", id: "list-health-balances", tag: "House", who: operator,
		does: "Whose money lay in sellers' accounts at the end of a range", about: seen,
	}, func(ctx context.Context, in *healthBalancesIn) (*answer[List[HealthBalance]], error) {
		list, err := a.Market.HealthBalances(ctx, actor(ctx), in.Pot, in.days(), market.Cursor(in.Cursor), in.Limit)
		return ok(listOf(list.Rows, string(list.Next), func(b market.Balance) HealthBalance {
			return HealthBalance{b.ID, b.Name, b.Handle, moneyOf(money.Of(b.Minor, list.Sum.Currency))}
		}), err)
	})
	serve(a, route{
		method: http.MethodGet, path: "/market-health/sellers", id: "list-health-sellers", tag: "House", who: operator,
		does: "The sellers who stand on a level, or on none",
	}, func(ctx context.Context, in *healthSellersIn) (*answer[List[HealthSeller]], error) {
		list, next, err := a.Market.SellersOn(ctx, actor(ctx), in.Level, market.Cursor(in.Cursor), in.Limit)
		return ok(listOf(list, string(next), func(s market.OnLevel) HealthSeller {
			return HealthSeller{s.ID, s.Name, s.Handle, instant(s.Since), s.Completed}
		}), err)
	})
}

func healthOf(h market.Health) MarketHealth {
	w := MarketHealth{
		From: h.From.Format(time.DateOnly), To: h.To.Format(time.DateOnly), Step: h.Step, Spans: []HealthSpan{},
		Placed: talliesOf(h.Placed), Endings: talliesOf(h.Endings), Requests: talliesOf(h.Requests), Disputes: talliesOf(h.Disputes),
		Opened: talliesOf(h.Opened), Decided: talliesOf(h.Decided),
		Answers: HealthAnswers{
			Opened: h.Answers.Opened, Answered: h.Answers.Answered, Within: h.Answers.Within, Late: h.Answers.Late,
			Median: int64(h.Answers.Median / time.Second), Ninetieth: int64(h.Answers.Ninetieth / time.Second), Target: int64(h.Target.D() / time.Second),
		},
		Held: potsOf(h.Held, h.Currency), Earned: potsOf(h.Earned, h.Currency), Levels: []HealthLevel{},
	}
	for _, s := range h.Spans {
		w.Spans = append(w.Spans, HealthSpan{s.From.Format(time.DateOnly), s.To.Format(time.DateOnly)})
	}
	for _, l := range h.Levels {
		w.Levels = append(w.Levels, HealthLevel(l))
	}
	return w
}

func talliesOf(list []market.Tally) []HealthTally {
	out := make([]HealthTally, len(list))
	for i, t := range list {
		out[i] = HealthTally(t)
	}
	return out
}

func potsOf(list []market.Held, c money.Currency) []HealthPot {
	out := make([]HealthPot, len(list))
	for i, p := range list {
		out[i] = HealthPot{Pot: p.Pot, Amounts: make([]Money, len(p.Minor))}
		for at, minor := range p.Minor {
			out[i].Amounts[at] = moneyOf(money.Of(minor, c))
		}
	}
	return out
}

func healthOrderOf(r market.Listed) HealthOrder {
	row := HealthOrder{
		ID: r.ID, Ref: r.Ref, Title: r.Title, Total: moneyOf(r.Total), State: r.State, Class: r.Class,
		At: r.At.UTC(), Created: instant(r.Created), Ended: instant(r.Ended), Entry: r.Entry,
	}
	if !r.Part.IsZero() {
		part := moneyOf(r.Part)
		row.Part = &part
	}
	return row
}

func healthCaseOf(c market.HealthCase) HealthCase {
	return HealthCase{
		ID: c.ID, Ref: c.Ref, Kind: c.Kind, State: c.State, Opened: c.Opened.UTC(), AnswerBy: c.AnswerBy.UTC(),
		Answered: instant(c.Answered), Decided: instant(c.Decided),
	}
}
