// Package intake reads catalogues that other sites export.
//
// It owns the tolerant reader of delimited text, the guesses about a file's
// encoding, delimiter and columns, and the reading of one record as a Listing.
// The flow: [Open] sniffs the head of a stream and reads its header, [File.Map]
// says which column means what, [File.Next] yields one record after the other
// until io.EOF, and [Mapping.Listing] turns a record into a listing or says in
// which column it is wrong and why.
//
// Two promises hold for any input: one bad row never costs a good one, and no
// more than one record (MaxRecord bytes) is kept in memory. Files come from
// strangers: whatever cannot be read for certain is refused with its line,
// never guessed into a price.
//
// Above it stands market, which turns listings into gigs. It knows no store and
// no rules but the money's.
package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// MaxRecord is the size of the largest record that is read, in bytes.
const MaxRecord = 1 << 20

// Options say what is known about a file. The zero value guesses everything.
type Options struct {
	Encoding  string // "" or "auto", or a name like windows-1252
	Delimiter string // "" or "auto", or one character, or "tab"
}

// Record is one row of a file.
type Record struct {
	Line   int // where it begins, from 1
	Fields []string
	Fault  string // why it cannot be used; "" when it can
	Column int    // of the fault, from 1; 0 is the whole row
}

// File is an open export, its header read.
type File struct {
	Header    []string
	Encoding  string // as used
	Delimiter byte
	Notes     []string // what was noticed while opening, in words for the operator
	scan      *scanner
	strict    bool // refuse what is not UTF-8 instead of reading it as windows-1252
	width     int
	foreign   int64
}

// Open sniffs the stream and reads its header. Errors are sentences that say
// what is wrong with the file as a whole.
func Open(src io.Reader, o Options) (*File, error) {
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(src, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	}
	head = head[:n]
	if err := refuseForeign(head); err != nil {
		return nil, err
	}
	f := &File{}
	decoder, err := f.chooseEncoding(head, o.Encoding)
	if err != nil {
		return nil, err
	}
	stream := io.MultiReader(bytes.NewReader(head), src)
	if decoder != nil {
		stream = transform.NewReader(stream, decoder)
	}
	f.scan = newScanner(stream)
	if err := f.readHeader(o.Delimiter); err != nil {
		return nil, err
	}
	return f, nil
}

// refuseForeign knows files that are no text at all by their first bytes.
func refuseForeign(head []byte) error {
	if len(bytes.TrimSpace(head)) == 0 {
		return fmt.Errorf("the file is empty")
	}
	for magic, what := range map[string]string{
		"PK\x03\x04":       "a ZIP or Excel file; export it as CSV first",
		"\xd0\xcf\x11\xe0": "an old Excel file; export it as CSV first",
		"\x1f\x8b":         "a gzip file; unpack it first",
		"%PDF":             "a PDF",
		"SQLite format 3":  "a SQLite database",
	} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return fmt.Errorf("this is %s", what)
		}
	}
	if c := bytes.TrimLeft(head, " \t\r\n\ufeff"); bytes.HasPrefix(c, []byte("{")) || bytes.HasPrefix(c, []byte("[{")) || bytes.HasPrefix(c, []byte("<")) {
		return fmt.Errorf("this looks like JSON, XML or HTML, not like a table of rows")
	}
	return nil
}

func (f *File) chooseEncoding(head []byte, name string) (transform.Transformer, error) {
	utf16 := func(e unicode.Endianness) transform.Transformer {
		return unicode.UTF16(e, unicode.UseBOM).NewDecoder()
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		f.Encoding = "utf-16le"
		return utf16(unicode.LittleEndian), nil
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		f.Encoding = "utf-16be"
		return utf16(unicode.BigEndian), nil
	}
	switch strings.ToLower(name) {
	case "", "auto":
		if zeros := bytes.Count(head, []byte{0}); zeros > len(head)/4 {
			even := 0
			for i := 0; i < len(head); i += 2 {
				if head[i] == 0 {
					even++
				}
			}
			if even > zeros/2 {
				f.Encoding = "utf-16be"
				return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder(), nil
			}
			f.Encoding = "utf-16le"
			return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder(), nil
		}
		f.Encoding = "utf-8, else windows-1252"
		return nil, nil
	case "utf-8", "utf8":
		f.Encoding, f.strict = "utf-8", true
		return nil, nil
	}
	enc, err := htmlindex.Get(name)
	if err != nil {
		return nil, fmt.Errorf("%q is no encoding known here; try utf-8, windows-1252, iso-8859-2, windows-1251, shift_jis or gbk", name)
	}
	f.Encoding, _ = htmlindex.Name(enc)
	if enc == encoding.Replacement {
		return nil, fmt.Errorf("files in %s cannot be read; convert it to utf-8", name)
	}
	return enc.NewDecoder(), nil
}

func (f *File) readHeader(delimiter string) error {
	first, err := f.scan.peekLine()
	if err != nil {
		return err
	}
	if rest, ok := strings.CutPrefix(strings.ToLower(first), "sep="); ok && len(strings.TrimSpace(rest)) == 1 {
		f.scan.skipLine()
		delimiter = strings.TrimSpace(rest)
		if first, err = f.scan.peekLine(); err != nil {
			return err
		}
	}
	switch {
	case delimiter == "" || delimiter == "auto":
		f.Delimiter = guessDelimiter(first)
	case delimiter == "tab" || delimiter == `\t`:
		f.Delimiter = '\t'
	case len(delimiter) == 1 && delimiter != `"` && delimiter != "\n":
		f.Delimiter = delimiter[0]
	default:
		return fmt.Errorf("the delimiter %q is not one character", delimiter)
	}
	f.scan.comma = f.Delimiter
	record, err := f.Next()
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("the file has no header")
	}
	if err != nil {
		return err
	}
	if record.Fault != "" {
		return fmt.Errorf("the header in line %d cannot be read: %s", record.Line, record.Fault)
	}
	f.Header, f.width, f.foreign = record.Fields, len(record.Fields), 0
	f.scan.width = f.width
	if f.width == 1 {
		f.Notes = append(f.Notes, "only one column was found; if that is wrong, name the delimiter with --delimiter")
	}
	return nil
}

// guessDelimiter takes the one that cuts the header into most columns.
func guessDelimiter(header string) byte {
	best, most := byte(','), 0
	for _, candidate := range []byte{',', ';', '\t', '|'} {
		fields, _ := split([]byte(header), candidate, 0, true)
		if len(fields.text) > most {
			best, most = candidate, len(fields.text)
		}
	}
	return best
}

// Next returns the next record that is not blank, io.EOF after the last. A
// record with a Fault is to be reported and left out; the one after it is read
// as if nothing had happened. Other errors mean that the stream broke.
func (f *File) Next() (Record, error) {
	record, err := f.scan.next()
	if err != nil || record.Fault != "" {
		return record, err
	}
	for i, field := range record.Fields {
		switch {
		case strings.IndexByte(field, 0) >= 0:
			record.Fault, record.Column = "contains NUL bytes", i+1
		case utf8.ValidString(field):
			continue
		case f.strict && f.width > 0:
			record.Fault, record.Column = "is not utf-8; try --encoding windows-1252 or auto", i+1
		default:
			f.foreign++
			if text, err := charmap.Windows1252.NewDecoder().String(field); err == nil {
				record.Fields[i] = text
			}
		}
		if record.Fault != "" {
			return record, nil
		}
	}
	if f.width > 0 && len(record.Fields) != f.width {
		record.Fault = fmt.Sprintf("has %d columns where the header has %d", len(record.Fields), f.width)
	}
	return record, nil
}

// Foreign counts the fields that were not UTF-8 and were read as windows-1252.
func (f *File) Foreign() int64 { return f.foreign }
