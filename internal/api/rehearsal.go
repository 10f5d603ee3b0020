package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guildhall/internal/fault"
	"guildhall/internal/policy"
)

// HouseClock is the clock of a rehearsal.
type HouseClock struct {
	Now time.Time `json:"now"`
}

type clockIn struct {
	Body struct {
		Advance string    `json:"advance,omitempty" maxLength:"40" doc:"A span, like 3d, 36h or 1d12h."`
		Set     time.Time `json:"set,omitzero" doc:"A moment to come."`
	}
}

// rehearsal is registered only where the clock may be moved. Its address is
// outside of the versions: it belongs to the house, not to the market.
func (a *API) rehearsal() {
	const path = "/api/rehearsal/clock"
	failures := route{method: http.MethodPost}.failures()
	huma.Register(a.huma, huma.Operation{
		OperationID: "get-clock", Method: http.MethodGet, Path: path, Tags: []string{"Rehearsal"}, Summary: "What the clock of this rehearsal shows",
		Errors: failures,
	}, func(context.Context, *none) (*answer[HouseClock], error) { return a.clock() })
	huma.Register(a.huma, huma.Operation{
		OperationID: "move-clock", Method: http.MethodPost, Path: path, Tags: []string{"Rehearsal"}, Errors: failures,
		Summary: "Move the clock forward; everything that is due by then has happened when the answer comes",
	}, a.moveClock)
}

func (a *API) clock() (*answer[HouseClock], error) {
	return ok(HouseClock{a.Market.Now()}, nil)
}

func (a *API) moveClock(ctx context.Context, in *clockIn) (*answer[HouseClock], error) {
	by, err := a.span(in.Body.Advance, in.Body.Set)
	if err == nil {
		err = a.MoveClock(ctx, by)
	}
	if err != nil {
		return nil, err
	}
	return a.clock()
}

func (a *API) span(advance string, set time.Time) (time.Duration, error) {
	if !set.IsZero() {
		by := set.Sub(a.Market.Now())
		return by, a.Market.CheckMove("set", by)
	}
	if read, err := policy.ParseDuration(advance); err == nil {
		return read.D(), nil
	}
	by, err := time.ParseDuration(advance) // 1.5h, as Go writes it
	if err != nil {
		return 0, fault.Invalid("advance", "Write a span like 3d, 36h or 1d12h.")
	}
	return by, nil
}
