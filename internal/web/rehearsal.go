package web

import (
	"time"

	"guildhall/internal/fault"
)

func (w *Web) moveClock(c *call) error {
	by, err := time.ParseDuration(c.text("advance"))
	if err != nil {
		return fault.Invalid("advance", "Write a span like 36h.")
	}
	if err := w.MoveClock(c.ctx(), by); err != nil {
		return err
	}
	return c.redirect(inside(c.text("back"), "/"), "The clock now stands at "+c.local().At(w.Market.Now())+".")
}
