package market_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
	"guildhall/internal/talk"
)

func TestAnAppealGoesToAnotherAgent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		id := c.ask(c.buyer, desk.Breach, market.CaseSubjectOrder(c.order))
		if _, err := c.CasePage(t.Context(), c.seller, id); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("the accused reads a private case: %v", err)
		}
		_, err := c.decide(c.ada, id, desk.Decision{Warn: []desk.Side{desk.Across}, Suspend: []desk.Side{desk.Across}})
		c.must(err)
		c.told(c.seller, "You have a warning")
		mine, err := c.CasePage(t.Context(), c.seller, id)
		c.must(err)
		if !mine.Appeals {
			t.Error("the warned one cannot appeal")
		}
		for _, l := range mine.Lines {
			if l.Kind == desk.Opened {
				t.Error("the warned one reads what the other told the desk")
			}
		}
		next, err := c.AppealCase(t.Context(), c.seller, "", id, market.CaseWords{Text: "I asked for nothing outside the house."})
		c.must(err)
		_, err = c.AppealCase(t.Context(), c.buyer, "", id, market.CaseWords{Text: "I want to appeal as well."})
		c.kind(err, fault.KindConflict, "a second appeal")
		_, err = c.DeskPage(t.Context(), c.ada, next.ID)
		c.kind(err, fault.KindNotFound, "the first decider")
		lift := desk.Decision{Lift: []desk.Side{desk.Opener, desk.Across}}
		shown, err := c.PreviewDecision(t.Context(), c.ben, next.ID, letter(lift))
		c.must(err)
		if shown.Lifted[desk.Opener] != (market.Lifted{Opens: true, Warnings: 1}) || shown.Lifted[desk.Across] != (market.Lifted{}) {
			t.Errorf("lifting is foretold as %+v", shown.Lifted)
		}
		made, err := c.decide(c.ben, next.ID, lift)
		c.must(err)
		if made.State != desk.Closed || !made.AppealUntil.IsZero() {
			t.Errorf("the last word can be appealed: %+v", made)
		}
		_, err = c.AppealCase(t.Context(), c.seller, "", next.ID, market.CaseWords{Text: "I want another appeal."})
		c.kind(err, fault.KindConflict, "an appeal against an appeal")
		them, err := c.Member(t.Context(), c.seller.Member)
		c.must(err)
		list, _, err := c.Warnings(t.Context(), c.seller, "", 0)
		c.must(err)
		if them.Suspended() || len(list) != 1 || list[0].Active(c.clock.Now()) {
			t.Errorf("not lifted: %v %+v", them.Suspended(), list)
		}
	})
}

func TestWhoIsShutOutCanAppeal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		const word = "a long way to the desk"
		crook, err := c.SignUp(t.Context(), market.SignUp{Application: member.Application{Name: "Rick Vane", Email: "rick@example.com", Password: word, Zone: "UTC"}})
		c.must(err)
		_, err = c.HearShutOut(t.Context(), "", "rick@example.com", word, "I have nothing to appeal against.")
		c.kind(err, fault.KindConflict, "an appeal of somebody who may come in")
		id := c.ask(crook.Actor(), desk.Other, desk.Subject{})
		_, err = c.decide(c.ada, id, desk.Decision{Suspend: []desk.Side{desk.Opener}})
		c.must(err)
		_, err = c.SignIn(t.Context(), "rick@example.com", word)
		c.kind(err, fault.KindForbidden, "a suspended member signs in")
		_, err = c.ShutOut(t.Context(), "rick@example.com", "another password")
		c.kind(err, fault.KindInvalid, "a guess at the password")
		shut, err := c.ShutOut(t.Context(), "rick@example.com", word)
		c.must(err)
		if shut.Voice != market.MayAppeal || shut.Case.ID != id || !strings.Contains(shut.Why, "copy of somebody else") {
			t.Errorf("told at the door: %+v", shut)
		}
		made, err := c.HearShutOut(t.Context(), "", "rick@example.com", word, "That was not me, my account was stolen.")
		c.must(err)
		// Whoever cannot sign in can add to their own appeal at the door only.
		again, err := c.HearShutOut(t.Context(), "", "rick@example.com", word, "And here is what the police wrote.")
		c.must(err)
		if again.ID != made.ID || len(c.casesOf(crook.ID)) != 2 {
			t.Errorf("their second words are in %s, the appeal is %s", again.ID, made.ID)
		}
		_, err = c.decide(c.ben, made.ID, desk.Decision{Lift: []desk.Side{desk.Opener}})
		c.must(err)
		_, err = c.SignIn(t.Context(), "rick@example.com", word)
		c.must(err)
	})
}

// TestWhoTheHouseShutsOutIsHeard: an operator can suspend without a case, and then
// there is nothing to appeal against. So support looks at it when they ask, once
// for each suspension, and what it decides can be appealed against like any other.
func TestWhoTheHouseShutsOutIsHeard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c, ctx := newCounter(t, s), t.Context()
		const word, email = "a long way to the desk", "rick@example.com"
		rick, err := c.SignUp(ctx, market.SignUp{Application: member.Application{Name: "Rick Vane", Email: email, Password: word, Zone: "UTC"}})
		c.must(err)
		at := func(want market.Voice) market.Shut {
			t.Helper()
			shut, err := c.ShutOut(ctx, email, word)
			c.must(err)
			if shut.Voice != want || shut.Why != "Three people said so" {
				t.Fatalf("told at the door: %+v, want the voice %q", shut, want)
			}
			return shut
		}
		suspend := func(key market.Key) {
			t.Helper()
			_, err := c.Suspend(ctx, member.House(), key, rick.ID, "Three people said so")
			c.must(err)
		}
		suspend("first")
		at(market.MayAsk)
		_, err = c.HearShutOut(ctx, "", email, word, "No.")
		c.kind(err, fault.KindInvalid, "too few words")
		asked, err := c.HearShutOut(ctx, "words", email, word, "I know none of the three.")
		c.must(err)
		twice, err := c.HearShutOut(ctx, "words", email, word, "I know none of the three.")
		c.must(err)
		if twice.ID != asked.ID || len(c.casesOf(rick.ID)) != 1 {
			t.Errorf("asked in %s and in %s", asked.ID, twice.ID)
		}
		if shut := at(market.MayAdd); shut.Case.ID != asked.ID {
			t.Errorf("heard in %s, asked in %s", shut.Case.ID, asked.ID)
		}
		page, err := c.DeskPage(ctx, c.ada, asked.ID)
		c.must(err)
		if !strings.Contains(page.Story[0].Detail.Facts[desk.FactRecord], "Three people said so") {
			t.Errorf("the desk reads %+v", page.Story[0])
		}
		_, err = c.decide(c.ada, asked.ID, desk.Decision{Dismiss: true})
		c.must(err)
		at(market.MayAppeal)
		appeal, err := c.HearShutOut(ctx, "", email, word, "Please ask the three again.")
		c.must(err)
		_, err = c.decide(c.ada, appeal.ID, desk.Decision{Dismiss: true})
		c.kind(err, fault.KindNotFound, "whoever decided before decides the appeal")
		lift := desk.Decision{Lift: []desk.Side{desk.Opener}}
		shown, err := c.PreviewDecision(ctx, c.ben, appeal.ID, letter(lift))
		c.must(err)
		if shown.Lifted[desk.Opener] != (market.Lifted{Opens: true}) {
			t.Errorf("lifting is foretold as %+v", shown.Lifted)
		}
		_, err = c.decide(c.ben, appeal.ID, lift)
		c.must(err)
		_, err = c.SignIn(ctx, email, word)
		c.must(err)

		c.clock.move(time.Hour)
		suspend("second")
		at(market.MayAsk)
		var heard [4]desk.Case
		var failures [4]error
		var all sync.WaitGroup
		for i := range heard {
			all.Go(func() {
				heard[i], failures[i] = c.HearShutOut(ctx, "", email, word, "This is the second time now.")
			})
		}
		all.Wait()
		c.must(errors.Join(failures[:]...))
		again := heard[0]
		if again.ID == asked.ID {
			t.Error("the second suspension is heard in the case of the first")
		}
		for _, h := range heard {
			if h.ID != again.ID {
				t.Errorf("asked at once, heard in %s and in %s", again.ID, h.ID)
			}
		}
		_, err = c.decide(c.ben, again.ID, desk.Decision{Dismiss: true})
		c.must(err)
		c.clock.move(100 * 24 * time.Hour)
		at(market.NoVoice)
		_, err = c.HearShutOut(ctx, "", email, word, "Is anybody still there?")
		c.kind(err, fault.KindExpired, "words after the end")
		c.verified()
	})
}

// TestNobodyUsesUpTheOthersAppeal: there is one appeal, so whoever was told of the
// decision is heard in it, at the door too, and it ends with a decision.
func TestNobodyUsesUpTheOthersAppeal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		const word = "a long way to the desk"
		rick, err := c.SignUp(t.Context(), market.SignUp{Application: member.Application{Name: "Rick Vane", Email: "rick@example.com", Password: word, Zone: "UTC"}})
		c.must(err)
		thread := c.write(rick.Actor(), c.seller, "Your work is worth nothing.").Thread
		_, err = c.ReportMessage(t.Context(), c.seller, "", market.Complaint{Thread: thread, No: 1, Reason: talk.Insult})
		c.must(err)
		rows, _, err := c.Queue(t.Context(), c.ada, market.QueueFilter{Kind: desk.Breach}, "", 0)
		c.must(err)
		id := rows[0].Case.ID
		_, err = c.decide(c.ada, id, desk.Decision{Suspend: []desk.Side{desk.Across}})
		c.must(err)
		c.clock.move(time.Hour)
		appeal, err := c.AppealCase(t.Context(), c.seller, "", id, market.CaseWords{Text: "I appeal, although I won."})
		c.must(err)
		_, err = c.WithdrawCase(t.Context(), c.seller, "", appeal.ID)
		c.kind(err, fault.KindConflict, "an appeal taken back")
		shut, err := c.ShutOut(t.Context(), "rick@example.com", word)
		c.must(err)
		if shut.Voice != market.MayAdd || shut.Case.ID != appeal.ID {
			t.Fatalf("told at the door: %+v", shut)
		}
		heard, err := c.HearShutOut(t.Context(), "", "rick@example.com", word, "That was not me, my account was stolen.")
		c.must(err)
		page, err := c.DeskPage(t.Context(), c.ben, appeal.ID)
		c.must(err)
		if last := page.Story[len(page.Story)-1]; heard.ID != appeal.ID || last.Actor != rick.ID || !strings.Contains(last.Detail.Text, "stolen") {
			t.Errorf("heard in %s, the story ends with %+v", heard.ID, last)
		}
		theirs, err := c.CasePage(t.Context(), rick.Actor(), appeal.ID)
		c.must(err)
		for _, l := range theirs.Lines {
			if l.Actor != rick.ID {
				t.Errorf("the accused reads what was told to the desk: %+v", l)
			}
		}
		if theirs.Names[c.seller.Member] != "" {
			t.Error("the accused learns who complained")
		}
		_, err = c.decide(c.ben, appeal.ID, desk.Decision{Lift: []desk.Side{desk.Across}})
		c.must(err)
		_, err = c.SignIn(t.Context(), "rick@example.com", word)
		c.must(err)
		c.verified()
	})
}

// casesOf are the cases that somebody opened.
func (c *counter) casesOf(who ident.Member) []market.CaseRow {
	c.t.Helper()
	rows, _, err := c.Cases(c.t.Context(), member.Actor{Member: who, Role: member.RoleMember}, "", 0)
	c.must(err)
	return rows
}

// TestALetterNamesNobodyWhoTold: whoever complained is not named to the one they
// complained about, not by a letter about both of them either, and not on appeal.
func TestALetterNamesNobodyWhoTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		eve := c.join("Eve Lind", false)
		silent := func(id ident.Case) {
			t.Helper()
			c.must(c.DrainOutbox(t.Context()))
			v, err := c.CasePage(t.Context(), c.seller, id)
			c.must(err)
			notices, err := c.Notices(t.Context(), c.seller, "", 50)
			c.must(err)
			if all := fmt.Sprintf("%+v %+v", v.Lines, notices); strings.Contains(all, "Eve") {
				t.Errorf("the one who is complained about reads who did it: %s", all)
			}
			if v.Names[eve.Member] != "" {
				t.Error("the page names them")
			}
		}
		id := c.ask(eve, desk.Breach, desk.Subject{About: desk.AboutGig, ID: string(c.gig.ID)})
		_, err := c.decide(c.ada, id, desk.Decision{Warn: []desk.Side{desk.Opener, desk.Across}})
		c.must(err)
		silent(id)
		appeal, err := c.AppealCase(t.Context(), c.seller, "", id, market.CaseWords{Text: "Nothing of that is true, and I can show it."})
		c.must(err)
		_, err = c.decide(c.ben, appeal.ID, desk.Decision{Lift: []desk.Side{desk.Opener}, Suspend: []desk.Side{desk.Across}})
		c.must(err)
		silent(appeal.ID)
		mine, err := c.CasePage(t.Context(), eve, id)
		c.must(err)
		does := mine.Lines[len(mine.Lines)-2].Detail.Facts[desk.FactDoes]
		if !strings.Contains(does, "is warned") || !strings.Contains(does, "who opened") {
			t.Errorf("the letter says %q", does)
		}
	})
}
