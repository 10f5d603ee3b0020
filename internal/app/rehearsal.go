package app

import (
	"encoding/json"
	"net/http"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/front"
)

// clockFace is what the rehearsal's clock says and is told.
type clockFace struct {
	Now     time.Time `json:"now"`
	Advance string    `json:"advance,omitempty"` // like 36h; a request only
	Set     time.Time `json:"set,omitzero"`      // a moment to come; a request only
}

func (a *App) clockNow(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, clockFace{Now: a.Market.Now()})
}

// clockMove advances the clock by a span or to a moment and answers once
// everything that is due by then has happened.
func (a *App) clockMove(w http.ResponseWriter, r *http.Request) {
	var in clockFace
	body := json.NewDecoder(r.Body)
	body.DisallowUnknownFields()
	err := body.Decode(&in)
	if err != nil {
		err = fault.Invalid("body", "Send {\"advance\":\"36h\"} or {\"set\":\"2030-01-02T15:04:05Z\"}.")
	}
	var by time.Duration
	if err == nil {
		by, err = in.span(a.Market.Now())
	}
	if err == nil {
		err = a.MoveClock(r.Context(), by)
	}
	if err != nil {
		front.Problem(w, r, err)
		return
	}
	a.clockNow(w, r)
}

func (in clockFace) span(now time.Time) (time.Duration, error) {
	if !in.Set.IsZero() {
		if in.Set.Before(now) || in.Set.Sub(now) > maxMove {
			return 0, fault.Invalid("set", "The clock moves forward only, by 20 years at most.")
		}
		return in.Set.Sub(now), nil
	}
	by, err := time.ParseDuration(in.Advance)
	if err != nil || by < 0 || by > maxMove {
		return 0, fault.Invalid("advance", "Write a span like 36h or 90m; the clock moves forward only, by 20 years at most.")
	}
	return by, nil
}
