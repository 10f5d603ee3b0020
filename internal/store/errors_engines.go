package store

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"zombiezen.com/go/sqlite"
)

func fromSQLite(err error) error {
	switch code := sqlite.ErrCode(err); code {
	case sqlite.ResultConstraintUnique, sqlite.ResultConstraintPrimaryKey:
		return &Duplicate{Key: keyOfSQLite(err.Error()), cause: err}
	case sqlite.ResultConstraintCheck:
		return &Violation{Kind: "check", What: afterMark(err.Error(), "CHECK constraint failed: "), cause: err}
	case sqlite.ResultConstraintNotNull:
		return &Violation{Kind: "not null", What: afterMark(err.Error(), "NOT NULL constraint failed: "), cause: err}
	case sqlite.ResultConstraintForeignKey:
		return &Violation{Kind: "foreign key", cause: err}
	case sqlite.ResultIOErrSHMSize, sqlite.ResultIOErrNoMem:
		return err // no room for the log's index, or no memory: it may come back
	default:
		switch code.ToPrimary() {
		case sqlite.ResultReadOnly:
			return fmt.Errorf("%w: %w", ErrReadOnly, err)
		case sqlite.ResultBusy:
			return fmt.Errorf("%w: %w", errRetry, err)
		case sqlite.ResultIOErr, sqlite.ResultCorrupt:
			return fmt.Errorf("%w: %w", ErrBroken, err)
		}
	}
	return err
}

// afterMark returns what follows mark in a message.
func afterMark(message, mark string) string {
	_, what, _ := strings.Cut(message, mark)
	return what
}

// keyOfSQLite reads "UNIQUE constraint failed: t.a, t.b" as "t.a,b".
func keyOfSQLite(message string) string {
	what := afterMark(message, "UNIQUE constraint failed: ")
	table, _, _ := strings.Cut(what, ".")
	return strings.ReplaceAll(what, ", "+table+".", ",")
}

func fromPostgres(err *pgconn.PgError) error {
	switch err.Code {
	case "23505":
		return &Duplicate{Key: keyOfPostgres(err), cause: err}
	case "23514":
		return &Violation{Kind: "check", What: err.ConstraintName, cause: err}
	case "23502":
		return &Violation{Kind: "not null", What: err.TableName + "." + err.ColumnName, cause: err}
	case "23503":
		return &Violation{Kind: "foreign key", What: err.ConstraintName, cause: err}
	case "40001", "40P01", "55P03": // serialisation, deadlock, lock not available
		return fmt.Errorf("%w: %w", errRetry, err)
	case "0A000": // a plan made before a migration; pgx has forgotten it by now
		if strings.Contains(err.Message, "cached plan") {
			return fmt.Errorf("%w: %w", errRetry, err)
		}
	case "25006":
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	case "57P01", "57P02", "57P03": // the server is going down or coming up
		return fmt.Errorf("%w: %w", errLost, err)
	}
	return err
}

// keyOfPostgres reads "Key (a, b)=(1, 2) already exists." as "t.a,b".
func keyOfPostgres(err *pgconn.PgError) string {
	_, columns, found := strings.Cut(err.Detail, "Key (")
	columns, _, closed := strings.Cut(columns, ")=")
	if !found || !closed {
		return err.TableName + "." + err.ConstraintName
	}
	return err.TableName + "." + strings.ReplaceAll(columns, ", ", ",")
}
