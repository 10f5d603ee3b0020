package api_test

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/client"
	"guildhall/internal/store/storetest"
)

// TestAnOrderLivesItsWholeLife walks an order through both parties' clients, on
// both engines.
func TestAnOrderLivesItsWholeLife(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(testing.TB) string{"sqlite": storetest.SQLitePath, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) { wholeLife(t, openHouse(t, database(t))) })
	}
}

func wholeLife(t *testing.T, h *testHouse) {
	ctx := t.Context()
	seller, buyer := h.person("Sela Seller"), h.person("Bo Buyer")
	g := h.offer(seller, client.Question{Kind: "text", Text: "Which town?", Required: true})

	c, err := buyer.Checkout(ctx, g.ID, client.Pick{Tier: "basic", Extras: []string{g.Extras[0].Key}, Quantity: 2})
	if err != nil || c.Quote.Total.Minor != 19000 || c.Quote.Days != 4 || len(c.Next) == 0 || c.Again != nil {
		t.Fatalf("%+v %v", c, err)
	}
	placed := h.place(buyer, g, goodCard)
	if placed.State != "awaiting_requirements" || placed.Paid != "succeeded" {
		t.Fatalf("%+v", placed)
	}
	if c, err = buyer.Checkout(ctx, g.ID, client.Pick{Tier: "basic", Quantity: 1}); err != nil || c.Again == nil || c.Again.Ref != placed.Ref {
		t.Errorf("order again? %+v %v", c.Again, err)
	}
	id := placed.Order
	step := func(want string) func(client.Moved, error) {
		return func(m client.Moved, err error) {
			t.Helper()
			if err != nil || m.State != want {
				t.Fatalf("%+v %v, want %s", m, err, want)
			}
		}
	}
	o, err := buyer.Order(ctx, id)
	if err != nil || o.You != "buyer" || o.Turn != "buyer" || len(o.Agreement.Questions) != 1 || !slices.ContainsFunc(o.Options, func(s client.OrderStep) bool { return s.Move == "undo" }) {
		t.Fatalf("%+v %v", o, err)
	}
	step("in_progress")(buyer.Submit(ctx, id, client.Answer{Question: o.Agreement.Questions[0].Key, Text: "Delft"}))
	sketch, err := seller.Upload(ctx, client.ForOrder, "sketch.txt", strings.NewReader("a sketch"))
	if err != nil {
		t.Fatal(err)
	}
	step("in_progress")(seller.Progress(ctx, id, client.Post{Text: "A sketch", Files: []string{sketch.ID}}))
	step("in_progress")(seller.Delay(ctx, id, "The pen broke"))
	o, err = buyer.Order(ctx, id)
	if err != nil || len(o.Timeline) < 5 || o.Due == nil || len(o.Clocks) == 0 {
		t.Fatalf("%+v %v", o, err)
	}
	near(t, *o.Due, h.Market.Now().Add(3*24*time.Hour))
	shown := o.Timeline[len(o.Timeline)-2]
	if shown.By != "seller" || len(shown.Files) != 1 || shown.Files[0].SHA256 != sketch.SHA256 {
		t.Errorf("%+v", shown)
	}
	readFile(t, buyer, sketch.ID, "a sketch")
	step("in_progress")(buyer.Comment(ctx, id, shown.No, "Lovely"))
	step("delivered")(seller.Deliver(ctx, id, client.Post{Text: "Here it is"}))
	step("delivered")(buyer.ExtendReview(ctx, id))
	step("in_revision")(buyer.Revise(ctx, id, client.Revision{Text: "This is Gouda", Lines: []int{1}, Fault: true}))
	step("delivered")(seller.Deliver(ctx, id, client.Post{Text: "Delft now"}))
	step("completed")(buyer.Accept(ctx, id))
	settled(t, h, buyer, seller, id)
}

func readFile(t *testing.T, c *client.Client, id, want string) {
	t.Helper()
	body, err := c.Download(t.Context(), id, "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = body.Close() }()
	if got, err := io.ReadAll(body); err != nil || string(got) != want {
		t.Errorf("%q %v", got, err)
	}
}

// settled looks at the money and the lists once the order is completed.
func settled(t *testing.T, h *testHouse, buyer, seller *client.Client, id string) {
	t.Helper()
	ctx := t.Context()
	for who, c := range map[string]*client.Client{"buyer": buyer, "seller": seller} {
		o, err := c.Order(ctx, id)
		if err != nil || o.You != who || o.RevisionsLeft != 1 || len(o.Money) != 2 {
			t.Fatalf("%s: %+v %v", who, o, err)
		}
		for _, line := range o.Money {
			var sum int64
			for _, p := range line.Parts {
				sum += p.Amount.Minor
				if who == "buyer" && (p.Pot == "commission" || p.Pot == "pending") {
					t.Errorf("the buyer sees what the seller earns: %+v", line)
				}
			}
			if sum != 0 {
				t.Errorf("%s: %+v does not add up", who, line)
			}
		}
	}
	if b, err := seller.Balance(ctx); err != nil || b.Pending.Minor != 7200 || b.Available.Minor != 0 || b.Pending.Text != "$72.00" {
		t.Errorf("%+v %v", b, err)
	}
	h.advance("15d")
	if b, err := seller.Balance(ctx); err != nil || b.Pending.Minor != 0 || b.Available.Minor != 7200 {
		t.Errorf("after clearing: %+v %v", b, err)
	}
	if lines := collect(t, seller.Statement(ctx, "available")); len(lines) != 1 || lines[0].Order != id || lines[0].Balance.Minor != 7200 {
		t.Errorf("%+v", lines)
	}
	if paid := collect(t, buyer.Spendings(ctx)); len(paid) != 1 || paid[0].Payment.Amount.Minor != 8000 || paid[0].State != "completed" {
		t.Errorf("%+v", paid)
	}
	if rows := collect(t, seller.Sales(ctx, client.Filter{Tab: "completed"})); len(rows) != 1 || rows[0].Other.Name != "Bo Buyer" {
		t.Errorf("%+v", rows)
	}
	if rows := collect(t, buyer.Purchases(ctx, client.Filter{})); len(rows) != 0 {
		t.Errorf("still active: %+v", rows)
	}
	if err := seller.ReadAllNotices(ctx); err != nil {
		t.Fatal(err)
	}
	if n, err := seller.Unread(ctx); err != nil || n != 0 {
		t.Errorf("%d unread %v", n, err)
	}
}

// TestTheOtherEnds are the ends of an order's life besides completion.
func TestTheOtherEnds(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	ctx := t.Context()
	seller, buyer := h.person("Sela Seller"), h.person("Bo Buyer")
	asks := h.offer(seller, client.Question{Kind: "text", Text: "Which town?", Required: true})
	plain := h.offer(seller)
	for name, end := range map[string]struct {
		gig   client.Gig
		do    func(id string) (client.Moved, error)
		state string
		class string
	}{
		"undo":  {asks, func(id string) (client.Moved, error) { return buyer.Undo(ctx, id) }, "cancelled", "before_start"},
		"waive": {asks, func(id string) (client.Moved, error) { return seller.Waive(ctx, id) }, "in_progress", ""},
		"late": {plain, func(id string) (client.Moved, error) {
			h.advance("5d")
			return buyer.CancelLate(ctx, id)
		}, "cancelled", "late"},
		"stale": {asks, func(id string) (client.Moved, error) {
			h.advance("8d")
			return seller.CancelStale(ctx, id)
		}, "cancelled", "before_start_stale"},
	} {
		t.Run(name, func(t *testing.T) {
			placed := h.place(buyer, end.gig, goodCard)
			moved, err := end.do(placed.Order)
			if err != nil || moved.State != end.state {
				t.Fatalf("%+v %v", moved, err)
			}
			if o, err := buyer.Order(ctx, placed.Order); err != nil || o.Class != end.class {
				t.Errorf("class %q %v", o.Class, err)
			}
		})
	}
}

// TestADeclinedPaymentCanBeTriedAgain pays an order at the second attempt.
func TestADeclinedPaymentCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	seller, buyer := h.person("Sela Seller"), h.person("Bo Buyer")
	g := h.offer(seller)
	bad := goodCard
	bad.Number = "4000 0000 0000 0002"
	placed := h.place(buyer, g, bad)
	if placed.Paid != "declined" || placed.State != "unpaid" || placed.Reason == "" {
		t.Fatalf("%+v", placed)
	}
	if _, err := seller.Order(t.Context(), placed.Order); err == nil {
		t.Error("the seller sees an order that was never paid")
	}
	again, err := buyer.PayOrder(t.Context(), placed.Order, goodCard)
	if err != nil || again.State != "in_progress" || again.Payment == placed.Payment {
		t.Fatalf("%+v %v", again, err)
	}
	if p, err := buyer.Payment(t.Context(), again.Payment); err != nil || p.State != "succeeded" || p.Method != "Visa ending 4242" {
		t.Errorf("%+v %v", p, err)
	}
}
