package pay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/store"
)

// slowness is how long, by the house clock, a charge rests pending when its
// card keeps people waiting.
const slowness = 20 * time.Second

// Patience is how long a caller waits for a card that times out, when nothing
// else is asked for.
const Patience = 2 * time.Second

// InFlight is how long a charge that nothing was heard of may still be on its
// way: Patience, and the writing down before and after it, many times over. One
// that is older was begun by a house that died over it, and another may be
// tried. It bounds the provider, not the parties, so no rulebook knows it.
const InFlight = time.Minute

// Sandbox is a payment provider that moves play money. It is safe for
// concurrent use, by several processes on one database too.
type Sandbox struct {
	store    *store.Store
	now      func() time.Time
	secret   []byte
	sign     *standardwebhooks.Webhook
	patience time.Duration
}

// NewSandbox opens the play provider. now is the house clock; secret signs its
// messages and second steps and must be the same after a restart; patience is
// how long Charge waits for a card that times out.
func NewSandbox(st *store.Store, now func() time.Time, secret []byte, patience time.Duration) *Sandbox {
	if now == nil {
		now = time.Now
	}
	return &Sandbox{
		store:    st,
		now:      func() time.Time { return now().UTC().Truncate(time.Microsecond) },
		secret:   secret,
		sign:     signer(secret),
		patience: patience,
	}
}

// Name is what the ledger and the payments call this provider.
func (s *Sandbox) Name() string { return "sandbox" }

// Charge takes the money, or says why not or what has to happen first. The
// same payment is charged once: asked again, the answer is how it stands now.
// Errors: Invalid (see CheckCard), Conflict when the payment is known with
// another amount, ErrUnknown beside an outcome that says Pending.
func (s *Sandbox) Charge(ctx context.Context, c Charge) (Outcome, error) {
	now := s.now()
	card, err := checkCard(c.Card, now)
	switch {
	case err != nil:
		return Outcome{}, err
	case c.Payment == "" || c.Amount.Minor <= 0 || c.Amount.Minor > money.Limit || !c.Amount.Currency.Known():
		return Outcome{}, fmt.Errorf("pay: no charge of %s %d for payment %q", c.Amount.Currency, c.Amount.Minor, c.Payment)
	case !localPath(c.Back):
		return Outcome{}, fmt.Errorf("pay: %q is no path of this house to come back to", c.Back)
	}
	fresh := store.SandboxCharge{
		Payment: c.Payment, State: string(card.plan.state), Verdict: string(card.plan.verdict), Reason: card.plan.reason,
		Brand: card.Brand, Last4: card.Number[len(card.Number)-4:], Amount: c.Amount,
		About: c.About, Back: c.Back, CreatedAt: now,
	}
	switch {
	case card.plan.state == Pending:
		fresh.SettlesAt = now.Add(slowness)
	case card.plan.dispute != "":
		fresh.Verdict, fresh.SettlesAt = willDispute+card.plan.dispute, now.Add(disputeAfter)
	}
	var row store.SandboxCharge
	var added bool
	err = s.store.Update(ctx, func(tx *store.Tx) (err error) {
		row, err = s.current(tx, c.Payment, now)
		if added = errors.Is(err, store.ErrNotFound); added {
			row = fresh
			if err := tx.AddSandboxCharge(fresh); err != nil {
				return err
			}
			return s.record(tx, fresh, now)
		}
		if err == nil && row.Amount != c.Amount {
			err = fault.Conflict("This payment was already started with another amount.")
		}
		return err
	})
	if err != nil {
		return Outcome{}, err
	}
	if added && card.plan.lost {
		s.stall(ctx)
		return s.outcome(row), ErrUnknown
	}
	return s.outcome(row), nil
}

// stall keeps the caller waiting, as a provider that does not answer would.
func (s *Sandbox) stall(ctx context.Context) {
	timer := time.NewTimer(s.patience)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Lookup tells how a charge stands. Errors: NotFound when it never arrived here.
func (s *Sandbox) Lookup(ctx context.Context, id ident.Payment) (Outcome, error) {
	now := s.now()
	var row store.SandboxCharge
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		row, err = tx.SandboxCharge(id)
		return err
	})
	if err == nil && ripe(row, now) {
		err = s.store.Update(ctx, func(tx *store.Tx) (err error) {
			row, err = s.current(tx, id, now)
			return err
		})
	}
	if errors.Is(err, store.ErrNotFound) {
		return Outcome{}, fault.NotFound("The payment provider does not know this payment.")
	}
	return s.outcome(row), err
}

// ripe tells that a pending charge has waited long enough.
func ripe(row store.SandboxCharge, now time.Time) bool {
	return State(row.State) == Pending && !now.Before(row.SettlesAt)
}

// current reads a charge and settles it when its time has come.
func (s *Sandbox) current(tx *store.Tx, id ident.Payment, now time.Time) (store.SandboxCharge, error) {
	row, err := tx.SandboxCharge(id)
	switch {
	case err != nil:
		return row, err
	case State(row.State) == Succeeded && !row.SettlesAt.IsZero() && !now.Before(row.SettlesAt):
		return s.object(tx, row, now)
	case !ripe(row, now):
		return row, nil
	}
	return s.settle(tx, row, State(row.Verdict), row.Reason, now)
}

// settle gives a charge its final state and writes what follows from it.
func (s *Sandbox) settle(tx *store.Tx, row store.SandboxCharge, to State, reason string, now time.Time) (store.SandboxCharge, error) {
	if err := tx.SettleSandboxCharge(row, string(to), reason, now); err != nil {
		return row, err
	}
	row.State, row.Reason = string(to), reason
	return row, s.record(tx, row, now)
}

// record writes the line and the message that a final state asks for.
func (s *Sandbox) record(tx *store.Tx, row store.SandboxCharge, now time.Time) error {
	out := s.outcome(row)
	kind := ChargeDeclined
	switch out.State {
	case Succeeded:
		kind = ChargeSucceeded
		line := store.SandboxMove{Ref: out.Ref, Kind: string(LineCharge), About: string(out.Payment), Amount: out.Amount, At: now}
		if err := tx.AddSandboxMove(line); err != nil {
			return err
		}
	case Declined:
	default:
		return nil
	}
	return tell(tx, Message{ID: messageID(kind, string(out.Payment)), Kind: kind, Outcome: out, At: now})
}

// tell queues a message in the transaction of what it tells.
func tell(tx *store.Tx, m Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return tx.AddSandboxMessage(store.SandboxMessage{ID: m.ID, Body: body, BornAt: m.At})
}

func messageID(kind Kind, about string) string { return "msg_" + string(kind) + "_" + about }

func (s *Sandbox) outcome(row store.SandboxCharge) Outcome {
	out := Outcome{
		Payment: row.Payment, State: State(row.State), Ref: chargeRef(row.Payment),
		Method: row.Brand + " ending " + row.Last4, Amount: row.Amount,
	}
	switch out.State {
	case Declined:
		out.Reason = row.Reason
	case NeedsStep:
		out.Step = StepPath + s.stepToken(row.Payment)
	}
	return out
}

// A reference contains what it names, so that no index is needed to find it.
const chargePrefix = "ch_"

func chargeRef(id ident.Payment) string { return chargePrefix + string(id) }

// localPath tells whether path stays inside this house.
func localPath(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") && !strings.ContainsAny(path, "\\\r\n\t")
}
