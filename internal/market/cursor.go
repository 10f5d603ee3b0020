package market

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guildhall/internal/ident"
	"guildhall/internal/store"
)

// Cursor is where the next page of a list begins, opaque to everybody else.
type Cursor string

func cursorOf(parts ...string) Cursor {
	return Cursor(base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, "\n"))))
}

// parts opens a cursor of n parts; nil for the empty cursor.
func (c Cursor) parts(n int) ([]string, error) {
	if c == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(string(c))
	parts := strings.Split(string(raw), "\n")
	if err != nil || len(parts) != n || !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0 {
		return nil, errCursor
	}
	return parts, nil
}

func orderCursor(p store.Place) Cursor {
	return cursorOf(strconv.FormatInt(p.At.UnixMicro(), 10), string(p.ID))
}

func (c Cursor) order() (store.Place, error) {
	parts, err := c.parts(2)
	if parts == nil || err != nil {
		return store.Place{}, err
	}
	us, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || !ident.Valid(ident.Order(parts[1])) {
		return store.Place{}, errCursor
	}
	return store.Place{At: time.UnixMicro(us).UTC(), ID: ident.Order(parts[1])}, nil
}

func behindCursor(p store.BehindPlace) Cursor {
	return cursorOf(strconv.FormatInt(p.At.UnixMicro(), 10), p.Subject)
}

func (c Cursor) behind() (store.BehindPlace, error) {
	parts, err := c.parts(2)
	if parts == nil || err != nil {
		return store.BehindPlace{}, err
	}
	us, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || parts[1] == "" {
		return store.BehindPlace{}, errCursor
	}
	return store.BehindPlace{At: time.UnixMicro(us).UTC(), Subject: parts[1]}, nil
}

func inboxCursor(p store.InboxPlace) Cursor {
	return cursorOf(strconv.FormatInt(p.At.UnixMicro(), 10), string(p.Thread))
}

func (c Cursor) inbox() (store.InboxPlace, error) {
	parts, err := c.parts(2)
	if parts == nil || err != nil {
		return store.InboxPlace{}, err
	}
	us, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || !ident.Valid(ident.Thread(parts[1])) {
		return store.InboxPlace{}, errCursor
	}
	return store.InboxPlace{At: time.UnixMicro(us).UTC(), Thread: ident.Thread(parts[1])}, nil
}

func lineCursor(p store.LinePlace) Cursor {
	return cursorOf(strconv.FormatInt(p.At.UnixMicro(), 10), p.Stream, strconv.Itoa(p.No))
}

func (c Cursor) line() (store.LinePlace, error) {
	parts, err := c.parts(3)
	if parts == nil || err != nil {
		return store.LinePlace{}, err
	}
	us, err1 := strconv.ParseInt(parts[0], 10, 64)
	no, err2 := strconv.Atoi(parts[2])
	if err1 != nil || err2 != nil || parts[1] == "" {
		return store.LinePlace{}, errCursor
	}
	return store.LinePlace{At: time.UnixMicro(us).UTC(), Stream: parts[1], No: no}, nil
}
