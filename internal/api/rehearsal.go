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

// maxMove keeps a rehearsal within the years that people's calendars know.
const maxMove = 20 * 366 * 24 * time.Hour

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
	by, err := span(in.Body.Advance, in.Body.Set, a.Market.Now())
	if err == nil {
		err = a.MoveClock(ctx, by)
	}
	if err != nil {
		return nil, err
	}
	return a.clock()
}

func span(advance string, set, now time.Time) (time.Duration, error) {
	field, by := "set", set.Sub(now)
	if set.IsZero() {
		field = "advance"
		read, err := policy.ParseDuration(advance)
		if err != nil {
			if by, err = time.ParseDuration(advance); err != nil { // 1.5h, as Go writes it
				return 0, fault.Invalid(field, "Write a span like 3d, 36h or 1d12h.")
			}
		} else {
			by = read.D()
		}
	}
	if by < 0 || by > maxMove {
		return 0, fault.Invalid(field, "The clock moves forward only, by 20 years at most.")
	}
	return by, nil
}
