package market_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/reputation"
	"guildhall/internal/standing"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
	"guildhall/internal/talk"
)

// junk is a market whose seller reports first messages as spam.
type junk struct {
	*counter
	asked int
}

// ask is a first message of somebody new.
func (j *junk) ask() ident.Thread {
	j.t.Helper()
	j.asked++
	return j.write(j.join(fmt.Sprint("Asker ", j.asked), false), j.seller, "Do you have time?").Thread
}

// report calls a first message spam, and finds the case that it makes.
func (j *junk) report(id ident.Thread) ident.Case {
	j.t.Helper()
	_, err := j.ReportMessage(j.t.Context(), j.seller, "", market.Complaint{Thread: id, No: 1, Reason: talk.Spam})
	j.must(err)
	rows, _, err := j.Queue(j.t.Context(), j.ada, market.QueueFilter{Kind: desk.Breach}, "", 50)
	j.must(err)
	i := slices.IndexFunc(rows, func(r market.CaseRow) bool { return r.Case.Subject.ID == string(id)+"/1" })
	if i < 0 {
		j.t.Fatalf("no case about %s", id)
	}
	return rows[i].Case.ID
}

func (j *junk) finds(id ident.Case, f desk.Finding) {
	j.t.Helper()
	_, err := j.decide(j.ada, id, desk.Decision{Spam: f})
	j.must(err)
}

// rate needs the response rate to be so, and kept as it would be made anew.
func (j *junk) rate(want string) {
	j.t.Helper()
	r := j.sheet(j.seller).Response
	if got := fmt.Sprintf("%d/%d (%d)", r.For, r.Counted(), r.Excluded()); got != want {
		j.t.Errorf("the response rate is %s, want %s", got, want)
	}
	j.auditStanding()
}

// TestSpamIsLeftOutOnlyWhileItIs: a report in time leaves a question out until
// the house says that it was no spam, or the seller takes it back; then it counts
// as if nobody had reported it.
func TestSpamIsLeftOutOnlyWhileItIs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		j := &junk{counter: newCounter(t, s)}
		spam, none, back, answered, soon := j.ask(), j.ask(), j.ask(), j.ask(), j.ask()
		j.clock.move(time.Hour)
		_, err := j.Write(t.Context(), j.seller, "", market.Words{Thread: answered, Text: "Yes, I do."})
		j.must(err)
		j.rate("1/1 (0)")
		cases := map[ident.Thread]ident.Case{}
		for _, id := range []ident.Thread{spam, none, back, answered, soon} {
			cases[id] = j.report(id)
		}
		j.rate("0/0 (5)")
		j.finds(cases[soon], desk.NoSpam) // its time to answer still runs
		j.rate("0/0 (4)")
		j.clock.move(24 * time.Hour)
		j.rate("0/1 (4)")
		j.finds(cases[spam], desk.IsSpam)
		j.rate("0/1 (4)")
		j.finds(cases[none], desk.NoSpam)
		j.rate("0/2 (3)")
		j.finds(cases[answered], desk.NoSpam)
		j.rate("1/3 (2)")
		_, err = j.WithdrawCase(t.Context(), j.seller, "", cases[back])
		j.must(err)
		j.rate("1/4 (1)")
		_, err = j.ReportMessage(t.Context(), j.seller, "", market.Complaint{Thread: back, No: 1, Reason: talk.Spam})
		j.kind(err, fault.KindConflict, "reported anew")
		b, err := j.Behind(t.Context(), j.seller, standing.Response, standing.Excluded, "", 0)
		j.must(err)
		if len(b.Lines) != 1 || !strings.Contains(b.Lines[0].Why(), "spam") {
			t.Errorf("left out: %+v", b.Lines)
		}
		j.verified()
	})
}

// TestALateReportTakesNoMissBack: what counts already stays counted until the
// house agrees.
func TestALateReportTakesNoMissBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		j := &junk{counter: newCounter(t, s)}
		spam, none, slow := j.ask(), j.ask(), j.ask()
		j.clock.move(25 * time.Hour)
		_, err := j.Write(t.Context(), j.seller, "", market.Words{Thread: slow, Text: "Yes, I do."})
		j.must(err)
		cases := map[ident.Thread]ident.Case{}
		for _, id := range []ident.Thread{spam, none, slow} {
			cases[id] = j.report(id)
		}
		j.rate("0/3 (0)")
		j.finds(cases[none], desk.NoSpam)
		j.finds(cases[slow], desk.NoSpam)
		j.rate("0/3 (0)")
		j.finds(cases[spam], desk.IsSpam)
		j.rate("0/2 (1)")
		j.verified()
	})
}

// TestTheDeskSaysWhetherItWasSpam: a report is not decided without it, the letter
// says it, an appeal can turn it, and nobody but its writer's seller asks for it.
func TestTheDeskSaysWhetherItWasSpam(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		j := &junk{counter: newCounter(t, s)}
		asked := j.ask()
		id := j.report(asked)
		j.clock.move(25 * time.Hour)
		for name, d := range map[string]desk.Decision{
			"nothing changes": {Dismiss: true}, "a warning alone": {Warn: []desk.Side{desk.Across}}, "something else": {Spam: "perhaps"},
			"both": {Spam: desk.NoSpam, Dismiss: true},
		} {
			_, err := j.decide(j.ada, id, d)
			j.kind(err, fault.KindInvalid, name)
		}
		j.finds(id, desk.NoSpam)
		j.rate("0/1 (0)")
		j.told(j.seller, "decided")
		page, err := j.CasePage(t.Context(), j.seller, id)
		j.must(err)
		if last := page.Lines[len(page.Lines)-1]; !strings.Contains(last.Detail.Facts[desk.FactDoes], "was no spam and counts") {
			t.Errorf("the letter says %q", last.Detail.Facts[desk.FactDoes])
		}
		appeal := func() ident.Case {
			t.Helper()
			c, err := j.AppealCase(t.Context(), j.seller, "", id, market.CaseWords{Text: "They wrote the same to everybody."})
			j.must(err)
			return c.ID
		}
		again := appeal()
		j.rate("0/1 (0)")
		_, err = j.decide(j.ben, again, desk.Decision{Spam: desk.IsSpam})
		j.must(err)
		j.rate("0/0 (1)")

		id = j.report(j.ask())
		j.finds(id, desk.IsSpam)
		again = appeal()
		_, err = j.WithdrawCase(t.Context(), j.seller, "", again)
		j.must(err)
		j.rate("0/0 (2)") // what was found stands

		other := j.write(j.seller, member.Actor{Member: j.buyer.Member}, "Thank you for the order.").Thread
		_, err = j.ReportMessage(t.Context(), j.buyer, "", market.Complaint{Thread: other, No: 1, Reason: talk.Spam})
		j.must(err)
		rows, _, err := j.Queue(t.Context(), j.ada, market.QueueFilter{Kind: desk.Breach}, "", 50)
		j.must(err)
		i := slices.IndexFunc(rows, func(r market.CaseRow) bool { return r.Case.Subject.ID == string(other)+"/1" })
		_, err = j.decide(j.ada, rows[i].Case.ID, desk.Decision{Spam: desk.NoSpam})
		j.kind(err, fault.KindInvalid, "a finding where no rate asks for one")
		_, err = j.decide(j.ada, rows[i].Case.ID, desk.Decision{Dismiss: true})
		j.must(err)
		j.verified()
	})
}

// TestARecordThatAReportImproved: while a miss was left out as spam, the response
// rate was better than it is. Once it counts, a record of that time is taken back.
func TestARecordThatAReportImproved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		j := &junk{counter: newCounter(t, s)}
		back, none := j.report(j.ask()), j.report(j.ask())
		j.clock.move(time.Hour)
		_, before := j.record()
		j.clock.move(24 * time.Hour)
		_, text := j.record()
		j.clock.move(time.Hour)
		_, err := j.WithdrawCase(t.Context(), j.seller, "", back)
		j.must(err)
		j.rate("0/1 (1)")
		if v := j.stands(text, reputation.Revoked); v.Status.Reason == "" {
			t.Errorf("%+v", v.Status)
		}
		j.stands(before, reputation.Superseded) // the time to answer still ran
		_, text = j.record()
		j.clock.move(time.Hour)
		j.finds(none, desk.NoSpam)
		j.rate("0/2 (0)")
		j.stands(text, reputation.Revoked)
		j.told(j.seller, "A signed record of yours was taken back")
	})
}
