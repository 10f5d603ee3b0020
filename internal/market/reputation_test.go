package market_test

import (
	"encoding/base64"
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
	"guildhall/internal/order"
	"guildhall/internal/reputation"
	"guildhall/internal/review"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// record makes one and needs it to be believed.
func (c *counter) record() (reputation.Record, string) {
	c.t.Helper()
	r, err := c.MakeRecord(c.t.Context(), c.seller, "")
	c.must(err)
	c.stands(r.Text, reputation.Valid)
	return r.Record, r.Text
}

// stands needs a text to be the house's own and in a state.
func (c *counter) stands(text string, want reputation.State) market.CheckedRecord {
	c.t.Helper()
	v, err := c.CheckRecord(c.t.Context(), text)
	c.must(err)
	if !v.Signed() || v.Status.State != want {
		c.t.Errorf("the record is %q (%s) %q, want %s", v.Why, v.Status.State, v.Status.Reason, want)
	}
	return v
}

// spoiled is a record whose signature begins with another letter.
func spoiled(text string) string {
	i := strings.LastIndexByte(text, '.') + 1
	if text[i] == 'A' {
		return text[:i] + "B" + text[i+1:]
	}
	return text[:i] + "A" + text[i+1:]
}

func TestRecords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		c.move(c.buyer, c.order, order.Accept{})
		c.clock.move(time.Hour)
		first, text := c.record()

		sheet := c.sheet(c.seller)
		for _, f := range first.Figures {
			if f.Name == "completion" && (f.Numerator != int64(sheet.Completion.For) || f.Denominator != int64(sheet.Completion.Counted()) || f.Value != sheet.Text("completion", c.Policy())) {
				t.Errorf("the record says %+v, the page %s", f, sheet.Text("completion", c.Policy()))
			}
		}
		if first.Issuer != "https://hall.example" || !first.Expires.Equal(first.Issued.Add(c.Policy().Standing.Window.D())) || len(first.Endings) == 0 {
			t.Errorf("%+v", first)
		}
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(text, ".")[1])
		c.must(err)
		for _, who := range []member.Actor{c.buyer, c.operator} {
			them, err := c.Member(t.Context(), who.Member)
			c.must(err)
			for _, secret := range []string{string(them.ID), them.Name, them.Handle, them.Email, string(c.order)} {
				if strings.Contains(string(payload), secret) {
					t.Errorf("%q stands in the record", secret)
				}
			}
		}

		c.clock.move(time.Hour)
		_, newer := c.record()
		c.stands(text, reputation.Superseded)
		mine, err := c.MyRecord(t.Context(), c.seller, "", 1)
		c.must(err)
		if len(mine.Made) != 1 || mine.Next == "" || mine.Made[0].ID == first.ID {
			t.Errorf("made: %+v, %q", mine.Made, mine.Next)
		}
		older, err := c.MyRecord(t.Context(), c.seller, mine.Next, 1)
		c.must(err)
		if len(older.Made) != 1 || older.Next != "" || older.Made[0].ID != first.ID {
			t.Errorf("older: %+v, %q", older.Made, older.Next)
		}

		v, err := c.CheckRecord(t.Context(), spoiled(newer))
		c.must(err)
		if v.Signed() || v.Status.State != "" {
			t.Errorf("a changed one is %q", v.Why)
		}
		c.clock.move(c.Policy().Standing.Window.D())
		if v := c.stands(newer, reputation.Expired); v.OK() {
			t.Error("an old one is believed")
		}
		st, err := c.RecordStatus(t.Context(), "record_x")
		c.must(err)
		if st.State != reputation.Unknown {
			t.Errorf("%+v", st)
		}
	})
}

// TestCorrectedRecords: a decision that takes away what a record stands on takes
// the record back, in the same moment, and says why.
func TestCorrectedRecords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		_, before := c.record()
		c.clock.move(time.Hour)
		c.move(c.buyer, c.order, order.Accept{})
		c.clock.move(time.Hour)
		_, text := c.record()

		id := c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(c.order))
		_, err := c.decide(c.ada, id, desk.Decision{
			Refund: &desk.Ending{Fault: order.FaultSeller, Cause: "quality", Share: 10_000}, Warn: []desk.Side{desk.Across},
		})
		c.must(err)
		if v := c.stands(text, reputation.Revoked); v.Status.Reason == "" || v.Status.At.IsZero() {
			t.Errorf("%+v", v.Status)
		}
		c.stands(before, reputation.Superseded) // the order was not in it
		c.told(c.seller, "A signed record of yours was taken back")
		list, more, err := c.RevokedRecords(t.Context(), "", 0)
		c.must(err)
		if len(list) != 1 || more || list[0].State != reputation.Revoked {
			t.Errorf("the list of those taken back: %+v", list)
		}
		c.clock.move(time.Hour)
		c.record() // with today's figures
		c.verified()
	})
}

func TestRecordsByWrongPeople(t *testing.T) {
	c := newCounter(t, storetest.SQLite(t))
	r, text := c.record()
	reader := c.seller
	reader.Scopes = []member.Scope{member.ScopeRead}
	for name, test := range map[string]struct {
		do   func() error
		want fault.Kind
	}{
		"a guest makes one":  {func() error { _, err := c.MakeRecord(t.Context(), member.Guest(), ""); return err }, fault.KindSignIn},
		"a buyer makes one":  {func() error { _, err := c.MakeRecord(t.Context(), c.buyer, ""); return err }, fault.KindForbidden},
		"a token that reads": {func() error { _, err := c.MakeRecord(t.Context(), reader, ""); return err }, fault.KindForbidden},
		"a buyer looks":      {func() error { _, err := c.MyRecord(t.Context(), c.buyer, "", 0); return err }, fault.KindForbidden},
		"its seller revokes": {func() error { return c.RevokeRecord(t.Context(), c.seller, "", r.ID, "I regret it") }, fault.KindNotFound},
		"an agent revokes":   {func() error { return c.RevokeRecord(t.Context(), c.ada, "", r.ID, "I regret it") }, fault.KindNotFound},
		"a seller rotates":   {func() error { _, err := c.RotateRecordKey(t.Context(), c.seller, false); return err }, fault.KindNotFound},
		"without a reason":   {func() error { return c.RevokeRecord(t.Context(), c.operator, "", r.ID, " ") }, fault.KindInvalid},
		"one that is none":   {func() error { return c.RevokeRecord(t.Context(), c.operator, "", "record_x", "why") }, fault.KindInvalid},
		"one that is unknown": {func() error {
			return c.RevokeRecord(t.Context(), c.operator, "", "record_01k9x7m3v80000000000000000", "why")
		}, fault.KindNotFound},
	} {
		c.kind(test.do(), test.want, name)
	}
	c.stands(text, reputation.Valid)
	c.must(c.RevokeRecord(t.Context(), c.operator, "", r.ID, "Made with a stolen password."))
	if v := c.stands(text, reputation.Revoked); v.Status.Reason != "Made with a stolen password." {
		t.Errorf("%+v", v.Status)
	}
	c.kind(c.RevokeRecord(t.Context(), c.operator, "", r.ID, "again"), fault.KindConflict, "taking it back twice")
}

// TestARecordIsMadeOnce: the same key is the same file, word for word, and
// takes nothing back twice.
func TestARecordIsMadeOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		first, err := c.MakeRecord(t.Context(), c.seller, "download")
		c.must(err)
		c.clock.move(time.Hour)
		again, err := c.MakeRecord(t.Context(), c.seller, "download")
		c.must(err)
		if again.Text != first.Text || again.ID != first.ID || again.Seller.Handle == "" {
			t.Errorf("the second answer is another: %s and %s", first.ID, again.ID)
		}
		c.stands(first.Text, reputation.Valid)
		for range 2 {
			c.must(c.RevokeRecord(t.Context(), c.operator, "back", first.ID, "A mistake of ours."))
		}
		c.kind(c.RevokeRecord(t.Context(), c.operator, "back", first.ID, "Another reason."), fault.KindConflict, "one key for two requests")
	})
}

func TestRecordKeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		_, first := c.record()
		keys, err := c.RecordKeys(t.Context())
		c.must(err)
		again, err := c.RecordKeys(t.Context())
		c.must(err)
		if len(keys.IDs()) != 1 || keys.IDs()[0] != again.IDs()[0] {
			t.Fatalf("%v, then %v", keys.IDs(), again.IDs())
		}

		rotated, err := c.RotateRecordKey(t.Context(), c.operator, false)
		c.must(err)
		_, second := c.record()
		if len(rotated.IDs()) != 2 {
			t.Errorf("%v", rotated.IDs())
		}
		c.stands(first, reputation.Superseded)
		if v := c.stands(second, reputation.Valid); v.Key != rotated.IDs()[1] {
			t.Errorf("the newest key does not sign: %s", v.Key)
		}
		if v := reputation.Verify(second, keys, "https://hall.example", c.clock.Now()); v.Why != reputation.UnknownKey {
			t.Errorf("by the keys of before: %q", v.Why)
		}

		_, err = c.RotateRecordKey(t.Context(), c.operator, true)
		c.must(err)
		for _, text := range []string{first, second} {
			v, err := c.CheckRecord(t.Context(), text)
			c.must(err)
			if v.Why != reputation.UnknownKey {
				t.Errorf("of a key that is not trusted: %q", v.Why)
			}
			st, err := c.RecordStatus(t.Context(), reputation.Verify(text, rotated, "", c.clock.Now()).Record.ID)
			c.must(err)
			if st.State != reputation.Revoked || st.Reason == "" {
				t.Errorf("its status: %+v", st)
			}
		}

		real, err := c.RecordKeys(t.Context())
		c.must(err)
		c.must(c.MarkRehearsal(t.Context()))
		r, err := c.MakeRecord(t.Context(), c.seller, "")
		c.must(err)
		if v := reputation.Verify(r.Text, real, "https://hall.example", c.clock.Now()); v.Why != reputation.UnknownKey || !r.Play {
			t.Errorf("what was played is taken for real: %q", v.Why)
		}
	})
}

// TestKeysRotatedAtOnce: what one operator distrusts stays distrusted, whoever
// else lets a new key sign in the same moment.
func TestKeysRotatedAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		for range 10 {
			before, err := c.RecordKeys(t.Context())
			c.must(err)
			var hands sync.WaitGroup
			for n := range 3 {
				hands.Go(func() {
					if _, err := c.RotateRecordKey(t.Context(), c.operator, n == 0); err != nil {
						t.Error(err)
					}
				})
			}
			hands.Wait()
			after, err := c.RecordKeys(t.Context())
			c.must(err)
			for _, id := range before.IDs() {
				if slices.Contains(after.IDs(), id) {
					t.Fatal("a key that was distrusted is trusted again")
				}
			}
		}
	})
}

// rated completes an order and has it rated by both, the seller's work with so
// many stars; the buyer's review is challenged, and its case answered.
func (c *counter) rated(id ident.Order, stars int) ident.Case {
	c.t.Helper()
	c.move(c.buyer, id, order.Accept{})
	of := map[string]int{"fulfilment": stars, "start_time": stars, "communication": stars}
	_, err := c.WriteReview(c.t.Context(), c.buyer, "", id, review.Draft{Stars: of, Text: "This is how it was with us."})
	c.must(err)
	_, err = c.WriteReview(c.t.Context(), c.seller, "", id, review.Draft{Stars: map[string]int{"overall": 5}})
	c.must(err)
	moved, err := c.ChallengeReview(c.t.Context(), c.seller, "", id, "unrelated", review.Evidence{Text: "It is about something else.", Passage: "how it was"})
	c.must(err)
	c.clock.move(time.Hour)
	return moved.Case
}

// TestARecordOnStarsThatWereTakenAway: a record stands on the reviews of its moment.
// Once good stars among them are removed it says more than is true; without bad ones
// it said less.
func TestARecordOnStarsThatWereTakenAway(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		bad, good := c.rated(c.order, 1), c.rated(c.delivered(), 5)
		_, text := c.record()
		c.clock.move(time.Hour)
		_, err := c.decide(c.ada, bad, desk.Decision{RemoveReview: "unrelated"})
		c.must(err)
		c.stands(text, reputation.Valid)
		c.clock.move(time.Hour)
		c.rated(c.delivered(), 3)
		_, newer := c.record()
		c.clock.move(time.Hour)
		_, err = c.decide(c.ada, good, desk.Decision{RemoveReview: "unrelated"})
		c.must(err)
		c.stands(newer, reputation.Revoked)
		c.told(c.seller, "A signed record of yours was taken back")
		c.verified()
	})
}

// TestARecordWithoutStarsThatCameBack: while bad stars were away a record left them
// out. Once they stand again it says more than is true; one of before does not.
func TestARecordWithoutStarsThatCameBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		bad, _ := c.rated(c.order, 1), c.rated(c.delivered(), 5)
		_, with := c.record()
		c.clock.move(time.Hour)
		_, err := c.decide(c.ada, bad, desk.Decision{RemoveReview: "unrelated"})
		c.must(err)
		c.clock.move(time.Hour)
		_, without := c.record()
		c.clock.move(time.Hour)
		appeal, err := c.AppealCase(t.Context(), c.buyer, "", bad, market.CaseWords{Text: "It was about this very order."})
		c.must(err)
		_, err = c.decide(c.ben, appeal.ID, desk.Decision{RestoreReview: true})
		c.must(err)
		c.stands(without, reputation.Revoked)
		c.stands(with, reputation.Superseded)
		c.told(c.seller, "A signed record of yours was taken back")
		c.verified()
	})
}
