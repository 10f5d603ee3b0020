package store_test

import (
	"testing"
	"time"

	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestListenAgain cuts the connection for wake-ups: the listener is told to
// look at everything, and hears the next one.
func TestListenAgain(t *testing.T) {
	s := storetest.Postgres(t)
	heard := make(chan string, 10)
	s.Listen(t.Context(), func(topic string) { heard <- topic })
	update(t, s, func(tx *store.Tx) {
		if _, err := readAll(tx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND query LIKE 'LISTEN%'`, nil); err != nil {
			t.Error(err)
		}
	})
	wantTopic(t, heard, "")
	update(t, s, func(tx *store.Tx) { tx.Notify("order_1") })
	wantTopic(t, heard, "order_1")
}

// TestLostConnections cuts every connection: what had not reached its commit
// is run again on a new one.
func TestLostConnections(t *testing.T) {
	s := storetest.Postgres(t)
	runs := 0
	update(t, s, func(tx *store.Tx) { must(t, tx.SetMark("warm", "yes")) })
	must(t, s.Update(t.Context(), func(tx *store.Tx) error {
		if _, _, err := tx.Mark("warm"); err != nil {
			return err
		}
		if runs++; runs == 1 {
			_, _ = readAll(tx, "SELECT pg_terminate_backend(pg_backend_pid())", nil)
		}
		return bumpOrSet(tx, "runs")
	}))
	wantMark(t, s, "runs", "1")
	if runs != 2 {
		t.Errorf("ran %d times, want 2", runs)
	}
}

// TestABrokenExport: an export whose connection broke says so, rather than begin
// again behind what it has written already.
func TestABrokenExport(t *testing.T) {
	url := storetest.PostgresURL(t)
	s := storetest.Open(t, url)
	update(t, s, func(tx *store.Tx) { must(t, bumpOrSet(tx, "runs")) })
	times := map[string]int{}
	err := s.Export(t.Context(), func(r store.Record) error {
		if len(times) == 0 {
			storetest.Cut(t, url)
		}
		row, err := r.MarshalJSON()
		times[string(row)]++
		return err
	})
	if err == nil {
		t.Error("an export that broke off ended well")
	}
	for row, n := range times {
		if n != 1 {
			t.Errorf("written %d times: %s", n, row)
		}
	}
	must(t, s.Export(t.Context(), func(store.Record) error { return nil }))
}

func bumpOrSet(tx *store.Tx, key string) error {
	if _, set, err := tx.Mark(key); err != nil || set {
		return bump(tx, key)
	}
	return tx.SetMark(key, "1")
}

func wantTopic(t *testing.T, heard <-chan string, want string) {
	t.Helper()
	select {
	case got := <-heard:
		if got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
	case <-time.After(10 * time.Second):
		t.Fatalf("never heard %q", want)
	}
}
