package market

import (
	"context"
	"errors"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/job"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/pay"
	"guildhall/internal/store"
	"guildhall/internal/withdrawal"
)

// Withdraw takes an amount out of what the actor may withdraw. The money leaves
// the balance at once; the provider is asked after the commit and its answer
// comes as a message. Errors: fault.Invalid beside amount or account,
// fault.Forbidden without a seller profile.
func (m *Market) Withdraw(ctx context.Context, who member.Actor, key Key, amount money.Amount, account string) (withdrawal.Withdrawal, error) {
	if err := who.Need(member.ScopeSell); err != nil {
		return withdrawal.Withdrawal{}, err
	}
	input := struct {
		Amount  money.Amount
		Account string
	}{amount, account}
	return once(ctx, m, who, key, "withdraw", input, func(tx *store.Tx) (withdrawal.Withdrawal, error) {
		p := m.Policy()
		purse, err := tx.Purse(who.Member, p.Currency)
		if err != nil {
			return withdrawal.Withdrawal{}, err
		}
		now := m.Now()
		w, owner, set, err := withdrawal.Ask(now, ident.New[ident.Withdrawal](m.ids, now), purse, amount, account, p)
		if err != nil {
			return w, err
		}
		if err := tx.AddWithdrawal(w); err != nil {
			return w, err
		}
		return w, savePurse(tx, owner, set)
	})
}

// savePurse guards the owner's history first, so that of two movements at the
// same moment one starts anew, and then writes what happened.
func savePurse(tx *store.Tx, owner member.Member, set effect.Set) error {
	if len(set.Events) == 0 {
		return nil
	}
	if _, err := tx.SaveMember(owner); err != nil {
		return err
	}
	return tx.Carry(set)
}

// Withdrawals are the actor's withdrawals, newest first.
// Errors: fault.Invalid for a broken cursor.
func (m *Market) Withdrawals(ctx context.Context, who member.Actor, after Cursor, most int) (list []withdrawal.Withdrawal, next Cursor, err error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return nil, "", err
	}
	var before ident.Withdrawal
	parts, err := after.parts(1)
	if err != nil {
		return nil, "", err
	}
	if parts != nil {
		before = ident.Withdrawal(parts[0])
	}
	size := pageSize(most)
	err = m.store.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Withdrawals(who.Member, before, size+1)
		return err
	})
	if len(list) > size {
		list = list[:size]
		next = cursorOf(string(list[size-1].ID))
	}
	return list, next, err
}

// SendPayout asks the provider to send a withdrawal. The courier's job calls it
// until it succeeds; the provider does it once.
func (m *Market) SendPayout(ctx context.Context, id ident.Withdrawal) error {
	var w withdrawal.Withdrawal
	err := m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		w, err = tx.Withdrawal(id)
		return err
	})
	if err != nil || w.State != withdrawal.Asked {
		return err
	}
	if _, err = m.pay.Payout(ctx, pay.Payout{ID: string(w.ID), Member: w.Member, Amount: w.Amount, To: w.To}); err != nil {
		return err
	}
	return m.store.Update(ctx, func(tx *store.Tx) error {
		now := m.Now()
		j := job.New(jobPaidOut, string(w.ID), w.Asked, string(w.Member), errand{Withdrawal: w.ID}.payload(), now)
		j.RunAt = now.Add(unheard)
		return tx.AddJobs(j)
	})
}

// unheard is how long the provider's own message about money that leaves is waited for.
const unheard = time.Hour

// AskAboutPayout hears from the provider what it has told of a withdrawal of
// which no end was heard: its messages are given up in the end, and one that came
// back belongs to its owner again.
func (m *Market) AskAboutPayout(ctx context.Context, id ident.Withdrawal) error {
	var w withdrawal.Withdrawal
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		w, err = tx.Withdrawal(id)
		return err
	})
	if err != nil || w.State != withdrawal.Asked {
		return err
	}
	told, err := m.pay.PaidOut(ctx, string(id))
	if err == nil && len(told) == 0 {
		err = errors.New("market: the provider has not sent this withdrawal yet")
	}
	if err != nil {
		return err
	}
	return m.payoutHeard(ctx, told[0])
}

// payoutHeard writes down what the provider said about a withdrawal.
func (m *Market) payoutHeard(ctx context.Context, msg pay.Message) error {
	return m.store.Update(ctx, func(tx *store.Tx) error {
		w, err := tx.Withdrawal(ident.Withdrawal(msg.Payout))
		if err != nil {
			return missing(err, "There is no such withdrawal.")
		}
		purse, err := tx.Purse(w.Member, w.Amount.Currency)
		if err != nil {
			return err
		}
		next, owner, set, err := withdrawal.Hear(m.Now(), w, purse, withdrawal.Word{
			Provider: m.pay.Name(), Ref: msg.Outcome.Ref, Sent: msg.Kind == pay.PayoutSent, Why: msg.Outcome.Reason,
		})
		if err != nil || next.State == w.State {
			return err
		}
		if err := savePurse(tx, owner, set); err != nil {
			return err
		}
		if err := tx.SaveWithdrawal(next); err != nil {
			return err
		}
		return m.settled(tx, w.Member, set)
	})
}
