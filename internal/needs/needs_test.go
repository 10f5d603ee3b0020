package needs_test

import (
	"strings"
	"testing"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/gig"
	"guildhall/internal/needs"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

var dawn = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

func classic(t *testing.T) policy.Version {
	t.Helper()
	_, doc, err := policy.Profile("classic")
	if err != nil {
		t.Fatal(err)
	}
	return policy.Version{ID: "policy_classic", Document: doc}
}

func TestOf(t *testing.T) {
	p := classic(t)
	ask := func(by policy.Party, owed int64) *resolution.Request {
		return &resolution.Request{No: 3, By: by, Asked: dawn, Ends: dawn.Add(2 * day), Owed: owed, Proposal: resolution.Proposal{Kind: resolution.Cancel, Cause: "mistake", Share: 10_000}}
	}
	waiting := order.Order{State: order.AwaitingRequirements, Life: order.Life{WaitsSince: dawn}}
	working := order.Order{State: order.InProgress, DueAt: dawn.Add(5 * day), Life: order.Life{StartedAt: dawn, LateFrom: dawn.Add(6 * day)}}
	delivered := order.Order{State: order.Delivered, Life: order.Life{CompletesAt: dawn.Add(3 * day)}}
	held := working
	held.Life.Hold = &order.Hold{Reason: "x", Since: dawn}
	asked, agreed := working, working
	asked.Life.Request, agreed.Life.Request = ask(policy.PartySeller, 0), ask(policy.PartyBuyer, 500)
	for _, c := range []struct {
		name          string
		o             order.Order
		after         time.Duration
		buyer, seller string // kind and when, from dawn
	}{
		{"unpaid", order.Order{State: order.Unpaid, CreatedAt: dawn}, 0, "pay 24h0m0s", ""},
		{"unpaid, of an offer", order.Order{State: order.Unpaid, CreatedAt: dawn, Agreement: gig.Quote{Offer: "offer_1", PayBy: dawn.Add(4 * time.Hour)}}, 0, "pay 4h0m0s", ""},
		{"questions", waiting, day, "brief 168h0m0s", ""},
		{"questions for a week", waiting, 7 * day, "brief 1440h0m0s", "stale 1440h0m0s"},
		{"at work", working, day, "", "deliver 120h0m0s"},
		{"past due", working, 5*day + time.Hour, "", "late 144h0m0s"},
		{"late", working, 6 * day, "late 144h0m0s", "late 144h0m0s"},
		{"delivered", delivered, day, "look 72h0m0s", ""},
		{"revision", order.Order{State: order.InRevision, Life: order.Life{RevisionBy: dawn.Add(2 * day)}}, 0, "", "revise 48h0m0s"},
		{"held", held, 9 * day, "", ""},
		{"the seller asked", asked, day, "answer 48h0m0s", ""},
		{"the buyer pays what was agreed", agreed, day, "pay 48h0m0s", ""},
		{"completed", order.Order{State: order.Completed}, 0, "", ""},
		{"cancelled", order.Order{State: order.Cancelled}, 0, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for side, want := range map[order.Party]string{order.Buyer: c.buyer, order.Seller: c.seller, order.Agent: ""} {
				n, ok := needs.Of(dawn.Add(c.after), c.o, side, p)
				got := ""
				if ok {
					got = string(n.Kind) + " " + n.At.Sub(dawn).String()
					if n.Do == "" || n.Lost == "" {
						t.Errorf("%s: no words", side)
					}
				}
				if got != want {
					t.Errorf("%s: %q, want %q", side, got, want)
				}
			}
		})
	}
}

func TestOfOffer(t *testing.T) {
	open := offer.Offer{State: offer.Open, ExpiresAt: dawn.Add(day)}
	ended := open
	ended.State = offer.Withdrawn
	begun := open
	begun.Order = "order_1"
	for _, c := range []struct {
		name  string
		o     offer.Offer
		after time.Duration
		waits bool
	}{
		{"open", open, 0, true},
		{"its time is over", open, day, false},
		{"withdrawn", ended, 0, false},
		{"begun to be paid, so its order waits", begun, 0, false},
	} {
		n, waits := needs.OfOffer(dawn.Add(c.after), c.o)
		if waits != c.waits || waits && (n.Kind != needs.Offer || !n.At.Equal(open.ExpiresAt) || n.Do == "" || n.Lost == "") {
			t.Errorf("%s: %+v, %v", c.name, n, waits)
		}
	}
}

func TestOfCase(t *testing.T) {
	for _, state := range desk.States() {
		n, waits := needs.OfCase(desk.Case{State: state})
		if waits != (state == desk.Answered) || waits && (n.Kind != needs.Case || n.Do == "" || n.Lost == "" || !n.At.IsZero()) {
			t.Errorf("%s: %+v, %v", state, n, waits)
		}
	}
}

func TestSort(t *testing.T) {
	list := []needs.Need{
		{Kind: needs.Deliver, At: dawn.Add(day), Do: "c"}, {Kind: needs.Look, At: dawn.Add(day), Do: "b"},
		{Kind: needs.Case, Do: "d"}, {Kind: needs.Answer, At: dawn.Add(9 * day), Do: "z"}, {Kind: needs.Late, At: dawn.Add(-day), Do: "a"},
		{Kind: needs.Revise, At: dawn.Add(-9 * day), Calm: true, Do: "y"},
	}
	needs.Sort(list, func(n needs.Need) needs.Need { return n })
	got := ""
	for _, n := range list {
		got += n.Do
	}
	if got != "zabcdy" {
		t.Errorf("sorted %s", strings.Join(strings.Split(got, ""), " "))
	}
	if !list[1].Over(dawn) || list[2].Over(dawn) {
		t.Error("what has passed is over, what is to come is not")
	}
}
