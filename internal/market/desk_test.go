package market_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
	"guildhall/internal/talk"
)

// counter is a market with two agents and an order that is delivered.
type counter struct {
	*post
	ada, ben member.Actor
	order    ident.Order
}

func newCounter(t *testing.T, s *store.Store) *counter {
	t.Helper()
	c := &counter{post: newPost(t, s, nil)}
	c.ada, c.ben = c.agent("Ada Byrd"), c.agent("Ben Oram")
	c.order = c.delivered()
	return c
}

func (p *post) agent(name string) member.Actor {
	p.t.Helper()
	m, err := p.SignUp(p.t.Context(), market.SignUp{
		Application: member.Application{Name: name, Email: strings.ReplaceAll(name, " ", ".") + "@example.com", Zone: "UTC"},
		Hash:        "never matches", Agent: true,
	})
	p.must(err)
	return m.Actor()
}

func (p *post) delivered() ident.Order {
	p.t.Helper()
	id := p.place()
	p.move(p.seller, id, order.Waive{})
	p.move(p.seller, id, order.Deliver{Text: "here it is"})
	return id
}

func (c *counter) ask(who member.Actor, k desk.Kind, about desk.Subject) ident.Case {
	c.t.Helper()
	c.clock.move(time.Second)
	made, err := c.OpenCase(c.t.Context(), who, "", market.NewCase{Kind: k, About: about, Text: "Please look at what happened here."})
	c.must(err)
	return made.ID
}

// decide shows a decision, confirms what was shown, and needs both parties'
// figures and the seller's level to be then what was shown of them.
func (c *counter) decide(who member.Actor, id ident.Case, d desk.Decision) (desk.Case, error) {
	c.t.Helper()
	shown, err := c.PreviewDecision(c.t.Context(), who, id, letter(d))
	if err != nil {
		return desk.Case{}, err
	}
	before := map[ident.Member]market.Figures{c.buyer.Member: c.sheet(c.buyer), c.seller.Member: c.sheet(c.seller)}
	made, err := c.DecideCase(c.t.Context(), who, "", id, letter(d), shown.Digest)
	if err != nil || made.DecidedAt.IsZero() {
		return made, err
	}
	c.held("the decision", shown.Figures, before)
	is, err := c.MyStanding(c.t.Context(), c.seller)
	c.must(err)
	for _, level := range shown.Levels {
		if level.Member == c.seller.Member && (level.After != is.State.Level || !level.Demotes[1].Equal(is.State.DemotesAt)) {
			c.t.Errorf("the level was foretold as %q falling %s, it is %q falling %s", level.After, level.Demotes[1], is.State.Level, is.State.DemotesAt)
		}
	}
	return made, nil
}

func letter(d desk.Decision) desk.Decision {
	d.Rule, d.Facts = "Section 6: forced by the house", "The delivery is a copy of somebody else’s work."
	return d
}

func cancelling(f order.Fault, share money.BasisPoints) desk.Decision {
	return desk.Decision{Cancel: &desk.Ending{Fault: f, Cause: "quality", Share: share}}
}

func (c *counter) kind(err error, want fault.Kind, what string) {
	c.t.Helper()
	if got := fault.KindOf(err); got != want {
		c.t.Errorf("%s: %q (%v), want %q", what, got, err, want)
	}
}

func (c *counter) told(who member.Actor, words string) {
	c.t.Helper()
	c.must(c.DrainOutbox(c.t.Context()))
	page, err := c.Notices(c.t.Context(), who, "", 50)
	c.must(err)
	for _, n := range page.Notices {
		if strings.Contains(n.Title, words) {
			return
		}
	}
	c.t.Errorf("%s was not told “%s”", who.Member, words)
}

func TestCaseFromQuestionToLetter(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		id := c.ask(c.buyer, desk.Cancel, market.CaseSubjectOrder(c.order))
		c.told(c.seller, "asked the support desk")

		rows, _, err := c.Queue(t.Context(), c.ada, market.QueueFilter{Whose: "nobody"}, "", 0)
		c.must(err)
		if len(rows) != 1 || rows[0].Case.ID != id || rows[0].Opener != "Ines Vidal" || rows[0].OrderRef == "" {
			t.Fatalf("queue: %+v", rows)
		}
		page, err := c.DeskPage(t.Context(), c.ada, id)
		c.must(err)
		if page.Order == nil || len(page.OrderEvents) < 4 || page.Opener.Name != "Ines Vidal" || page.Other.Name != "Mara Holm" {
			t.Errorf("the agent sees %+v", page)
		}
		_, err = c.AnswerCase(t.Context(), c.ada, "", id, market.CaseWords{Text: "I look at it today.", To: desk.ToBoth})
		c.must(err)
		c.told(c.buyer, "answered in case")
		_, err = c.NoteCase(t.Context(), c.ada, "", id, "The second sketch is from a stock site.")
		c.must(err)
		_, err = c.SayInCase(t.Context(), c.seller, "", id, market.CaseWords{Text: "I drew it myself, see the layers."})
		c.must(err)
		c.told(c.buyer, "wrote in case")

		for name, who := range map[string]member.Actor{"buyer": c.buyer, "seller": c.seller} {
			mine, err := c.CasePage(t.Context(), who, id)
			c.must(err)
			for _, l := range mine.Lines {
				if l.Kind == desk.Noted || strings.Contains(l.Detail.Text, "stock site") {
					t.Errorf("the %s reads a note of the desk", name)
				}
			}
			if len(mine.Looks) != 1 || mine.Looks[0].Agent != "Ada Byrd" || mine.Looks[0].What != "the order" {
				t.Errorf("the %s sees these looks: %+v", name, mine.Looks)
			}
		}
		made, err := c.decide(c.ada, id, cancelling(order.FaultSeller, 5000))
		c.must(err)
		if made.State != desk.Decided || made.AppealUntil.Sub(made.DecidedAt) != 14*24*time.Hour {
			t.Errorf("decided: %+v", made)
		}
		o := c.page(c.buyer, c.order).Order
		if o.State != order.Cancelled || o.Class != policy.ClassForced || !o.Life.Ending.Seller || o.Life.Ending.Buyer {
			t.Errorf("the order is %s %s, %+v", o.State, o.Class, o.Life.Ending)
		}
		c.told(c.buyer, "is decided")
		c.told(c.seller, "is decided")
		c.clock.move(14 * 24 * time.Hour)
		c.must(c.SweepAll(t.Context()))
		if closed, err := c.CasePage(t.Context(), c.buyer, id); err != nil || closed.Case.State != desk.Closed {
			t.Errorf("after the time to appeal: %v %v", closed.Case.State, err)
		}
		c.verified()
	})
}

// verified asks the audit once everything is told and heard.
func (p *post) verified() {
	p.t.Helper()
	p.hear()
	p.must(p.DrainOutbox(p.t.Context()))
	p.hear()
	found, err := p.Audit(p.t.Context(), nil)
	p.must(err)
	for _, f := range found {
		p.t.Errorf("audit: %+v", f)
	}
}

func TestEachPartOfADecision(t *testing.T) {
	side := []desk.Side{desk.Across}
	for name, test := range map[string]struct {
		d     desk.Decision
		state order.State
		held  bool
	}{
		"cancel, seller's fault":   {cancelling(order.FaultSeller, 10_000), order.Cancelled, false},
		"cancel, buyer's fault":    {cancelling(order.FaultBuyer, 0), order.Cancelled, false},
		"cancel, nobody's fault":   {cancelling(order.FaultNobody, 5000), order.Cancelled, false},
		"cancel, fault of house":   {cancelling(order.FaultPlatform, 10_000), order.Cancelled, false},
		"complete":                 {desk.Decision{Complete: true}, order.Completed, false},
		"refund a share":           {desk.Decision{Refund: &desk.Ending{Fault: order.FaultSeller, Share: 2500}}, order.Delivered, false},
		"hold":                     {desk.Decision{Hold: "we look for the original"}, order.Delivered, true},
		"dismiss":                  {desk.Decision{Dismiss: true}, order.Delivered, false},
		"warn":                     {desk.Decision{Warn: side}, order.Delivered, false},
		"suspend":                  {desk.Decision{Suspend: side}, order.Delivered, false},
		"complete, warn, hold not": {desk.Decision{Complete: true, Warn: side}, order.Completed, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCounter(t, storetest.SQLite(t))
			id := c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(c.order))
			shown, err := c.PreviewDecision(t.Context(), c.ada, id, letter(test.d))
			c.must(err)
			if o := c.page(c.buyer, c.order).Order; o.State != order.Delivered || o.Held() {
				t.Fatalf("looking changed the order: %s", o.State)
			}
			_, err = c.DecideCase(t.Context(), c.ada, "", id, letter(test.d), shown.Digest)
			c.must(err)
			o := c.page(c.buyer, c.order).Order
			if o.State != test.state || o.Held() != test.held || shown.Next.State != o.State {
				t.Errorf("the order is %s, held %v; foretold %s", o.State, o.Held(), shown.Next.State)
			}
			them, err := c.Member(t.Context(), c.seller.Member)
			c.must(err)
			if them.Suspended() != (len(test.d.Suspend) > 0) {
				t.Errorf("suspended: %v", them.Suspended())
			}
			list, _, err := c.Warnings(t.Context(), c.seller, "", 0)
			c.must(err)
			if len(list) != len(test.d.Warn) || len(list) > 0 && list[0].Until.Sub(c.clock.Now()) != 30*24*time.Hour {
				t.Errorf("warnings: %+v", list)
			}
			c.verified()
		})
	}
}

func TestADecisionIsOneBundle(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		id := c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(c.order))
		// Releasing what is not held fails, so the warning before it must not stay.
		_, err := c.decide(c.ada, id, desk.Decision{Release: true, Warn: []desk.Side{desk.Across}})
		c.kind(err, fault.KindConflict, "release of what runs")
		_, err = c.DecideCase(t.Context(), c.ada, "", id, letter(desk.Decision{Complete: true, Suspend: []desk.Side{desk.Across}}), "another effect")
		c.kind(err, fault.KindConflict, "an effect that was never shown")
		list, _, err := c.Warnings(t.Context(), c.seller, "", 0)
		c.must(err)
		them, err := c.Member(t.Context(), c.seller.Member)
		c.must(err)
		if o := c.page(c.buyer, c.order).Order; o.State != order.Delivered || len(list) > 0 || them.Suspended() {
			t.Errorf("something of a failed decision stayed: %s, %d warnings, suspended %v", o.State, len(list), them.Suspended())
		}

		shown, err := c.PreviewDecision(t.Context(), c.ada, id, letter(desk.Decision{Complete: true}))
		c.must(err)
		c.move(c.buyer, c.order, order.Revise{Text: "the colours are wrong"}) // the world moves on
		same, err := c.PreviewDecision(t.Context(), c.ada, id, letter(desk.Decision{Complete: true}))
		c.must(err)
		if same.Digest == shown.Digest {
			t.Error("from another state the effect has the same digest")
		}
		_, err = c.DecideCase(t.Context(), c.ada, "", id, letter(desk.Decision{Complete: true}), shown.Digest)
		c.kind(err, fault.KindConflict, "the effect that was shown before")
	})
}

func TestNobodyDecidesTheirOwnCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		_, err := c.OpenShop(t.Context(), c.ada, "", member.Shop{Tagline: "I sell, too"})
		c.must(err)
		own := c.ask(c.ada, desk.Other, desk.Subject{})
		id := c.ask(c.buyer, desk.Cancel, market.CaseSubjectOrder(c.order))
		c.must(c.LinkAccounts(t.Context(), c.operator, "", string(c.ben.Member), string(c.seller.Member), "They share a bank account."))

		for name, test := range map[string]struct {
			who member.Actor
			id  ident.Case
		}{"their own": {c.ada, own}, "of a linked account": {c.ben, id}, "of a buyer": {c.buyer, id}, "of a guest's": {member.Guest(), id}} {
			want := fault.KindNotFound
			if !test.who.SignedIn() {
				want = fault.KindSignIn
			}
			_, err := c.DeskPage(t.Context(), test.who, test.id)
			c.kind(err, want, name+": page")
			_, err = c.TakeCase(t.Context(), test.who, "", test.id)
			c.kind(err, want, name+": take")
			_, err = c.AnswerCase(t.Context(), test.who, "", test.id, market.CaseWords{Text: "all is well here", To: desk.ToOpener})
			c.kind(err, want, name+": answer")
			_, err = c.NoteCase(t.Context(), test.who, "", test.id, "nothing to see here")
			c.kind(err, want, name+": note")
			_, err = c.PreviewDecision(t.Context(), test.who, test.id, letter(desk.Decision{Dismiss: true}))
			c.kind(err, want, name+": preview")
			_, err = c.DecideCase(t.Context(), test.who, "", test.id, letter(desk.Decision{Dismiss: true}), "x")
			c.kind(err, want, name+": decide")
			_, err = c.SecondCase(t.Context(), test.who, "", test.id, true, "", "x")
			c.kind(err, want, name+": second")
		}
		rows, _, err := c.Queue(t.Context(), c.ben, market.QueueFilter{}, "", 0)
		c.must(err)
		if len(rows) != 1 || rows[0].Case.ID != own {
			t.Errorf("Ben's queue: %+v", rows)
		}
		reads := c.page(c.buyer, c.order)
		if looks, err := c.OrderLooks(t.Context(), c.buyer, reads.Order.ID); err != nil || len(looks) != 0 {
			t.Errorf("a refused look was written down: %v %v", looks, err)
		}
		// The stranger at the people's door.
		for name, who := range map[string]member.Actor{"operator": c.operator, "agent": c.ada} {
			_, err = c.CasePage(t.Context(), who, id)
			c.kind(err, fault.KindNotFound, name+" at the people's page")
			_, err = c.SayInCase(t.Context(), who, "", id, market.CaseWords{Text: "let me add something"})
			c.kind(err, fault.KindNotFound, name+" says")
			_, err = c.WithdrawCase(t.Context(), who, "", id)
			c.kind(err, fault.KindNotFound, name+" withdraws")
			_, err = c.AppealCase(t.Context(), who, "", id, market.CaseWords{Text: "I do not agree at all"})
			c.kind(err, fault.KindNotFound, name+" appeals")
		}
		_, err = c.OpenCase(t.Context(), c.operator, "", market.NewCase{Kind: desk.Payment, About: market.CaseSubjectOrder(c.order), Text: "what is going on here"})
		c.kind(err, fault.KindNotFound, "a case about somebody else's order")
	})
}

func TestTwoPersonsAboveAnAmount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		c.order = c.dear()
		id := c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(c.order))
		made, err := c.decide(c.ada, id, cancelling(order.FaultSeller, 10_000))
		c.must(err)
		if o := c.page(c.buyer, c.order).Order; made.State != desk.Seconding || o.State != order.InProgress {
			t.Fatalf("$880 moved by one person: %s, order %s", made.State, o.State)
		}
		shown, err := c.ProposedDecision(t.Context(), c.ben, id)
		c.must(err)
		_, err = c.SecondCase(t.Context(), c.ada, "", id, true, "", shown.Digest)
		c.kind(err, fault.KindForbidden, "the proposer seconds")
		_, err = c.SecondCase(t.Context(), c.ben, "", id, false, "", "")
		c.kind(err, fault.KindInvalid, "a no without a reason")
		_, err = c.SecondCase(t.Context(), c.ben, "", id, false, "The seller did deliver a draft.", "")
		c.must(err)
		c.told(c.ada, "did not agree")
		_, err = c.decide(c.ada, id, cancelling(order.FaultNobody, 10_000))
		c.must(err)
		if shown, err = c.ProposedDecision(t.Context(), c.ben, id); err != nil || !shown.Second {
			t.Fatalf("%+v %v", shown, err)
		}
		_, err = c.SecondCase(t.Context(), c.ben, "", id, true, "", "another effect")
		c.kind(err, fault.KindConflict, "an effect that was never shown")
		made, err = c.SecondCase(t.Context(), c.ben, "", id, true, "", shown.Digest)
		c.must(err)
		if o := c.page(c.buyer, c.order).Order; made.State != desk.Decided || o.State != order.Cancelled || o.Life.Ending.Seller {
			t.Errorf("seconded: %s, order %s", made.State, o.State)
		}
		next, err := c.AppealCase(t.Context(), c.seller, "", id, market.CaseWords{Text: "I had delivered a draft."})
		c.must(err)
		for name, who := range map[string]member.Actor{"proposer": c.ada, "second": c.ben} {
			_, err = c.DeskPage(t.Context(), who, next.ID)
			c.kind(err, fault.KindNotFound, "the appeal reaches the "+name)
		}
		c.verified()
	})
}

// dear is an order of ten for $880, at work.
func (c *counter) dear() ident.Order {
	c.t.Helper()
	for range 11 {
		c.clock.move(time.Second)
	}
	id := c.placeMany(11)
	c.move(c.seller, id, order.Waive{})
	return id
}

func TestTwoAgentsDecideAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		id := c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(c.order))
		both := []desk.Decision{letter(desk.Decision{Complete: true}), letter(cancelling(order.FaultSeller, 10_000))}
		agents := []member.Actor{c.ada, c.ben}
		var digests [2]string
		for i, d := range both {
			shown, err := c.PreviewDecision(t.Context(), agents[i], id, d)
			c.must(err)
			digests[i] = shown.Digest
		}
		var wg sync.WaitGroup
		errs := make([]error, 20)
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = c.DecideCase(t.Context(), agents[i%2], "", id, both[i%2], digests[i%2])
			})
		}
		wg.Wait()
		won := slices.DeleteFunc(slices.Clone(errs), func(err error) bool { return err != nil })
		for _, err := range errs {
			if err != nil && fault.KindOf(err) != fault.KindConflict {
				t.Errorf("the loser is told %v", err)
			}
		}
		if len(won) != 1 {
			t.Errorf("%d decisions were made", len(won))
		}
		c.verified()
	})
}

func TestUnansweredAfterADeliveryGoesToTheDesk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		c.move(c.buyer, c.order, order.Ask{Proposal: resolution.Proposal{
			Kind: resolution.Cancel, Reason: "This is not what we agreed on.", Cause: "quality", Share: money.Whole,
		}})
		c.clock.move(48 * time.Hour)
		c.must(c.SweepAll(t.Context()))
		c.told(c.buyer, "is with the support desk")
		c.told(c.seller, "is with the support desk")
		c.must(c.DrainOutbox(t.Context()))
		rows, _, err := c.Queue(t.Context(), c.ada, market.QueueFilter{Kind: desk.Unheard}, "", 0)
		c.must(err)
		if len(rows) != 1 {
			t.Fatalf("%d cases", len(rows))
		}
		id := rows[0].Case.ID
		_, err = c.decide(c.ada, id, desk.Decision{Dismiss: true})
		c.kind(err, fault.KindInvalid, "leaving the order on hold for ever")
		_, err = c.WithdrawCase(t.Context(), c.buyer, "", id)
		c.kind(err, fault.KindConflict, "withdrawing what the clock opened")
		_, err = c.decide(c.ada, id, desk.Decision{Release: true})
		c.must(err)
		c.state(c.order, order.Delivered)
		c.verified()
	})
}

func TestOverdueFirstAnswersAreMarked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		late := c.ask(c.buyer, desk.Other, desk.Subject{About: desk.AboutPage, ID: "/statement"})
		c.clock.move(24 * time.Hour)
		c.must(c.SweepAll(t.Context()))
		c.ask(c.seller, desk.Level, desk.Subject{})
		rows, _, err := c.Queue(t.Context(), c.ada, market.QueueFilter{Late: true}, "", 0)
		c.must(err)
		if len(rows) != 1 || rows[0].Case.ID != late {
			t.Errorf("overdue: %+v", rows)
		}
		first, next, err := c.Queue(t.Context(), c.ada, market.QueueFilter{}, "", 1)
		c.must(err)
		rest, end, err := c.Queue(t.Context(), c.ada, market.QueueFilter{}, next, 1)
		c.must(err)
		if len(first) != 1 || len(rest) != 1 || first[0].Case.ID != late || end != "" {
			t.Errorf("pages: %d, %d, %q", len(first), len(rest), end)
		}
		found, _, err := c.Queue(t.Context(), c.ada, market.QueueFilter{Words: "mara"}, "", 0)
		c.must(err)
		if len(found) != 1 || found[0].Case.Kind != desk.Level {
			t.Errorf("found: %+v", found)
		}
		page, err := c.DeskPage(t.Context(), c.ada, found[0].Case.ID)
		c.must(err)
		if !strings.Contains(page.Story[0].Detail.Facts[desk.FactRecord], "On time: 100 %, 1 of 1 counted") {
			t.Errorf("the figures are not attached: %v", page.Story[0].Detail.Facts)
		}
		for name, f := range map[string]market.QueueFilter{"state": {State: "lost"}, "kind": {Kind: "lost"}, "whose": {Whose: "lost"}} {
			_, _, err := c.Queue(t.Context(), c.ada, f, "", 0)
			c.kind(err, fault.KindInvalid, name)
		}
		_, _, err = c.Queue(t.Context(), c.buyer, market.QueueFilter{}, "", 0)
		c.kind(err, fault.KindNotFound, "a buyer at the desk")
	})
}

func TestFilesOfACase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		id := c.ask(c.buyer, desk.Cancel, market.CaseSubjectOrder(c.order))
		_, err := c.SayInCase(t.Context(), c.buyer, "", id, market.CaseWords{Text: "here is a picture", Files: []ident.File{"file_of_nobody"}})
		c.kind(err, fault.KindInvalid, "a file that is not there")
		_, _, err = c.OpenCaseFile(t.Context(), c.buyer, id, "file_of_nobody")
		c.kind(err, fault.KindNotFound, "a buyer opens through the desk")
	})
}

func TestAReportComesBeforeTheDeskAndShieldsItsWriter(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		thread := c.write(c.buyer, c.seller, "Pay me outside of the house, it is cheaper.").Thread
		_, err := c.ReportMessage(t.Context(), c.seller, "", market.Complaint{Thread: thread, No: 1, Reason: talk.Outside})
		c.must(err)
		rows, _, err := c.Queue(t.Context(), c.ada, market.QueueFilter{Kind: desk.Breach}, "", 0)
		c.must(err)
		if len(rows) != 1 {
			t.Fatalf("%d cases", len(rows))
		}
		id := rows[0].Case.ID
		page, err := c.DeskPage(t.Context(), c.ada, id)
		c.must(err)
		if len(page.Conversation) != 1 || !strings.Contains(page.Story[0].Detail.Facts[desk.FactRecord], "outside of the house") || page.Looks[0].What != "the conversation" {
			t.Errorf("the desk sees %+v", page)
		}
		if list, _, err := c.Cases(t.Context(), c.buyer, "", 0); err != nil || len(list) != 0 {
			t.Errorf("the reported one sees %+v %v", list, err)
		}
		_, err = c.decide(c.ada, id, desk.Decision{Warn: []desk.Side{desk.Across}})
		c.must(err)
		theirs, err := c.CasePage(t.Context(), c.buyer, id)
		c.must(err)
		list, _, err := c.Cases(t.Context(), c.buyer, "", 0)
		c.must(err)
		if theirs.Names[c.seller.Member] != "" || len(list) != 1 || list[0].Opener != "" {
			t.Errorf("the reported one learns who it was: %v %+v", theirs.Names, list)
		}
		c.verified()
	})
}

// TestTheDeskWorksUnderKeys: what an agent's click was answered names the order of
// the case, which is none of theirs and nothing for the audit to find.
func TestTheDeskWorksUnderKeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c, ctx := newCounter(t, s), t.Context()
		id := c.ask(c.buyer, desk.Breach, market.CaseSubjectOrder(c.order))
		_, err := c.TakeCase(ctx, c.ada, "take", id)
		c.must(err)
		_, err = c.AnswerCase(ctx, c.ada, "answer", id, market.CaseWords{Text: "We look at the order.", To: desk.ToOpener})
		c.must(err)
		shown, err := c.PreviewDecision(ctx, c.ada, id, letter(desk.Decision{Dismiss: true}))
		c.must(err)
		_, err = c.DecideCase(ctx, c.ada, "decide", id, letter(desk.Decision{Dismiss: true}), shown.Digest)
		c.must(err)
		c.verified()
	})
}

// TestAQuestionAboutALevelBringsItsAnswer: whoever asks why they are not at a level
// has what it asks for, and what they have of it, put before the desk.
func TestAQuestionAboutALevelBringsItsAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		v, err := c.MyStanding(t.Context(), c.seller)
		c.must(err)
		page, err := c.DeskPage(t.Context(), c.ada, c.ask(c.seller, desk.Level, desk.Subject{}))
		c.must(err)
		record := page.Story[0].Detail.Facts[desk.FactRecord]
		rung, _ := v.NextRung()
		for _, q := range rung.Requirements {
			if line := q.Figure.Name() + ": " + q.Mine + ", asked for " + q.Required; !strings.Contains(record, line) {
				t.Errorf("%q is not in the record:\n%s", line, record)
			}
		}
		page, err = c.DeskPage(t.Context(), c.ada, c.ask(c.buyer, desk.Level, desk.Subject{}))
		c.must(err)
		if record := page.Story[0].Detail.Facts[desk.FactRecord]; strings.Contains(record, "asked for") {
			t.Errorf("of somebody who does not sell:\n%s", record)
		}
	})
}

// TestDeskShowsNothingUnwritten: what an agent's look could not be written down
// for is not shown.
func TestDeskShowsNothingUnwritten(t *testing.T) {
	s := storetest.SQLite(t)
	c := newCounter(t, s)
	id := c.ask(c.buyer, desk.Cancel, market.CaseSubjectOrder(c.order))
	busy, free, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- s.Update(context.Background(), func(*store.Tx) error {
			close(busy)
			<-free
			return nil
		})
	}()
	<-busy // SQLite has one writer
	ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
	defer cancel()
	if page, err := c.DeskPage(ctx, c.ada, id); err == nil || page.Case.ID != "" || page.Order != nil || page.Story != nil {
		t.Errorf("while nothing can be written: %+v, %v", page, err)
	}
	close(free)
	c.must(<-done)
	page, err := c.DeskPage(t.Context(), c.ada, id)
	c.must(err)
	if page.Order == nil || len(page.Looks) != 1 || page.Looks[0].Agent != "Ada Byrd" {
		t.Errorf("afterwards: %+v", page.Looks)
	}
}
