package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func setMark(key, value string) func(*store.Tx) error {
	return func(tx *store.Tx) error { return tx.SetMark(key, value) }
}

// mark reads outside of any other transaction.
func mark(t *testing.T, s *store.Store, key string) (value string, set bool) {
	t.Helper()
	must(t, s.View(t.Context(), func(tx *store.Tx) (err error) {
		value, set, err = tx.Mark(key)
		return err
	}))
	return value, set
}

func wantMark(t *testing.T, s *store.Store, key, want string) {
	t.Helper()
	if got, set := mark(t, s, key); got != want || set != (want != "") {
		t.Errorf("mark %s = %q (set: %v), want %q", key, got, set, want)
	}
}

func TestUpdateKeepsAndForgets(t *testing.T) {
	storetest.EachWay(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		own := errors.New("own reason")
		must(t, s.Update(ctx, setMark("kept", "yes")))
		must(t, s.Update(ctx, func(*store.Tx) error { return nil }))
		err := s.Update(ctx, func(tx *store.Tx) error {
			must(t, tx.SetMark("kept", "no"))
			if v, _, err := tx.Mark("kept"); v != "no" || err != nil {
				t.Errorf("own write reads as %q, %v", v, err)
			}
			return own
		})
		if !errors.Is(err, own) {
			t.Errorf("got %v, want the function's own error", err)
		}
		err = s.Update(ctx, func(tx *store.Tx) error {
			must(t, tx.SetMark("kept", "panicked"))
			panic("boom")
		})
		if err == nil || !strings.Contains(err.Error(), "boom") {
			t.Errorf("a panic became %v", err)
		}
		wantMark(t, s, "kept", "yes")
	})
}

func TestGoroutineEndsInside(t *testing.T) {
	storetest.EachWay(t, func(t *testing.T, s *store.Store) {
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = s.Update(context.Background(), func(tx *store.Tx) error {
				must(t, tx.SetMark("half", "yes"))
				runtime.Goexit() // what FailNow does
				return nil
			})
		}()
		<-ended
		must(t, s.Update(t.Context(), setMark("after", "yes")))
		wantMark(t, s, "half", "")
		wantMark(t, s, "after", "yes")
	})
}

func TestNeighboursAreSpared(t *testing.T) {
	storetest.EachWay(t, func(t *testing.T, s *store.Store) {
		own := errors.New("own reason")
		var all sync.WaitGroup
		errs := make([]error, 200)
		for i := range errs {
			all.Go(func() {
				errs[i] = s.Update(t.Context(), func(tx *store.Tx) error {
					if err := tx.SetMark(fmt.Sprint("n", i), "yes"); err != nil {
						return err
					}
					switch i % 4 {
					case 1:
						return own
					case 2:
						panic(i)
					case 3:
						_, err := tx.Conn().Exec(tx.Context(), "INSERT INTO house (key, value) VALUES ($1, NULL)", "x")
						_ = err // the transaction is doomed whether or not one looks
					}
					return nil
				})
			})
		}
		all.Wait()
		for i, err := range errs {
			want := ""
			if i%4 == 0 {
				want = "yes"
			}
			wantMark(t, s, fmt.Sprint("n", i), want)
			if (err == nil) != (i%4 == 0) || i%4 == 1 && !errors.Is(err, own) {
				t.Errorf("%d was told %v", i, err)
			}
		}
	})
}

// bump adds one to a counter by a guarded write.
func bump(tx *store.Tx, key string) error {
	was, _, err := tx.Mark(key)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(was)
	if err != nil {
		return err
	}
	err = tx.Conn().QueryRow(tx.Context(), "UPDATE house SET value = $3 WHERE key = $1 AND value = $2 RETURNING value",
		key, was, strconv.Itoa(n+1)).Scan(&was)
	return store.Stale(err)
}

func TestGuardedIncrements(t *testing.T) {
	storetest.EachWay(t, func(t *testing.T, s *store.Store) {
		must(t, s.Update(t.Context(), setMark("n", "0")))
		var all sync.WaitGroup
		var mu sync.Mutex
		done := 0
		for range 100 {
			all.Go(func() {
				err := s.Update(t.Context(), func(tx *store.Tx) error { return bump(tx, "n") })
				for errors.Is(err, fault.Conflict("")) { // a person would try again too
					err = s.Update(t.Context(), func(tx *store.Tx) error { return bump(tx, "n") })
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				done++
				mu.Unlock()
			})
		}
		all.Wait()
		wantMark(t, s, "n", strconv.Itoa(done))
		if done != 100 {
			t.Errorf("%d of 100 were done", done)
		}
	})
}

func TestStaleIsTriedAgainThenConflict(t *testing.T) {
	storetest.EachWay(t, func(t *testing.T, s *store.Store) {
		runs := 0
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			if runs++; runs < 3 {
				must(t, tx.SetMark("try", strconv.Itoa(runs)))
				return fmt.Errorf("order: %w", store.ErrStale)
			}
			if _, set, _ := tx.Mark("try"); set {
				t.Error("the run before left something behind")
			}
			return nil
		}))
		runs = 0
		err := s.Update(t.Context(), func(*store.Tx) error { runs++; return store.ErrStale })
		if !errors.Is(err, fault.Conflict("")) || runs < 3 {
			t.Errorf("after %d runs: %v, want a conflict", runs, err)
		}
	})
}

func TestViewIsOneSnapshot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, s.Update(t.Context(), setMark("v", "1")))
		must(t, s.View(t.Context(), func(tx *store.Tx) error {
			before, _, err := tx.Mark("v")
			must(t, err)
			must(t, s.Update(t.Context(), setMark("v", "2")))
			after, _, err := tx.Mark("v")
			if before != "1" || after != "1" || err != nil {
				t.Errorf("a snapshot read %q, then %q (%v)", before, after, err)
			}
			return nil
		}))
		wantMark(t, s, "v", "2")
		if err := s.View(t.Context(), setMark("v", "3")); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("a write in a view: %v", err)
		}
		wantMark(t, s, "v", "2")
	})
}

func TestCancel(t *testing.T) {
	storetest.EachWay(t, func(t *testing.T, s *store.Store) {
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		ran := false
		err := s.Update(gone, func(tx *store.Tx) error { ran = true; return nil })
		if !errors.Is(err, context.Canceled) || ran {
			t.Errorf("cancelled before its turn: %v, ran: %v", err, ran)
		}
		if err := s.View(gone, func(tx *store.Tx) error { _, _, err := tx.Mark("x"); return err }); !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled view: %v", err)
		}
		during, cancel := context.WithCancel(t.Context())
		err = s.Update(during, func(tx *store.Tx) error { cancel(); return tx.SetMark("during", "yes") })
		_, set := mark(t, s, "during")
		if (err == nil) != set {
			t.Errorf("cancelled during its turn: told %v, but kept: %v", err, set)
		}
	})
}

func TestCancelWhileWaiting(t *testing.T) {
	s := storetest.SQLite(t)
	entered, leave := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- s.Update(context.Background(), func(tx *store.Tx) error {
			close(entered)
			<-leave
			return tx.SetMark("first", "yes")
		})
	}()
	<-entered
	ctx, cancel := context.WithCancel(t.Context())
	second := make(chan error, 1)
	go func() { second <- s.Update(ctx, setMark("second", "yes")) }()
	cancel()
	if err := <-second; !errors.Is(err, context.Canceled) { // while the first still holds the writer
		t.Errorf("the one who waited was told %v", err)
	}
	close(leave)
	must(t, <-first)
	wantMark(t, s, "second", "")
	wantMark(t, s, "first", "yes")
}

func TestNotifyAfterCommit(t *testing.T) {
	storetest.EachWay(t, func(t *testing.T, s *store.Store) {
		heard := make(chan string, 10)
		s.Listen(t.Context(), func(topic string) { heard <- topic })
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			tx.Notify("order_1", "order_1", "")
			select {
			case topic := <-heard:
				t.Errorf("heard %q before the commit", topic)
			default:
			}
			return tx.SetMark("told", "yes")
		}))
		if err := s.Update(t.Context(), func(tx *store.Tx) error { tx.Notify("lost"); return errors.New("no") }); err == nil {
			t.Error("no error")
		}
		must(t, s.Update(t.Context(), func(tx *store.Tx) error { tx.Notify("order_2", "order_3"); return nil }))
		for _, want := range []string{"order_1", "order_2", "order_3"} {
			select {
			case got := <-heard:
				if got != want {
					t.Errorf("heard %q, want %q", got, want)
				}
				wantMark(t, s, "told", "yes")
			case <-time.After(5 * time.Second):
				t.Fatalf("never heard %q", want)
			}
		}
	})
}

func TestErrorsHaveOneFace(t *testing.T) {
	storetest.EachWay(t, func(t *testing.T, s *store.Store) {
		raw := func(sql string, args ...any) error {
			return s.Update(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Conn().Exec(tx.Context(), sql, args...)
				return err
			})
		}
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			for _, sql := range []string{
				"CREATE TABLE parent (id BIGINT NOT NULL PRIMARY KEY, a TEXT, b TEXT, UNIQUE (a, b))",
				"CREATE TABLE child (id BIGINT NOT NULL PRIMARY KEY REFERENCES parent (id), n BIGINT NOT NULL, CONSTRAINT child_n CHECK (n > 0))",
				"INSERT INTO parent (id, a, b) VALUES (1, 'x', 'y')",
			} {
				if _, err := tx.Conn().Exec(tx.Context(), sql); err != nil {
					return err
				}
				if err := tx.Flush(); err != nil { // the next one needs it in order to be prepared
					return err
				}
			}
			return nil
		}))
		for _, c := range []struct{ sql, want string }{
			{"INSERT INTO parent (id) VALUES (1)", "parent.id"},
			{"INSERT INTO parent (id, a, b) VALUES (2, 'x', 'y')", "parent.a,b"},
		} {
			if err := raw(c.sql); !store.IsDuplicate(err, c.want) {
				t.Errorf("%s: %v, want a duplicate %s", c.sql, err, c.want)
			}
		}
		for _, c := range []struct{ sql, kind, what string }{
			{"INSERT INTO child (id, n) VALUES (1, 0)", "check", "child_n"},
			{"INSERT INTO child (id, n) VALUES (1, NULL)", "not null", "child.n"},
			{"INSERT INTO child (id, n) VALUES (7, 1)", "foreign key", ""},
		} {
			var v *store.Violation
			if err := raw(c.sql); !errors.As(err, &v) || v.Kind != c.kind || c.what != "" && v.What != c.what {
				t.Errorf("%s: %v, want %s %s", c.sql, err, c.kind, c.what)
			}
		}
	})
}

func TestFlushShowsDuplicates(t *testing.T) {
	storetest.EachWay(t, func(t *testing.T, s *store.Store) {
		must(t, s.Update(t.Context(), setMark("taken", "yes")))
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Conn().Exec(tx.Context(), "INSERT INTO house (key, value) VALUES ('taken', 'again')")
			if err == nil {
				err = tx.Flush()
			}
			if !store.IsDuplicate(err, "house.key") {
				t.Errorf("inside: %v", err)
			}
			return nil // looked away: the transaction is doomed all the same
		})
		if !store.IsDuplicate(err, "house.key") {
			t.Errorf("outside: %v", err)
		}
	})
}

func TestClosedStoreSaysSo(t *testing.T) {
	storetest.EachWay(t, func(t *testing.T, s *store.Store) {
		must(t, s.Close())
		if s.Update(t.Context(), setMark("a", "b")) == nil || s.View(t.Context(), func(tx *store.Tx) error { _, _, err := tx.Mark("a"); return err }) == nil {
			t.Error("a closed store answered")
		}
	})
}
