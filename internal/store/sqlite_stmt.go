package store

import (
	"fmt"
	"strconv"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// liteStmt is a prepared statement.
type liteStmt struct {
	conn    *liteConn
	handle  uintptr
	order   []int   // which argument each parameter is
	memory  uintptr // where texts lie while they are bound
	room    int     // how much fits there
	writes  bool
	whether bool // it is only asked how many rows it touches
	busy    bool // its rows are being read
	extra   bool // not kept: the kept one of the same text was busy
}

// nameArguments notes which argument $n means, wherever it stands.
func (s *liteStmt) nameArguments() error {
	n := sqlite3.Xsqlite3_bind_parameter_count(s.conn.tls, s.handle)
	s.order = make([]int, n)
	for i := range s.order {
		name := libc.GoString(sqlite3.Xsqlite3_bind_parameter_name(s.conn.tls, s.handle, int32(i+1)))
		s.order[i] = i
		if name == "" || name == "?" {
			continue
		}
		no, err := strconv.Atoi(name[1:])
		if err != nil {
			s.close()
			return fmt.Errorf("a parameter is called %s, not by its number", name)
		}
		s.order[i] = no - 1
	}
	return nil
}

// exec runs the statement to its end; rows that it returns are passed over.
func (s *liteStmt) exec(args []any) error {
	err := s.bind(args)
	for more := err == nil; more; {
		more, err = s.step()
	}
	s.reset()
	return err
}

// step tells whether there is another row.
func (s *liteStmt) step() (bool, error) {
	switch rc := sqlite3.Xsqlite3_step(s.conn.tls, s.handle); rc {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		return false, s.conn.failure(rc)
	}
}

func (s *liteStmt) reset() { sqlite3.Xsqlite3_reset(s.conn.tls, s.handle) }

// release hands the statement back to its connection.
func (s *liteStmt) release() {
	s.busy = false
	if s.extra {
		s.close()
	}
}

func (s *liteStmt) close() {
	sqlite3.Xsqlite3_finalize(s.conn.tls, s.handle)
	libc.Xfree(s.conn.tls, s.memory)
	s.handle, s.memory = 0, 0
}

// bind gives the statement its arguments. Texts are copied to where they stay
// until the next time, so nothing has to be unbound.
func (s *liteStmt) bind(args []any) error {
	values, size := s.conn.values[:0], 1
	for i, arg := range args {
		v, err := value(arg)
		if err != nil {
			return fmt.Errorf("$%d: %w", i+1, err)
		}
		switch v := v.(type) {
		case string:
			size += len(v)
		case []byte:
			size += len(v)
		}
		values = append(values, v)
	}
	s.conn.values = values
	if size > s.room {
		libc.Xfree(s.conn.tls, s.memory)
		s.memory, s.room = 0, 0
		var err error
		if s.memory, err = s.conn.room(2 * size); err != nil {
			return err
		}
		s.room = 2 * size
	}
	at := 0
	for i, no := range s.order {
		if no >= len(values) {
			return fmt.Errorf("$%d is missing", no+1)
		}
		if rc := s.bindOne(int32(i+1), values[no], &at); rc != sqlite3.SQLITE_OK {
			return s.conn.failure(rc)
		}
	}
	clear(values)
	return nil
}

// bindOne binds one parameter; at is where the memory is free.
func (s *liteStmt) bindOne(i int32, v any, at *int) int32 {
	tls := s.conn.tls
	switch v := v.(type) {
	case string:
		place := s.memory + uintptr(*at)
		*at += copy(libc.GoBytes(place, len(v)), v)
		return sqlite3.Xsqlite3_bind_text(tls, s.handle, i, place, int32(len(v)), 0)
	case []byte:
		place := s.memory + uintptr(*at)
		*at += copy(libc.GoBytes(place, len(v)), v)
		return sqlite3.Xsqlite3_bind_blob(tls, s.handle, i, place, int32(len(v)), 0)
	case int64:
		return sqlite3.Xsqlite3_bind_int64(tls, s.handle, i, v)
	case bool:
		n := int64(0)
		if v {
			n = 1
		}
		return sqlite3.Xsqlite3_bind_int64(tls, s.handle, i, n)
	case float64:
		return sqlite3.Xsqlite3_bind_double(tls, s.handle, i, v)
	}
	return sqlite3.Xsqlite3_bind_null(tls, s.handle, i)
}

func (s *liteStmt) columns() int { return int(sqlite3.Xsqlite3_column_count(s.conn.tls, s.handle)) }

func (s *liteStmt) columnName(i int) string {
	return libc.GoString(sqlite3.Xsqlite3_column_name(s.conn.tls, s.handle, int32(i)))
}

// kind is the type of a value in the current row.
func (s *liteStmt) kind(i int) int32 {
	return sqlite3.Xsqlite3_column_type(s.conn.tls, s.handle, int32(i))
}

func (s *liteStmt) number(i int) int64 {
	return sqlite3.Xsqlite3_column_int64(s.conn.tls, s.handle, int32(i))
}

func (s *liteStmt) text(i int) string {
	p := sqlite3.Xsqlite3_column_text(s.conn.tls, s.handle, int32(i))
	return string(libc.GoBytes(p, int(sqlite3.Xsqlite3_column_bytes(s.conn.tls, s.handle, int32(i)))))
}

// bytes of an empty value are empty, not nil.
func (s *liteStmt) bytes(i int) []byte {
	p := sqlite3.Xsqlite3_column_blob(s.conn.tls, s.handle, int32(i))
	n := int(sqlite3.Xsqlite3_column_bytes(s.conn.tls, s.handle, int32(i)))
	return append(make([]byte, 0, n), libc.GoBytes(p, n)...)
}

// value is any value of the current row: int64, float64, string, []byte or nil.
func (s *liteStmt) value(i int) any {
	switch s.kind(i) {
	case sqlite3.SQLITE_INTEGER:
		return s.number(i)
	case sqlite3.SQLITE_FLOAT:
		return sqlite3.Xsqlite3_column_double(s.conn.tls, s.handle, int32(i))
	case sqlite3.SQLITE_TEXT:
		return s.text(i)
	case sqlite3.SQLITE_BLOB:
		return s.bytes(i)
	}
	return nil
}

// into puts a value of the current row where the generated code wants it.
func (s *liteStmt) into(dest any, i int) error {
	kind := s.kind(i)
	switch d := dest.(type) {
	case *string:
		if kind == sqlite3.SQLITE_TEXT {
			*d = s.text(i)
			return nil
		}
	case *int64:
		if kind == sqlite3.SQLITE_INTEGER {
			*d = s.number(i)
			return nil
		}
	case **int64:
		switch kind {
		case sqlite3.SQLITE_INTEGER:
			n := s.number(i)
			*d = &n
			return nil
		case sqlite3.SQLITE_NULL:
			*d = nil
			return nil
		}
	case *bool:
		if kind == sqlite3.SQLITE_INTEGER {
			if n := s.number(i); n>>1 == 0 {
				*d = n == 1
				return nil
			}
		}
	}
	return place(dest, s.value(i))
}
