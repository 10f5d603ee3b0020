package sim_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/sim"
	"guildhall/internal/store/storetest"
)

// model is an order as the rulebook describes it (sections 3 and 13), in a few
// lines and without a database: what the service must agree with.
type model struct {
	id        ident.Order
	state     string
	since     time.Time // of the state's clock: created, waiting, due, completes, ended
	revisions int
	extended  bool
	delivered bool
	days      int
	price     int64
	questions bool
	cleared   bool
}

// pass lets everything happen that is due by now.
func (o *model) pass(now time.Time) {
	if o.state == "unpaid" && !now.Before(o.since.Add(24*time.Hour)) {
		o.state = "abandoned"
	}
	if o.state == "awaiting_requirements" && !now.Before(o.since.Add(60*24*time.Hour)) {
		o.state = "cancelled"
	}
	if o.state == "delivered" && !now.Before(o.since) {
		o.state = "completed" // and since is the instant of it
	}
	if o.state == "completed" && !now.Before(o.since.Add(14*24*time.Hour)) {
		o.cleared = true
	}
}

func (o *model) start(now time.Time) {
	o.state, o.since = "in_progress", now.Add(time.Duration(o.days)*24*time.Hour)
}

// do makes a command, or tells that it is refused.
func (o *model) do(now time.Time, who, what string) bool {
	o.pass(now)
	is := func(by string, states ...string) bool {
		return who == by && strings.Contains(strings.Join(states, " "), o.state)
	}
	switch {
	case what == "pay" && is("buyer", "unpaid"):
		if o.state, o.since = "awaiting_requirements", now; !o.questions {
			o.start(now)
		}
	case what == "declined" && is("buyer", "unpaid"):
	case what == "submit" && is("buyer", "awaiting_requirements"), what == "waive" && is("seller", "awaiting_requirements"):
		o.start(now)
	case what == "undo" && is("buyer", "awaiting_requirements"):
		o.state = "cancelled"
	case what == "cancel stale" && is("seller", "awaiting_requirements") && !now.Before(o.since.Add(7*24*time.Hour)):
		o.state = "cancelled"
	case what == "cancel late" && is("buyer", "in_progress") && !now.Before(o.since.Add(24*time.Hour)):
		o.state = "cancelled"
	case what == "progress" && is("seller", "in_progress", "in_revision"):
	case what == "delay" && is("seller", "in_progress") && !now.After(o.since):
	case what == "deliver" && is("seller", "in_progress", "in_revision"):
		o.state, o.since, o.delivered = "delivered", now.Add(3*24*time.Hour), true
	case what == "extend" && is("buyer", "delivered") && !o.extended:
		o.since, o.extended = o.since.Add(3*24*time.Hour), true
	case what == "revise" && is("buyer", "delivered") && o.revisions > 0:
		o.state, o.revisions = "in_revision", o.revisions-1
	case what == "fault" && is("buyer", "delivered") && o.questions:
		o.state = "in_revision"
	case what == "accept" && is("buyer", "delivered"):
		o.state, o.since = "completed", now
	default:
		return false
	}
	return true
}

// commands are what both parties and a stranger try, sensible or not.
var commands = []string{
	"pay", "pay", "declined", "submit", "submit", "waive", "undo", "cancel stale", "cancel late", "progress", "delay",
	"deliver", "deliver", "deliver", "extend", "revise", "fault", "accept", "accept",
}

func moveOf(what string) order.Move {
	switch what {
	case "submit":
		return order.Submit{Answers: []order.Answer{{Question: "q1-1", Text: "Rye"}}}
	case "waive":
		return order.Waive{}
	case "undo":
		return order.Undo{}
	case "cancel stale":
		return order.CancelStale{}
	case "cancel late":
		return order.CancelLate{}
	case "progress":
		return order.Progress{Text: "half way"}
	case "delay":
		return order.Delay{Reason: "a fever"}
	case "deliver":
		return order.Deliver{Text: "done"}
	case "extend":
		return order.ExtendReview{}
	case "revise":
		return order.Revise{Text: "shorter"}
	case "fault":
		return order.Revise{Text: "not rye", Lines: []int{1}, Fault: true}
	}
	return order.Accept{}
}

// walker drives one seller and one buyer through random commands.
type walker struct {
	*market.Market
	rnd     *rand.Rand
	clock   *atomic.Int64
	people  map[string]member.Actor
	gigs    []gig.Gig
	orders  []*model
	refused int
}

func (w *walker) now() time.Time { return time.UnixMicro(w.clock.Load()).UTC() }

func newWalker(ctx context.Context, s *stage, no int) (*walker, error) {
	w := &walker{rnd: rand.New(rand.NewPCG(uint64(no), 5)), clock: &atomic.Int64{}, people: map[string]member.Actor{}}
	w.clock.Store(time.Date(2026, 3, 1, 9, no, 0, 0, time.UTC).UnixMicro())
	w.Market, _ = s.door(ident.NewLane(99, no), w.now)
	if err := w.RefreshPolicy(ctx); err != nil {
		return nil, err
	}
	for _, role := range []string{"buyer", "seller", "stranger"} {
		m, err := w.SignUp(ctx, market.SignUp{
			Application: member.Application{Name: fmt.Sprintf("%s %c%d", role, 'a'+no%26, no), Email: fmt.Sprintf("%s%d@example.com", role, no)}, Hash: "never matches"})
		if err != nil {
			return nil, err
		}
		w.people[role] = m.Actor()
	}
	if _, err := w.OpenShop(ctx, w.people["seller"], "", member.Shop{Tagline: "Bread and cakes"}); err != nil {
		return nil, err
	}
	seller := w.people["seller"]
	seller.Seller = true
	categories, err := w.Categories(ctx)
	if err != nil {
		return nil, err
	}
	for i, questions := range [][]gig.Question{nil, {{Kind: gig.QuestionText, Text: "Which flour?", Required: true}}} {
		g, err := w.CreateGig(ctx, seller, "", market.GigInput{Category: categories[0].ID, Body: gig.Body{
			Title: "bake bread for you", Description: "Bread from our own oven, every day.", Currency: "USD", Questions: questions,
			Packages: []gig.Package{{Tier: gig.Basic, Name: "Loaf", Description: "One loaf", Price: int64(1999 + 1001*i + no), Days: 1 + no%9, Revisions: i + no%2}},
		}})
		if err == nil {
			g, err = w.PublishGig(ctx, seller, "", g.ID)
		}
		if err != nil {
			return nil, err
		}
		w.gigs = append(w.gigs, g)
	}
	return w, nil
}

// place opens an order with a card that is declined, so that it is unpaid.
func (w *walker) place(ctx context.Context) error {
	i := w.rnd.IntN(2)
	g := w.gigs[i]
	q, err := gig.NewQuote(g.Body, gig.Pick{Tier: gig.Basic, Quantity: 1 + w.rnd.IntN(3)}, w.Policy())
	if err != nil {
		return err
	}
	p, err := w.PlaceOrder(ctx, w.people["buyer"], "", market.NewOrder{Gig: g.ID, Pick: q.Pick(), Shown: q.Total, Again: true}, cardOf("declined"))
	if err != nil {
		return err
	}
	w.orders = append(w.orders, &model{
		id: p.Order, state: "unpaid", since: w.now(), revisions: q.Revisions, days: q.Days, price: q.Price.Minor, questions: i == 1,
	})
	return nil
}

func cardOf(what string) pay.Card {
	number := "4242 4242 4242 4242"
	if what == "declined" {
		number = "4000 0000 0000 0002"
	}
	return pay.Card{Number: number, Expiry: "12/40", CVC: "123", Name: "A Buyer"}
}

func (w *walker) step(ctx context.Context) error {
	spans := []time.Duration{time.Microsecond, time.Minute, 7 * time.Hour, 26 * time.Hour, 3 * 24 * time.Hour, 8 * 24 * time.Hour}
	w.clock.Add(spans[w.rnd.IntN(len(spans))].Microseconds())
	if len(w.orders) == 0 || w.rnd.IntN(12) == 0 {
		return w.place(ctx)
	}
	o := w.orders[max(0, len(w.orders)-1-w.rnd.IntN(4))]
	who := []string{"buyer", "buyer", "buyer", "seller", "seller", "seller", "stranger"}[w.rnd.IntN(7)]
	what := commands[w.rnd.IntN(len(commands))]
	was := *o
	want := o.do(w.now(), who, what)
	state, err := w.ask(ctx, o.id, who, what)
	switch {
	case err != nil && fault.KindOf(err) == "":
		return err
	case want != (err == nil):
		return fmt.Errorf("%s: %s by the %s in %s: the model says %v, the service %v", o.id, what, who, was.state, want, err) //nolint:errorlint // there may be none
	case err == nil && state != o.state:
		return fmt.Errorf("%s: %s by the %s in %s leads to %s, in the model to %s", o.id, what, who, was.state, state, o.state)
	case err != nil:
		w.refused++
	}
	return nil
}

func (w *walker) ask(ctx context.Context, id ident.Order, who, what string) (string, error) {
	if what == "pay" || what == "declined" {
		p, err := w.PayOrder(ctx, w.people[who], "", id, cardOf(what))
		return string(p.State), err
	}
	m, err := w.Move(ctx, w.people[who], "", id, moveOf(what))
	return string(m.State), err
}

// TestServiceAgreesWithModel makes 20,000 commands on each engine.
func TestServiceAgreesWithModel(t *testing.T) {
	for engine, url := range map[string]string{"sqlite": storetest.SQLitePath(t), "postgres": storetest.PostgresURL(t)} {
		t.Run(engine, func(t *testing.T) {
			walkers, each := 25, 800
			if testing.Short() {
				each = 40
			}
			from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			s := newStage(t, url, sim.Config{Seed: 5, From: from, Until: from.Add(48 * time.Hour), Sellers: 1, Buyers: 2})
			s.must(s.Populate(t.Context()))
			list := make([]*walker, walkers)
			var hands errgroup.Group
			for i := range list {
				hands.Go(func() (err error) {
					if list[i], err = newWalker(t.Context(), s, i); err != nil {
						return err
					}
					for n := range each {
						if err := list[i].step(t.Context()); err != nil {
							return fmt.Errorf("walker %d, step %d: %w", i, n, err)
						}
					}
					return nil
				})
			}
			s.must(hands.Wait())
			s.agrees(list)
		})
	}
}

// agrees lets everything due happen and compares states and money.
func (s *stage) agrees(list []*walker) {
	s.t.Helper()
	end := list[0].now()
	for _, w := range list {
		if w.now().After(end) {
			end = w.now()
		}
	}
	ctx := context.Background()
	m := s.market(end)
	s.must(m.SweepAll(ctx))
	states, accounts := map[string]string{}, map[string]int64{}
	for _, r := range s.records(end) {
		switch r.table {
		case "orders":
			states[r.row["id"].(string)] = r.row["state"].(string)
		case "postings":
			accounts[r.row["account"].(string)] += int64(r.row["minor"].(float64))
		}
	}
	var commission int64
	kept := 0
	for _, w := range list {
		var pending, available int64
		for _, o := range w.orders {
			o.pass(end)
			kept++
			if states[string(o.id)] != o.state {
				s.t.Errorf("%s stands in %s, in the model in %s", o.id, states[string(o.id)], o.state)
			}
			cut := halfEven(o.price)
			switch {
			case o.state != "completed":
			case o.cleared:
				available, commission = available+o.price-cut, commission+cut
			default:
				pending, commission = pending+o.price-cut, commission+cut
			}
		}
		seller := string(w.people["seller"].Member)
		if accounts["pending:"+seller] != pending || accounts["available:"+seller] != available {
			s.t.Errorf("%s has %d pending and %d available; the model says %d and %d", seller,
				accounts["pending:"+seller], accounts["available:"+seller], pending, available)
		}
	}
	if accounts["house:commission"] != commission {
		s.t.Errorf("the house earned %d; the model says %d", accounts["house:commission"], commission)
	}
	if kept < len(list) {
		s.t.Errorf("only %d orders", kept)
	}
	s.sound(end)
}

// halfEven is a tenth, rounded half to even.
func halfEven(minor int64) int64 {
	cut := minor / 10
	if rest := minor % 10; rest > 5 || rest == 5 && cut%2 == 1 {
		cut++
	}
	return cut
}
