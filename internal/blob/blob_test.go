package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T) (*Store, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, dir
}

func files(t *testing.T, dir string) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPutTwiceKeepsOne(t *testing.T) {
	s, dir := open(t)
	const want = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	for range 2 {
		hash, size, err := s.Put(t.Context(), strings.NewReader("hello"))
		if hash != want || size != 5 || err != nil {
			t.Fatalf("%s, %d, %v", hash, size, err)
		}
	}
	if n := files(t, dir); n != 1 {
		t.Errorf("%d files", n)
	}
	f, err := s.Open(want)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if b, err := io.ReadAll(f); string(b) != "hello" || err != nil {
		t.Errorf("read %q, %v", b, err)
	}
}

func TestBrokenUploadLeavesNothing(t *testing.T) {
	s, dir := open(t)
	broken := io.MultiReader(strings.NewReader("half"), failing{})
	if _, _, err := s.Put(t.Context(), broken); !errors.Is(err, errCut) {
		t.Errorf("told %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Put(gone, strings.NewReader("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("told %v", err)
	}
	if n := files(t, dir); n != 0 {
		t.Errorf("%d files left", n)
	}
}

var errCut = errors.New("cut")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errCut }

func TestNamesLeadNowhereElse(t *testing.T) {
	s, _ := open(t)
	for _, hash := range []string{"", "..", "../../etc/passwd", strings.Repeat("g", 64), strings.Repeat("A", 64), strings.Repeat("0", 64)} {
		if _, err := s.Open(hash); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", hash, err)
		}
	}
}

func TestVerifyAndSweep(t *testing.T) {
	s, dir := open(t)
	hash, _, err := s.Put(t.Context(), strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(t.Context(), hash); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, hash[:2], hash[2:]), []byte("jello"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(t.Context(), hash); !errors.Is(err, ErrDamaged) {
		t.Errorf("a changed blob: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tmp", "old"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Sweep(time.Now().Add(time.Minute)); err != nil || files(t, dir) != 1 {
		t.Errorf("%d files, %v", files(t, dir), err)
	}
}
