package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestMain lets the test binary be its own victim.
func TestMain(m *testing.M) {
	if path := os.Getenv("STORE_TEST_VICTIM"); path != "" {
		os.Exit(victim(path, os.Getenv("STORE_TEST_NAME"), os.Getenv("STORE_TEST_LIMIT") != ""))
	}
	os.Exit(m.Run())
}

// victim writes marks from several goroutines for as long as it lives and
// prints the name of each one that was acknowledged. With limit, its files
// soon cannot grow any more, which SQLite meets as a failing disk.
func victim(path, name string, limit bool) int {
	ctx := context.Background()
	s, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if limit {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 400_000, Max: 1 << 40}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("%s-%d-%d", name, g, i)
				if err := s.Update(ctx, setMark(key, "yes")); err != nil {
					if !errors.Is(err, store.ErrBroken) {
						fmt.Fprintln(os.Stderr, "unexpected:", err)
					}
					return
				}
				_, _ = os.Stdout.WriteString(key + "\n")
			}
		})
	}
	all.Wait()
	// Only a failing disk leads here: nothing may be written even when the
	// disk seems well again, and reading goes on.
	_ = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 40, Max: 1 << 40})
	if err := s.Update(ctx, setMark("late", "yes")); !errors.Is(err, store.ErrBroken) {
		fmt.Fprintln(os.Stderr, "after the failure:", err)
		return 1
	}
	if err := s.View(ctx, func(tx *store.Tx) error { _, _, err := tx.Mark("late"); return err }); err != nil {
		fmt.Fprintln(os.Stderr, "reading after the failure:", err)
		return 1
	}
	return 7
}

// die runs a victim on path, kills it after a while unless limit, and returns
// what it said was written.
func die(t *testing.T, path, name string, limit bool) (acknowledged []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "STORE_TEST_VICTIM="+path, "STORE_TEST_NAME="+name)
	if limit {
		cmd.Env = append(cmd.Env, "STORE_TEST_LIMIT=1")
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if acknowledged = append(acknowledged, lines.Text()); len(acknowledged) == 1 && !limit {
			time.AfterFunc(time.Duration(rand.IntN(40))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait()
	if stderr.Len() > 0 && !strings.Contains(stderr.String(), "the disk failed") || limit && cmd.ProcessState.ExitCode() != 7 {
		t.Errorf("the victim ended with %v: %s", cmd.ProcessState, &stderr)
	}
	if len(acknowledged) == 0 {
		t.Fatalf("nothing was acknowledged: %s", &stderr)
	}
	return acknowledged
}

func wantAll(t *testing.T, path string, acknowledged []string) {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Options{})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	must(t, s.View(t.Context(), func(tx *store.Tx) error {
		for _, key := range acknowledged {
			if _, set, err := tx.Mark(key); !set || err != nil {
				t.Errorf("%s was acknowledged and is lost (%v)", key, err)
			}
		}
		var verdict string
		err := tx.Conn().QueryRow(tx.Context(), "PRAGMA integrity_check").Scan(&verdict)
		if verdict != "ok" {
			t.Errorf("the file is damaged: %s", verdict)
		}
		return err
	}))
}

func TestKilled(t *testing.T) {
	path := storetest.SQLitePath(t)
	var acknowledged []string
	for cycle := range 20 {
		acknowledged = append(acknowledged, die(t, path, fmt.Sprint("c", cycle), false)...)
		wantAll(t, path, acknowledged)
	}
	t.Logf("%d acknowledged writes in 20 lives, none lost", len(acknowledged))
}

func TestFailingDisk(t *testing.T) {
	path := storetest.SQLitePath(t)
	acknowledged := die(t, path, "eio", true)
	wantAll(t, path, acknowledged)
}

// TestFullDisk fills the database up to its bound and makes room again.
func TestFullDisk(t *testing.T) {
	s := storetest.SQLite(t)
	pages := func(n int) {
		update(t, s, func(tx *store.Tx) {
			var got int64
			must(t, tx.Conn().QueryRow(tx.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", n)).Scan(&got))
		})
	}
	pages(1) // as many as it has now
	big := strings.Repeat("x", 10_000)
	var all sync.WaitGroup
	var kept sync.Map
	for i := range 50 {
		all.Go(func() {
			key := fmt.Sprint("full", i)
			err := s.Update(t.Context(), setMark(key, big))
			kept.Store(key, err == nil)
			if errors.Is(err, store.ErrBroken) {
				t.Errorf("a full disk is not a broken one: %v", err)
			}
		})
	}
	all.Wait()
	failed := 0
	kept.Range(func(key, told any) bool {
		if _, set := mark(t, s, key.(string)); set != told.(bool) {
			t.Errorf("%s: told %v, kept %v", key, told, set)
		}
		if !told.(bool) {
			failed++
		}
		return true
	})
	if failed == 0 {
		t.Error("the disk was never full")
	}
	pages(1 << 30)
	update(t, s, func(tx *store.Tx) { must(t, tx.SetMark("room", big)) })
	wantMark(t, s, "room", big)
}

// TestFullFilesystem does the same on a real file system of one megabyte.
func TestFullFilesystem(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("SKIPPED, NOT PASSED: only root may mount a small file system")
	}
	dir := t.TempDir()
	if err := syscall.Mount("guildhall-test", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("SKIPPED, NOT PASSED: cannot mount here: %v", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	ballast := filepath.Join(dir, "ballast")
	must(t, os.WriteFile(ballast, make([]byte, 300_000), 0o600))
	path := filepath.Join(dir, "guildhall.db")
	s := storetest.Open(t, path)
	must(t, s.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Conn().Exec(tx.Context(), "CREATE TABLE house (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)")
		return err
	}))
	big := strings.Repeat("x", 10_000)
	var err error
	kept := 0
	for ; err == nil && kept < 200; kept++ {
		err = s.Update(t.Context(), setMark(fmt.Sprint("fill", kept), big))
	}
	if kept--; err == nil || errors.Is(err, store.ErrBroken) {
		t.Fatalf("after %d writes: %v, want a full disk that is not a broken one", kept, err)
	}
	wantMark(t, s, fmt.Sprint("fill", kept-1), big)
	wantMark(t, s, fmt.Sprint("fill", kept), "")
	must(t, os.Remove(ballast))
	must(t, s.Update(t.Context(), setMark("room", "yes")))
	wantMark(t, s, "room", "yes")
}
