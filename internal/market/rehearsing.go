package market

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/rehearsal"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// Rehearsing is what a policy is rehearsed on.
type Rehearsing struct {
	Name   string    // of the file, for the words of its faults
	Source string    // the policy
	At     time.Time // from when it would be in force; zero is the earliest possible moment
	From   time.Time // orders placed at or after this instant; zero for all
	To     time.Time // and before this one; zero for all
}

// PolicyRehearsal is what a policy would do, and would have done.
type PolicyRehearsal struct {
	Old, New policy.Version
	Changes  []policy.Change
	At       time.Time // from when it would be in force
	Until    time.Time // levels were let run on until then
	From, To time.Time // of the orders
	*rehearsal.Summary
}

// RehearsalStep is how far a rehearsal has come.
type RehearsalStep struct {
	Sellers, Orders int
	Share           int // of the way, in percent; nearly
}

// sellersAtOnce and ordersAtOnce are how much a rehearsal reads at a time.
const (
	sellersAtOnce = 200
	ordersAtOnce  = 1000
)

// RehearsePolicy tells what a policy would do to every seller and what it would
// have done to every order that is over. It reads and never writes. step hears
// from time to time how far it is; nil where nobody listens.
// Errors: policy.Faults; fault.NotFound unless the actor runs the house;
// fault.Invalid beside effective; fault.Conflict where nothing differs.
func (m *Market) RehearsePolicy(ctx context.Context, who member.Actor, in Rehearsing, step func(RehearsalStep)) (PolicyRehearsal, error) {
	r, err := m.rehearsalOf(who, in)
	if err != nil {
		return r, err
	}
	if step == nil {
		step = func(RehearsalStep) {}
	}
	run := rehearsing{m: m, out: &r, tell: step, now: m.Now()}
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error { return run.sellers(ctx) })
	both.Go(func() error { return run.orders(ctx) })
	if err := both.Wait(); err != nil {
		return r, err
	}
	r.Done()
	return r, nil
}

// rehearsalOf prepares a rehearsal and tells what is wrong with it.
func (m *Market) rehearsalOf(who member.Actor, in Rehearsing) (PolicyRehearsal, error) {
	if err := who.NeedOperator(); err != nil {
		return PolicyRehearsal{}, err
	}
	doc, err := policy.Parse(in.Name, []byte(in.Source))
	if err != nil {
		return PolicyRehearsal{}, err
	}
	now := m.Now()
	at := in.At.UTC().Truncate(time.Microsecond)
	if in.At.IsZero() {
		at = now.Add(PolicyLead)
	}
	r := PolicyRehearsal{
		Old: m.PolicyAt(at), New: policy.Version{ID: "policy_rehearsed", Effective: at, Document: doc},
		At: at, From: in.From, To: in.To, Summary: rehearsal.NewSummary(),
	}
	if err := policy.CheckSuccessor(now, m.latestPolicy(), r.New); err != nil {
		return r, err
	}
	if r.New.Currency != r.Old.Currency {
		return r, fault.Invalid("currency", "A house keeps its currency: what has been earned in one cannot be compared with thresholds in another.")
	}
	r.Changes = policy.Diff(r.Old.Document, doc)
	r.Until = rehearsal.Horizon(at, r.Old, r.New)
	return r, nil
}

// latestPolicy is the version that takes effect last, which the next one follows.
func (m *Market) latestPolicy() policy.Version {
	known := *m.policy.Load()
	return known[len(known)-1]
}

// rehearsing is one rehearsal under way. Sellers and orders are looked at side
// by side.
type rehearsing struct {
	m    *Market
	out  *PolicyRehearsal
	tell func(RehearsalStep)
	now  time.Time

	mu   sync.Mutex // over what follows, and over the sums of out
	done RehearsalStep
	way  struct{ sellers, orders int } // in percent
}

// add counts a page and tells how far it is.
func (r *rehearsing) add(count func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	count()
	r.done.Share = (r.way.sellers + r.way.orders) / 2
	r.tell(r.done)
}

// sellers lets every level run on.
func (r *rehearsing) sellers(ctx context.Context) error {
	for after := ident.Member(""); ; {
		var page []rehearsal.Seller
		err := r.m.store.View(ctx, func(tx *store.Tx) (err error) {
			page, err = r.m.sellersAsOf(tx, after, sellersAtOnce, r.out.At)
			return err
		})
		if err != nil {
			return err
		}
		if len(page) == 0 {
			r.add(func() { r.way.sellers = 100 })
			return nil
		}
		fates := make([]rehearsal.Fate, len(page))
		for i, s := range page {
			if err := ctx.Err(); err != nil {
				return err
			}
			fates[i] = rehearsal.Foretell(s, r.out.At, r.out.Until, r.out.Old, r.out.New)
		}
		after = page[len(page)-1].Member
		r.add(func() {
			for _, f := range fates {
				r.out.Summary.Seller(f)
			}
			r.done.Sellers += len(page)
			r.way.sellers = r.share(ident.Born(after))
		})
	}
}

// share is how far somebody born at an instant lies between the house's first
// day and now, in percent: ids sort by birth.
func (r *rehearsing) share(born time.Time) int {
	first := r.first()
	if all := r.now.Sub(first); all > 0 && born.After(first) {
		return int(min(100*born.Sub(first)/all, 100))
	}
	return 0
}

func (r *rehearsing) first() time.Time {
	known := *r.m.policy.Load()
	return ident.Born(known[0].ID)
}

// sellersAsOf reads some sellers with their whole past, and with their levels as
// they would be just before an instant if nothing else happens.
func (m *Market) sellersAsOf(tx *store.Tx, after ident.Member, n int, at time.Time) ([]rehearsal.Seller, error) {
	sellers, err := tx.SellersAfter(after, n)
	if err != nil || len(sellers) == 0 {
		return nil, err
	}
	pasts, err := tx.PastsBetween(sellers[0].Member, sellers[len(sellers)-1].Member)
	if err != nil {
		return nil, err
	}
	list := make([]rehearsal.Seller, len(sellers))
	for i, s := range sellers {
		past := standing.Past{From: s.From}
		if read := pasts[s.Member]; read != nil {
			past.Lines, past.Warnings, past.Buyers = read.Lines, read.Warnings, read.Buyers
		}
		if _, err := m.settleLevel(tx, &s, at.Add(-time.Microsecond)); err != nil {
			return nil, err
		}
		list[i] = rehearsal.Seller{Member: s.Member, Past: past, State: s.State}
	}
	return list, nil
}

// orders decides the end of every order of the span once more.
func (r *rehearsing) orders(ctx context.Context) error {
	after, before := ident.Order(""), ident.Order("order_~")
	if !r.out.From.IsZero() {
		after = ident.First[ident.Order](r.out.From)
	}
	if !r.out.To.IsZero() {
		before = ident.First[ident.Order](r.out.To)
	}
	for {
		var page []order.Order
		err := r.m.store.View(ctx, func(tx *store.Tx) (err error) {
			page, err = tx.OrdersByID(after, before, ordersAtOnce)
			if err != nil {
				return err
			}
			return heardAgain(tx, page)
		})
		if err != nil {
			return err
		}
		if len(page) == 0 {
			r.add(func() { r.way.orders = 100 })
			return nil
		}
		looks := make([]rehearsal.Look, 0, len(page))
		for _, o := range page {
			l, over, err := r.m.lookAgain(ctx, o, r.out.New)
			if err != nil {
				return err
			}
			if over {
				looks = append(looks, l)
			}
		}
		after = page[len(page)-1].ID
		r.add(func() {
			for _, l := range looks {
				r.out.Summary.Order(l)
			}
			r.done.Orders += len(page)
			r.way.orders = r.share(ident.Born(after))
		})
	}
}

func (m *Market) lookAgain(ctx context.Context, o order.Order, next policy.Version) (rehearsal.Look, bool, error) {
	pinned, err := m.PolicyVersion(ctx, o.Policy)
	if err != nil {
		return rehearsal.Look{}, false, err
	}
	return rehearsal.LookAt(o, pinned, next)
}

// heardAgain hands in the buyer's last words where a silence may be weighed anew.
func heardAgain(tx *store.Tx, page []order.Order) error {
	for i, o := range page {
		if o.Class != policy.ClassUnanswered || o.Life.Ending == nil || o.Life.Ending.By != policy.PartySeller {
			continue
		}
		said, _, err := tx.LastSaid(o.Buyer, o.Seller, o.EndedAt)
		if err != nil {
			return err
		}
		page[i].BuyerSaid = said
	}
	return nil
}
