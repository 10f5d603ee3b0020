package market

import (
	"bytes"
	"context"
	"errors"
	"io"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/picture"
	"guildhall/internal/store"
)

// The sizes in which pages show pictures.
const (
	PictureCard   = "card"
	PictureGig    = "gig"
	PictureAvatar = "avatar"
)

// sizes are made of each upload of a purpose; the first one is kept as the file.
var sizes = map[Purpose][]picture.Size{
	ForGig:    {{Label: PictureGig, Width: 1000}, {Label: PictureCard, Width: 400}},
	ForAvatar: {{Label: PictureAvatar, Width: 128, Square: true}},
}

// pictures bounds how many pictures are read and unpacked at once: one may take
// 100 MB, and some twice that.
var pictures = make(chan struct{}, 2)

// savePicture keeps the safe sizes of an uploaded picture, and nothing else of it.
func (m *Market) savePicture(ctx context.Context, f File, src *io.LimitedReader) (File, error) {
	select { // before it is read: what waits, waits outside the memory
	case pictures <- struct{}{}:
		defer func() { <-pictures }()
	case <-ctx.Done():
		return f, ctx.Err()
	}
	limit := src.N - 1
	upload, err := io.ReadAll(src)
	if err != nil {
		return f, err
	}
	if int64(len(upload)) > limit {
		return f, tooLarge(limit)
	}
	made, err := unpack(upload, sizes[f.Purpose])
	if err != nil {
		return f, err
	}
	kept := make([]store.FileSize, len(made))
	for i, p := range made {
		hash, size, err := m.blobs.Put(ctx, bytes.NewReader(p.JPEG))
		if err != nil {
			return f, err
		}
		kept[i] = store.FileSize{Label: p.Label, Width: p.Width, Height: p.Height, Size: size, SHA256: hash}
	}
	f.Mime, f.Size, f.SHA256 = "image/jpeg", kept[0].Size, kept[0].SHA256
	return f, m.store.Update(ctx, func(tx *store.Tx) error { return tx.AddFile(f, kept) })
}

func unpack(upload []byte, sizes []picture.Size) ([]picture.Made, error) {
	if len(sizes) == 0 {
		return nil, errors.New("market: no picture is made for this purpose")
	}
	return picture.Make(upload, sizes...)
}

// OpenPicture opens one size of a picture for whoever may see it. The caller
// closes it. Errors: fault.NotFound.
func (m *Market) OpenPicture(ctx context.Context, who member.Actor, id ident.File, label string) (store.FileSize, io.ReadSeekCloser, error) {
	var size store.FileSize
	err := m.store.View(ctx, func(tx *store.Tx) error {
		f, err := readable(tx, who, id)
		if err != nil {
			return err
		}
		if f.Purpose == ForOrder || f.Purpose == ForMessage {
			return fault.NotFound(noFile)
		}
		size, err = tx.FileSize(id, label)
		return missing(err, noFile)
	})
	if err != nil {
		return size, nil, err
	}
	bytes, err := m.blobs.Open(size.SHA256)
	return size, bytes, err
}
