package app

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"
)

// readiness remembers the last look for a second, so that a probe cannot be
// made to work the disk.
type readiness struct {
	data string
	mu   sync.Mutex
	at   time.Time
	why  string // empty: ready
}

// lateness is how far behind its deadlines a ready house may be.
const lateness = 2 * time.Second

func (a *App) readyz(w http.ResponseWriter, r *http.Request) {
	if why := a.notReady(r.Context()); why != "" {
		answer(w, http.StatusServiceUnavailable, map[string]string{"ready": "no", "why": why})
		return
	}
	answer(w, http.StatusOK, map[string]string{"ready": "yes"})
}

func (a *App) notReady(ctx context.Context) string {
	r := a.ready
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.at) < time.Second {
		return r.why
	}
	r.at, r.why = time.Now(), ""
	// Others are told this answer too, so whoever asked may hang up.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if err := r.writable(); err != nil {
		a.log.ErrorContext(ctx, "not ready", "error", err)
		r.why = "the data folder cannot be written"
		return r.why
	}
	late, err := a.Market.Overdue(ctx)
	switch {
	case err != nil:
		a.log.ErrorContext(ctx, "not ready", "error", err)
		r.why = "the database does not answer"
	case late > lateness:
		r.why = fmt.Sprintf("deadlines are being caught up, %s behind", late.Round(time.Second))
	}
	return r.why
}

func (r *readiness) writable() error {
	f, err := os.CreateTemp(r.data, "ready-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString("ready")
	if closing := f.Close(); err == nil {
		err = closing
	}
	if removing := os.Remove(f.Name()); err == nil {
		err = removing
	}
	return err
}
