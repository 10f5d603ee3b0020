package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"testing"

	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

func building(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Options{Logger: slog.New(slog.DiscardHandler), Building: true})
	must(t, err)
	return s
}

// TestBuilding writes side by side into a database that is being built, opens
// it again as a server does, and finds what was answered with success.
func TestBuilding(t *testing.T) {
	path := storetest.SQLitePath(t)
	s := building(t, path)
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

// TestBuildingIsLost: once something of the open transaction may be half done,
// nothing more is built on it and nothing of it is kept.
func TestBuildingIsLost(t *testing.T) {
	path := storetest.SQLitePath(t)
	s := building(t, path)
	must(t, s.Update(t.Context(), setMark("before", "yes")))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = s.Update(context.Background(), func(tx *store.Tx) error {
			must(t, tx.SetMark("half", "yes"))
			runtime.Goexit()
			return nil
		})
	}()
	<-ended
	if err := s.Update(t.Context(), setMark("after", "yes")); err == nil {
		t.Error("built on something half done")
	}
	if err := s.Close(); err == nil {
		t.Error("Close did not tell that the market is lost")
	}
	after := storetest.Open(t, path)
	for _, key := range []string{"before", "half", "after"} {
		wantMark(t, after, key, "")
	}
}
