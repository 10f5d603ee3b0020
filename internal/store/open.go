package store

import (
	"context"
	"log/slog"
	"runtime"
	"strings"
	"time"
)

// Options of Open. The zero value is fit for a server.
type Options struct {
	ReadOnly   bool         // refuse every Update; never create a file
	Logger     *slog.Logger // nil: slog.Default
	MaxReaders int          // connections that read at once; 0: by the number of cores
	// Building is for making up a market that nobody is served from yet: SQLite
	// has it durable once Close has returned, instead of after each Update, and
	// each statement of a View reads what was written up to then, as those of an
	// Update do.
	Building bool
	// Told is for it too: what happened before this instant is old news when it
	// is written, so no courier ever sees it. What such an event asks of the
	// provider is the maker's to do.
	Told time.Time
}

// Open opens the database named by url: "postgres://…", or for SQLite
// "sqlite:path/file.db" or just the path. It does not migrate.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.MaxReaders <= 0 {
		o.MaxReaders = max(4, 2*runtime.GOMAXPROCS(0))
	}
	var (
		e   engine
		err error
	)
	path := strings.TrimPrefix(url, "sqlite:")
	switch {
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		e, err = openPostgres(ctx, url, o)
	case o.Building:
		e, err = openBuilding(path, o)
	default:
		e, err = openSQLite(path, o)
	}
	if err != nil {
		return nil, err
	}
	return &Store{engine: e, log: o.Logger, told: o.Told}, nil
}
