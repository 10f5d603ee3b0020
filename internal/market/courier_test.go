package market_test

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/job"
	"guildhall/internal/mail"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// post is a market with people, a gig and a provider, on a clock that a test moves.
type post struct {
	*market.Market
	t             *testing.T
	store         *store.Store
	bank          *pay.Sandbox
	clock         *clock
	buyer, seller member.Actor
	operator      member.Actor
	gig           gig.Gig
}

// clock stands still until it is moved.
type clock struct {
	mu   sync.Mutex
	now  time.Time
	tick time.Duration // it runs on by so much whenever it is looked at
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(c.tick)
	return c.now
}

func (c *clock) move(by time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(by) }

var errCrash = &fault.Error{Kind: "crash", Text: "the power went"}

// newPost opens a market on the store. A nil sender keeps letters in the outbox.
func newPost(t *testing.T, s *store.Store, sender mail.Sender) *post {
	t.Helper()
	p := &post{t: t, store: s, clock: &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}}
	p.bank = pay.NewSandbox(s, p.clock.Now, []byte("a secret for tests, long enough"), time.Millisecond)
	p.Market = market.New(market.Parts{
		Store: s, Now: p.clock.Now, IDs: ident.NewSeeded(3), Pay: p.bank, Mail: sender, Site: "https://hall.example/",
		Log: slog.New(slog.DiscardHandler),
	})
	p.must(p.Prepare(t.Context()))
	p.buyer, p.seller = p.join("Ines Vidal", false), p.join("Mara Holm", false)
	p.operator = p.join("Olga Petrova", true)
	_, err := p.OpenShop(t.Context(), p.seller, "", member.Shop{Tagline: "Logos with a hand"})
	p.must(err)
	p.seller.Seller = true
	p.offer()
	return p
}

func (p *post) join(name string, operator bool) member.Actor {
	p.t.Helper()
	m, err := p.SignUp(p.t.Context(), market.SignUp{
		Application: member.Application{Name: name, Email: strings.ReplaceAll(name, " ", ".") + "@example.com", Zone: "Europe/Berlin"},
		Hash:        "never matches", Operator: operator,
	})
	p.must(err)
	return m.Actor()
}

func (p *post) offer() {
	p.t.Helper()
	c, err := p.AddCategory(p.t.Context(), p.operator, "", "", "Design")
	p.must(err)
	p.gig, err = p.CreateGig(p.t.Context(), p.seller, "", market.GigInput{Category: c.ID, Body: gig.Body{
		Title: "Logo for a bakery", Description: "Three sketches, one of them worked out.", Currency: "USD", Tags: []string{"brand"},
		Packages:  []gig.Package{{Tier: gig.Basic, Name: "Sketch", Description: "One sketch", Price: 8000, Days: 3, Revisions: 1}},
		Questions: []gig.Question{{Text: "What is it called?", Kind: gig.QuestionText, Required: true}},
	}})
	p.must(err)
	p.gig, err = p.PublishGig(p.t.Context(), p.seller, "", p.gig.ID)
	p.must(err)
}

// place orders the gig; the order waits for answers.
func (p *post) place() ident.Order {
	p.t.Helper()
	p.clock.move(time.Second)
	placed, err := p.PlaceOrder(p.t.Context(), p.buyer, "", market.NewOrder{
		Gig: p.gig.ID, Pick: gig.Pick{Tier: gig.Basic, Quantity: 1}, Shown: money.Of(8000, "USD"), Again: true,
	}, pay.Card{Number: "4242 4242 4242 4242", Expiry: "12/30", CVC: "123", Name: "Ines Vidal"})
	p.must(err)
	if placed.State != order.AwaitingRequirements {
		p.t.Fatalf("the order is %s", placed.State)
	}
	return placed.Order
}

// placeMany orders the gig several times at once.
func (p *post) placeMany(n int) ident.Order {
	p.t.Helper()
	placed, err := p.PlaceOrder(p.t.Context(), p.buyer, "", market.NewOrder{
		Gig: p.gig.ID, Pick: gig.Pick{Tier: gig.Basic, Quantity: n}, Shown: money.Of(8000*int64(n), "USD"), Again: true,
	}, card(visa))
	p.must(err)
	return placed.Order
}

func (p *post) move(who member.Actor, id ident.Order, mv order.Move) {
	p.t.Helper()
	_, err := p.Move(p.t.Context(), who, "", id, mv)
	p.must(err)
}

// hear brings the provider's messages in.
func (p *post) hear() {
	p.t.Helper()
	p.must(p.bank.Deliver(p.t.Context(), func(ctx context.Context, h http.Header, body []byte) error {
		return p.ProviderSays(ctx, h, body)
	}))
}

func (p *post) drain() { p.t.Helper(); p.must(p.DrainOutbox(p.t.Context())) }

// told lists what somebody was told, the oldest first.
func (p *post) told(who member.Actor) []string {
	p.t.Helper()
	page, err := p.Notices(p.t.Context(), who, "", 100)
	p.must(err)
	var kinds []string
	for _, n := range page.Notices {
		kinds = append(kinds, string(n.Kind))
	}
	slices.Reverse(kinds)
	return kinds
}

func (p *post) letters() []store.Letter {
	p.t.Helper()
	list, err := p.Letters(p.t.Context(), p.operator, time.Time{}, "", 100)
	p.must(err)
	return list
}

func (p *post) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestAnOrderIsToldToBoth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.place()
		p.move(p.buyer, id, order.Submit{Answers: []order.Answer{{Question: p.gig.Questions[0].Key, Text: "Korn"}}})
		p.clock.move(time.Hour)
		p.move(p.seller, id, order.Deliver{Text: "Here it is."})
		p.drain()
		equal(t, "buyer", p.told(p.buyer), []string{"signed_up", "order.paid", "order.requirements_submitted", "order.delivered"})
		equal(t, "seller", p.told(p.seller), []string{"signed_up", "seller_opened", "order.paid", "order.requirements_submitted"})
		var subjects []string
		for _, l := range p.letters() {
			if strings.Contains(l.Subject, "delivered") {
				subjects = append(subjects, l.To+": "+l.Subject)
			}
		}
		page, err := p.OrderPage(t.Context(), p.buyer, id)
		p.must(err)
		equal(t, "letters", subjects, []string{"ines.vidal@example.com: Mara Holm delivered order #" + page.Order.Ref})
	})
}

// TestSameKindTwiceIsTwoLetters: a letter belongs to an event, not to its kind.
func TestSameKindTwiceIsTwoLetters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.place()
		p.place()
		p.drain()
		before := len(p.letters())
		p.drain() // nothing new: nothing more
		paid := 0
		for _, l := range p.letters() {
			if l.To == "ines.vidal@example.com" && strings.HasSuffix(l.Subject, "is paid") {
				paid++
			}
		}
		if paid != 2 || len(p.letters()) != before {
			t.Errorf("%d letters about two payments; %d letters, then %d", paid, before, len(p.letters()))
		}
	})
}

func TestTwoCouriersAtOnce(t *testing.T) {
	run := func(t *testing.T, p *post, others ...*market.Market) {
		for range 10 {
			p.place()
		}
		var all sync.WaitGroup
		for _, m := range append(others, p.Market, p.Market) {
			all.Go(func() {
				for {
					n, err := m.Courier(t.Context())
					if err != nil {
						t.Error(err)
					}
					done, err := m.RunJobs(t.Context())
					if err != nil {
						t.Error(err)
					}
					if n+done == 0 {
						return
					}
				}
			})
		}
		all.Wait()
		p.drain() // what one had claimed while the other looked
		if n := len(p.told(p.seller)); n != 12 {
			t.Errorf("the seller was told %d times of 12 things", n)
		}
		unread, err := p.Unread(t.Context(), p.seller)
		if err != nil || unread != 12 {
			t.Errorf("%d unread, %v", unread, err)
		}
		if n := len(p.letters()); n != 3+20 {
			t.Errorf("%d letters, want 23", n)
		}
	}
	t.Run("sqlite", func(t *testing.T) { run(t, newPost(t, storetest.SQLite(t), nil)) })
	t.Run("two processes on postgres", func(t *testing.T) {
		url := storetest.PostgresURL(t)
		p := newPost(t, storetest.Open(t, url), nil)
		other := market.New(market.Parts{Store: storetest.Open(t, url), Now: p.clock.Now, Pay: p.bank, Site: "https://hall.example"})
		p.must(other.Prepare(t.Context()))
		run(t, p, other, other)
	})
}

func TestACrashOfTheCourierLosesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.place()
		for _, crash := range []func(){func() { panic("the power went") }, func() {}} {
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				events, err := tx.TakeEvents(p.Now(), 100)
				if err != nil || len(events) == 0 {
					t.Errorf("took %d events, %v", len(events), err)
				}
				p.must(tx.AddJobs(job.New("letter", "order_x:1", p.Now(), "member_x", "{}", p.Now())))
				crash()
				return errCrash
			})
			if err == nil {
				t.Fatal("the crash went unnoticed")
			}
		}
		p.drain()
		equal(t, "buyer", p.told(p.buyer), []string{"signed_up", "order.paid"})
		if n := len(p.letters()); n != 5 {
			t.Errorf("%d letters, want 3 welcomes and 2 about the order", n)
		}
	})
}

func TestAJobOfADeadWorkerIsTakenUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		_, err := p.Courier(t.Context())
		p.must(err)
		var held []job.Job
		p.must(s.Update(t.Context(), func(tx *store.Tx) (err error) {
			held, err = tx.ClaimJobs(p.Now(), p.Now().Add(job.Lease), 100)
			return err
		}))
		if len(held) != 3 {
			t.Fatalf("claimed %d jobs, want 3 welcomes", len(held))
		}
		p.drain()
		if n := len(p.letters()); n != 0 {
			t.Errorf("%d letters while another worker has them in hand", n)
		}
		p.clock.move(job.Lease)
		p.drain()
		if n := len(p.letters()); n != 3 {
			t.Errorf("%d letters after the lease ended, want 3", n)
		}
		p.must(s.Update(t.Context(), func(tx *store.Tx) error { // the dead one wakes and speaks
			counts, err := tx.EndJob(held[0].Ended(p.Now(), errCrash))
			if counts {
				t.Error("the word of a worker that lost its lease counted")
			}
			return err
		}))
		dead, waiting, err := p.Jobs(t.Context(), p.operator, 100)
		if err != nil || len(dead)+len(waiting) != 0 {
			t.Errorf("%d dead, %d waiting, %v", len(dead), len(waiting), err)
		}
	})
}

func TestARefundIsAskedOnceAndTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.place()
		p.move(p.buyer, id, order.Undo{})
		p.drain()
		p.hear()
		p.drain()
		p.hear()
		p.drain()
		equal(t, "buyer", p.told(p.buyer), []string{"signed_up", "order.paid", "order.undone", "order.refund_sent"})
		lines, _, err := p.bank.Statement(t.Context(), "")
		p.must(err)
		if len(lines) != 2 {
			t.Errorf("the bank moved money %d times: %v", len(lines), lines)
		}
	})
}

func TestAReminderTooLateIsNotSent(t *testing.T) {
	p := newPost(t, storetest.SQLite(t), nil)
	id := p.place()
	p.move(p.buyer, id, order.Submit{Answers: []order.Answer{{Question: p.gig.Questions[0].Key, Text: "Korn"}}})
	p.clock.move(20 * 24 * time.Hour) // nobody swept for weeks
	p.must(p.SweepAll(t.Context()))
	p.drain()
	if !slices.Contains(p.told(p.seller), "order.remind_due") {
		t.Errorf("the seller was not told: %v", p.told(p.seller))
	}
	for _, l := range p.letters() {
		if strings.Contains(l.Subject, "is due") {
			t.Errorf("sent weeks after: %s", l.Subject)
		}
	}
}

func TestReadingNotices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		for range 6 {
			p.place()
			p.clock.move(time.Minute)
		}
		p.must(p.DrainQuietly(t.Context()))
		if n := len(p.letters()); n != 0 {
			t.Errorf("%d letters where none were wanted", n)
		}
		var seen []ident.Notice
		after := market.Cursor("")
		for pages := 0; pages < 10; pages++ {
			page, err := p.Notices(t.Context(), p.buyer, after, 3)
			p.must(err)
			for _, n := range page.Notices {
				seen = append(seen, n.ID)
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if len(seen) != 7 || !slices.IsSortedFunc(seen, func(a, b ident.Notice) int { return -strings.Compare(string(a), string(b)) }) {
			t.Errorf("walked over %d notices: %v", len(seen), seen)
		}
		for range 2 { // twice is once
			_, err := p.ReadNotice(t.Context(), p.buyer, seen[2])
			p.must(err)
		}
		if n, _ := p.Unread(t.Context(), p.buyer); n != 6 {
			t.Errorf("%d unread after one was read", n)
		}
		if _, err := p.ReadNotice(t.Context(), p.seller, seen[3]); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("somebody else's notice: %v", err)
		}
		if n, err := p.ReadAllNotices(t.Context(), p.buyer); n != 6 || err != nil {
			t.Errorf("read %d, %v", n, err)
		}
		if n, _ := p.Unread(t.Context(), p.buyer); n != 0 {
			t.Errorf("%d unread in the end", n)
		}
		if n, _ := p.Unread(t.Context(), member.Guest()); n != 0 {
			t.Errorf("a guest has %d", n)
		}
	})
}
