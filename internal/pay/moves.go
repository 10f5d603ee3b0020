package pay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/store"
)

// Refund gives back all or part of a charge. The same refund is sent once and
// answered alike; that it was sent is told again by a message. Errors:
// ErrDisputed while the bank looks into the charge, ErrTakenBack once it has
// taken it; NotFound when there is no such charge, Conflict when it did not
// succeed, has less left to give back, or the same refund was sent with other
// input.
func (s *Sandbox) Refund(ctx context.Context, r Refund) (string, error) {
	charge, found := strings.CutPrefix(r.Ref, chargePrefix)
	switch {
	case r.Payment == "" || r.Amount.Minor <= 0 || r.Amount.Minor > money.Limit:
		return "", fmt.Errorf("pay: no refund of %d for payment %q", r.Amount.Minor, r.Payment)
	case !found:
		return "", errNoCharge
	}
	now := s.now()
	line := store.SandboxMove{
		Ref: "re_" + string(r.Payment), Kind: string(LineRefund), About: r.Ref, Amount: r.Amount.Neg(), At: now,
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if again, err := s.move(tx, line); again || err != nil {
			return err
		}
		row, err := s.current(tx, ident.Payment(charge), now)
		if errors.Is(err, store.ErrNotFound) {
			return errNoCharge
		}
		if err := cmp.Or(err, atTheBank(row)); err != nil {
			return err
		}
		done, err := tx.RefundSandboxCharge(row.Payment, r.Amount, now)
		if err != nil {
			return err
		}
		if !done {
			return fault.Conflict(refusal(row, r.Amount))
		}
		out := s.outcome(row)
		out.Payment, out.Ref, out.Amount = r.Payment, line.Ref, r.Amount
		return tell(tx, Message{ID: messageID(RefundSent, string(r.Payment)), Kind: RefundSent, Outcome: out, At: now})
	})
	if err != nil {
		return "", err
	}
	return line.Ref, nil
}

var errNoCharge = fault.NotFound("The payment provider does not know the charge that should be refunded.")

func refusal(row store.SandboxCharge, a money.Amount) string {
	if State(row.State) != Succeeded {
		return "This charge took no money, so there is nothing to refund."
	}
	if row.Amount.Currency != a.Currency {
		return "This charge was in " + string(row.Amount.Currency) + ", so it cannot be refunded in " + string(a.Currency) + "."
	}
	left := money.Of(row.Amount.Minor-row.Refunded.Minor, row.Amount.Currency)
	return fmt.Sprintf("Only %s of this charge is left to refund.", left)
}

// move writes a line once; again says that the same line stands already.
func (s *Sandbox) move(tx *store.Tx, line store.SandboxMove) (again bool, err error) {
	kept, added, err := tx.AddSandboxMoveOnce(line)
	if err != nil || added {
		return false, err
	}
	if kept.Amount != line.Amount || kept.About != line.About {
		return true, fault.Conflict("The same movement was already sent with another amount or destination.")
	}
	return true, nil
}

// Payout sends a member's money out. The same payout is sent once and answered
// alike; whether it arrived is told by a message. Errors: Conflict when the
// same payout was sent with other input.
func (s *Sandbox) Payout(ctx context.Context, p Payout) (string, error) {
	if p.ID == "" || p.Member == "" || p.Amount.Minor <= 0 || p.Amount.Minor > money.Limit || !p.Amount.Currency.Known() {
		return "", fmt.Errorf("pay: no payout %q of %s %d to %q", p.ID, p.Amount.Currency, p.Amount.Minor, p.Member)
	}
	now := s.now()
	line := store.SandboxMove{
		Ref: "po_" + p.ID, Kind: string(LinePayout), About: string(p.Member), Amount: p.Amount.Neg(), At: now,
	}
	m := Message{
		ID: messageID(PayoutSent, p.ID), Kind: PayoutSent, Payout: p.ID, At: now,
		Outcome: Outcome{State: Succeeded, Ref: line.Ref, Method: p.To, Amount: p.Amount},
	}
	if p.To == PlayAccountThatFails {
		m.ID, m.Kind = messageID(PayoutFailed, p.ID), PayoutFailed
		m.Outcome.State, m.Outcome.Reason = Declined, "The bank does not know this account."
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if again, err := s.move(tx, line); again || err != nil {
			return err
		}
		if m.Kind == PayoutFailed {
			back := store.SandboxMove{
				Ref: "pr_" + p.ID, Kind: string(LinePayoutReturn), About: string(p.Member), Amount: p.Amount, At: now,
			}
			if err := tx.AddSandboxMove(back); err != nil {
				return err
			}
		}
		return tell(tx, m)
	})
	if err != nil {
		return "", err
	}
	return line.Ref, nil
}

// Refunded says again what was told of a refund, for a house that may have missed
// it; nothing where there is nothing to tell.
func (s *Sandbox) Refunded(ctx context.Context, id ident.Payment) (told []Message, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		told, err = toldOf(tx, string(id), RefundSent)
		return err
	})
	return told, err
}

// PaidOut says again what was told of a payout, for a house that may have missed
// it; nothing where there is nothing to tell yet.
func (s *Sandbox) PaidOut(ctx context.Context, id string) (told []Message, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		told, err = toldOf(tx, id, PayoutSent, PayoutFailed)
		return err
	})
	return told, err
}

// pageOfStatement is how many lines Statement returns at once.
const pageOfStatement = 100

// Statement is what moved, newest first, with the running total of each line.
// next is the cursor of the page after this one; "" begins and ends. Errors:
// Invalid when the cursor is none of ours.
func (s *Sandbox) Statement(ctx context.Context, cursor string) (lines []Line, next string, err error) {
	at, ref := time.UnixMicro(math.MaxInt64), "~"
	if cursor != "" {
		us, after, cut := strings.Cut(cursor, "-")
		n, err := strconv.ParseInt(us, 10, 64)
		if err != nil || !cut {
			return nil, "", fault.Invalid("cursor", "This is not a page of the statement.")
		}
		at, ref = time.UnixMicro(n), after
	}
	var moves []store.SandboxMove
	var totals map[money.Currency]int64
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		moves, totals, err = tx.SandboxMoves(at, ref, pageOfStatement+1)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(moves) > pageOfStatement {
		moves = moves[:pageOfStatement]
		last := moves[pageOfStatement-1]
		next = strconv.FormatInt(last.At.UnixMicro(), 10) + "-" + last.Ref
	}
	lines = make([]Line, len(moves))
	for i, m := range moves {
		c := m.Amount.Currency
		lines[i] = Line{
			Ref: m.Ref, Kind: LineKind(m.Kind), About: m.About, Amount: m.Amount,
			Total: money.Of(totals[c], c), At: m.At,
		}
		totals[c] -= m.Amount.Minor
	}
	return lines, next, nil
}
