package store

import (
	"cmp"
	"slices"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/store/db"
)

// What the play provider remembers. The words in State, Verdict and Kind are
// its own; this room only keeps them.
type (
	// SandboxCharge is one attempt to take money.
	SandboxCharge struct {
		Payment                ident.Payment
		State, Verdict, Reason string
		Brand, Last4           string
		Amount, Refunded       money.Amount
		About, Back            string
		SettlesAt              time.Time // zero when it does not settle by itself
		CreatedAt              time.Time
	}

	// SandboxMove is one line of the statement.
	SandboxMove struct {
		Ref, Kind, About string
		Amount           money.Amount
		At               time.Time
	}

	// SandboxMessage is something to tell the house.
	SandboxMessage struct {
		ID       string
		Body     []byte
		BornAt   time.Time
		Attempts int
	}
)

// AddSandboxCharge writes a charge; ErrStale when somebody has done so since it
// was looked for.
func (tx *Tx) AddSandboxCharge(c SandboxCharge) error {
	_, err := tx.fenced.SandboxChargeInsert(tx.ctx, db.SandboxChargeInsertParams{
		Payment: string(c.Payment), State: c.State, Verdict: c.Verdict, Reason: c.Reason, Brand: c.Brand, Last4: c.Last4,
		Amount: c.Amount.Minor, Currency: string(c.Amount.Currency), About: c.About, Back: c.Back,
		SettlesAt: microsOrNull(c.SettlesAt), CreatedAt: micros(c.CreatedAt),
	})
	return stale(err)
}

// SandboxCharge reads a charge. Errors: ErrNotFound.
func (tx *Tx) SandboxCharge(id ident.Payment) (SandboxCharge, error) {
	r, err := tx.q.SandboxCharge(tx.ctx, string(id))
	if err != nil {
		return SandboxCharge{}, err
	}
	currency := money.Currency(r.Currency)
	return SandboxCharge{
		Payment: ident.Payment(r.Payment), State: r.State, Verdict: r.Verdict, Reason: r.Reason,
		Brand: r.Brand, Last4: r.Last4, Amount: money.Of(r.Amount, currency), Refunded: money.Of(r.Refunded, currency),
		About: r.About, Back: r.Back, SettlesAt: fromMicrosOrNull(r.SettlesAt), CreatedAt: fromMicros(r.CreatedAt),
	}, nil
}

// SandboxChargesSettling are the charges that settle by now, at most n.
func (tx *Tx) SandboxChargesSettling(now time.Time, n int) ([]ident.Payment, error) {
	rows, err := tx.q.SandboxChargesSettling(tx.ctx, microsOrNull(now), int64(n))
	return rowsOf(rows, func(id string) ident.Payment { return ident.Payment(id) }), err
}

// SettleSandboxCharge gives a charge its final state; ErrStale when it has left
// the state in which it was read.
func (tx *Tx) SettleSandboxCharge(was SandboxCharge, state, reason string, at time.Time) error {
	_, err := tx.fenced.SandboxChargeSettle(tx.ctx, db.SandboxChargeSettleParams{
		Payment: string(was.Payment), Was: was.State, State: state, Reason: reason, ChangedAt: micros(at),
	})
	return stale(err)
}

// DisputeSandboxCharge takes a dispute to its next step; the zero instant when
// there is none. ErrStale when somebody was first.
func (tx *Tx) DisputeSandboxCharge(was SandboxCharge, verdict string, settles, at time.Time) error {
	_, err := tx.fenced.SandboxChargeDispute(tx.ctx, db.SandboxChargeDisputeParams{
		Payment: string(was.Payment), Was: was.Verdict, Verdict: verdict, SettlesAt: microsOrNull(settles), ChangedAt: micros(at),
	})
	return stale(err)
}

// RefundSandboxCharge counts a part of a charge as given back; false when so
// much of it was never taken or is gone already.
func (tx *Tx) RefundSandboxCharge(id ident.Payment, a money.Amount, at time.Time) (bool, error) {
	_, err := tx.q.SandboxChargeGiveBack(tx.ctx, db.SandboxChargeGiveBackParams{
		Payment: string(id), Minor: a.Minor, Currency: string(a.Currency), ChangedAt: micros(at),
	})
	if isNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// AddSandboxMove writes a line whose reference is known to be new.
func (tx *Tx) AddSandboxMove(m SandboxMove) error {
	return tx.q.SandboxMoveInsert(tx.ctx, db.SandboxMoveInsertParams(moveRow(m)))
}

// AddSandboxMoveOnce writes a line, or returns the one with the same reference.
func (tx *Tx) AddSandboxMoveOnce(m SandboxMove) (kept SandboxMove, added bool, err error) {
	_, err = tx.q.SandboxMoveOnce(tx.ctx, moveRow(m))
	if !isNotFound(err) {
		return m, err == nil, err
	}
	r, err := tx.q.SandboxMove(tx.ctx, m.Ref)
	return moveOf(r), false, err
}

// SandboxMoves is a page of the statement, newest first: the lines before a
// place, and what all the lines before that place sum to in each currency.
func (tx *Tx) SandboxMoves(at time.Time, ref string, n int) ([]SandboxMove, map[money.Currency]int64, error) {
	rows, err := tx.q.SandboxMovesBefore(tx.ctx, micros(at), ref, int64(n))
	if err != nil {
		return nil, nil, err
	}
	sums, err := tx.q.SandboxTotalsBefore(tx.ctx, micros(at), ref)
	totals := map[money.Currency]int64{}
	for _, s := range sums {
		totals[money.Currency(s.Currency)] = s.Minor
	}
	return rowsOf(rows, moveOf), totals, err
}

func moveRow(m SandboxMove) db.SandboxMoveOnceParams {
	return db.SandboxMoveOnceParams{
		ID: m.Ref, Kind: m.Kind, About: m.About, Minor: m.Amount.Minor,
		Currency: string(m.Amount.Currency), At: micros(m.At),
	}
}

func moveOf(r db.SandboxMove) SandboxMove {
	return SandboxMove{
		Ref: r.ID, Kind: r.Kind, About: r.About,
		Amount: money.Of(r.Minor, money.Currency(r.Currency)), At: fromMicrosOrNull(&r.At),
	}
}

// AddSandboxMessage writes a message to be told from its birth on.
func (tx *Tx) AddSandboxMessage(m SandboxMessage) error {
	return tx.q.SandboxMessageInsert(tx.ctx, db.SandboxMessageInsertParams{
		ID: m.ID, Body: string(m.Body), BornAt: micros(m.BornAt), NextAt: microsOrNull(m.BornAt),
	})
}

// SandboxMessage is what a message says, told or not. Errors: ErrNotFound.
func (tx *Tx) SandboxMessage(id string) ([]byte, error) {
	body, err := tx.q.SandboxMessageByID(tx.ctx, id)
	return []byte(body), err
}

// ClaimSandboxMessages takes the oldest n messages that are due; nobody else
// gets them before the lease ends.
func (tx *Tx) ClaimSandboxMessages(now, lease time.Time, n int) ([]SandboxMessage, error) {
	rows, err := tx.q.SandboxMessagesClaim(tx.ctx, microsOrNull(lease), microsOrNull(now), int64(n))
	if err != nil {
		return nil, err
	}
	messages := rowsOf(rows, func(r db.SandboxMessagesClaimRow) SandboxMessage {
		return SandboxMessage{ID: r.ID, Body: []byte(r.Body), BornAt: fromMicros(r.BornAt), Attempts: int(r.Attempts)}
	})
	slices.SortFunc(messages, func(a, b SandboxMessage) int {
		return cmp.Or(a.BornAt.Compare(b.BornAt), cmp.Compare(a.ID, b.ID))
	})
	return messages, nil
}

// SandboxMessageTold records that a message has arrived.
func (tx *Tx) SandboxMessageTold(id string, at time.Time) error {
	return tx.q.SandboxMessageDelivered(tx.ctx, id, microsOrNull(at))
}

// SandboxMessageRefused records why a message has not arrived and when it is
// told again; the zero time gives it up.
func (tx *Tx) SandboxMessageRefused(id string, again time.Time, problem string) error {
	return tx.q.SandboxMessageFailed(tx.ctx, id, microsOrNull(again), problem)
}

// SandboxNext is the earliest instant at which the sandbox has something to
// do; zero when it has nothing.
func (tx *Tx) SandboxNext() (time.Time, error) {
	tell, err := tx.q.SandboxNextMessage(tx.ctx)
	if err != nil && !isNotFound(err) {
		return time.Time{}, err
	}
	settle, err := tx.q.SandboxNextSettling(tx.ctx)
	if err != nil && !isNotFound(err) {
		return time.Time{}, err
	}
	if tell == nil || settle != nil && *settle < *tell {
		tell = settle
	}
	return fromMicrosOrNull(tell), nil
}
