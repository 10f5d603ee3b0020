package api_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"guildhall/client"
	"guildhall/internal/member"
	"guildhall/internal/store/storetest"
)

// TestRecordsFromProgramToProgram follows signed records through everybody's
// clients: made, listed, checked by a stranger, taken back, and over.
func TestRecordsFromProgramToProgram(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(testing.TB) string{"sqlite": storetest.SQLitePath, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			r := newReviewHouse(t, database(t))
			order, _ := r.completed()
			r.recordsRefused(t, r.recordSays(t, order))
			old, kept := r.recordsKept(t)
			r.takenBack(t, old)
			r.advance("400d")
			r.stands(t, kept, "expired", false)
			r.stands(t, old, "revoked", false) // what was taken back stays so
		})
	}
}

// recordSays holds what a record would say against the seller's own figures,
// and needs what is signed to be that, without the buyer in it.
func (r *reviewHouse) recordSays(t *testing.T, order string) (text string) {
	draft, err := r.seller.RecordNow(r.ctx)
	r.must(err)
	mine, err := r.seller.Standing(r.ctx)
	r.must(err)
	want := map[string][3]int64{
		"completed":  {int64(mine.Completed)},
		"earned":     {mine.Earned.Minor},
		"completion": {int64(mine.Completion.For), int64(mine.Completion.Counted), int64(mine.Completion.Excluded)},
		"on_time":    {int64(mine.OnTime.For), int64(mine.OnTime.Counted), int64(mine.OnTime.Excluded)},
		"rating":     {mine.Rating.Parts, int64(mine.Rating.Reviews), int64(mine.Rating.Removed)},
	}
	for _, f := range draft.Figures {
		if w, named := want[f.Figure]; named && w != [3]int64{f.Numerator, f.Denominator, f.Excluded} {
			t.Errorf("the record says %+v, the standing %v", f, w)
		}
		delete(want, f.Figure)
	}
	if len(want) > 0 || mine.Completed != 1 || draft.Seller.Handle != r.me.Handle || draft.Level != nil || !draft.Rehearsal || len(draft.Endings) == 0 {
		t.Errorf("%+v lacks %v", draft, want)
	}
	made, text, err := r.seller.MakeRecord(r.ctx)
	r.must(err)
	words := strings.Split(text, ".")
	if len(words) != 3 || made.Seller != draft.Seller || made.ID == draft.ID {
		t.Fatalf("%+v: %q", made, text)
	}
	claims, err := base64.RawURLEncoding.DecodeString(words[1])
	r.must(err)
	for _, secret := range []string{"Bo Buyer", order} {
		if strings.Contains(string(claims), secret) {
			t.Errorf("the record tells %q: %s", secret, claims)
		}
	}
	if seen := r.stands(t, text, "valid", true); seen.Record == nil || len(seen.Record.Figures) != len(draft.Figures) || seen.Record.ID != made.ID {
		t.Errorf("checked: %+v", seen)
	}
	return text
}

// stands checks a record as a guest would and needs it to be in a state.
func (r *reviewHouse) stands(t *testing.T, text, state string, good bool) client.RecordCheck {
	t.Helper()
	guest := r.seller.As("")
	seen, err := guest.CheckRecord(r.ctx, text)
	r.must(err)
	if seen.Good != good || seen.Says == "" || seen.Status == nil || seen.Status.State != state {
		t.Fatalf("%+v with %+v, want %s", seen, seen.Status, state)
	}
	alone, err := guest.RecordStatus(r.ctx, seen.Status.ID)
	r.must(err)
	if alone != *seen.Status {
		t.Errorf("asked by its name: %+v, checked: %+v", alone, seen.Status)
	}
	return seen
}

// recordsKept makes two more, the first of them twice under one key, and finds
// all three in the seller's list.
func (r *reviewHouse) recordsKept(t *testing.T) (old, newest string) {
	key := client.WithKey(r.ctx, "download")
	first, old, err := r.seller.MakeRecord(key)
	r.must(err)
	again, same, err := r.seller.MakeRecord(key)
	r.must(err)
	if same != old || again.ID != first.ID || again.Seller != first.Seller || !again.Expires.Equal(first.Expires) {
		t.Errorf("one key, two records: %s and %s", first.ID, again.ID)
	}
	last, newest, err := r.seller.MakeRecord(r.ctx)
	r.must(err)
	list := collect(t, r.seller.Records(r.ctx))
	if len(list) != 3 || list[0].ID != last.ID || list[1].ID != first.ID || list[0].State != "valid" || list[1].State != "superseded" {
		t.Fatalf("%+v", list)
	}
	keys := r.send(http.MethodGet, "/.well-known/jwks.json", "", nil).Body.String()
	if list[0].Key == "" || !strings.Contains(keys, list[0].Key) {
		t.Errorf("the key %q is not among %s", list[0].Key, keys)
	}
	other := r.person("Nele Nord")
	r.offer(other)
	if theirs := collect(t, other.Records(r.ctx)); len(theirs) != 0 {
		t.Errorf("another seller has %+v", theirs)
	}
	r.stands(t, old, "superseded", true) // it was right when it was made
	r.stands(t, newest, "valid", true)
	return old, newest
}

// takenBack lets the house take one back, once.
func (r *reviewHouse) takenBack(t *testing.T, text string) {
	olga := r.token(r.member("Olga Operator", true), member.ScopeRead, member.ScopeManage)
	id := r.stands(t, text, "superseded", true).Status.ID
	agent := r.seller.As(r.agent("Ann Agent"))
	for who, c := range map[string]*client.Client{"its seller": r.seller, "a buyer": r.buyer, "an agent": agent} {
		_, err := c.RevokeRecord(r.ctx, id, "I regret it.")
		if status(err) != http.StatusNotFound {
			t.Errorf("%s takes it back: %v", who, err)
		}
	}
	_, err := r.seller.As("").RevokeRecord(r.ctx, id, "I regret it.")
	refusedWith(t, err, http.StatusUnauthorized, "")
	_, err = olga.RevokeRecord(r.ctx, id, " ")
	refusedWith(t, err, http.StatusUnprocessableEntity, "why")
	_, err = olga.RevokeRecord(r.ctx, "record_01k9x7m3v80000000000000000", "It is not ours.")
	refusedWith(t, err, http.StatusNotFound, "")

	key, why := client.WithKey(r.ctx, "back"), "Made with a stolen password."
	for range 2 {
		back, err := olga.RevokeRecord(key, id, why)
		r.must(err)
		if back.State != "revoked" || back.Reason != why || back.ID != id {
			t.Errorf("%+v", back)
		}
	}
	_, err = olga.RevokeRecord(r.ctx, id, why)
	refusedWith(t, err, http.StatusConflict, "")
	if seen := r.stands(t, text, "revoked", false); !strings.Contains(seen.Says, why) {
		t.Errorf("whoever checks it reads %q", seen.Says)
	}
	list := collect(t, r.seller.Records(r.ctx))
	if list[1].ID != id || list[1].State != "revoked" || list[0].State != "valid" {
		t.Errorf("its seller sees %+v", list)
	}
}

// recordsRefused are the wrong people, and texts that are no record.
func (r *reviewHouse) recordsRefused(t *testing.T, text string) {
	reader := r.seller.As(r.secretOf(r.me.ID))
	for who, want := range map[*client.Client]int{
		r.buyer: http.StatusForbidden, reader: http.StatusForbidden, r.seller.As(""): http.StatusUnauthorized,
	} {
		_, made, err := who.MakeRecord(r.ctx)
		if status(err) != want || made != "" {
			t.Errorf("%q %v, want %d", made, err, want)
		}
	}
	for who, want := range map[*client.Client]int{r.buyer: http.StatusForbidden, r.seller.As(""): http.StatusUnauthorized} {
		_, err := who.RecordNow(r.ctx)
		wantStatus(t, err, want)
	}
	for why, forged := range map[string]string{
		"malformed": "hello", "tampered": spoiled(text), "wrong_method": "eyJhbGciOiJub25lIn0." + strings.SplitN(text, ".", 2)[1],
	} {
		seen, err := r.buyer.CheckRecord(r.ctx, forged)
		r.must(err)
		if seen.Good || seen.Why != why || seen.Record != nil || seen.Status != nil {
			t.Errorf("%s: %+v", why, seen)
		}
	}
	_, err := r.buyer.CheckRecord(r.ctx, "")
	wantStatus(t, err, http.StatusUnprocessableEntity)
	unknown, err := r.buyer.RecordStatus(r.ctx, "record_01k9x7m3v80000000000000000")
	if err != nil || unknown.State != "unknown" {
		t.Errorf("%+v %v", unknown, err)
	}
}

// spoiled is a record whose signature begins with another letter.
func spoiled(text string) string {
	i := strings.LastIndexByte(text, '.') + 1
	if text[i] == 'A' {
		return text[:i] + "B" + text[i+1:]
	}
	return text[:i] + "A" + text[i+1:]
}
