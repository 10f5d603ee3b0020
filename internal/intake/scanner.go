package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// scanner cuts a stream into records. A quoted field may hold line ends; when
// a quote is never closed, only the line that opened it is lost: the scanner
// goes back to the line after it.
type scanner struct {
	src      io.Reader
	buf      []byte
	from, to int // the unread part of buf
	eof      bool
	broken   error
	comma    byte
	width    int // columns of the header; 0 until it is known
	line     int // of buf[from], from 1
}

func newScanner(src io.Reader) *scanner {
	s := &scanner{src: src, buf: make([]byte, 64<<10), line: 1, comma: ','}
	const bom = "\ufeff"
	for s.to < len(bom) && s.fill() {
	}
	if bytes.HasPrefix(s.buf[:s.to], []byte(bom)) {
		s.from = len(bom)
	}
	return s
}

// fill reads more behind the unread part, growing the buffer to MaxRecord.
// It reports whether there is more than before.
func (s *scanner) fill() bool {
	if s.eof {
		return false
	}
	if s.from > 0 {
		copy(s.buf, s.buf[s.from:s.to])
		s.from, s.to = 0, s.to-s.from
	}
	if s.to == len(s.buf) {
		if len(s.buf) >= MaxRecord {
			return false
		}
		s.buf = append(s.buf, make([]byte, min(len(s.buf), MaxRecord-len(s.buf)))...)
	}
	for range 100 {
		n, err := s.src.Read(s.buf[s.to:])
		s.to += n
		if err != nil {
			s.eof = true
			if !errors.Is(err, io.EOF) {
				s.broken = err
			}
			return n > 0
		}
		if n > 0 {
			return true
		}
	}
	s.eof, s.broken = true, io.ErrNoProgress
	return false
}

func (s *scanner) peekLine() (string, error) {
	for {
		rest := s.buf[s.from:s.to]
		if i := lineEnd(rest, s.eof); i >= 0 {
			if line := strings.TrimSpace(string(rest[:i])); line != "" {
				return line, nil
			}
			if s.skipLine(); s.from == s.to && s.eof {
				return "", errors.New("the file is empty")
			}
			continue
		}
		if !s.fill() {
			if s.eof {
				continue
			}
			return "", fmt.Errorf("the first line is longer than %d bytes; this is no table", MaxRecord)
		}
	}
}

// lineEnd is the length of the first line with its end, -1 when it is not all there.
func lineEnd(data []byte, eof bool) int {
	i := bytes.IndexAny(data, "\r\n")
	switch {
	case i < 0 && eof:
		return len(data)
	case i < 0, i == len(data)-1 && data[i] == '\r' && !eof:
		return -1
	case data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n':
		return i + 2
	}
	return i + 1
}

func (s *scanner) skipLine() {
	for {
		if i := lineEnd(s.buf[s.from:s.to], s.eof); i >= 0 {
			s.from += i
			s.line++
			return
		}
		s.from = max(s.from, s.to-1) // keep a trailing \r, its \n may follow
		if !s.fill() && s.eof {
			s.from = s.to
			return
		}
	}
}

// next returns one record. Only its Fault may be set by content; an error is
// the stream's.
func (s *scanner) next() (Record, error) {
	for {
		if s.from == s.to && !s.fill() {
			if s.broken != nil {
				return Record{}, fmt.Errorf("the file broke off in line %d: %w", s.line, s.broken)
			}
			return Record{}, io.EOF
		}
		got, state := split(s.buf[s.from:s.to], s.comma, s.width, s.eof)
		record := Record{Line: s.line, Fields: got.text}
		switch state {
		case stateMore:
			if s.fill() || s.eof {
				continue
			}
			record.Fault = fmt.Sprintf("is longer than %d bytes", MaxRecord)
			if got.open > 0 {
				record.Fault, record.Column = "opens a quote that is never closed", got.open
			}
			s.skipLine()
			return record, nil
		case stateOpen:
			record.Fault, record.Column = "opens a quote that is never closed", got.open
			s.skipLine()
			return record, nil
		}
		s.from += got.size
		s.line += got.lines
		if len(got.text) == 1 && strings.TrimSpace(got.text[0]) == "" {
			continue
		}
		return record, nil
	}
}

type state int

const (
	stateWhole state = iota // a record was read
	stateMore               // the data ends before the record does
	stateOpen               // a quote was opened and, as what follows shows, never closed
)

type cut struct {
	text  []string
	size  int // bytes, the line end included
	lines int
	open  int // column whose quote is open, from 1
}

// split reads the first record of data. A quote inside a quoted field that
// neither ends it nor is doubled is taken as text. A field that runs over a
// line end is believed only when the record comes out as wide as the header.
func split(data []byte, comma byte, width int, eof bool) (cut, state) {
	var c cut
	at := 0
	for {
		field, next, st := one(data, at, comma, &c.lines, eof)
		if st != stateWhole {
			if at < len(data) && data[at] == '"' {
				c.open = len(c.text) + 1
			}
			return c, st
		}
		c.text = append(c.text, field)
		at = next
		if at < len(data) && data[at] == comma {
			at++
			continue
		}
		end := lineEnd(data[at:], eof)
		if end < 0 {
			return c, stateMore
		}
		c.size = at + end
		if c.lines > 0 && width > 0 && len(c.text) != width {
			return c, stateOpen
		}
		c.lines++
		return c, stateWhole
	}
}

// one reads the field at position at and returns it with the position of the
// delimiter or line end behind it.
func one(data []byte, at int, comma byte, lines *int, eof bool) (string, int, state) {
	if at < len(data) && data[at] == '"' {
		return quoted(data, at+1, comma, lines, eof)
	}
	for i := at; i < len(data); i++ {
		if c := data[i]; c == comma || c == '\n' || c == '\r' {
			return string(data[at:i]), i, stateWhole
		}
	}
	if !eof {
		return "", 0, stateMore
	}
	return string(data[at:]), len(data), stateWhole
}

func quoted(data []byte, at int, comma byte, lines *int, eof bool) (string, int, state) {
	var text []byte
	spans := false
	for i := at; ; {
		j := bytes.IndexAny(data[i:], "\"\n\r")
		if j < 0 {
			return "", 0, atEnd(eof)
		}
		text = append(text, data[i:i+j]...)
		i += j
		if i+1 == len(data) && !eof {
			return "", 0, stateMore
		}
		var after byte
		if i+1 < len(data) {
			after = data[i+1]
		}
		switch {
		case data[i] != '"':
			spans = true
			if data[i] == '\r' && after == '\n' {
				i++
			}
			*lines++
			text = append(text, '\n')
			i++
		case after == '"':
			text = append(text, '"')
			i += 2
		case i+1 == len(data), after == comma, after == '\n', after == '\r':
			return string(text), i + 1, stateWhole
		case spans && i > 0 && (data[i-1] == comma || data[i-1] == '\n' || data[i-1] == '\r'):
			return "", 0, stateOpen // this quote opens a field of a later row
		default:
			text = append(text, '"')
			i++
		}
	}
}

func atEnd(eof bool) state {
	if eof {
		return stateOpen
	}
	return stateMore
}
