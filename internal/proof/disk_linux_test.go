package proof_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestDiskFullAndFreed fills the disk under a working house and makes room
// again: nobody is told yes for nothing, and no restart is needed.
func TestDiskFullAndFreed(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("SKIPPED, NOT PASSED: only root may mount a small file system")
	}
	dir := t.TempDir()
	// The log of SQLite alone may grow to 64 MB before it is folded in.
	if err := syscall.Mount("guildhall-proof", dir, "tmpfs", 0, "size=160m"); err != nil {
		t.Skipf("SKIPPED, NOT PASSED: cannot mount here: %v", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	town := found(t, dir, "", 4)
	h := town.house(t)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	l := town.load(t, h.url)
	l.sick = true
	h.start()
	l.begin(ctx)
	l.awaitMore(ctx, 10)

	ballast := filepath.Join(dir, "ballast")
	fill(t, ballast)
	for l.failed.Load() < 20 && ctx.Err() == nil { // also while the log still finds a little room
		rest(ctx, 5*time.Millisecond)
	}
	fill(t, ballast)
	if err := h.await(http.StatusServiceUnavailable, generous); err != nil {
		t.Errorf("a house with a full disk says that it is ready: %v", err)
	}
	if status, _, err := ask(ctx, h.url+"/gigs/"+town.gig.Slug); err != nil || status != http.StatusOK {
		t.Errorf("while the disk is full nothing can be read either: %d %v", status, err)
	}
	must(t, os.Remove(ballast))
	freed := time.Now()
	l.awaitMore(ctx, 10)
	t.Logf("ten answers within %s of the disk being freed", time.Since(freed).Round(time.Millisecond))
	must(t, h.await(http.StatusOK, generous))
	l.finish()
	h.stop()
	h.audit()
	l.judge(h.export(), true)
}

// fill writes until there is no room left.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	must(t, err)
	defer func() { _ = f.Close() }()
	for size := 64 << 10; size > 0; {
		n, err := f.Write(make([]byte, size))
		if n < size || err != nil {
			size /= 2
		}
	}
}
