// Package blob keeps the bytes of uploads.
//
// It owns a folder of files named after the SHA-256 of what they hold, so that
// equal uploads lie there once, a half-written one is never seen and a changed
// one can be told. What a file is called, whose it is and who may read it is
// the store's and the market's business; this room knows only hashes.
//
// The flow: Put writes a temporary file, makes it durable, renames it to its
// hash; Open reads one back; Verify reads one and compares. Neighbours: market
// calls it, app opens it. It works inside one os.Root and cannot be led out.
package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"
)

// Store is a folder of blobs. It is safe for concurrent use, also by several
// processes.
type Store struct{ root *os.Root }

// ErrDamaged says that a blob no longer holds what its name promises.
var ErrDamaged = errors.New("blob: the stored bytes have changed")

// Open opens a folder of blobs and makes it when there is none.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	if err := root.MkdirAll("tmp", 0o700); err != nil {
		return nil, errors.Join(fmt.Errorf("blob: %w", err), root.Close())
	}
	return &Store{root}, nil
}

// Close lets go of the folder.
func (s *Store) Close() error { return s.root.Close() }

// Put stores everything that src yields and returns its hash in hexadecimal
// and its size. When it answers, the bytes survive a power cut.
func (s *Store) Put(ctx context.Context, src io.Reader) (hash string, size int64, err error) {
	temp := "tmp/" + rand.Text()
	f, err := s.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", 0, fmt.Errorf("blob: %w", err)
	}
	defer func() {
		if err != nil {
			_ = s.root.Remove(temp) // the next Sweep tries again
		}
	}()
	sum := sha256.New()
	size, err = io.Copy(io.MultiWriter(f, sum), reader{ctx, src})
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", 0, fmt.Errorf("blob: %w", err)
	}
	hash = hex.EncodeToString(sum.Sum(nil))
	if err = s.settle(temp, hash); err != nil {
		return "", 0, fmt.Errorf("blob: %w", err)
	}
	return hash, size, nil
}

// settle gives a whole file its name for ever.
func (s *Store) settle(temp, hash string) error {
	at := place(hash)
	if err := s.root.MkdirAll(path.Dir(at), 0o700); err != nil {
		return err
	}
	if err := s.root.Rename(temp, at); err != nil {
		return err
	}
	for _, dir := range []string{path.Dir(at), "."} {
		d, err := s.root.Open(dir)
		if err != nil {
			return err
		}
		if err := errors.Join(d.Sync(), d.Close()); err != nil {
			return err
		}
	}
	return nil
}

// Open opens a blob for reading. The caller closes it. A hash that is not here
// is fs.ErrNotExist.
func (s *Store) Open(hash string) (io.ReadSeekCloser, error) {
	if !valid(hash) {
		return nil, fs.ErrNotExist
	}
	return s.root.Open(place(hash))
}

// Verify reads a blob and compares it with its name. Errors: ErrDamaged,
// fs.ErrNotExist.
func (s *Store) Verify(ctx context.Context, hash string) error {
	f, err := s.Open(hash)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	sum := sha256.New()
	if _, err := io.Copy(sum, reader{ctx, f}); err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != hash {
		return ErrDamaged
	}
	return nil
}

// Sweep removes what uploads that broke off left behind before the instant.
func (s *Store) Sweep(before time.Time) error {
	d, err := s.root.Open("tmp")
	if err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	defer func() { _ = d.Close() }() // it was only read
	entries, err := d.ReadDir(-1)
	for _, e := range entries {
		if info, gone := e.Info(); gone == nil && info.ModTime().Before(before) {
			err = errors.Join(err, s.root.Remove("tmp/"+e.Name()))
		}
	}
	return err
}

func place(hash string) string { return hash[:2] + "/" + hash[2:] }

func valid(hash string) bool {
	raw, err := hex.DecodeString(hash)
	return err == nil && len(raw) == sha256.Size && hex.EncodeToString(raw) == hash
}

// reader stops a copy when its context ends.
type reader struct {
	ctx context.Context
	src io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.src.Read(p)
}
