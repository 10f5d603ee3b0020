package pay

import (
	"context"
	"errors"
	"strings"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/store"
)

// What becomes of a refund of a charge whose owner went to the bank. The bank
// is the one to give the money back, or nobody is: a provider that refunded
// beside it would give it back twice.
var (
	// ErrDisputed: the bank is looking into the charge. Once it lets it stand,
	// the refund can be sent.
	ErrDisputed = errors.New("pay: the bank is looking into this charge")
	// ErrTakenBack: the bank has taken back what was left of the charge. The
	// refund will never be sent.
	ErrTakenBack = errors.New("pay: the bank has taken this charge back")
)

// How the bank of a play card goes about a payment that its owner denies.
const (
	disputeAfter   = 3 * 24 * time.Hour // from the payment to the objection
	disputeDecides = 7 * 24 * time.Hour // from the objection to the decision
)

// What a disputed charge waits for, in the column that says what it becomes.
const (
	willDispute = "dispute_" // followed by how it will be decided
	inDispute   = "in_dispute_"
	buyerWins   = "lost"
	sellerWins  = "won"
)

// atTheBank refuses what a dispute of the charge stands in the way of.
func atTheBank(row store.SandboxCharge) error {
	switch {
	case State(row.State) != Succeeded:
	case strings.HasPrefix(row.Verdict, inDispute):
		return ErrDisputed
	case row.Verdict == buyerWins:
		return ErrTakenBack
	}
	return nil
}

// Disputed says again what was told of the dispute of a charge, for a house that
// may have missed it: the objection, and the bank's decision once there is one;
// nothing where nobody objected. Errors: NotFound when the charge never arrived here.
func (s *Sandbox) Disputed(ctx context.Context, id ident.Payment) (told []Message, err error) {
	now := s.now()
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		told = nil
		_, err := s.current(tx, id, now)
		if err == nil {
			told, err = toldOf(tx, string(id), DisputeOpened, DisputeWon, DisputeLost)
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		err = fault.NotFound("The payment provider does not know this payment.")
	}
	return told, err
}

// object lets a dispute take its next step: the owner of the card objects, then
// the bank decides. The step is written first: of two who come at the same
// moment one finds it taken, before anything is told or moved twice.
func (s *Sandbox) object(tx *store.Tx, row store.SandboxCharge, now time.Time) (store.SandboxCharge, error) {
	m := Message{Outcome: s.outcome(row), At: now}
	was := row
	row.SettlesAt = time.Time{}
	switch was.Verdict {
	case willDispute + buyerWins, willDispute + sellerWins:
		m.Kind, m.Decides = DisputeOpened, was.SettlesAt.Add(disputeDecides)
		m.Outcome.Reason = "The owner of the card says that they did not order this."
		row.Verdict, row.SettlesAt = inDispute+was.Verdict[len(willDispute):], m.Decides
	case inDispute + sellerWins:
		m.Kind, row.Verdict = DisputeWon, sellerWins
	case inDispute + buyerWins:
		m.Kind, row.Verdict = DisputeLost, buyerWins
	}
	if err := tx.DisputeSandboxCharge(was, row.Verdict, row.SettlesAt, now); err != nil || m.Kind == "" {
		return row, err
	}
	if m.Kind == DisputeLost {
		taken, err := takeRest(tx, row, now)
		if err != nil {
			return row, err
		}
		m.Outcome.Amount = taken
	}
	m.ID = messageID(m.Kind, string(row.Payment))
	return row, tell(tx, m)
}

// takeRest takes back what was not refunded of a charge.
func takeRest(tx *store.Tx, row store.SandboxCharge, now time.Time) (money.Amount, error) {
	rest, err := row.Amount.Minus(row.Refunded)
	if err != nil || rest.Minor <= 0 {
		return rest, err
	}
	done, err := tx.RefundSandboxCharge(row.Payment, rest, now)
	if err == nil && !done {
		err = store.ErrStale // a refund went out at the same moment
	}
	if err != nil {
		return rest, err
	}
	return rest, tx.AddSandboxMove(store.SandboxMove{
		Ref: "cb_" + string(row.Payment), Kind: string(LineChargeback), About: chargeRef(row.Payment), Amount: rest.Neg(), At: now,
	})
}
