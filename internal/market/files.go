package market

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/store"
)

// File is one stored upload.
type File = store.File

// Purpose is what an upload is for; it decides who may read it.
type Purpose = store.FilePurpose

// The closed list of purposes.
const (
	ForGig    = store.FileGigPicture
	ForAvatar = store.FileAvatar
	ForOrder  = store.FileOrder

	ForMessage = store.FileMessage
)

// Upload says what a file is and where it comes from.
type Upload struct {
	Purpose Purpose
	Name    string
	// Began is when it began to arrive; zero for now. A face has read a request
	// to its end before it can hand on what was in it, and an upload that was
	// begun in time is in time.
	Began time.Time
	// Key is that of the form it came with, empty for none: the same file under
	// the same key is kept once, so that a form that is sent twice says the same.
	Key Key
}

// SaveUpload is KeepUpload of a file that comes by itself, now.
func (m *Market) SaveUpload(ctx context.Context, who member.Actor, purpose Purpose, name string, src io.Reader) (File, error) {
	return m.KeepUpload(ctx, who, Upload{Purpose: purpose, Name: name}, src)
}

// KeepUpload stores an upload of the actor. A picture is kept only as the safe
// JPEGs made of it. It belongs to nothing until it is used; nobody else may
// read it before. Errors: fault.SignIn, fault.Invalid beside "file".
func (m *Market) KeepUpload(ctx context.Context, who member.Actor, up Upload, src io.Reader) (File, error) {
	if !who.SignedIn() {
		return File{}, fault.SignIn("Please sign in first.")
	}
	now := m.Now()
	f := File{ID: ident.New[ident.File](m.ids, now), Owner: who.Member, Purpose: up.Purpose, Name: fileName(up.Name), Created: up.Began}
	if f.Created.IsZero() {
		f.Created = now
	}
	limit := m.Policy().Limits.UploadBytes
	bounded := &io.LimitedReader{R: src, N: limit + 1}
	if up.Purpose != ForOrder && up.Purpose != ForMessage {
		return m.savePicture(ctx, f, bounded)
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(bounded, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return f, err
	}
	if n == 0 {
		return f, fault.Invalid("file", "This file is empty.")
	}
	f.Mime = http.DetectContentType(head[:n])
	f.SHA256, f.Size, err = m.blobs.Put(ctx, io.MultiReader(bytes.NewReader(head[:n]), fitting{bounded}))
	if bounded.N <= 0 {
		return f, tooLarge(limit)
	}
	if err != nil {
		return f, err
	}
	key := up.Key
	if key != "" {
		key += Key("-" + f.SHA256) // another file in the same place of the form is another file
	}
	f.ID, err = once(ctx, m, who, key, "file.keep", f.Name, func(tx *store.Tx) (ident.File, error) { return f.ID, tx.AddFile(f, nil) })
	return f, err
}

// fitting breaks an upload off where it becomes too large, so that nothing of it
// is kept.
type fitting struct{ *io.LimitedReader }

func (r fitting) Read(p []byte) (int, error) {
	n, err := r.LimitedReader.Read(p)
	if r.N <= 0 {
		err = errTooLarge
	}
	return n, err
}

var errTooLarge = errors.New("market: an upload is too large")

func tooLarge(limit int64) error {
	return fault.Invalid("file", fmt.Sprintf("At most %d MB for one file.", limit>>20))
}

// OpenFile opens an upload for whoever may read it at this instant. The caller
// closes it. Errors: fault.NotFound, the same for what is not there and what is
// not theirs.
func (m *Market) OpenFile(ctx context.Context, who member.Actor, id ident.File) (File, io.ReadSeekCloser, error) {
	var f File
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		f, err = readable(tx, who, id)
		return err
	})
	if err != nil {
		return File{}, nil, err
	}
	bytes, err := m.blobs.Open(f.SHA256)
	return f, bytes, err
}

// readable loads a file that the actor may read.
func readable(tx *store.Tx, who member.Actor, id ident.File) (File, error) {
	f, err := tx.File(id)
	if err != nil {
		return f, missing(err, noFile)
	}
	ok, err := mayReadFile(tx, who, f)
	if err == nil && !ok {
		err = fault.NotFound(noFile)
	}
	return f, err
}

const noFile = "There is no such file."

func mayReadFile(tx *store.Tx, who member.Actor, f File) (bool, error) {
	if who.Is(f.Owner) {
		return who.May(member.ScopeRead), nil
	}
	switch f.Purpose {
	case ForAvatar: // only the one on the profile: not one to choose from, nor one that was taken off
		owner, err := tx.Member(f.Owner)
		return err == nil && owner.Picture == f.ID, err
	case ForGig: // likewise
		if f.Subject == "" {
			return false, nil
		}
		g, err := tx.Gig(ident.Gig(f.Subject))
		return err == nil && g.SeenBy(who) && slices.Contains(g.Pictures, f.ID), err
	case ForOrder:
		return mayReadOrderFile(tx, who, f)
	case ForMessage:
		return mayReadMessageFile(tx, who, f)
	}
	return false, nil
}

// mayReadOrderFile tells whether the actor is a party of the order that a file
// was handed in for, or the file is a work sample that its buyer lets everybody
// see. Agents read it through a case, never by its address.
func mayReadOrderFile(tx *store.Tx, who member.Actor, f File) (bool, error) {
	if f.Subject == "" {
		return false, nil
	}
	if shown, err := tx.SampleShown(f.ID); shown || err != nil {
		return shown, err
	}
	if !who.May(member.ScopeRead) {
		return false, nil
	}
	if ident.Valid(ident.Case(f.Subject)) {
		return readsCaseFile(tx, who, f)
	}
	o, err := tx.Order(ident.Order(f.Subject))
	return err == nil && (who.Is(o.Buyer) || who.Is(o.Seller)), err
}

// mayReadMessageFile tells whether the actor is one of the two in whose
// conversation a file was sent.
func mayReadMessageFile(tx *store.Tx, who member.Actor, f File) (bool, error) {
	if f.Subject == "" || !who.May(member.ScopeRead) {
		return false, nil
	}
	t, err := tx.Thread(ident.Thread(f.Subject))
	return err == nil && t.Has(who.Member), err
}

// fileName is the last part of what a browser called a file, without anything
// that could lead elsewhere or hide.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf) || strings.ContainsRune(`<>:"|?*`, r) {
			return -1
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > 120 {
		ext := []rune(path.Ext(name))
		ext = ext[:min(len(ext), 16)]
		name = string(runes[:120-len(ext)]) + string(ext)
	}
	if name = strings.Trim(name, ". /"); name == "" {
		return "file"
	}
	return name
}
