package store_test

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"

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

// TestBuildingFences: updates that have read the same version of a row do not
// overwrite each other, although none has the database to itself.
func TestBuildingFences(t *testing.T) {
	s := storetest.Building(t, storetest.SQLitePath(t))
	must(t, s.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Conn().Exec(tx.Context(), "CREATE TABLE fences (id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL)")
		return err
	}))
	must(t, s.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Conn().Exec(tx.Context(), "INSERT INTO fences (id, version) VALUES ('a', 1)")
		return err
	}))
	read := func(tx *store.Tx) (version int64) {
		must(t, tx.Conn().QueryRow(tx.Context(), "SELECT version FROM fences WHERE id = 'a'").Scan(&version))
		return version
	}
	const all = 6 // no more than an update is tried
	together := make(chan struct{})
	var ready, done sync.WaitGroup
	ready.Add(all)
	runs := make([]int, all)
	for i := range all {
		done.Go(func() {
			must(t, s.Update(t.Context(), func(tx *store.Tx) error {
				version := read(tx)
				if runs[i]++; runs[i] == 1 {
					ready.Done()
					<-together
				}
				var touched int64
				return tx.Conn().QueryRow(tx.Context(),
					"UPDATE fences SET version = version + 1\nWHERE id = $1 AND version = $2\nRETURNING 1\n", "a", version).Scan(&touched)
			}))
		})
	}
	ready.Wait()
	close(together)
	done.Wait()
	must(t, s.View(t.Context(), func(tx *store.Tx) error {
		if got := read(tx); got != 1+all {
			t.Errorf("version %d after %d updates", got, all)
		}
		return nil
	}))
	if again := slices.Max(runs); again < 2 {
		t.Error("all of them read version 1, and none was tried again")
	}
}

// TestBuildingViews: what a View reads is of one moment, also when somebody
// writes between two of its statements.
func TestBuildingViews(t *testing.T) {
	s := storetest.Building(t, storetest.SQLitePath(t))
	must(t, s.Update(t.Context(), setMark("v", "1")))
	runs := 0
	must(t, s.View(t.Context(), func(tx *store.Tx) error {
		before, _, err := tx.Mark("v")
		must(t, err)
		if runs++; runs == 1 {
			must(t, s.Update(t.Context(), setMark("v", "2")))
		}
		after, _, err := tx.Mark("v")
		if err == nil && before != after {
			t.Errorf("read %q, then %q", before, after)
		}
		return err
	}))
	if runs != 2 {
		t.Errorf("looked %d times", runs)
	}
	if err := s.View(t.Context(), setMark("v", "3")); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("a write in a view: %v", err)
	}
	wantMark(t, s, "v", "2")
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
