package market_test

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"guildhall/internal/blob"
	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
	"guildhall/internal/talk"
)

// write says something that must be allowed.
func (p *post) write(from, to member.Actor, text string) market.Written {
	p.t.Helper()
	p.clock.move(time.Second)
	done, err := p.Write(p.t.Context(), from, "", market.Words{To: to.Member, Text: text})
	p.must(err)
	return done
}

// shelve gives the market a place for files.
func (p *post) shelve() {
	p.t.Helper()
	shelf, err := blob.Open(p.t.TempDir())
	p.must(err)
	p.Market = market.New(market.Parts{Store: p.store, Now: p.clock.Now, Pay: p.bank, Blobs: shelf, Site: "https://hall.example/", Log: slog.New(slog.DiscardHandler)})
	p.must(p.Prepare(p.t.Context()))
}

func (p *post) talk(who member.Actor, id ident.Thread) market.TalkPage {
	p.t.Helper()
	v, err := p.Talk(p.t.Context(), who, id, 0, 50)
	p.must(err)
	return v
}

func (p *post) unread(who member.Actor) market.Badges {
	p.t.Helper()
	b, err := p.Badges(p.t.Context(), who)
	p.must(err)
	return b
}

func TestConversation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.drain()
		letters, notices := len(p.letters()), p.unread(p.seller).Notices
		first := p.write(p.buyer, p.seller, "Could you draw a heron?")
		p.write(p.buyer, p.seller, "Two, even")
		p.drain()
		if got := len(p.letters()) - letters; got != 1 {
			t.Errorf("%d letters about two messages in a row", got)
		}
		if b := p.unread(p.seller); b.Talks != 1 || b.Notices != notices+2 {
			t.Errorf("unread: %+v, had %d notices", b, notices)
		}
		if v := p.talk(p.seller, first.Thread); len(v.Entries) != 2 || v.Unread() != 2 || v.Other.ID != p.buyer.Member || v.Refusal != "" {
			t.Errorf("%+v", v)
		}
		p.must(p.ReadThread(t.Context(), p.seller, first.Thread, 1))
		if v := p.talk(p.seller, first.Thread); v.Unread() != 1 {
			t.Errorf("%d unread after the first of two", v.Unread())
		}
		p.must(p.ReadThread(t.Context(), p.seller, first.Thread, 0))
		p.must(p.ReadThread(t.Context(), p.seller, first.Thread, 1))
		if b := p.unread(p.seller); b.Talks != 0 || b.Notices != notices {
			t.Errorf("unread after reading: %+v", b)
		}

		back := p.write(p.seller, p.buyer, "A heron it is")
		if back.Thread != first.Thread || back.No != 3 {
			t.Errorf("the answer is %+v", back)
		}
		p.must(p.ReadThread(t.Context(), p.buyer, first.Thread, 0)) // on the open page, before anybody could be told
		p.drain()
		if got := len(p.letters()) - letters; got != 1 {
			t.Errorf("%d letters, one of them about what was read already", got)
		}
		p.sound()
	})
}

// TestWhoeverAnswersHasRead: also where they answer beside an order or over the API,
// and never open the conversation: its notices do not ring on.
func TestWhoeverAnswersHasRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.drain()
		notices := p.unread(p.seller).Notices
		p.write(p.buyer, p.seller, "Could you draw a heron?")
		p.write(p.buyer, p.seller, "Two, even")
		p.drain()
		id := p.write(p.seller, p.buyer, "Two it is").Thread
		if b := p.unread(p.seller); b.Talks != 0 || b.Notices != notices {
			t.Errorf("unread after an answer: %+v, had %d notices", b, notices)
		}
		p.write(p.buyer, p.seller, "Thank you")
		p.drain()
		if b := p.unread(p.seller); b.Talks != 1 || b.Notices != notices+1 {
			t.Errorf("unread of what came after the answer: %+v, had %d notices", b, notices)
		}
		p.must(p.ReadThread(t.Context(), p.seller, id, 0))
		if b := p.unread(p.seller); b.Talks != 0 || b.Notices != notices {
			t.Errorf("unread after reading: %+v", b)
		}
		p.sound()
	})
}

func TestWriteIsDoneOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		in := market.Words{To: p.seller.Member, Text: "Hello"}
		one, err := p.Write(t.Context(), p.buyer, "key", in)
		p.must(err)
		two, err := p.Write(t.Context(), p.buyer, "key", in)
		if err != nil || one != two {
			t.Errorf("%+v, then %+v, %v", one, two, err)
		}
		in.Text = "Something else"
		if _, err := p.Write(t.Context(), p.buyer, "key", in); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("the same key with other words: %v", err)
		}
	})
}

// TestWhoMayWriteFirst: to those who sell, and to those one shares an order with.
func TestWhoMayWriteFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		stranger := p.join("Rolf Ott", false)
		to := func(from, to member.Actor) error {
			_, err := p.Write(t.Context(), from, "", market.Words{To: to.Member, Text: "hello"})
			return err
		}
		for _, from := range []member.Actor{stranger, p.seller} {
			if err := to(from, p.buyer); fault.KindOf(err) != fault.KindForbidden {
				t.Errorf("to somebody who only buys: %v", err)
			}
		}
		p.place()
		p.must(to(p.seller, p.buyer))
		p.must(to(stranger, p.seller))
		p.must(to(p.seller, stranger)) // an answer
		for name, m := range map[string]ident.Member{"nobody": ident.New[ident.Member](ident.NewSource(), p.clock.Now()), "no address": "", "oneself": p.buyer.Member} {
			_, err := p.Write(t.Context(), p.buyer, "", market.Words{To: m, Text: "hello"})
			if kind := fault.KindOf(err); kind != fault.KindNotFound && kind != fault.KindInvalid {
				t.Errorf("to %s: %v", name, err)
			}
		}
	})
}

// TestWrongPersonAtTheDoor: to everybody but the two there is no conversation.
func TestWrongPersonAtTheDoor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.shelve()
		f, err := p.SaveUpload(t.Context(), p.buyer, market.ForMessage, "plan.txt", strings.NewReader("a plan"))
		p.must(err)
		done, err := p.Write(t.Context(), p.buyer, "", market.Words{To: p.seller.Member, Text: "Hello", Files: []ident.File{f.ID}})
		p.must(err)
		id := done.Thread
		_, src, err := p.OpenFile(t.Context(), p.seller, f.ID)
		p.must(err)
		body, err := io.ReadAll(src)
		p.must(err)
		p.must(src.Close())
		if string(body) != "a plan" {
			t.Errorf("the seller reads %q", body)
		}
		agent := p.join("Agata Nowak", false)
		agent.Role = member.RoleAgent
		for who, actor := range map[string]member.Actor{"a stranger": p.join("Rolf Ott", false), "an operator": p.operator, "an agent": agent} {
			for what, err := range map[string]error{
				"reads": func() error { _, err := p.Talk(t.Context(), actor, id, 0, 0); return err }(),
				"writes": func() error {
					_, err := p.Write(t.Context(), actor, "", market.Words{Thread: id, Text: "x"})
					return err
				}(),
				"marks":    p.ReadThread(t.Context(), actor, id, 0),
				"blocks":   func() error { _, err := p.Block(t.Context(), actor, "", id); return err }(),
				"unblocks": func() error { _, err := p.Unblock(t.Context(), actor, "", id); return err }(),
				"searches": func() error { _, err := p.SearchTalk(t.Context(), actor, id, "hello"); return err }(),
				"looks":    func() error { _, _, err := p.MessageIn(t.Context(), actor, id, 1); return err }(),
				"reports": func() error {
					_, err := p.ReportMessage(t.Context(), actor, "", market.Complaint{Thread: id, No: 1, Reason: talk.Spam})
					return err
				}(),
				"downloads": func() error { _, _, err := p.OpenFile(t.Context(), actor, f.ID); return err }(),
			} {
				if fault.KindOf(err) != fault.KindNotFound {
					t.Errorf("%s %s: %v", who, what, err)
				}
			}
		}
		people, found, err := p.SearchTalks(t.Context(), agent, "hello")
		if err != nil || len(people)+len(found) != 0 {
			t.Errorf("an agent finds %v, %v, %v", people, found, err)
		}
		guest, reader := member.Guest(), p.buyer
		reader.Scopes = []member.Scope{member.ScopeRead}
		for who, test := range map[string]struct {
			actor member.Actor
			kind  fault.Kind
		}{"a guest": {guest, fault.KindSignIn}, "a token that reads": {reader, fault.KindForbidden}} {
			if _, err := p.Write(t.Context(), test.actor, "", market.Words{Thread: id, Text: "x"}); fault.KindOf(err) != test.kind {
				t.Errorf("%s writes: %v", who, err)
			}
		}
	})
}

// TestFilesAreTheWritersOwn: somebody else's upload, and one that is in use, is
// refused as missing, and nothing is said.
func TestFilesAreTheWritersOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.shelve()
		upload := func(who member.Actor, purpose market.Purpose) ident.File {
			f, err := p.SaveUpload(t.Context(), who, purpose, "a.txt", strings.NewReader("a"))
			p.must(err)
			return f.ID
		}
		rolf := p.join("Rolf Ott", false)
		_, err := p.OpenShop(t.Context(), rolf, "", member.Shop{Tagline: "Herons in ink"})
		p.must(err)
		used := upload(p.buyer, market.ForMessage)
		_, err = p.Write(t.Context(), p.buyer, "", market.Words{To: rolf.Member, Files: []ident.File{used}})
		p.must(err)
		for name, file := range map[string]ident.File{
			"another's": upload(p.seller, market.ForMessage), "in another talk": used, "for an order": upload(p.buyer, market.ForOrder), "none": "file_x",
		} {
			_, err := p.Write(t.Context(), p.buyer, "", market.Words{To: p.seller.Member, Text: "look", Files: []ident.File{file}})
			if fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), "files:") {
				t.Errorf("%s: %v", name, err)
			}
		}
		p.sound()
	})
}

func TestBlocked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.write(p.buyer, p.seller, "hello").Thread
		_, err := p.Block(t.Context(), p.seller, "", id)
		p.must(err)
		_, err = p.Block(t.Context(), p.seller, "", id)
		p.must(err)
		for _, who := range []member.Actor{p.buyer, p.seller} {
			_, err := p.Write(t.Context(), who, "", market.Words{Thread: id, Text: "x"})
			if fault.KindOf(err) != fault.KindForbidden {
				t.Errorf("written: %v", err)
			}
			if v := p.talk(who, id); v.Refusal == "" || v.Blocked() != who.Is(p.seller.Member) {
				t.Errorf("refusal %q, blocked %v", v.Refusal, v.Blocked())
			}
		}
		_, err = p.Unblock(t.Context(), p.buyer, "", id) // theirs is not blocked
		p.must(err)
		if _, err := p.Write(t.Context(), p.buyer, "", market.Words{Thread: id, Text: "x"}); fault.KindOf(err) != fault.KindForbidden {
			t.Errorf("the blocked one let themselves in: %v", err)
		}
		_, err = p.Unblock(t.Context(), p.seller, "", id)
		p.must(err)
		p.write(p.buyer, p.seller, "again")
		p.drain()
		p.sound()
	})
}

func TestReportAMessage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.write(p.buyer, p.seller, "Buy cheap followers").Thread
		in := market.Complaint{Thread: id, No: 1, Reason: talk.Spam}
		_, err := p.ReportMessage(t.Context(), p.seller, "", in)
		p.must(err)
		if _, err := p.ReportMessage(t.Context(), p.seller, "", in); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("reported twice: %v", err)
		}
		if _, err := p.ReportMessage(t.Context(), p.buyer, "", in); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("one's own: %v", err)
		}
		if _, err := p.ReportMessage(t.Context(), p.seller, "", market.Complaint{Thread: id, No: 7, Reason: talk.Spam}); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("none: %v", err)
		}
		v := p.talk(p.seller, id)
		if !v.Entries[0].Reported || v.Thread.First.Counts() {
			t.Errorf("reported %v, counts %v", v.Entries[0].Reported, v.Thread.First.Counts())
		}
		if p.talk(p.buyer, id).Entries[0].Reported {
			t.Error("the one reported sees it")
		}
		p.drain()
		p.sound()
	})
}

// TestCardsStandBetweenMessages: what happened on orders of the two, once each,
// in its place, however the conversation is leafed through.
func TestCardsStandBetweenMessages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		var want []string
		say := func(n int) (id ident.Thread) {
			for i := range n {
				text := fmt.Sprint("message ", len(want)+i)
				id = p.write(p.buyer, p.seller, text).Thread
				want = append(want, text)
			}
			return id
		}
		say(3)
		p.clock.move(time.Hour)
		o := p.place()
		want = append(want, order.Paid)
		say(4)
		p.clock.move(time.Hour)
		p.move(p.seller, o, order.Waive{})
		p.clock.move(time.Hour)
		p.move(p.seller, o, order.Deliver{Text: "here"})
		want = append(want, order.DeliveredWork)
		id := say(2)
		p.clock.move(time.Hour)
		p.move(p.buyer, o, order.Accept{})
		want = append(want, order.Accepted)
		for _, who := range []member.Actor{p.buyer, p.seller} {
			for _, most := range []int{1, 2, 3, 50} {
				var got []string
				for before, more := 0, true; more; {
					v, err := p.Talk(t.Context(), who, id, before, most)
					p.must(err)
					var part []string
					for _, e := range v.Entries {
						if e.Card != nil {
							part = append(part, string(e.Card.Event.Kind))
							if e.Card.Order.State != order.Completed {
								t.Errorf("the card shows %s, not where the order stands now", e.Card.Order.State)
							}
						} else {
							part = append(part, e.Message.Text)
						}
					}
					got = append(part, got...)
					before, more = v.Older, v.Older > 0
				}
				if strings.Join(got, "|") != strings.Join(want, "|") {
					t.Errorf("%d at a time:\n got %q\nwant %q", most, got, want)
				}
			}
		}
		if v, err := p.Talk(t.Context(), p.join("Rolf Ott", false), id, 0, 5); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

func TestOutOfOfficeIsNoted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		_, err := p.GoAway(t.Context(), p.seller, "", p.clock.Now().Add(48*time.Hour))
		p.must(err)
		id := p.write(p.buyer, p.seller, "hello").Thread
		if f := p.talk(p.buyer, id).Thread.First; !f.Away || !f.Selling || f.Counts() {
			t.Errorf("%+v", f)
		}
		p.write(p.seller, p.buyer, "back again")
		if f := p.talk(p.buyer, id).Thread.First; f.Answered.IsZero() {
			t.Errorf("%+v", f)
		}
	})
}

func TestSearchStaysAtHome(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		rolf := p.join("Rolf Ott", false)
		id := p.write(p.buyer, p.seller, `A Heron 100% by Über, please, as C:\art\heron_v2.psd`).Thread
		p.write(rolf, p.seller, "A heron for me, too")
		for words, want := range map[string]int{"heron": 1, "über": 1, "mara": 0, "swan": 0,
			"100%": 1, "100% by": 1, "%": 1, "heron%please": 0, "heron_v2": 1, "heron_v2.psd": 1, "heron.v2": 0, "a_heron": 0, `art\heron`: 1, `\`: 1, " ": 0} {
			found, err := p.SearchTalk(t.Context(), p.buyer, id, words)
			if err != nil && fault.KindOf(err) != fault.KindInvalid || len(found) != want {
				t.Errorf("%q: %d, %v", words, len(found), err)
			}
		}
		people, found, err := p.SearchTalks(t.Context(), p.seller, "heron")
		if err != nil || len(people) != 0 || len(found) != 2 || found[0].With.Other != rolf.Member {
			t.Errorf("%v, %v, %v", people, found, err)
		}
		people, found, err = p.SearchTalks(t.Context(), p.seller, "ines")
		if err != nil || len(people) != 1 || len(found) != 0 {
			t.Errorf("%v, %v, %v", people, found, err)
		}
		if _, found, _ = p.SearchTalks(t.Context(), rolf, "please"); len(found) != 0 {
			t.Errorf("Rolf reads %v", found)
		}
	})
}

// TestEveryEventOfATalkIsTold: nobody is told twice, and not of their own words.
func TestEveryEventOfATalkIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.drain()
		before := len(p.told(p.buyer))
		p.write(p.buyer, p.seller, "one")
		p.write(p.buyer, p.seller, "two")
		p.drain()
		p.drain()
		var said []string
		for _, k := range p.told(p.seller) {
			if effect.Kind(k) == talk.Said {
				said = append(said, k)
			}
		}
		if len(said) != 2 || len(p.told(p.buyer)) != before {
			t.Errorf("the seller heard %v, the buyer %d more", said, len(p.told(p.buyer))-before)
		}
	})
}
