package house

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/desk"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/offer"
	"guildhall/internal/pay"
)

// village is a house in rehearsal with one person of each kind in it.
type village struct {
	t        *testing.T
	house    *app.App
	door     http.Handler
	people   map[string]member.Member
	cookies  map[string]*http.Cookie
	token    string // of the buyer, for reading only
	category gig.Category
	peer     int
}

const password = "a long way to the village"

func newVillage(t *testing.T) *village {
	t.Helper()
	v := &village{t: t, people: map[string]member.Member{}, cookies: map[string]*http.Cookie{}}
	house, err := app.Open(t.Context(), app.Config{
		Data: t.TempDir(), Migrate: true, Rehearse: true, Log: slog.New(slog.DiscardHandler),
	})
	v.must(err)
	t.Cleanup(func() { v.must(house.Close()) })
	v.house, v.door = house, house.Handler()
	for kind, in := range map[string]market.SignUp{
		"stranger": {}, "buyer": {}, "seller": {}, "agent": {Agent: true}, "operator": {Operator: true},
	} {
		in.Application = member.Application{Name: "The " + kind, Email: kind + "@example.com", Password: password, Zone: "UTC"}
		who, err := house.Market.SignUp(t.Context(), in)
		v.must(err)
		made := who.Member
		if kind == "seller" || kind == "stranger" {
			made, err = house.Market.OpenShop(t.Context(), made.Actor(), "", member.Shop{Tagline: "Work by the piece"})
			v.must(err)
		}
		v.people[kind] = made
		v.signIn(kind)
	}
	_, v.token, err = house.Market.MakeToken(t.Context(), v.actor("buyer"), market.NewToken{Name: "Reader", Scopes: []member.Scope{member.ScopeRead}})
	v.must(err)
	v.category, err = house.Market.AddCategory(t.Context(), v.actor("operator"), "", "", "Design")
	v.must(err)
	return v
}

func (v *village) must(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *village) actor(kind string) member.Actor { return v.people[kind].Actor() }

// elsewhere is a new network each time, so that nobody is told to slow down.
func (v *village) elsewhere() string {
	v.peer++
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(v.peer >> 16), byte(v.peer >> 8), byte(v.peer)}), 4000).String()
}

// signIn comes in through the door, as a browser does.
func (v *village) signIn(kind string) {
	v.t.Helper()
	if _, ok := v.people[kind]; !ok {
		return
	}
	form := url.Values{"email": {kind + "@example.com"}, "password": {password}}
	r := httptest.NewRequestWithContext(v.t.Context(), http.MethodPost, "/login", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = v.elsewhere()
	w := httptest.NewRecorder()
	v.door.ServeHTTP(w, r)
	if w.Code != http.StatusSeeOther || len(w.Result().Cookies()) == 0 {
		v.t.Fatalf("%s does not come in: %d %s", kind, w.Code, w.Body)
	}
	v.cookies[kind] = w.Result().Cookies()[0]
}

// object makes a fresh thing for an address that has one of its parties' things
// in it, so that one visitor's deed does not change the next one's answer.
func (v *village) object(a address) (id string, known bool) {
	v.t.Helper()
	switch p := strings.TrimPrefix(a.pattern, "/api/v1"); {
	case strings.HasPrefix(p, "/orders/{id}"):
		return string(v.order().Order), true
	case strings.HasPrefix(p, "/offers/{id}"):
		return string(v.offer()), true
	case strings.HasPrefix(p, "/payments/{id}"):
		return string(v.order().Payment), true
	case strings.HasPrefix(p, "/gigs/{slug}"):
		return v.gig().Slug, true
	case strings.HasPrefix(p, "/gigs/{id}"):
		return string(v.gig().ID), true
	case strings.HasPrefix(p, "/files/{id}"):
		f, err := v.house.Market.SaveUpload(v.t.Context(), v.actor("buyer"), market.ForOrder, "brief.txt", strings.NewReader("a brief"))
		v.must(err)
		return string(f.ID), true
	case strings.HasPrefix(p, "/tokens/{id}"), strings.HasPrefix(p, "/profile/tokens/{id}"):
		made, _, err := v.house.Market.MakeToken(v.t.Context(), v.actor("buyer"), market.NewToken{Name: "Old", Scopes: []member.Scope{member.ScopeRead}})
		v.must(err)
		return string(made.ID), true
	case strings.HasPrefix(p, "/threads/{id}"), strings.HasPrefix(p, "/messages/{id}"):
		return string(v.thread()), true
	case strings.HasPrefix(p, "/notices/{id}"):
		return v.notice(), true
	case strings.HasPrefix(p, "/cases/{id}"), strings.HasPrefix(p, "/desk/{id}"):
		return string(v.openCase()), true
	case strings.HasPrefix(p, "/members/{handle}"), strings.HasPrefix(p, "/sellers/{handle}"):
		return v.people["seller"].Handle, true
	case strings.HasPrefix(p, "/members/{id}"):
		m, err := v.house.Market.SignUp(v.t.Context(), market.SignUp{Hash: "never matches", Application: member.Application{
			Name: "A passer-by", Email: ident.Secret()[:12] + "@example.com", Zone: "UTC",
		}})
		v.must(err)
		return string(m.ID), true
	case strings.HasPrefix(p, "/policies/{id}"):
		return string(v.house.Market.Policy().ID), true
	case strings.HasPrefix(p, "/browse/{path...}"):
		return v.category.Slug, true
	}
	return "", false
}

// missing is an id as this address expects it, of nothing.
func (v *village) missing(path string) string {
	now := v.house.Market.Now()
	ids := ident.NewSource()
	switch {
	case strings.Contains(path, "/orders/"):
		return string(ident.New[ident.Order](ids, now))
	case strings.Contains(path, "/cases/"), strings.Contains(path, "/desk/"):
		return string(ident.New[ident.Case](ids, now))
	case strings.Contains(path, "/offers/"):
		return string(ident.New[ident.Offer](ids, now))
	case strings.Contains(path, "/gigs/"):
		return string(ident.New[ident.Gig](ids, now))
	case strings.Contains(path, "/payments/"):
		return string(ident.New[ident.Payment](ids, now))
	case strings.Contains(path, "/files/"), strings.Contains(path, "/pictures/"):
		return string(ident.New[ident.File](ids, now))
	case strings.Contains(path, "/tokens/"):
		return string(ident.New[ident.Token](ids, now))
	case strings.Contains(path, "/threads/"), strings.Contains(path, "/messages/"):
		return string(ident.New[ident.Thread](ids, now))
	case strings.Contains(path, "/notices/"):
		return string(ident.New[ident.Notice](ids, now))
	case strings.Contains(path, "/members/"):
		return string(ident.New[ident.Member](ids, now))
	case strings.Contains(path, "/policies/"):
		return string(ident.New[ident.Policy](ids, now))
	case strings.Contains(path, "/jobs/"):
		return string(ident.New[ident.Job](ids, now))
	}
	return "nothing_here"
}

// draft is a new gig of the seller's that nobody else may see.
func (v *village) draft(path string) string {
	v.t.Helper()
	g := v.unpublished()
	if strings.Contains(path, "{slug}") {
		return g.Slug
	}
	return string(g.ID)
}

// gig is a new one of the seller's, for sale.
func (v *village) gig() gig.Gig {
	v.t.Helper()
	g, err := v.house.Market.PublishGig(v.t.Context(), v.actor("seller"), "", v.unpublished().ID)
	v.must(err)
	return g
}

func (v *village) unpublished() gig.Gig {
	v.t.Helper()
	g, err := v.house.Market.CreateGig(v.t.Context(), v.actor("seller"), "", market.GigInput{Category: v.category.ID, Body: gig.Body{
		Title: "Logo for a bakery", Description: "Three sketches, one of them worked out.", Currency: "USD", Tags: []string{"brand"},
		Packages:  []gig.Package{{Tier: gig.Basic, Name: "Sketch", Description: "One sketch", Price: 8000, Days: 3, Revisions: 1}},
		Questions: []gig.Question{{Text: "What is it called?", Kind: gig.QuestionText, Required: true}},
	}})
	v.must(err)
	return g
}

// order is a new one between the buyer and the seller, paid.
func (v *village) order() market.Placed {
	v.t.Helper()
	placed, err := v.house.Market.PlaceOrder(v.t.Context(), v.actor("buyer"), "", market.NewOrder{
		Gig: v.gig().ID, Pick: gig.Pick{Tier: gig.Basic, Quantity: 1}, Shown: money.Of(8000, "USD"), Again: true,
	}, pay.Card{Number: "4242 4242 4242 4242", Expiry: time.Now().AddDate(2, 0, 0).Format("01/06"), CVC: "123", Name: "The buyer"})
	v.must(err)
	return placed
}

// offer is a new one of the seller's to the buyer, who has written to them.
func (v *village) offer() ident.Offer {
	v.t.Helper()
	_, err := v.house.Market.Write(v.t.Context(), v.actor("buyer"), "hello", market.Words{To: v.people["seller"].ID, Text: "And a sign?"})
	v.must(err)
	made, err := v.house.Market.MakeOffer(v.t.Context(), v.actor("seller"), "", market.NewOffer{
		To: v.people["buyer"].ID, Gig: v.gig().ID, Beside: true,
		Terms: offer.Terms{Title: "Logo and a sign", Scope: "A sign one metre wide.", Price: money.Of(12000, "USD"), Days: 3},
	})
	v.must(err)
	return made.Offer
}

// thread is the conversation of the buyer and the seller, which the buyer began.
func (v *village) thread() ident.Thread {
	v.t.Helper()
	done, err := v.house.Market.Write(v.t.Context(), v.actor("buyer"), "heron", market.Words{To: v.people["seller"].ID, Text: "Could you draw a heron?"})
	v.must(err)
	return done.Thread
}

// unblock takes back what the button that blocks did.
func (v *village) unblock() {
	v.t.Helper()
	for _, kind := range []string{"buyer", "seller"} {
		_, err := v.house.Market.Unblock(v.t.Context(), v.actor(kind), "", v.thread())
		v.must(err)
	}
}

// openCase is a new one about an order, that its buyer and its seller are in.
func (v *village) openCase() ident.Case {
	v.t.Helper()
	c, err := v.house.Market.OpenCase(v.t.Context(), v.actor("buyer"), "", market.NewCase{
		Kind: desk.Payment, About: market.CaseSubjectOrder(v.order().Order), Text: "Please look at this payment.",
	})
	v.must(err)
	return c.ID
}

// notice is the newest one of the buyer's.
func (v *village) notice() string {
	v.t.Helper()
	v.order()
	v.must(v.house.Market.DrainOutbox(v.t.Context()))
	page, err := v.house.Market.Notices(v.t.Context(), v.actor("buyer"), market.Cursor(""), 1)
	v.must(err)
	if len(page.Notices) == 0 {
		v.t.Fatal("nobody told the buyer of the order")
	}
	return string(page.Notices[0].ID)
}
