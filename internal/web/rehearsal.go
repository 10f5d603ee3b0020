package web

import (
	"time"

	"guildhall/internal/fault"
)

// maxStep is how far a rehearsal's clock moves at once.
const maxStep = 400 * 24 * time.Hour

func (w *Web) moveClock(c *call) error {
	by, err := time.ParseDuration(c.text("advance"))
	if err != nil || by <= 0 || by > maxStep {
		return fault.Invalid("advance", "Move the clock forward by up to 400 days, for example 36h.")
	}
	if err := w.MoveClock(c.ctx(), by); err != nil {
		return err
	}
	return c.redirect(inside(c.text("back"), "/"), "The clock now stands at "+c.local().At(w.Market.Now())+".")
}
