package app

import (
	"context"
	"log"
	"log/slog"
	"time"

	"guildhall/internal/store"
)

// loop is something that the house does beside answering requests. It says
// whether there is more to do at once.
type loop struct {
	name  string
	every time.Duration
	do    func(context.Context) (more bool, err error)
	wake  chan struct{} // nil: only by time
}

// loops is all that runs beside the requests. Each runs alone, one step at a
// time, and a step that fails is logged and tried again.
func (a *App) loops() []loop {
	return []loop{
		{name: "deadlines", every: time.Second, do: counted(a.Market.Sweep)},
		{name: "courier", every: time.Second, do: counted(a.Market.Courier), wake: a.news},
		{name: "jobs", every: time.Second, do: counted(a.Market.RunJobs), wake: a.errands},
		{name: "provider", every: time.Second, do: simple(a.hear)},
		{name: "payments", every: time.Hour, do: simple(a.Market.AskAboutPayments)},
		{name: "disputes", every: time.Hour, do: simple(a.Market.AskAboutDisputes)},
		{name: "seals", every: time.Minute, do: counted(a.Market.Seal)},
		{name: "policy", every: 15 * time.Second, do: simple(a.Market.RefreshPolicy)},
		{name: "tidy", every: time.Hour, do: simple(a.Market.Tidy)},
		{name: "broken uploads", every: time.Hour, do: simple(a.sweepUploads)},
		{name: "old errands", every: time.Hour, do: simple(a.Market.ForgetJobs)},
	}
}

// settle does what the loops would do, until nothing is left to do now; a
// rehearsal calls it after the clock was moved. Deadlines ask for letters and
// refunds, and refunds are answered by messages, hence twice around.
func (a *App) settle(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		a.hear, a.Market.SweepAll, a.Market.DrainOutbox, a.hear, a.Market.DrainOutbox,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// sweepUploads removes what uploads that broke off a day ago left behind.
func (a *App) sweepUploads(context.Context) error {
	return a.blobs.Sweep(time.Now().Add(-24 * time.Hour))
}

// hear takes in what the play provider has to tell.
func (a *App) hear(ctx context.Context) error {
	return a.Sandbox.Deliver(ctx, a.Market.ProviderSays)
}

// wake is called with each topic that a committed transaction named; "" means
// that some may have been missed.
func (a *App) wake(topic string) {
	a.Front.Hub.Publish(topic)
	if topic == store.TopicOutbox || topic == "" {
		nudge(a.news)
	}
	if topic == store.TopicJobs || topic == "" {
		nudge(a.errands)
	}
}

// nudge wakes a loop, unless it is about to wake already.
func nudge(loop chan struct{}) {
	select {
	case loop <- struct{}{}:
	default:
	}
}

func counted(step func(context.Context) (int, error)) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		n, err := step(ctx)
		return n > 0 && err == nil, err
	}
}

func simple(step func(context.Context) error) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) { return false, step(ctx) }
}

// repeat runs a loop until ctx ends. A panic in one step costs that step.
func (a *App) repeat(ctx context.Context, l loop) {
	tick := time.NewTicker(l.every)
	defer tick.Stop()
	for {
		for a.step(ctx, l) && ctx.Err() == nil {
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-l.wake:
		}
	}
}

func (a *App) step(ctx context.Context, l loop) (more bool) {
	defer func() {
		if p := recover(); p != nil {
			a.log.ErrorContext(ctx, "a loop panicked", "loop", l.name, "panic", p)
			more = false
		}
	}()
	more, err := l.do(ctx)
	if err != nil && ctx.Err() == nil {
		a.log.ErrorContext(ctx, "a loop failed and will try again", "loop", l.name, "error", err)
	}
	return more && err == nil
}

// serverLog lets net/http write its complaints about broken lines into ours.
func serverLog(l *slog.Logger) *log.Logger { return slog.NewLogLogger(l.Handler(), slog.LevelDebug) }
