package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"guildhall/client"
	"guildhall/internal/member"
	"guildhall/internal/store/storetest"
)

// running is an order in progress between two people and all they may ask of each other.
type running struct {
	*testHouse
	t             *testing.T
	seller, buyer *client.Client
	gig           client.Gig
	id            string
}

func run(t *testing.T, h *testHouse) running {
	t.Helper()
	r := running{testHouse: h, t: t, seller: h.person("Sela Seller"), buyer: h.person("Bo Buyer")}
	r.gig = h.offer(r.seller)
	r.id = h.place(r.buyer, r.gig, goodCard).Order
	return r
}

func (r running) must(m client.Moved, err error) client.Moved {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	return m
}

func (r running) order() client.Order {
	r.t.Helper()
	o, err := r.buyer.Order(r.t.Context(), r.id)
	if err != nil {
		r.t.Fatal(err)
	}
	return o
}

// open asks and tells the number of the request.
func (r running) open(who *client.Client, p client.Proposal) int {
	r.t.Helper()
	r.must(who.Ask(r.t.Context(), r.id, p))
	return r.order().Request.No
}

func (r running) preview(who *client.Client, action string, in any) client.Preview {
	r.t.Helper()
	p, err := who.Preview(r.t.Context(), r.id, action, in)
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

// lines are a preview in short: what becomes of order and money by each answer.
func lines(p client.Preview) string {
	var all []string
	for _, row := range p.Rows {
		text := row.Reply + " " + row.State
		if row.Class != "" {
			text += ":" + row.Class
		}
		text += fmt.Sprintf(" +%d -%d =%d", row.Money.Charged.Minor, row.Money.Back.Minor, row.Money.Held.Minor)
		for _, f := range row.Figures {
			if f.Moves {
				text += " " + f.Figure + " " + f.Before + " > " + f.After
			}
		}
		all = append(all, text)
	}
	return strings.Join(all, "\n")
}

func share(n float64) *float64 { return &n }

var toCancel = client.Proposal{Kind: "cancel", Cause: "out_of_scope", Reason: "It grew larger than what was ordered."}

// TestPreviewsSayWhatHappens holds each kind's preview and its outcome side by
// side, on both engines.
func TestPreviewsSayWhatHappens(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(testing.TB) string{"sqlite": storetest.SQLitePath, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			previewsSay(t, openHouse(t, database(t)))
		})
	}
}

func previewsSay(t *testing.T, h *testHouse) {
	r := run(t, h)
	ctx := t.Context()
	price := usd(2000)
	for _, step := range []struct {
		name  string
		asks  func() *client.Client
		what  client.Proposal
		rows  string
		check func(client.Order) bool
	}{
		{"more time", func() *client.Client { return r.seller }, client.Proposal{Kind: "extend", Days: 4, Reason: "The paper is late."},
			"accepted in_progress +0 -0 =8000\ndeclined in_progress +0 -0 =8000\nsilence in_progress +0 -0 =8000",
			func(o client.Order) bool { return o.Request == nil && len(o.Pauses) == 1 }},
		{"a gift", func() *client.Client { return r.seller }, client.Proposal{Kind: "add_extra", Extra: "A second map", Reason: "For the wait."},
			"accepted in_progress +0 -0 =8000\ndeclined in_progress +0 -0 =8000\nsilence in_progress +0 -0 =8000",
			func(o client.Order) bool { return len(o.Added) == 1 && o.Added[0].Price.Minor == 0 }},
		{"paid work", func() *client.Client { return r.buyer }, client.Proposal{Kind: "add_extra", Extra: "A frame", Price: &price, Reason: "It shall hang."},
			"accepted in_progress +2000 -0 =10000\ndeclined in_progress +0 -0 =8000\nsilence in_progress +0 -0 =8000",
			func(o client.Order) bool { return o.Request.Owed.Minor == 2000 && o.Request.Waits == "buyer" }},
		{"a part back", func() *client.Client { return r.seller }, client.Proposal{Kind: "discount", Share: share(25), Reason: "One colour is missing."},
			"accepted in_progress +0 -2500 =7500\ndeclined in_progress +0 -0 =10000\nsilence in_progress +0 -0 =10000",
			func(o client.Order) bool { return len(o.Refunds) == 2 && o.Refunds[0].Amount.Minor == 2000 }},
		{"the end", func() *client.Client { return r.seller }, toCancel,
			"accepted cancelled:mutual +0 -7500 =0\ndeclined in_progress +0 -0 =7500\nsilence cancelled:unanswered +0 -7500 =0 completion none yet > 0.0 % (0 of 1)",
			func(o client.Order) bool {
				return o.State == "cancelled" && o.Class == "mutual" && o.Ending.Cause.Name == "out_of_scope" && !o.Ending.Seller
			}},
	} {
		p := r.preview(step.asks(), "requests", step.what)
		if got := lines(p); got != step.rows {
			t.Fatalf("%s:\n%s\nwant\n%s", step.name, got, step.rows)
		}
		step.what.Digest = p.Digest
		no := r.open(step.asks(), step.what)
		answers := r.seller
		if step.asks() == r.seller {
			answers = r.buyer
		}
		mine := r.preview(answers, fmt.Sprintf("requests/%d/agree", no), nil)
		if len(mine.Rows) != 2 || mine.Rows[0].State != p.Rows[0].State || mine.Rows[0].Money.Back != p.Rows[0].Money.Back {
			t.Errorf("%s: the other side sees %s", step.name, lines(mine))
		}
		r.must(answers.Agree(ctx, r.id, no, client.Answering{Digest: mine.Digest}))
		if o := r.order(); !step.check(o) {
			t.Errorf("%s: %s %s, request %+v, added %+v, refunds %+v", step.name, o.State, o.Class, o.Request, o.Added, o.Refunds)
		}
		if step.name == "paid work" {
			paid, err := r.buyer.PayRequest(ctx, r.id, no, goodCard)
			if err != nil || paid.Paid != "succeeded" {
				t.Fatalf("%+v %v", paid, err)
			}
			if o := r.order(); o.Total.Minor != 10000 || len(o.Added) != 2 || o.Request != nil {
				t.Errorf("%+v", o)
			}
		}
	}
}

// TestAChangedEffectIsRefused with the preview of now, and nothing is done.
func TestAChangedEffectIsRefused(t *testing.T) {
	t.Parallel()
	changed := func(t *testing.T, err error) client.Preview {
		t.Helper()
		var p *client.Problem
		if !errors.As(err, &p) || p.Status != http.StatusConflict || p.Preview == nil || p.Preview.Digest == "" {
			t.Fatalf("%v", err)
		}
		return *p.Preview
	}
	t.Run("the clock passed the due date", func(t *testing.T) {
		t.Parallel()
		r := run(t, sqliteHouse(t))
		seen := r.preview(r.seller, "deliver", client.Post{Text: "Here"})
		r.advance("3d")
		_, err := r.seller.Preview(t.Context(), r.id, "deliver", client.Post{Text: "Here"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.seller.Act(t.Context(), r.id, "deliver", map[string]any{"text": "Here", "digest": seen.Digest})
		now := changed(t, err)
		if len(now.Rows[0].Figures) != 1 || now.Rows[0].Figures[0].Mark != "against" || seen.Rows[0].Figures[0].Mark != "for" {
			t.Errorf("%+v, seen %+v", now, seen)
		}
		if o := r.order(); o.State != "in_progress" {
			t.Errorf("it was delivered: %s", o.State)
		}
		if _, err := r.seller.Act(t.Context(), r.id, "deliver", map[string]any{"text": "Here", "digest": now.Digest}); err != nil {
			t.Error(err)
		}
	})
	t.Run("the silence became one that excuses", func(t *testing.T) {
		t.Parallel()
		r := run(t, sqliteHouse(t))
		silent := toCancel
		silent.Cause = "buyer_unresponsive"
		seen := r.preview(r.seller, "requests", silent)
		if seen.Rows[2].Ending == nil || !seen.Rows[2].Ending.Seller {
			t.Fatalf("%+v", seen.Rows[2])
		}
		r.must(r.seller.Remind(t.Context(), r.id, "Are you there?"))
		r.advance("25h")
		r.must(r.seller.Remind(t.Context(), r.id, "Please write."))
		silent.Digest = seen.Digest
		_, err := r.seller.Ask(t.Context(), r.id, silent)
		now := changed(t, err)
		if now.Rows[2].Class != "unanswered" || now.Rows[2].Ending.Seller {
			t.Errorf("%+v", now.Rows[2])
		}
	})
	t.Run("the other side acted", func(t *testing.T) {
		t.Parallel()
		r := run(t, sqliteHouse(t))
		no := r.open(r.seller, client.Proposal{Kind: "discount", Share: share(50), Reason: "Half of it only."})
		seen := r.preview(r.buyer, fmt.Sprintf("requests/%d/agree", no), nil)
		r.must(r.seller.WithdrawRequest(t.Context(), r.id, no))
		_, err := r.buyer.Agree(t.Context(), r.id, no, client.Answering{Digest: seen.Digest})
		var p *client.Problem
		if !errors.As(err, &p) || p.Status != http.StatusConflict || r.order().Request != nil {
			t.Errorf("%v", err)
		}
	})
}

// TestAnswersOfEveryKind: declined, countered, withdrawn, expired.
func TestAnswersOfEveryKind(t *testing.T) {
	t.Parallel()
	r := run(t, sqliteHouse(t))
	ctx := t.Context()
	due := *r.order().Due

	no := r.open(r.buyer, toCancel)
	r.advance("6h")
	if o := r.order(); o.Paused == nil || o.Request.Silence != "cancels" || o.Request.By != "buyer" {
		t.Errorf("%+v %+v", o.Paused, o.Request)
	}
	r.must(r.seller.Decline(ctx, r.id, no, client.Answering{Text: "It is half done."}))
	o := r.order()
	if o.State != "in_progress" || o.Request != nil || len(o.Pauses) != 1 || o.Due.Sub(due).Hours() < 6 {
		t.Errorf("%+v", o)
	}

	no = r.open(r.seller, client.Proposal{Kind: "extend", Days: 7, Reason: "The paper is late."})
	r.must(r.buyer.Counter(ctx, r.id, no, client.Proposal{Kind: "extend", Days: 3, Reason: "Three are possible."}))
	o = r.order()
	if o.Request.Counters != no || o.Request.By != "buyer" || o.Request.Days != 3 {
		t.Errorf("%+v", o.Request)
	}
	r.must(r.buyer.WithdrawRequest(ctx, r.id, o.Request.No))

	no = r.open(r.seller, toCancel)
	r.advance("49h")
	o = r.order()
	if o.State != "cancelled" || o.Class != "unanswered" || o.Ending.Label == "mutual" || !o.Ending.Seller {
		t.Errorf("%s %s %+v", o.State, o.Class, o.Ending)
	}
	if _, err := r.buyer.Agree(ctx, r.id, no, client.Answering{}); err == nil {
		t.Error("an expired request was agreed to")
	}
	r.must(r.buyer.SayCause(ctx, r.id, "changed_mind"))
	if e := r.order().Ending; !e.Disputed || e.OtherCause.Name != "changed_mind" {
		t.Errorf("%+v", e)
	}
}

// TestRequestsNameTheFieldAtFault of every kind.
func TestRequestsNameTheFieldAtFault(t *testing.T) {
	t.Parallel()
	r := run(t, sqliteHouse(t))
	euro := client.Money{Minor: 100, Currency: "EUR"}
	for field, p := range map[string]client.Proposal{
		"body.cause":  {Kind: "cancel", Cause: "because", Reason: "x"},
		"body.reason": {Kind: "cancel", Cause: "mistake"},
		"body.share":  {Kind: "discount", Share: share(61), Reason: "x"},
		"body.days":   {Kind: "extend", Days: 15, Reason: "x"},
		"body.extra":  {Kind: "add_extra", Reason: "x"},
		"body.price":  {Kind: "add_extra", Extra: "y", Price: &euro, Reason: "x"},
		"body.into":   {Kind: "swap", Reason: "x"},
	} {
		for _, action := range []string{"requests/preview", "requests"} {
			_, err := r.seller.Act(t.Context(), r.id, action, p)
			var problem *client.Problem
			if !errors.As(err, &problem) || problem.Status != http.StatusUnprocessableEntity || problem.Field(field) == "" {
				t.Errorf("%s of %s: %v", field, action, err)
			}
		}
	}
}

// TestNobodyElseAsksOrAnswers: the wrong person at every door of a request.
func TestNobodyElseAsksOrAnswers(t *testing.T) {
	t.Parallel()
	r := run(t, sqliteHouse(t))
	no := r.open(r.seller, toCancel)
	stranger := r.secret(r.member("Stan Stranger", false), member.ScopeRead, member.ScopeBuy, member.ScopeSell)
	for who, want := range map[string]struct {
		client *client.Client
		status int
	}{
		"the one who asked": {r.seller, http.StatusForbidden},
		"a stranger":        {client.New(r.url, stranger), http.StatusNotFound},
		"a guest":           {client.New(r.url, ""), http.StatusUnauthorized},
	} {
		for _, action := range []string{"agree", "agree/preview", "decline", "decline/preview"} {
			_, err := want.client.Act(t.Context(), r.id, fmt.Sprintf("requests/%d/%s", no, action), map[string]any{})
			var problem *client.Problem
			if !errors.As(err, &problem) || problem.Status != want.status {
				t.Errorf("%s, %s: %v", who, action, err)
			}
		}
	}
	if o := r.order(); o.State != "in_progress" || o.Request == nil {
		t.Errorf("%+v", o)
	}
	// The same key with the same answer is one answer.
	for range 2 {
		r.must(r.buyer.Agree(client.WithKey(t.Context(), "the-one"), r.id, no, client.Answering{}))
	}
	if n := len(r.order().Refunds); n != 1 {
		t.Errorf("%d refunds", n)
	}
}
