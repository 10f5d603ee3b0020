package store

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"zombiezen.com/go/sqlite"
)

// liteStmt is a prepared statement.
type liteStmt struct {
	stmt    *sqlite.Stmt
	order   []int // which argument each parameter is
	columns int   // of its rows
	writes  bool
	busy    bool // its rows are being read
	extra   bool // not kept: the kept one of the same text was busy
}

// compile prepares a statement. SQLite wants to know which ones stay, so that
// they do not take up the memory that it has at hand for running statements.
func compile(db *sqlite.Conn, sql string, stays bool) (*liteStmt, error) {
	stmt, err := prepared(db, doomed(sql), stays)
	if err != nil {
		return nil, err
	}
	order, err := orderOfArguments(stmt)
	if err != nil {
		_ = stmt.Finalize()
		return nil, err
	}
	return &liteStmt{stmt: stmt, order: order, columns: stmt.ColumnCount(), writes: !selects(sql)}, nil
}

// doomed says of a statement that inserts several rows that it need not be undone
// by itself when one of them is refused. Its failure dooms the transaction, and
// SQLite would copy each page that it touches once more.
func doomed(sql string) string {
	return strings.Replace(sql, "\nINSERT INTO ", "\nINSERT OR FAIL INTO ", 1)
}

func prepared(db *sqlite.Conn, sql string, stays bool) (*sqlite.Stmt, error) {
	if stays {
		return db.Prepare(sql)
	}
	stmt, rest, err := db.PrepareTransient(sql)
	if err == nil && rest > 0 {
		_ = stmt.Finalize()
		return nil, fmt.Errorf("more than one statement: %q", sql)
	}
	return stmt, err
}

// selects tells whether a statement only reads. One that begins with anything
// but SELECT may as well read; it is taken for one that writes.
func selects(sql string) bool {
	for strings.HasPrefix(sql, "--") {
		_, sql, _ = strings.Cut(sql, "\n")
	}
	return strings.HasPrefix(strings.TrimSpace(sql), "SELECT")
}

// orderOfArguments notes which argument each parameter is. $n means the n-th
// argument wherever it stands, but to SQLite "$n" is only a name: it numbers
// parameters as it comes across them.
func orderOfArguments(stmt *sqlite.Stmt) ([]int, error) {
	order := make([]int, stmt.BindParamCount())
	for i := range order {
		name := stmt.BindParamName(i + 1)
		n, err := strconv.Atoi(strings.TrimPrefix(name, "$"))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("a parameter is called %q, not by its number", name)
		}
		order[i] = n - 1
	}
	return order, nil
}

// exec runs the statement to its end; rows that it returns are passed over.
func (s *liteStmt) exec(args []any) error {
	err := s.bind(args)
	for more := err == nil; more; {
		more, err = s.stmt.Step()
	}
	return s.reset(err)
}

// reset makes the statement ready for its next use. It returns err or, when
// that is nil, what went wrong at the end.
func (s *liteStmt) reset(err error) error {
	if last := s.stmt.Reset(); err == nil {
		err = last
	}
	return err
}

// release hands the statement back to its connection.
func (s *liteStmt) release() {
	s.busy = false
	if s.extra {
		_ = s.stmt.Finalize() // tells once more what its use told
	}
}

// bind gives each parameter its argument. All are bound anew each time, so
// nothing has to be unbound.
func (s *liteStmt) bind(args []any) error {
	for i, n := range s.order {
		if n >= len(args) {
			return fmt.Errorf("$%d is missing", n+1)
		}
		if err := s.bindOne(i+1, args[n]); err != nil {
			return fmt.Errorf("$%d: %w", n+1, err)
		}
	}
	return nil
}

func (s *liteStmt) bindOne(param int, arg any) error {
	switch a := arg.(type) {
	case nil:
		s.stmt.BindNull(param)
	case string:
		s.stmt.BindText(param, a)
	case int64:
		s.stmt.BindInt64(param, a)
	case bool:
		s.stmt.BindBool(param, a)
	case *int64:
		if a == nil {
			s.stmt.BindNull(param)
		} else {
			s.stmt.BindInt64(param, *a)
		}
	case []byte:
		if a == nil {
			s.stmt.BindNull(param)
		} else {
			s.stmt.BindBytes(param, a)
		}
	default:
		return s.bindKind(param, reflect.ValueOf(arg))
	}
	return nil
}

// bindKind is the slow path: other pointers, named and rare types.
func (s *liteStmt) bindKind(param int, v reflect.Value) error {
	switch {
	case v.Kind() == reflect.Pointer && v.IsNil():
		s.stmt.BindNull(param)
	case v.Kind() == reflect.Pointer:
		return s.bindOne(param, v.Elem().Interface())
	case v.Kind() == reflect.String:
		s.stmt.BindText(param, v.String())
	case v.Kind() == reflect.Bool:
		s.stmt.BindBool(param, v.Bool())
	case v.CanInt():
		s.stmt.BindInt64(param, v.Int())
	case v.CanFloat():
		s.stmt.BindFloat(param, v.Float())
	default:
		return fmt.Errorf("cannot bind %s", v.Type())
	}
	return nil
}

// value is any value of the current row: int64, float64, string, []byte or nil.
func (s *liteStmt) value(i int) any {
	switch s.stmt.ColumnType(i) {
	case sqlite.TypeInteger:
		return s.stmt.ColumnInt64(i)
	case sqlite.TypeFloat:
		return s.stmt.ColumnFloat(i)
	case sqlite.TypeText:
		return s.stmt.ColumnText(i)
	case sqlite.TypeBlob:
		return s.bytes(i)
	}
	return nil
}

// bytes of an empty value are empty, not nil.
func (s *liteStmt) bytes(i int) []byte {
	b := make([]byte, s.stmt.ColumnLen(i))
	s.stmt.ColumnBytes(i, b)
	return b
}

// place puts a value of the current row where the generated code wants it.
func (s *liteStmt) place(dest any, i int) error {
	kind := s.stmt.ColumnType(i)
	switch d := dest.(type) {
	case *string:
		if kind == sqlite.TypeText {
			*d = s.stmt.ColumnText(i)
			return nil
		}
	case *int64:
		if kind == sqlite.TypeInteger {
			*d = s.stmt.ColumnInt64(i)
			return nil
		}
	case **int64:
		switch kind {
		case sqlite.TypeInteger:
			n := s.stmt.ColumnInt64(i)
			*d = &n
			return nil
		case sqlite.TypeNull:
			*d = nil
			return nil
		}
	case *bool:
		if n := s.stmt.ColumnInt64(i); kind == sqlite.TypeInteger && n>>1 == 0 {
			*d = n == 1
			return nil
		}
	case *[]byte:
		if kind == sqlite.TypeBlob {
			*d = s.bytes(i)
			return nil
		}
	}
	return placeKind(reflect.ValueOf(dest).Elem(), s.value(i))
}

// placeKind is the slow path: nulls, named and rare types.
func placeKind(d reflect.Value, v any) error {
	if v == nil && (d.Kind() == reflect.Pointer || d.Kind() == reflect.Slice) {
		d.SetZero()
		return nil
	}
	if d.Kind() == reflect.Interface {
		d.Set(reflect.ValueOf(&v).Elem())
		return nil
	}
	if d.Kind() == reflect.Pointer {
		d.Set(reflect.New(d.Type().Elem()))
		return placeKind(d.Elem(), v)
	}
	switch n := v.(type) {
	case string:
		if d.Kind() == reflect.String {
			d.SetString(n)
			return nil
		}
	case int64:
		switch {
		case d.CanInt() && !d.OverflowInt(n):
			d.SetInt(n)
			return nil
		case d.Kind() == reflect.Bool && n>>1 == 0:
			d.SetBool(n == 1)
			return nil
		case d.CanFloat():
			d.SetFloat(float64(n))
			return nil
		}
	case float64:
		if d.CanFloat() {
			d.SetFloat(n)
			return nil
		}
	case []byte:
		if d.Kind() == reflect.Slice && d.Type().Elem().Kind() == reflect.Uint8 {
			d.SetBytes(n)
			return nil
		}
	}
	return fmt.Errorf("cannot put %T into %s", v, d.Type())
}
