package proof_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guildhall/client"
	"guildhall/internal/app"
	"guildhall/internal/gig"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/pay"
)

// person is a member with a token that may do everything.
type person struct {
	member.Member
	token string
}

// town is a rehearsal database with people in it: buyers, and a seller who has
// earned something that can be withdrawn.
type town struct {
	data, database string
	buyers         []person
	seller         person
	gig            gig.Gig // asks one question, takes any number of orders
	single         gig.Gig // asks nothing, takes one order at once
	fortune        gig.Gig // the dear one that the seller earned with
}

const (
	price     = 8000    // of one order of town.gig and town.single
	fortune   = 2000000 // of town.fortune
	visa      = "4242 4242 4242 4242"
	slow      = "4000 0000 0000 0077" // keeps the buyer waiting, then pays
	noMoney   = "4000 0000 0000 0002"
	account   = "DE00 1234 5678"
	clearance = 15 * 24 * time.Hour // longer than earnings rest
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// quiet keeps what a house says to itself from the output, but for what must
// not happen.
var quiet = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))

// found makes a town in an empty folder and closes the house again. An empty
// database is SQLite in that folder.
func found(t testing.TB, data, database string, buyers int) town {
	t.Helper()
	town := town{data: data, database: cmp.Or(database, filepath.Join(data, "guildhall.db"))}
	a := town.open(t)
	for i := range buyers {
		town.buyers = append(town.buyers, settle(t, a, fmt.Sprintf("Buyer %d", i+1)))
	}
	town.seller = settle(t, a, "Sela Seller")
	var err error
	town.seller.Member, err = a.Market.OpenShop(t.Context(), town.seller.Actor(), "", member.Shop{Tagline: "I draw maps"})
	must(t, err)
	town.gig = town.offer(t, a, "Draw a map of your town", price, 0, true)
	town.single = town.offer(t, a, "Draw one map at a time", price, 1, false)
	town.fortune = town.offer(t, a, "Draw a map of the world", fortune, 0, false)
	town.earn(t, a)
	must(t, a.Close())
	return town
}

// open opens the house of the town in this process; its loops do not run.
func (town town) open(t testing.TB) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), app.Config{Data: town.data, Database: town.database, Migrate: true, Rehearse: true, Log: quiet})
	must(t, err)
	return a
}

// doors opens the house in this process until the test ends and returns the
// address at which it answers.
func (town town) doors(t testing.TB) (*app.App, string) {
	t.Helper()
	a := town.open(t)
	server := httptest.NewServer(a.Handler())
	t.Cleanup(func() {
		server.Close()
		must(t, a.Close())
	})
	return a, server.URL
}

func settle(t testing.TB, a *app.App, name string) person {
	t.Helper()
	email := fmt.Sprintf("%d@example.com", time.Now().UnixNano())
	who, err := a.Market.SignUp(t.Context(), market.SignUp{
		Application: member.Application{Name: name, Email: email, Zone: "UTC"}, Hash: "never matches",
	})
	must(t, err)
	_, token, err := a.Market.MakeToken(t.Context(), who.Actor(), market.NewToken{
		Name: "proof", Scopes: []member.Scope{member.ScopeRead, member.ScopeBuy, member.ScopeSell, member.ScopeManage},
	})
	must(t, err)
	return person{who.Member, token}
}

func (town *town) offer(t testing.TB, a *app.App, title string, minor int64, capacity int, asks bool) gig.Gig {
	t.Helper()
	category, err := a.Market.AddCategory(t.Context(), member.House(), "", "", "Drawing")
	must(t, err)
	body := gig.Body{
		Title: title, Description: "Drawn by hand on paper, as you like it.", Currency: "USD", Tags: []string{"map"}, Capacity: capacity,
		Packages: []gig.Package{{Tier: gig.Basic, Name: "Map", Description: "One map", Price: minor, Days: 3, Revisions: 1}},
	}
	if asks {
		body.Questions = []gig.Question{{Text: "Which town?", Kind: gig.QuestionText, Required: true}}
	}
	g, err := a.Market.CreateGig(t.Context(), town.seller.Actor(), "", market.GigInput{Category: category.ID, Body: body})
	must(t, err)
	g, err = a.Market.PublishGig(t.Context(), town.seller.Actor(), "", g.ID)
	must(t, err)
	return g
}

// earn lets the seller have 18,000.00 that can be withdrawn.
func (town town) earn(t testing.TB, a *app.App) {
	t.Helper()
	placed, err := a.Market.PlaceOrder(t.Context(), town.buyers[0].Actor(), "", market.NewOrder{
		Gig: town.fortune.ID, Pick: gig.Pick{Tier: gig.Basic, Quantity: 1}, Shown: money.Of(fortune, "USD"), Again: true,
	}, pay.Card{Number: visa, Expiry: "12/40", CVC: "123", Name: "A Buyer"})
	must(t, err)
	_, err = a.Market.Move(t.Context(), town.seller.Actor(), "", placed.Order, order.Deliver{Text: "The world"})
	must(t, err)
	_, err = a.Market.Move(t.Context(), town.buyers[0].Actor(), "", placed.Order, order.Accept{})
	must(t, err)
	must(t, a.MoveClock(t.Context(), clearance))
}

// line is how the tests reach a house: patient with a slow machine, with as
// many connections as there are callers.
var line = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 128}}

func (p person) at(url string) *client.Client { return client.New(url, p.token, client.WithHTTP(line)) }

func usd(minor int64) client.Money { return client.Money{Minor: minor, Currency: "USD"} }

func card(number string) client.Card {
	return client.Card{Number: number, Expiry: "12/40", CVC: "123", Name: "A Buyer"}
}

func mapOf(g gig.Gig, number string) client.NewOrder {
	return client.NewOrder{
		Gig: string(g.ID), Pick: client.Pick{Tier: "basic", Quantity: 1}, Shown: usd(price), Again: true, Card: card(number),
	}
}

func (town town) answer() client.Answer {
	return client.Answer{Question: town.gig.Questions[0].Key, Text: "Delft"}
}

// sound fails the test on anything that the audit finds.
func sound(ctx context.Context, t testing.TB, m *market.Market) {
	t.Helper()
	findings, err := m.Audit(ctx, nil)
	must(t, err)
	for _, f := range findings {
		t.Errorf("audit: %s %s: %s", f.Rule, f.Subject, f.What)
	}
}

// exported is everything that an open house holds, by table.
func exported(t testing.TB, a *app.App) map[string][]row {
	t.Helper()
	var out bytes.Buffer
	_, err := a.Market.Export(t.Context(), &out)
	must(t, err)
	return tables(t, &out)
}
