package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"guildhall/internal/market"
)

// Clock is the clock of the house. On a real house it is the time of day; in a
// rehearsal it can be moved forward, and remembers how far.
type Clock struct {
	mu      sync.RWMutex
	offset  time.Duration
	movable bool
}

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return time.Now().Add(c.offset)
}

// Movable tells whether this is the clock of a rehearsal.
func (c *Clock) Movable() bool { c.mu.RLock(); defer c.mu.RUnlock(); return c.movable }

// unlock makes the clock movable and sets it to where the rehearsal left off.
func (c *Clock) unlock(ctx context.Context, house *market.Market) error {
	text, err := house.ClockOffset(ctx)
	if err != nil {
		return err
	}
	var offset time.Duration
	if text != "" {
		if offset, err = time.ParseDuration(text); err != nil {
			return fmt.Errorf("app: the rehearsal's clock: %w", err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.movable, c.offset = true, offset
	return nil
}

func (c *Clock) move(by time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += by
	return c.offset
}

// MoveClock advances a rehearsal's clock and lets everything happen that is due
// by then, so that whoever looks next sees the house of that day.
// Errors: fault.Invalid beside advance for too far.
func (a *App) MoveClock(ctx context.Context, by time.Duration) error {
	if !a.Clock.Movable() {
		return errors.New("app: the clock of a real house cannot be moved")
	}
	if err := a.Market.CheckMove("advance", by); err != nil {
		return err
	}
	target := a.Clock.Now().Add(by)
	if err := a.throughMessages(ctx, target); err != nil {
		return err
	}
	return a.moveTo(ctx, target)
}

// throughMessages stops on the way wherever the play provider has something to
// say, so that a payment that was about to arrive does not arrive weeks late.
func (a *App) throughMessages(ctx context.Context, target time.Time) error {
	for {
		due, err := a.Sandbox.Due(ctx)
		if err != nil || due.IsZero() || !due.After(a.Clock.Now()) || !due.Before(target) {
			return err
		}
		if err := a.moveTo(ctx, due); err != nil {
			return err
		}
	}
}

func (a *App) moveTo(ctx context.Context, at time.Time) error {
	offset := a.Clock.move(max(0, at.Sub(a.Clock.Now())))
	if err := a.Market.SetClockOffset(ctx, offset.String()); err != nil {
		return err
	}
	return a.settle(ctx)
}
