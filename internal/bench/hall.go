package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/pay"
)

// sellers is how many sellers, with one gig each, a hall has.
const sellers = 100

// hall is a house full of people for measuring in.
type hall struct {
	*app.App
	gigs    []gig.Gig
	sellers []person
	buyers  []person // one for each caller
	turn    atomic.Int64
	guests  int // who have signed in
}

// person is somebody with a login.
type person struct {
	member.Actor
	email   string
	browser *http.Client
	from    string // each comes from an address of their own, as guests do
}

const password = "three plain words for measuring"

var visa = pay.Card{Number: "4242 4242 4242 4242", Expiry: "12/39", CVC: "123", Name: "Bench"}

// open fills a fresh house. Data is its folder; database "" is SQLite in it.
func open(ctx context.Context, data, database string, p Plan) (*hall, error) {
	a, err := app.Open(ctx, app.Config{
		Listen: "127.0.0.1:0", Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Data: data, Database: database, Migrate: true, AllowPlayMoney: true,
		Log: slog.New(slog.DiscardHandler), IDs: ident.NewSeeded(p.Seed),
	})
	if err != nil {
		return nil, err
	}
	h := &hall{App: a}
	if err := h.fill(ctx, p); err != nil {
		_ = a.Close() // the first error tells more
		return nil, err
	}
	return h, nil
}

func (h *hall) fill(ctx context.Context, p Plan) error {
	hash, err := h.Market.HashPassword(ctx, password)
	if err != nil {
		return err
	}
	operator, err := h.join(ctx, "Operator", hash, true)
	if err != nil {
		return err
	}
	category, err := h.Market.AddCategory(ctx, operator.Actor, "", "", "Bench "+operator.email)
	if err != nil {
		return err
	}
	for i := range sellers {
		s, err := h.join(ctx, fmt.Sprintf("Seller %d", i), hash, false)
		if err != nil {
			return err
		}
		g, err := h.offer(ctx, s.Actor, category.ID, i)
		if err != nil {
			return err
		}
		h.sellers, h.gigs = append(h.sellers, s), append(h.gigs, g)
	}
	for i := range p.Callers {
		b, err := h.join(ctx, fmt.Sprintf("Buyer %d", i), hash, false)
		if err != nil {
			return err
		}
		h.buyers = append(h.buyers, b)
	}
	return nil
}

func (h *hall) join(ctx context.Context, name, hash string, operator bool) (person, error) {
	email := strings.ReplaceAll(strings.ToLower(name), " ", ".") + "@" + ident.Secret()[:8] + ".example"
	m, err := h.Market.SignUp(ctx, market.SignUp{Application: member.Application{Name: name, Email: email, Zone: "UTC"}, Hash: hash, Operator: operator})
	return person{Actor: m.Actor(), email: email}, err
}

func (h *hall) offer(ctx context.Context, seller member.Actor, c ident.Category, n int) (gig.Gig, error) {
	if _, err := h.Market.OpenShop(ctx, seller, "", member.Shop{Tagline: "Measured work"}); err != nil {
		return gig.Gig{}, err
	}
	seller.Seller = true
	g, err := h.Market.CreateGig(ctx, seller, "", market.GigInput{Category: c, Body: gig.Body{
		Title: fmt.Sprintf("measure the speed of thing number %d", n), Description: "One thing, measured with care.", Currency: "USD",
		Packages:  []gig.Package{{Tier: gig.Basic, Name: "Basic", Description: "One thing", Price: 8000, Days: 3, Revisions: 1}},
		Questions: []gig.Question{{Kind: gig.QuestionText, Text: "Which thing?", Required: true}},
	}})
	if err != nil {
		return g, err
	}
	return h.Market.PublishGig(ctx, seller, "", g.ID)
}

// serve lets the house answer and its loops run while something is done.
func (h *hall) serve(ctx context.Context, do func(context.Context) error) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if err := h.Listen(ctx); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	defer func() {
		stop()
		err = errors.Join(err, <-ended)
	}()
	return do(ctx)
}

// next is the gig whose turn it is.
func (h *hall) next() (gig.Gig, person) {
	i := int(h.turn.Add(1)) % len(h.gigs)
	return h.gigs[i], h.sellers[i]
}

// place orders a gig by a market call.
func (h *hall) place(ctx context.Context, buyer person, g gig.Gig) (ident.Order, error) {
	placed, err := h.Market.PlaceOrder(ctx, buyer.Actor, market.Key(ident.Secret()[:24]), market.NewOrder{
		Gig: g.ID, Pick: gig.Pick{Tier: gig.Basic, Quantity: 1}, Shown: money.Of(8000, "USD"), Again: true,
	}, visa)
	if err == nil && placed.State != order.AwaitingRequirements {
		err = fault.Conflict("the order is " + string(placed.State))
	}
	return placed.Order, err
}

// signIn gives people a browser with a session.
func (h *hall) signIn(ctx context.Context, people []person) error {
	transport := &http.Transport{MaxIdleConnsPerHost: len(people) + 1, MaxConnsPerHost: 0}
	for i := range people {
		jar, err := cookiejar.New(nil)
		if err != nil {
			return err
		}
		people[i].browser = &http.Client{
			Jar: jar, Transport: transport, Timeout: 30 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
		people[i].from = netip.AddrFrom4([4]byte{10, 0, byte(h.guests >> 8), byte(h.guests)}).String()
		h.guests++
		if _, err := h.post(ctx, people[i], "/login", url.Values{"email": {people[i].email}, "password": {password}}); err != nil {
			return err
		}
	}
	return nil
}

// get reads a page.
func (h *hall) get(ctx context.Context, who person, path string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.URL()+path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("X-Forwarded-For", who.from)
	resp, err := who.browser.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return errStatus(path, resp)
	}
	return nil
}

// post sends a form and returns where the house leads on to.
func (h *hall) post(ctx context.Context, who person, path string, form url.Values) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL()+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", h.URL())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("X-Forwarded-For", who.from)
	resp, err := who.browser.Do(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return "", err
	}
	if resp.StatusCode != http.StatusSeeOther {
		return "", errStatus(path, resp)
	}
	return resp.Header.Get("Location"), nil
}

// checkout orders a gig as a browser does, and returns the order's path.
func (h *hall) checkout(ctx context.Context, buyer person, g gig.Gig) (string, error) {
	return h.post(ctx, buyer, "/checkout", url.Values{
		"idempotency_key": {ident.Secret()[:24]}, "gig": {string(g.ID)}, "tier": {"basic"}, "quantity": {"1"},
		"shown": {strconv.Itoa(8000)}, "again": {"on"},
		"card.number": {visa.Number}, "card.expiry": {visa.Expiry}, "card.cvc": {visa.CVC},
	})
}
