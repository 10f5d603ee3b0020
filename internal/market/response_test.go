package market_test

import (
	"fmt"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/standing"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
	"guildhall/internal/talk"
)

// TestResponse: silence counts from the end of the time to answer, with nobody
// noticing it; an answer, an absence and spam are what they are.
func TestResponse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.ladder()
		says := func(want string) {
			t.Helper()
			r := p.sheet(p.seller).Response
			if got := fmt.Sprintf("%d/%d (%d)", r.For, r.Counted(), r.Excluded()); got != want {
				t.Errorf("the response rate is %s, want %s", got, want)
			}
		}
		ask := func(name string) (member.Actor, market.Written) {
			t.Helper()
			who := p.join(name, false)
			return who, p.write(who, p.seller, "Do you have time?")
		}
		_, first := ask("Ben Bauer")
		says("0/0 (0)")
		p.clock.move(24*time.Hour - time.Second)
		says("0/0 (0)")
		p.clock.move(time.Second)
		says("0/1 (0)")
		p.clock.move(time.Second)
		_, err := p.Write(t.Context(), p.seller, "", market.Words{Thread: first.Thread, Text: "Sorry, late"})
		p.must(err)
		says("0/1 (0)")

		_, second := ask("Cleo Carr")
		p.clock.move(time.Hour)
		_, err = p.Write(t.Context(), p.seller, "", market.Words{Thread: second.Thread, Text: "Yes"})
		p.must(err)
		says("1/2 (0)")

		_, third := ask("Dora Dell")
		_, err = p.ReportMessage(t.Context(), p.seller, "", market.Complaint{Thread: third.Thread, No: 1, Reason: talk.Spam})
		p.must(err)
		_, err = p.GoAway(t.Context(), p.seller, "", p.Now().Add(5*24*time.Hour))
		p.must(err)
		ask("Emil Ernst")
		p.clock.move(25 * time.Hour)
		says("1/2 (2)")
		p.sound()
		b, err := p.Behind(t.Context(), p.seller, standing.Response, "", "", 0)
		p.must(err)
		if len(b.Lines) != 4 || b.Lines[0].Subject == "" || b.Names[b.Lines[0].Peer] == "" {
			t.Errorf("behind the response rate: %+v", b.Lines)
		}
	})
}

// TestAskedByWhoDoesNotListen: nobody is measured by a question that they were
// kept from answering. One whose writer listens again is answered in time or not
// held against anybody, and who stopped to listen too late changes nothing.
func TestAskedByWhoDoesNotListen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		ask := func(name string) (member.Actor, ident.Thread) {
			t.Helper()
			who := p.join(name, false)
			return who, p.write(who, p.seller, "Do you have time?").Thread
		}
		ben, deaf := ask("Ben Bauer")
		cleo, back := ask("Cleo Carr")
		dora, late := ask("Dora Dell")
		emil, done := ask("Emil Ernst")
		p.clock.move(time.Hour)
		p.write(p.seller, emil, "Yes, I do.")
		for who, thread := range map[*member.Actor]ident.Thread{&ben: deaf, &cleo: back, &emil: done} {
			_, err := p.Block(t.Context(), *who, "", thread)
			p.must(err)
		}
		_, err := p.Write(t.Context(), p.seller, "", market.Words{Thread: deaf, Text: "Yes, I do."})
		if fault.KindOf(err) != fault.KindForbidden {
			t.Errorf("an answer to who does not listen: %v", err)
		}
		_, err = p.Unblock(t.Context(), cleo, "", back)
		p.must(err)
		p.clock.move(25 * time.Hour)
		_, err = p.Block(t.Context(), dora, "", late)
		p.must(err)
		r := p.sheet(p.seller).Response
		if got := fmt.Sprintf("%d/%d (%d)", r.For, r.Counted(), r.Excluded()); got != "1/2 (2)" {
			t.Errorf("the response rate is %s", got)
		}
		p.sound()
	})
}
