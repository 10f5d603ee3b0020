package pay

import (
	"errors"
	"strings"
	"time"

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

// object lets a dispute take its next step: the owner of the card objects, then
// the bank decides. What it takes back is whatever was not refunded by then.
func (s *Sandbox) object(tx *store.Tx, row store.SandboxCharge, now time.Time) (store.SandboxCharge, error) {
	out := s.outcome(row)
	step := func(verdict string, at time.Time) error {
		err := tx.DisputeSandboxCharge(row, verdict, at, now)
		row.Verdict, row.SettlesAt = verdict, at
		return err
	}
	switch row.Verdict {
	case willDispute + buyerWins, willDispute + sellerWins:
		decides := row.SettlesAt.Add(disputeDecides)
		m := Message{ID: messageID(DisputeOpened, string(row.Payment)), Kind: DisputeOpened, Outcome: out, At: now, Decides: decides}
		m.Outcome.Reason = "The owner of the card says that they did not order this."
		if err := tell(tx, m); err != nil {
			return row, err
		}
		return row, step(inDispute+row.Verdict[len(willDispute):], decides)
	case inDispute + sellerWins:
		if err := tell(tx, Message{ID: messageID(DisputeWon, string(row.Payment)), Kind: DisputeWon, Outcome: out, At: now}); err != nil {
			return row, err
		}
		return row, step(sellerWins, time.Time{})
	case inDispute + buyerWins:
		taken, err := row.Amount.Minus(row.Refunded)
		if err != nil {
			return row, err
		}
		if taken.Minor > 0 {
			if err := tx.AddSandboxMove(store.SandboxMove{Ref: "cb_" + string(row.Payment), Kind: string(LineChargeback), About: out.Ref, Amount: taken.Neg(), At: now}); err != nil {
				return row, err
			}
			done, err := tx.RefundSandboxCharge(row.Payment, taken, now)
			if err != nil {
				return row, err
			}
			if !done {
				return row, store.ErrStale // a refund went out at the same moment
			}
		}
		out.Amount = taken
		if err := tell(tx, Message{ID: messageID(DisputeLost, string(row.Payment)), Kind: DisputeLost, Outcome: out, At: now}); err != nil {
			return row, err
		}
		return row, step(buyerWins, time.Time{})
	}
	return row, step(row.Verdict, time.Time{})
}
