package store

import (
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/store/db"
)

// FilePurpose is what an upload is for; it decides who may read it.
type FilePurpose string

// The closed list of purposes.
const (
	FileGigPicture FilePurpose = "gig_picture"
	FileAvatar     FilePurpose = "avatar"
	FileOrder      FilePurpose = "order"
	FileMessage    FilePurpose = "message"
)

// File is one stored upload. The bytes lie in the blob room under the hash.
type File struct {
	ID      ident.File
	Owner   ident.Member
	Purpose FilePurpose
	Subject string // the gig, member, order or thread it belongs to; "" until it is in use
	Name    string
	Mime    string
	Size    int64
	SHA256  string
	Created time.Time
}

// Fits tells whether a member may use the file for a subject: they brought it for
// this purpose, and it is not in use for another subject.
func (f File) Fits(owner ident.Member, purpose FilePurpose, subject string) bool {
	return f.Owner == owner && f.Purpose == purpose && (f.Subject == "" || f.Subject == subject)
}

// FileSize is a picture in one of the sizes that pages show.
type FileSize struct {
	Label         string
	Width, Height int
	Size          int64
	SHA256        string
}

// AddFile writes a new file and, for a picture, its sizes.
func (tx *Tx) AddFile(f File, sizes []FileSize) error {
	if err := tx.q.FileInsert(tx.ctx, db.FileInsertParams{
		ID: string(f.ID), OwnerID: string(f.Owner), Purpose: string(f.Purpose), Subject: f.Subject, Name: f.Name,
		Mime: f.Mime, Size: f.Size, Sha256: f.SHA256, CreatedAt: micros(f.Created),
	}); err != nil {
		return err
	}
	for _, s := range sizes {
		if err := tx.q.FileSizeInsert(tx.ctx, db.FileSizeInsertParams{
			FileID: string(f.ID), Label: s.Label, Width: int64(s.Width), Height: int64(s.Height), Size: s.Size, Sha256: s.SHA256,
		}); err != nil {
			return err
		}
	}
	return nil
}

// File reads what is known of a file. Errors: ErrNotFound.
func (tx *Tx) File(id ident.File) (File, error) {
	r, err := tx.q.FileByID(tx.ctx, string(id))
	if err != nil {
		return File{}, err
	}
	return theFile(r), nil
}

var filesSQL = manyOf("FilesByID", `SELECT id, owner_id, purpose, subject, name, mime, size, sha256, created_at FROM files WHERE id IN ($ids)`)

// ManyFiles is what is known of files by their ids. Errors: ErrNotFound when one
// is not there.
func (tx *Tx) ManyFiles(ids ...ident.File) (map[ident.File]File, error) {
	found := map[ident.File]File{}
	if err := askMany(tx, filesSQL, ids, func(scan func(...any) error) error {
		var r db.File
		err := scan(&r.ID, &r.OwnerID, &r.Purpose, &r.Subject, &r.Name, &r.Mime, &r.Size, &r.Sha256, &r.CreatedAt)
		found[ident.File(r.ID)] = theFile(r)
		return err
	}); err != nil {
		return nil, err
	}
	return found, whole(ids, found)
}

func theFile(r db.File) File {
	return File{
		ID: ident.File(r.ID), Owner: ident.Member(r.OwnerID), Purpose: FilePurpose(r.Purpose), Subject: r.Subject,
		Name: r.Name, Mime: r.Mime, Size: r.Size, SHA256: r.Sha256, Created: fromMicros(r.CreatedAt),
	}
}

// AttachFile makes a file part of a subject. It answers ErrNotFound unless the
// file is the owner's, has this purpose and belongs to nothing else.
func (tx *Tx) AttachFile(id ident.File, owner ident.Member, purpose FilePurpose, subject string) error {
	_, err := tx.q.FileAttach(tx.ctx, db.FileAttachParams{ID: string(id), OwnerID: string(owner), Purpose: string(purpose), Subject: subject})
	return err
}

// FileSize reads one size of a picture. Errors: ErrNotFound.
func (tx *Tx) FileSize(id ident.File, label string) (FileSize, error) {
	r, err := tx.q.FileSize(tx.ctx, string(id), label)
	return FileSize{Label: r.Label, Width: int(r.Width), Height: int(r.Height), Size: r.Size, SHA256: r.Sha256}, err
}
