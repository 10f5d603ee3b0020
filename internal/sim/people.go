package sim

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/brianvoe/gofakeit/v7/data"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
)

// person is somebody who acts.
type person struct {
	Name, Email string
	zoneName    string
	zone        *time.Location
	joined      time.Time
	who         member.Actor
	trade       int  // index of the category a seller works in
	crook       bool // tries what must gain nothing
	agent       bool
	operator    bool
}

// zones is where people live: on both sides of the equator and of the date
// line, with summer time and without.
var zones = []string{
	"Europe/Vienna", "Europe/London", "Europe/Lisbon", "Europe/Helsinki", "America/New_York", "America/Chicago",
	"America/Los_Angeles", "America/Sao_Paulo", "America/St_Johns", "Africa/Lagos", "Africa/Nairobi", "Asia/Kolkata",
	"Asia/Kathmandu", "Asia/Tokyo", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland", "UTC",
}

// drawPeople draws everybody from the seed, with names that differ.
func (w *World) drawPeople() {
	r := rand.New(rand.NewPCG(w.c.Seed, 0))         // play
	names := rand.New(rand.NewPCG(w.c.Seed, 1<<32)) // play
	taken := map[string]bool{}
	span := w.c.Until.Sub(w.c.From)
	one := func(latest float64) *person {
		name := ""
		for name == "" || taken[name] {
			name = pick(names, data.Person["first"]) + " " + pick(names, data.Person["last"])
		}
		taken[name] = true
		zone := pick(r, zones)
		loc, err := time.LoadLocation(zone)
		if err != nil {
			zone, loc = "UTC", time.UTC
		}
		email := strings.ToLower(strings.NewReplacer(" ", ".", "'", "").Replace(name)) + "@" + pick(r, w.words.Domains)
		at := time.Duration(r.Float64() * latest * float64(span))
		return &person{Name: name, Email: email, zoneName: zone, zone: loc, joined: w.c.From.Add(at.Truncate(time.Second))}
	}
	for range w.c.Sellers {
		p := one(0.5)
		p.trade = r.IntN(len(w.words.Categories))
		w.sellers = append(w.sellers, p)
	}
	for range w.c.Buyers {
		p := one(0.9)
		p.crook = r.IntN(25) == 0
		w.buyers = append(w.buyers, p)
	}
	for i := range 3 {
		p := one(0)
		p.agent, p.operator = i > 0, i == 0
		w.staff = append(w.staff, p)
	}
	// The first few can be signed in with: they were there from the beginning.
	for i, p := range w.sellers[:min(cast, len(w.sellers))] {
		p.joined, p.trade = w.c.From, i%len(w.words.Categories)
	}
	for _, p := range w.buyers[:min(cast, len(w.buyers))] {
		p.joined, p.crook = w.c.From, false
	}
	for i := range w.reserved() {
		p := w.buyers[len(w.buyers)-1-i]
		p.joined, p.crook = w.c.From.Add(time.Duration(i)*time.Minute), false
	}
}

// reserved is how many buyers, counted from the last one, are each a lane's own:
// with them somebody of the lane has to settle something, and all that is said
// and decided about them happens there, in one order.
func (w *World) reserved() int {
	busy := min(lanes, len(w.sellers))
	return min(max(busy, len(w.buyers)/10), len(w.buyers)/2)
}

// patrons are the buyers who are a lane's own.
func (w *World) patrons(lane int) []*person {
	var own []*person
	n := w.reserved()
	busy := min(lanes, len(w.sellers), n)
	for i := lane % busy; i < n; i += busy {
		own = append(own, w.buyers[len(w.buyers)-1-i])
	}
	return own
}

// cast is how many buyers and sellers can be signed in with.
const cast = 4

// signUp makes the account.
func (l *lane) signUp(ctx context.Context, p *person) error {
	l.set(p.joined)
	m, err := l.m.SignUp(ctx, market.SignUp{
		Application: member.Application{Name: p.Name, Email: p.Email, Zone: p.zoneName},
		Hash:        l.w.c.Hash, Agent: p.agent, Operator: p.operator,
	})
	p.who = m.Actor()
	return err
}

// openShop turns somebody into a seller with a face and a few gigs.
func (l *lane) openShop(ctx context.Context, no int, p *person, categories [][]gig.Category) error {
	l.set(p.joined.Add(10 * time.Minute))
	t := l.w.words.Categories[p.trade]
	shop := member.Shop{Tagline: pick(l.rnd, l.w.words.Taglines), Skills: some(l.rnd, t.Tags, 4)}
	if _, err := l.m.OpenShop(ctx, p.who, "", shop); err != nil {
		return err
	}
	p.who.Seller = true
	about := member.Profile{Name: p.Name, Zone: p.zoneName, About: l.w.words.fill(l.rnd, pick(l.rnd, l.w.words.Abouts))}
	if _, err := l.m.SetProfile(ctx, p.who, "", about); err != nil {
		return err
	}
	if no < pictured {
		if err := l.face(ctx, p); err != nil {
			return err
		}
	}
	offers := 1 + l.rnd.IntN(3)
	if no < cast {
		offers = 3
	}
	for i := range offers {
		l.set(p.joined.Add(time.Duration(i+1) * time.Hour))
		if err := l.offer(ctx, no, p, i, categories[p.trade]); err != nil {
			return err
		}
	}
	return nil
}

// pictured is how many sellers upload pictures; the covers of the others are
// drawn by the page.
const pictured = 24

func (l *lane) face(ctx context.Context, p *person) error {
	f, err := l.m.SaveUpload(ctx, p.who, market.ForAvatar, "me.png", bytes.NewReader(drawFace(l.rnd)))
	if err != nil {
		return err
	}
	_, err = l.m.SetPicture(ctx, p.who, "", f.ID)
	return err
}

// shelf is a gig for sale.
type shelf struct {
	gig    gig.Gig
	seller *person
	since  time.Time
	weight int
}

func (l *lane) offer(ctx context.Context, no int, p *person, place int, subs []gig.Category) error {
	body, sub := l.body(p.trade, place)
	if no < pictured && place == 0 {
		f, err := l.m.SaveUpload(ctx, p.who, market.ForGig, "cover.png", bytes.NewReader(drawCover(l.rnd)))
		if err != nil {
			return err
		}
		body.Pictures = []ident.File{f.ID}
	}
	g, err := l.m.CreateGig(ctx, p.who, "", market.GigInput{Category: subs[sub].ID, Body: body})
	if err != nil {
		return err
	}
	if place > 0 && l.chance(4) {
		return nil // a draft that waits for better days
	}
	l.set(l.now().Add(20 * time.Minute))
	if g, err = l.m.PublishGig(ctx, p.who, "", g.ID); err != nil {
		return err
	}
	s := &shelf{gig: g, seller: p, since: l.now(), weight: 1 + 12/(1+l.rnd.IntN(12))}
	if no < cast {
		s.weight += 6
	}
	l.gigs = append(l.gigs, s)
	l.shopped += s.weight
	return nil
}

// body writes a gig. Which part of the category it belongs to comes with it.
func (l *lane) body(trade, place int) (gig.Body, int) {
	w, r := l.w.words, l.rnd
	t := w.Categories[trade]
	sub := (r.IntN(len(t.Subs)) + place) % len(t.Subs)
	price := t.Price * int64(70+r.IntN(90))
	tiers := []gig.Tier{gig.Basic, gig.Standard, gig.Premium}[:1+r.IntN(3)]
	b := gig.Body{
		Title:       w.fill(r, pick(r, t.Subs[sub].Titles)),
		Description: w.fill(r, strings.Join(some(r, t.About, 3), " ")),
		Currency:    l.m.Policy().Currency,
		Tags:        some(r, t.Tags, 3),
	}
	for i, tier := range tiers {
		b.Packages = append(b.Packages, gig.Package{
			Tier: tier, Name: t.Packages[i], Description: t.Scopes[i], Price: price * int64(i*i+2) / 2 / 50 * 50,
			Days: t.Days + 2*i + r.IntN(3), Revisions: 1 + i,
		})
	}
	for i, name := range some(r, t.Extras, r.IntN(3)) {
		b.Extras = append(b.Extras, gig.Extra{Name: name, Price: price / int64(3+i) / 50 * 50, Days: i})
	}
	if l.chance(80) {
		for _, q := range t.Questions {
			b.Questions = append(b.Questions, gig.Question{Kind: gig.QuestionKind(q.Kind), Text: q.Text, Choices: q.Choices, Required: q.Required})
		}
	}
	if l.chance(50) {
		b.FAQ = []gig.FAQ{{Question: "Can we talk before I order?", Answer: "Yes. Write to me and I answer the same day."},
			{Question: "What if I don't like it?", Answer: fmt.Sprintf("Tell me what is missing. The first package has %d revision, and faults are mended in any case.", 1)}}
	}
	if l.chance(25) {
		b.Capacity = 2 + r.IntN(4)
	}
	return b, sub
}
