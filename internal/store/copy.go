package store

import (
	"context"
	"errors"
	"fmt"
)

// CopyTo writes a compact copy of a SQLite database, as of one moment, to a
// path that does not exist yet. Sessions and links of one use are not taken
// along: nobody stays signed in at a copy.
func (s *Store) CopyTo(ctx context.Context, path string) error {
	lite, ok := s.engine.(*lite)
	if !ok || lite.write == nil {
		return errors.New("store: only an SQLite database that is open for writing can copy itself")
	}
	if err := lite.vacuumInto(ctx, path); err != nil {
		return fmt.Errorf("store: copy to %s: %w", path, err)
	}
	copied, err := Open(ctx, path, Options{Logger: s.log})
	if err != nil {
		return err
	}
	err = copied.Update(ctx, func(tx *Tx) error {
		for _, table := range []string{"sessions", "resets"} {
			if _, err := tx.conn.Exec(ctx, "DELETE FROM "+table); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, copied.Close())
}

// vacuumInto copies on a connection of its own: writers need not wait for it.
func (e *lite) vacuumInto(ctx context.Context, path string) error {
	c, err := openConn(e.path, false)
	if err != nil {
		return err
	}
	leave := c.heed(ctx)
	err = c.once("VACUUM INTO $1", path)
	leave()
	return errors.Join(err, c.close())
}
