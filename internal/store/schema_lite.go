package store

import (
	"bytes"
	"embed"
	"io/fs"
)

// byKey marks a table that SQLite keeps in the order of its key, so that a row
// lies in one tree and not in two: one for the rows, one for the key. Its rows
// are short, and its indexes end in its key. PostgreSQL knows no such thing.
var byKey, inLite = []byte("\n); -- by key\n"), []byte("\n) WITHOUT ROWID;\n")

// liteFiles is the schema as SQLite reads it.
type liteFiles struct{ embed.FS }

func (f liteFiles) Open(name string) (fs.File, error) {
	info, err := fs.Stat(f.FS, name)
	if err != nil || info.IsDir() {
		return f.FS.Open(name)
	}
	text, err := f.ReadFile(name)
	return liteFile{bytes.NewReader(text), info}, err
}

// ReadFile is the text of one migration.
func (f liteFiles) ReadFile(name string) ([]byte, error) {
	text, err := f.FS.ReadFile(name)
	return bytes.ReplaceAll(text, byKey, inLite), err
}

// liteFile is a file of the schema. Its length is that of the common text,
// which nobody goes by.
type liteFile struct {
	*bytes.Reader
	info fs.FileInfo
}

func (f liteFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f liteFile) Close() error               { return nil }
