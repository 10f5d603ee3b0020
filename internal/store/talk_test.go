package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/policy"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
	"guildhall/internal/talk"
)

var talkAt = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// talkers are a few members of a fresh store.
func talkers(t *testing.T, s *store.Store, n int) []member.Member {
	t.Helper()
	list := make([]member.Member, n)
	for i := range list {
		list[i] = member.Member{
			ID: ident.Member(fmt.Sprintf("member_%026d", i)), Email: fmt.Sprintf("m%d@example.com", i), Handle: fmt.Sprintf("m%d", i),
			Name: fmt.Sprintf("Member %d", i), Zone: "UTC", Seller: &member.Seller{Since: talkAt}, Created: talkAt, Version: 1,
		}
		must(t, s.Update(t.Context(), func(tx *store.Tx) error { return tx.AddMember(list[i]) }))
	}
	return list
}

// say writes from one member to another, as the market does.
func say(t *testing.T, s *store.Store, at time.Time, from, to member.Member, text string) error {
	_, doc, err := policy.Profile("classic")
	must(t, err)
	return s.Update(t.Context(), func(tx *store.Tx) error {
		id, err := tx.ThreadOf(from.ID, to.ID)
		var th talk.Thread
		switch {
		case errors.Is(err, store.ErrNotFound):
			th, err = talk.New(ident.New[ident.Thread](ident.NewSource(), at), from.ID, to.ID)
		case err == nil:
			th, err = tx.TakeThread(id)
		}
		if err != nil {
			return err
		}
		next, msg, set, err := talk.Say(at, th, from.ID, talk.Scene{Other: to}, talk.Draft{Text: text, Files: []talk.File{{ID: "file_1", Name: "a.txt", Size: 3}}}, policy.Version{Document: doc})
		if err != nil {
			return err
		}
		save := tx.SaveThread
		if th.Version == 0 {
			save = tx.AddThread
		}
		return errors.Join(save(next), tx.AddMessage(msg), tx.Carry(set))
	})
}

func TestThreadComesBackAsItWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		who := talkers(t, s, 2)
		must(t, say(t, s, talkAt, who[1], who[0], "Grüße"))
		must(t, say(t, s, talkAt.Add(time.Hour), who[0], who[1], "back"))
		must(t, s.View(t.Context(), func(tx *store.Tx) error {
			id, err := tx.ThreadOf(who[0].ID, who[1].ID)
			must(t, err)
			th, err := tx.Thread(id)
			must(t, err)
			if th.Said != 2 || th.Seq != 2 || th.Version != 3 || !th.Created.Equal(talkAt) || th.Last.By != who[0].ID || th.Last.Files != 1 {
				t.Errorf("%+v", th)
			}
			if a, b := th.Seat(who[0].ID), th.Seat(who[1].ID); a.Unread != 0 || a.ReadNo != 2 || b.Unread != 1 || b.ReadNo != 1 {
				t.Errorf("seats %+v %+v", a, b)
			}
			if f := th.First; f.Asker != who[1].ID || f.Asked != who[0].ID || !f.Within(time.Hour) || !f.Counts() {
				t.Errorf("first message %+v", f)
			}
			list, err := tx.Messages(id, 0, 10)
			must(t, err)
			if len(list) != 2 || list[1].Text != "Grüße" || list[1].Files[0].Name != "a.txt" || !list[0].At.Equal(talkAt.Add(time.Hour)) {
				t.Errorf("%+v", list)
			}
			if found, err := tx.FindMessages(id, "GRÜ", 0, 10); err != nil || len(found) != 1 || found[0].No != 1 {
				t.Errorf("found %v, %v", found, err)
			}
			asked, err := tx.AllFirstMessages("", 10)
			if err != nil || len(asked) != 1 || asked[0].Thread != id {
				t.Errorf("asked %v, %v", asked, err)
			}
			if rest, err := tx.AllFirstMessages(asked[0].Thread, 10); err != nil || len(rest) != 0 {
				t.Errorf("asked after the last: %v, %v", rest, err)
			}
			return nil
		}))
	})
}

// TestManyWriteAtOnce: a hundred at once, the first of whom begins the thread.
func TestManyWriteAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		who := talkers(t, s, 2)
		const writers = 100
		var wg sync.WaitGroup
		failed := make([]error, writers)
		for i := range writers {
			wg.Go(func() {
				from, to := who[i%2], who[1-i%2]
				failed[i] = say(t, s, talkAt.Add(time.Duration(i)*time.Second), from, to, fmt.Sprint(i))
			})
		}
		wg.Wait()
		said := 0
		for _, err := range failed {
			if err == nil {
				said++
			} else if fault.KindOf(err) != fault.KindConflict {
				t.Error(err)
			}
		}
		if said != writers {
			t.Errorf("%d of %d were heard", said, writers)
		}
		must(t, s.View(t.Context(), func(tx *store.Tx) error {
			id, err := tx.ThreadOf(who[0].ID, who[1].ID)
			must(t, err)
			list, err := tx.Messages(id, 0, 2*writers)
			must(t, err)
			slices.Reverse(list)
			for i, m := range list {
				if m.No != i+1 || i > 0 && m.At.Before(list[i-1].At) {
					t.Errorf("message %d has number %d", i+1, m.No)
				}
			}
			if len(list) != said {
				t.Errorf("%d messages, %d were acknowledged", len(list), said)
			}
			odd, err := tx.AuditHouse()
			for _, o := range odd {
				t.Errorf("%+v", o)
			}
			return err
		}))
	})
}

func TestInboxPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		who := talkers(t, s, 8)
		for i, other := range who[1:] {
			must(t, say(t, s, talkAt.Add(time.Duration(i/2)*time.Minute), other, who[0], fmt.Sprint("hello from ", i)))
		}
		must(t, s.View(t.Context(), func(tx *store.Tx) error {
			var got []ident.Member
			var after store.InboxPlace
			for {
				page, err := tx.Inbox(who[0].ID, after, 3)
				must(t, err)
				if len(page) == 0 {
					break
				}
				for _, row := range page {
					if !after.At.IsZero() && row.Last.At.After(after.At) {
						t.Errorf("%s is out of order", row.Name)
					}
					after = store.InboxPlace{At: row.Last.At, Thread: row.Thread}
					got = append(got, row.Other)
				}
			}
			slices.Sort(got)
			if len(slices.Compact(got)) != 7 {
				t.Errorf("the inbox has %v", got)
			}
			if n, err := tx.UnreadThreads(who[0].ID, 100); n != 7 || err != nil {
				t.Errorf("%d unread, %v", n, err)
			}
			if n, err := tx.UnreadThreads(who[0].ID, 5); n != 5 || err != nil {
				t.Errorf("counted to five: %d, %v", n, err)
			}
			if found, err := tx.SearchMessages(who[0].ID, "from 3", 200, 10); err != nil || len(found) != 1 {
				t.Errorf("found %v, %v", found, err)
			}
			if found, err := tx.SearchMessages(who[1].ID, "hello", 200, 10); err != nil || len(found) != 1 {
				t.Errorf("somebody else found %v, %v", found, err)
			}
			return nil
		}))
	})
}

func TestLastSaid(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		who := talkers(t, s, 3)
		must(t, say(t, s, talkAt, who[0], who[1], "one"))
		must(t, say(t, s, talkAt.Add(time.Hour), who[1], who[0], "an answer"))
		must(t, say(t, s, talkAt.Add(2*time.Hour), who[0], who[1], "two"))
		for name, test := range map[string]struct {
			author, other int
			notAfter      time.Duration
			want          time.Duration
			found         bool
		}{
			"the newest": {0, 1, 3 * time.Hour, 2 * time.Hour, true}, "at its very instant": {0, 1, 2 * time.Hour, 2 * time.Hour, true},
			"the one before": {0, 1, 2*time.Hour - time.Second, 0, true}, "the other's": {1, 0, 3 * time.Hour, time.Hour, true},
			"before all": {0, 1, -time.Second, 0, false}, "strangers": {0, 2, time.Hour, 0, false},
		} {
			must(t, s.View(t.Context(), func(tx *store.Tx) error {
				at, found, err := tx.LastSaid(who[test.author].ID, who[test.other].ID, talkAt.Add(test.notAfter))
				if err != nil || found != test.found || found && !at.Equal(talkAt.Add(test.want)) {
					t.Errorf("%s: %v, %v, %v", name, at, found, err)
				}
				return nil
			}))
		}
	})
}

func TestReportsAreOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		report := func(no int) error {
			return s.Update(t.Context(), func(tx *store.Tx) error {
				return tx.AddReport(talk.Report{Thread: "thread_1", No: no, By: "member_1", Reason: talk.Spam, At: talkAt.Add(time.Duration(no) * time.Second)})
			})
		}
		must(t, report(1))
		must(t, report(2))
		if err := report(1); !store.IsDuplicate(err, "message_reports.thread_id,no,member_id") {
			t.Errorf("reported twice: %v", err)
		}
		must(t, s.View(t.Context(), func(tx *store.Tx) error {
			of, err := tx.ReportsOf("thread_1", 2, 9)
			if err != nil || len(of) != 1 || of[0].No != 2 {
				t.Errorf("%v, %v", of, err)
			}
			if all, err := tx.ReportsOf("thread_1", 0, 9); err != nil || len(all) != 2 {
				t.Errorf("%v, %v", all, err)
			}
			return nil
		}))
	})
}
