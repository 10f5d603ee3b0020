package market

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/job"
	"guildhall/internal/mail"
	"guildhall/internal/member"
	"guildhall/internal/notice"
	"guildhall/internal/store"
	"guildhall/internal/talk"
)

// How many jobs are claimed at once, how many are done side by side, and how
// long one may take: the last of a batch is done well within its lease.
const (
	jobBatch = 32
	jobHands = 4
	jobLimit = 30 * time.Second
)

// RunJobs claims the jobs that are due and does them, and tells how many it
// claimed; call it again until that is none. The outside world is asked outside
// of every transaction, and what came of it is written down after each job. An
// error is the store's; a job that fails is not one, it waits for its next try.
func (m *Market) RunJobs(ctx context.Context) (int, error) { return m.runJobs(ctx, jobHands) }

func (m *Market) runJobs(ctx context.Context, atOnce int) (int, error) {
	var due []job.Job
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		now := m.Now()
		var err error
		due, err = tx.ClaimJobs(now, now.Add(job.Lease), jobBatch)
		return err
	})
	if err != nil || len(due) == 0 {
		return 0, err
	}
	return len(due), sideBySide(atOnce, due, func(j job.Job) error { return m.runJob(ctx, j) })
}

// runJob does one job and records what came of it, also when ctx has ended
// meanwhile: what was done must not be done again.
func (m *Market) runJob(ctx context.Context, j job.Job) error {
	failed := m.run(ctx, j)
	j = j.Ended(m.Now(), failed)
	switch {
	case j.State == job.Dead:
		m.log.ErrorContext(ctx, "a job was given up", "job", j.ID, "key", j.Key, "attempts", j.Attempts, "error", failed)
	case failed != nil:
		m.log.WarnContext(ctx, "a job will be tried again", "job", j.ID, "key", j.Key, "attempts", j.Attempts, "at", j.RunAt, "error", failed)
	}
	return m.store.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		_, err := tx.EndJob(j)
		return err
	})
}

// run does the errand. A panic costs this job a try and nobody else anything.
func (m *Market) run(ctx context.Context, j job.Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("market: job %s panicked: %v", j.Kind, p)
		}
	}()
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, jobLimit)
	defer cancel()
	var e errand
	if err := json.Unmarshal([]byte(j.Payload), &e); err != nil {
		return job.Never(err)
	}
	switch j.Kind {
	case jobLetter:
		err = m.sendNotice(ctx, e)
	case jobRefund:
		err = m.SendRefund(ctx, e.Payment, e.Event)
	case jobBack:
		err = m.AskAboutRefund(ctx, e.Payment, e.Event)
	case jobOwed:
		err = m.SendRefunds(ctx, e.Order)
	case jobPayout:
		err = m.SendPayout(ctx, e.Withdrawal)
	case jobPaidOut:
		err = m.AskAboutPayout(ctx, e.Withdrawal)
	case jobAsk:
		err = m.AskAboutPayment(ctx, e.Payment)
	case jobReset:
		err = m.SendReset(ctx, e.Member)
	default:
		return job.Never(fmt.Errorf("market: there is no errand %q", j.Kind))
	}
	if errors.Is(err, mail.ErrRefused) {
		return job.Never(err)
	}
	return err
}

// sendNotice sends a notice by mail, unless it has lost its sense meanwhile.
func (m *Market) sendNotice(ctx context.Context, e errand) error {
	var n notice.Notice
	var to member.Member
	err := m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		if n, err = tx.Notice(e.Member, e.Notice); err != nil {
			return err
		}
		to, err = tx.Member(e.Member)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil // nothing to tell, or nobody
	}
	if err != nil || !n.Void.IsZero() && !m.Now().Before(n.Void) || n.Kind == talk.Said && !n.Read.IsZero() {
		return err
	}
	l := notice.Compose(n, notice.Reader{Name: to.Name, Zone: to.Location(), Site: m.site})
	return m.mail.Send(ctx, mail.Message{ID: l.ID, To: to.Email, Subject: l.Subject, Text: l.Text, HTML: l.HTML})
}

// Jobs lists the errands that were given up, the newest first, and those that
// wait, the earliest first; at most limit of each.
// Errors: fault.NotFound unless the actor runs the house.
func (m *Market) Jobs(ctx context.Context, who member.Actor, limit int) (dead, waiting []job.Job, err error) {
	if err := who.NeedOperator(); err != nil {
		return nil, nil, err
	}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		if dead, err = tx.DeadJobs("", min(limit, 100)); err != nil {
			return err
		}
		waiting, err = tx.WaitingJobs(time.Time{}, "", min(limit, 100))
		return err
	})
	return dead, waiting, err
}

// RetryJob has a job that was given up tried again from the beginning.
// Errors: fault.NotFound unless the actor runs the house; fault.Conflict when
// the job is not dead.
func (m *Market) RetryJob(ctx context.Context, who member.Actor, id ident.Job) error {
	if err := who.NeedOperator(); err != nil {
		return err
	}
	err := m.store.Update(ctx, func(tx *store.Tx) error { return tx.RetryJob(id, m.Now()) })
	if errors.Is(err, store.ErrNotFound) {
		return fault.Conflict("This errand waits already, or there is none.")
	}
	return err
}

// jobsKept is how long jobs that were done can still be looked at.
const jobsKept = 30 * 24 * time.Hour

// ForgetJobs drops the jobs that were done long ago.
func (m *Market) ForgetJobs(ctx context.Context) error {
	return m.store.Update(ctx, func(tx *store.Tx) error { return tx.ForgetJobs(m.Now().Add(-jobsKept)) })
}
