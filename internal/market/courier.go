package market

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/job"
	"guildhall/internal/member"
	"guildhall/internal/notice"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/review"
	"guildhall/internal/store"
	"guildhall/internal/withdrawal"
)

// courierBatch bounds what one transaction of the courier takes up.
const courierBatch = 200

// Courier takes a batch of events that nobody has told of yet and, in one
// transaction, writes the notices and puts down the jobs that they ask for. It
// tells how many it took; call it again until that is none. Any number of
// couriers may run at once, in any number of processes: each event is taken
// once, and what follows from it carries its name, so nothing is told twice.
func (m *Market) Courier(ctx context.Context) (int, error) { return m.courier(ctx, true) }

// DrainOutbox couriers and does jobs until nothing is left to do now: after the
// clock of a rehearsal was moved, and in tests.
func (m *Market) DrainOutbox(ctx context.Context) error { return m.drain(ctx, true, jobHands) }

// DrainQuietly is DrainOutbox without letters, one job after the other: for the
// past of a demo market, about which nobody wants mail, and which must come out
// the same each time.
func (m *Market) DrainQuietly(ctx context.Context) error { return m.drain(ctx, false, 1) }

func (m *Market) drain(ctx context.Context, letters bool, hands int) error {
	for {
		told, err := m.courier(ctx, letters)
		if err != nil {
			return err
		}
		done, err := m.runJobs(ctx, hands)
		if told+done == 0 || err != nil {
			return err
		}
	}
}

func (m *Market) courier(ctx context.Context, letters bool) (int, error) {
	n := 0
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		n = 0
		now := m.Now()
		events, err := tx.TakeEvents(now, courierBatch)
		if err != nil {
			return err
		}
		b := bag{m: m, tx: tx, now: now, letters: letters, facts: map[string]notice.Facts{}}
		for _, e := range events {
			if err := b.pack(ctx, e); err != nil {
				return err
			}
		}
		n = len(events)
		return b.deliver()
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// bag is what one round of the courier carries.
type bag struct {
	m       *Market
	tx      *store.Tx
	now     time.Time
	letters bool
	facts   map[string]notice.Facts // by stream
	notices []notice.Notice
	jobs    []job.Job
}

// errand is the payload of a job: what it concerns. The rows are the truth; the
// job reads them when it runs.
type errand struct {
	Member  ident.Member  `json:"member,omitempty"`
	Notice  ident.Notice  `json:"notice,omitempty"`
	Payment ident.Payment `json:"payment,omitempty"`
	Event   int           `json:"event,omitempty"` // that booked a refund
	Order   ident.Order   `json:"order,omitempty"`

	Withdrawal ident.Withdrawal `json:"withdrawal,omitempty"`
}

// The kinds of jobs.
const (
	jobLetter  = job.Kind("letter")         // a notice by mail
	jobRefund  = job.Kind("refund")         // a payment sent back by the provider
	jobBack    = job.Kind("refunded")       // the provider asked what became of a refund
	jobOwed    = job.Kind("refunds")        // whatever of an order waits to be sent back
	jobPayout  = job.Kind("payout")         // a withdrawal sent out by the provider
	jobPaidOut = job.Kind("paid_out")       // the provider asked what became of a withdrawal
	jobAsk     = job.Kind("payment")        // the provider asked about a payment without an answer
	jobReset   = job.Kind("reset_password") // a letter with a link of one use
)

// pack draws from one event what it asks for.
func (b *bag) pack(ctx context.Context, e effect.Event) error {
	facts, known, err := b.factsOf(ctx, e)
	if err != nil {
		return err
	}
	if !known {
		b.m.log.ErrorContext(ctx, "an event that nobody can be told of", "stream", e.Stream, "seq", e.Seq, "kind", e.Kind)
		return nil // one of them must not keep every other waiting
	}
	for _, n := range notice.For(e, facts) {
		b.notices = append(b.notices, n)
		if n.Mail && b.letters {
			b.put(e, jobLetter, string(n.To), errand{Member: n.To, Notice: n.ID})
		}
	}
	switch e.Kind {
	case order.RefundHanded, order.RefundOnItsWay, order.RefundWaits, order.RefundByBank: // they tell of refunds booked before
	default:
		for _, r := range e.Detail.Refunds {
			b.put(e, jobRefund, string(r.Payment), errand{Payment: r.Payment, Event: e.Seq})
		}
	}
	switch e.Kind {
	case withdrawal.EventAsked:
		id := e.Detail.Facts["withdrawal"]
		b.put(e, jobPayout, id, errand{Withdrawal: ident.Withdrawal(id)})
	case order.DisputeWasWon, order.DisputeWasLost: // refunds may have waited for it
		b.put(e, jobOwed, e.Stream, errand{Order: ident.Order(e.Stream)})
	case order.RequestToDesk:
		return b.m.openUnheard(b.tx, e)
	case member.ResetRequested:
		b.put(e, jobReset, e.Stream, errand{Member: ident.Member(e.Stream)})
	}
	return nil
}

func (b *bag) put(e effect.Event, kind job.Kind, to string, what errand) {
	from := e.Stream + ":" + strconv.Itoa(e.Seq)
	b.jobs = append(b.jobs, job.New(kind, from, e.At, to, what.payload(), b.now))
}

func (e errand) payload() string {
	payload, err := json.Marshal(e)
	if err != nil {
		panic("market: an errand cannot be written: " + err.Error()) // it is a few strings
	}
	return string(payload)
}

// askLater puts down the errand to ask about a payment that the provider gave no
// answer to, once it cannot be on its way any more. A payment is no event, so
// this errand does not come with the courier.
func askLater(tx *store.Tx, pm order.Payment, now time.Time) error {
	j := job.New(jobAsk, string(pm.ID), pm.Created, string(pm.Member), errand{Payment: pm.ID}.payload(), now)
	j.RunAt = now.Add(pay.InFlight)
	return tx.AddJobs(j)
}

// factsOf finds out what the rules need to know beyond the event.
func (b *bag) factsOf(ctx context.Context, e effect.Event) (facts notice.Facts, known bool, err error) {
	if facts, known = b.facts[e.Stream]; known {
		return facts, true, nil
	}
	if id, ok := notice.OfOrder(e); ok {
		facts, known, err = b.orderFacts(ctx, id)
	} else if id, ok := notice.OfOffer(e); ok {
		facts, known, err = b.offerFacts(ctx, id)
	} else if id, ok := notice.OfReview(e); ok {
		facts, known, err = b.orderFacts(ctx, review.OrderOf(id))
	} else if id, ok := notice.OfCase(e); ok {
		facts, known, err = b.caseFacts(ctx, id)
	} else if id, ok := notice.OfMember(e); ok {
		facts, known, err = b.memberFacts(id)
	} else if id, ok := notice.OfLevel(e); ok {
		facts, known, err = b.memberFacts(id)
	} else if id, ok := notice.OfThread(e); ok {
		facts, err = b.threadFacts(id)
		known = err == nil
	} else {
		known = notice.Known(e.Kind) // a gig's: silent
	}
	if fault.KindOf(missing(err, "gone")) == fault.KindNotFound {
		return facts, false, nil
	}
	if known {
		b.facts[e.Stream] = facts
	}
	return facts, known, err
}

func (b *bag) orderFacts(ctx context.Context, id ident.Order) (notice.Facts, bool, error) {
	facts, pinned, err := b.tx.NoticeFacts(id)
	if err != nil {
		return facts, false, err
	}
	facts.Policy, err = b.m.PolicyVersion(ctx, pinned)
	return facts, err == nil, err
}

func (b *bag) memberFacts(id ident.Member) (facts notice.Facts, known bool, err error) {
	who, err := b.tx.Member(id)
	facts.Self, facts.Currency = notice.Person{ID: id, Name: who.Name}, b.m.Policy().Currency
	return facts, err == nil, err
}

// threadFacts is who talks in a conversation, and how far they have read.
func (b *bag) threadFacts(id ident.Thread) (notice.Facts, error) {
	t, err := b.tx.Thread(id)
	if err != nil {
		return notice.Facts{}, err
	}
	facts := notice.Facts{ReadTo: map[ident.Member]int{}}
	for i, p := range []*notice.Person{&facts.Buyer, &facts.Seller} {
		who, err := b.tx.Member(t.Seats[i].Member)
		if err != nil {
			return facts, err
		}
		*p = notice.Person{ID: who.ID, Name: who.Name}
		facts.ReadTo[who.ID] = t.Seats[i].ReadNo
	}
	return facts, nil
}

// deliver writes everything down. Everybody's rows are touched in one order, so
// that two couriers never wait for each other in a circle.
func (b *bag) deliver() error {
	slices.SortFunc(b.notices, func(x, y notice.Notice) int {
		return cmp.Or(cmp.Compare(x.To, y.To), cmp.Compare(x.ID, y.ID))
	})
	if err := b.tx.AddNotices(b.notices); err != nil {
		return err
	}
	return b.tx.AddJobs(b.jobs...)
}
