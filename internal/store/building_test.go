package store_test

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestBuilding writes side by side into a database that is being built, opens
// it again as a server does, and finds what was answered with success.
func TestBuilding(t *testing.T) {
	path := storetest.SQLitePath(t)
	s := storetest.Building(t, path)
	own := errors.New("own reason")
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			key := fmt.Sprint("n", i)
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				if err := tx.SetMark(key, "yes"); err != nil || i%2 == 0 {
					return err
				}
				return own
			})
			if i%2 == 0 {
				must(t, err)
				wantMark(t, s, key, "yes")
			} else if !errors.Is(err, own) {
				t.Errorf("update %d: %v, want the function's own error", i, err)
			}
		})
	}
	all.Wait()
	must(t, s.Migrate(t.Context())) // in the midst of it: commits what is open
	must(t, s.Update(t.Context(), setMark("last", "yes")))
	must(t, s.Close())

	after := storetest.Open(t, path)
	for i := range 40 {
		want := ""
		if i%2 == 0 {
			want = "yes"
		}
		wantMark(t, after, fmt.Sprint("n", i), want)
	}
	wantMark(t, after, "last", "yes")
}

// TestBuildingFences: of updates that have read the same, one writes, although
// none has the database to itself; the others are run anew.
func TestBuildingFences(t *testing.T) {
	s := storetest.Building(t, storetest.SQLitePath(t))
	const all = 6
	together := make(chan struct{})
	var ready, done sync.WaitGroup
	ready.Add(all)
	runs, wrote := make([]int, all), make([]bool, all)
	for i := range all {
		done.Go(func() {
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				_, set, err := tx.Mark("first")
				if runs[i]++; runs[i] == 1 {
					ready.Done()
					<-together
				}
				if wrote[i] = !set; set || err != nil {
					return err
				}
				return tx.FirstMark("first", fmt.Sprint(i))
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	ready.Wait()
	close(together)
	done.Wait()
	winner := slices.Index(wrote, true)
	if winner < 0 || slices.Contains(wrote[winner+1:], true) {
		t.Fatalf("who wrote: %v", wrote)
	}
	wantMark(t, s, "first", fmt.Sprint(winner))
	for i, n := range runs {
		if want := 2; i != winner && n != want || i == winner && n != 1 {
			t.Errorf("update %d ran %d times, %d wrote", i, n, winner)
		}
	}
}

// TestBuildingViews: nobody waits for a View; each of its statements reads what
// was answered up to then. It writes nothing.
func TestBuildingViews(t *testing.T) {
	s := storetest.Building(t, storetest.SQLitePath(t))
	must(t, s.View(t.Context(), func(tx *store.Tx) error {
		for i := range 3 {
			want := fmt.Sprint(i)
			must(t, s.Update(t.Context(), setMark("a", want)))
			if a, _, err := tx.Mark("a"); err != nil || a != want {
				t.Errorf("read %q, %v; want %q", a, err, want)
			}
		}
		return nil
	}))
	if err := s.View(t.Context(), setMark("a", "view")); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("a write in a view: %v", err)
	}
	if a, _ := mark(t, s, "a"); a == "view" {
		t.Error("a view wrote")
	}
}

// TestBuildingIsLost: once SQLite has given up the open transaction, nothing
// more is built on it and nothing of it is kept.
func TestBuildingIsLost(t *testing.T) {
	path := storetest.SQLitePath(t)
	s, err := store.Open(t.Context(), path, store.Options{Logger: slog.New(slog.DiscardHandler), Building: true})
	must(t, err)
	must(t, s.Update(t.Context(), setMark("before", "yes")))
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		must(t, tx.SetMark("half", "yes"))
		_, err := tx.Conn().Exec(tx.Context(), "ROLLBACK") // as a full disk makes it do
		return err
	})
	if err == nil {
		t.Error("was told that what is lost is kept")
	}
	if err := s.Update(t.Context(), setMark("after", "yes")); err == nil {
		t.Error("built on something half done")
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error { _, _, err := tx.Mark("before"); return err }); err == nil {
		t.Error("showed what is lost")
	}
	if err := s.Close(); err == nil {
		t.Error("Close did not tell that the market is lost")
	}
	after := storetest.Open(t, path)
	for _, key := range []string{"before", "half", "after"} {
		wantMark(t, after, key, "")
	}
}

// TestOldNews: what happened before a market's news begin is taken by no courier.
func TestOldNews(t *testing.T) {
	news := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	for engine, url := range map[string]string{"building": storetest.SQLitePath(t), "postgres": storetest.PostgresURL(t)} {
		s, err := store.Open(t.Context(), url, store.Options{Logger: slog.New(slog.DiscardHandler), Building: true, Told: news})
		must(t, err)
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			var set effect.Set
			for i, at := range []time.Time{news.Add(-time.Microsecond), news} {
				set.Events = append(set.Events, effect.Event{Stream: "gig_1", Seq: i + 1, Kind: "gig.changed", At: at})
			}
			return tx.Carry(set)
		}))
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			taken, err := tx.TakeEvents(news, 10)
			if err != nil || len(taken) != 1 || taken[0].Seq != 2 {
				t.Errorf("%s: the courier took %v, %v; want the second event alone", engine, taken, err)
			}
			history, err := tx.Events("gig_1")
			if err != nil || len(history) != 2 {
				t.Errorf("%s: the history is %v, %v", engine, history, err)
			}
			return nil
		}))
		must(t, s.Close())
	}
}
