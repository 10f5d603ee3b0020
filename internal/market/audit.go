package market

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/order"
	"guildhall/internal/store"
	"guildhall/internal/withdrawal"
)

// Finding is one thing that must never be: an invariant that does not hold.
type Finding struct {
	Rule    string `json:"rule"`    // history, deadline, money, balances, counts, seals, provider, files, access, standing …
	Subject string `json:"subject"` // an order's short name where there is one, else an id, account or key
	What    string `json:"what"`    // in words
}

// auditPage is how many orders are looked at together.
const auditPage = 500

// Audit looks at everything the house remembers and says what contradicts the
// rules or itself; a sound house gives nothing. It sees one moment, works while
// the house is open and holds a few hundred orders in memory. say is told how
// many orders were looked at so far; nil tells nobody.
func (m *Market) Audit(ctx context.Context, say func(orders int)) ([]Finding, error) {
	if say == nil {
		say = func(int) {}
	}
	if err := m.RefreshPolicy(ctx); err != nil {
		return nil, err
	}
	a := audit{m: m}
	err := m.store.View(ctx, func(tx *store.Tx) error {
		a.tx, a.found, a.broken = tx, nil, map[ident.Order]bool{}
		if err := a.orders(ctx, say); err != nil {
			return err
		}
		odd, err := tx.AuditHouse()
		for _, o := range odd {
			a.found = append(a.found, Finding(o))
		}
		if err != nil {
			return err
		}
		for _, look := range []func(context.Context) error{a.offers, a.reviews, a.responses, a.levels, a.purses, a.seals, a.provider, a.answers, a.files, a.sizes, a.words} {
			if err := look(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return a.found, err
}

type audit struct {
	m      *Market
	tx     *store.Tx
	found  []Finding
	broken map[ident.Order]bool // those that cannot be read, said once
}

func (a *audit) finding(rule, subject, format string, args ...any) {
	a.found = append(a.found, Finding{rule, subject, fmt.Sprintf(format, args...)})
}

func (a *audit) orders(ctx context.Context, say func(int)) error {
	var after ident.Order
	for n := 0; ; {
		cases, err := a.tx.AuditOrders(after, auditPage)
		if err != nil || len(cases) == 0 {
			return err
		}
		for _, c := range cases {
			if err := a.order(ctx, c); err != nil {
				return err
			}
		}
		if err := a.figures(ctx, cases); err != nil {
			return err
		}
		n += len(cases)
		say(n)
		after = cases[len(cases)-1].Order.ID
	}
}

// purses verifies the chains of what members took out and paid off.
func (a *audit) purses(context.Context) error {
	last := "member"
	for {
		stream, entries, err := a.tx.AuditPurse(last)
		if err != nil || stream == "" {
			return err
		}
		if _, problems := chained(entries); len(problems) > 0 {
			a.finding("money", stream, "%s", problems[0])
		}
		if err := a.settlements(stream, entries); err != nil {
			return err
		}
		last = stream
	}
}

// settlements compares what paid off a member's debts with their history.
func (a *audit) settlements(stream string, entries []ledger.Entry) error {
	paid := map[int64][]int64{} // by the instant
	for _, e := range entries {
		if e.Kind == ledger.KindSettle {
			paid[e.At.UnixMicro()] = append(paid[e.At.UnixMicro()], e.Postings[1].Minor)
		}
	}
	if len(paid) == 0 {
		return nil
	}
	events, err := a.tx.Events(stream)
	for _, e := range events {
		at := e.At.UnixMicro()
		if e.Kind != withdrawal.EventSettled {
			continue
		}
		if len(paid[at]) == 0 || paid[at][0] != e.Detail.Amount {
			a.finding("money", stream, "its history says that %d of a debt was settled by event %d; the books do not", e.Detail.Amount, e.Seq)
			continue
		}
		paid[at] = paid[at][1:]
	}
	for _, left := range paid {
		if len(left) > 0 {
			a.finding("money", stream, "the books settle %d of a debt; its history does not know of it", left[0])
		}
	}
	return err
}

// seals verifies the chain of seals and that each binds just its entries.
func (a *audit) seals(context.Context) error {
	var last ledger.Seal
	for {
		page, err := a.tx.AuditSeals(last.No)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, s := range page {
			if want := ledger.NewSeal(last, s.At, s.Hashes); want != s.Seal {
				a.finding("seals", fmt.Sprintf("seal %d", s.No), "it does not bind the %d entries that carry its number, or does not follow seal %d", len(s.Hashes), last.No)
			}
			last = s.Seal
		}
	}
}

// provider explains the clearing account by the provider's own statement. What
// the provider has yet to tell may be missing in the books.
func (a *audit) provider(context.Context) error {
	lines, err := a.tx.AuditClearing()
	for _, l := range lines {
		message := ""
		payment := l.Ref
		if len(payment) > 3 {
			payment = payment[3:] // without the provider's prefix
		}
		switch {
		case l.Kind == "charge" && l.Booked == 0:
			message = "msg_charge_succeeded_" + payment
		case l.Kind == "refund":
			message = "msg_refund_sent_" + payment + "." // and the event that booked it
		case l.Kind == "chargeback" && l.Booked == 0:
			message = "msg_dispute_lost_" + payment
		case l.Kind == "payout" && l.Booked == 0:
			message = "msg_payout_sent_" + payment
		}
		waits := false
		if message != "" {
			if waits, err = a.tx.MessageWaits(message); err != nil {
				return err
			}
		}
		if !waits {
			a.finding("provider", l.Ref, "the books say that %d moved as %s, the provider's statement says %d", l.Booked, l.Kind, l.Moved)
		}
	}
	return err
}

// answers looks at what was promised to be answered alike for as long as it is kept.
func (a *audit) answers(context.Context) error {
	var last store.Kept
	for {
		page, err := a.tx.AuditAnswers(last)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, k := range page {
			if err := a.answer(k); err != nil {
				return err
			}
		}
		last = page[len(page)-1]
	}
}

func (a *audit) answer(k store.Kept) error {
	subject := string(k.Member) + " " + k.Key
	if len(k.Hash) != 64 || !json.Valid(k.Answer) {
		a.finding("access", subject, "the answer kept for this key cannot be given again")
		return nil
	}
	id := orderAnswered(k.Answer)
	if id == "" || a.broken[id] {
		return nil
	}
	o, err := a.tx.Order(id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		a.finding("access", subject, "the answer kept for this key is about an order that does not exist")
		return nil
	case err == nil && o.Buyer != k.Member && o.Seller != k.Member:
		a.finding("access", subject, "the answer kept for this key is about %s, an order of others", o.Ref)
	}
	return err
}

// orderAnswered is the order that an answer is about, empty for none. A case has an
// Order too, but is kept for the agents who work on it: a struct would take the
// one for the other, since it looks at no capitals.
func orderAnswered(answer []byte) (id ident.Order) {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(answer, &fields) // an answer may be no object
	_ = json.Unmarshal(fields["order"], &id)
	return id
}

// files verifies the bytes of every upload against its hash.
func (a *audit) files(ctx context.Context) error {
	var last ident.File
	for {
		page, err := a.tx.AuditFiles(last)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, f := range page {
			a.bytes(ctx, f)
		}
		last = page[len(page)-1].ID
	}
}

func (a *audit) sizes(ctx context.Context) error {
	var last store.AuditFile
	for {
		page, err := a.tx.AuditSizes(last.ID, last.Name)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, f := range page {
			a.bytes(ctx, f)
		}
		last = page[len(page)-1]
	}
}

func (a *audit) bytes(ctx context.Context, f store.AuditFile) {
	if a.m.blobs == nil {
		return
	}
	if err := a.m.blobs.Verify(ctx, f.Hash); err != nil {
		a.finding("files", string(f.ID), "%s: %v", f.Name, err)
	}
}

// order looks at one order from all sides.
func (a *audit) order(ctx context.Context, c store.Case) error {
	subject := c.Order.Ref
	if c.Broken != "" {
		a.broken[c.Order.ID] = true
		a.finding("history", subject, "%s", c.Broken)
		return nil
	}
	p, err := a.m.PolicyVersion(ctx, c.Order.Policy)
	if fault.KindOf(err) == fault.KindNotFound {
		a.finding("history", subject, "it pins a policy that does not exist: %s", c.Order.Policy)
		return nil
	}
	if err != nil {
		return err
	}
	for _, problem := range retold(a.tx, c, p) {
		a.finding(problem.Rule, subject, "%s", problem.What)
	}
	for _, problem := range booked(c, p) {
		a.finding(problem.Rule, subject, "%s", problem.What)
	}
	if _, err := order.Replay(c.Events); err != nil {
		a.finding("history", subject, "%v", err)
	}
	return a.bought(c)
}
