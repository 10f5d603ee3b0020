package market

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
	"guildhall/internal/store"
)

// retold decides an order's whole life again: every move that a person or the
// provider made goes through order.Decide at its instant, under the policy that
// the order pins, and what comes out must be what is written down, to the last
// deadline and cent. So a state that no event led to, a move that its actor was
// not allowed, a class that does not follow from the path, a deadline fired
// early or twice and an entry that no recipe made all show here.
func retold(tx *store.Tx, c store.Case, p policy.Version) []Finding {
	if len(c.Events) == 0 {
		return []Finding{{Rule: "history", What: "it has no history"}}
	}
	first := c.Events[0]
	draft := order.Draft{
		ID: c.Order.ID, Ref: c.Order.Ref, Buyer: c.Order.Buyer, Seller: c.Order.Seller, Gig: c.Order.Gig, Quote: c.Order.Agreement,
	}
	if err := asBought(&draft, c.Events); err != nil {
		return []Finding{{Rule: "history", What: err.Error()}}
	}
	o, set, err := order.New(first.At, draft, actorOf(first), p)
	if err != nil {
		return []Finding{{Rule: "history", What: "the rules would not have opened it: " + err.Error()}}
	}
	o.Version, o.SellerLevel = c.Order.Version, c.Order.Life.ClearsFor // whether they had it then is looked at beside
	for _, e := range c.Events[1:] {
		if e.Role == member.RoleClock || e.Seq <= o.Seq || e.Kind == order.RequestOvertaken {
			continue // fired by itself in the moves that follow, or part of the move before or after
		}
		move, err := moveOf(tx, c, e)
		if err != nil {
			return []Finding{{Rule: "history", What: fmt.Sprintf("event %d (%s): %v", e.Seq, e.Kind, err)}}
		}
		if err := heardOf(tx, &o, e.At); err != nil {
			return []Finding{{Rule: "history", What: err.Error()}}
		}
		next, more, err := order.Decide(e.At, o, actorOf(e), move, p)
		if err != nil {
			return []Finding{{Rule: "history", What: fmt.Sprintf("the rules would not have allowed event %d (%s): %v", e.Seq, e.Kind, err)}}
		}
		o = next
		set.Add(more)
	}
	last := c.Events[len(c.Events)-1]
	if last.Role == member.RoleClock {
		if err := heardOf(tx, &o, last.At); err != nil {
			return []Finding{{Rule: "history", What: err.Error()}}
		}
		next, more, err := order.Decide(last.At, o, member.Clock(), order.Tick{}, p)
		if err != nil {
			return []Finding{{Rule: "deadline", What: "the clock would have failed: " + err.Error()}}
		}
		o = next
		set.Add(more)
	}
	return differences(c, o, set, p)
}

// asBought puts back what was bought before a swap took its place.
func asBought(d *order.Draft, events []effect.Event) error {
	i := slices.IndexFunc(events, func(e effect.Event) bool { return e.Kind == order.Swapped })
	if i < 0 {
		return nil
	}
	var before resolution.Into
	err := json.Unmarshal(events[i].Detail.Proposal, &before)
	d.Gig, d.Quote = before.Gig, before.Quote
	return err
}

func actorOf(e effect.Event) member.Actor {
	return member.Actor{Member: e.Actor, Role: e.Role}
}

// moveOf is the move that an event was made by.
func moveOf(tx *store.Tx, c store.Case, e effect.Event) (order.Move, error) {
	d := e.Detail
	switch e.Kind {
	case order.Paid, order.PaymentReturned:
		return paymentMove(c, e)
	case order.Undone:
		return order.Undo{Cause: d.Facts["cause"]}, nil
	case order.RequirementsIn:
		return order.Submit{Answers: c.Order.Life.Answers}, nil
	case order.RequirementsWaived:
		return order.Waive{}, nil
	case order.ProgressShown:
		return order.Progress{Text: d.Text, Files: d.Files}, nil
	case order.Commented:
		return order.Comment{On: d.Of, Text: d.Text}, nil
	case order.DelayNoticed:
		return order.Delay{Reason: d.Text}, nil
	case order.DeliveredWork:
		began, err := uploadBegan(tx, c, d.Files)
		return order.Deliver{Text: d.Text, Files: d.Files, UploadBegan: began}, err
	case order.ReviewExtended:
		return order.ExtendReview{}, nil
	case order.RevisionAsked:
		return order.Revise{Text: d.Text, Lines: d.Lines, Fault: d.Facts["counted"] == "false"}, nil
	case order.Accepted:
		return order.Accept{}, nil
	case order.CancelledLate:
		return order.CancelLate{}, nil
	case order.CancelledStale:
		return order.CancelStale{}, nil
	case order.RefundHanded:
		return order.RefundSent{Event: d.Of, Payment: d.Refunds[0].Payment}, nil
	case order.RefundOnItsWay:
		return order.RefundConfirmed{Event: d.Of, Payment: d.Refunds[0].Payment}, nil
	case order.RefundWaits:
		return order.RefundDisputed{Event: d.Of, Payment: d.Refunds[0].Payment}, nil
	case order.RefundByBank:
		return order.RefundOvertaken{Event: d.Of, Payment: d.Refunds[0].Payment}, nil
	case order.PutOnHold:
		return order.HoldOrder{Reason: d.Text}, nil
	case order.TakenOffHold:
		return order.Release{}, nil
	}
	return requestMove(c, e)
}

// requestMove is the move behind an event about a request, or of the house or
// the bank.
func requestMove(c store.Case, e effect.Event) (order.Move, error) {
	d := e.Detail
	switch e.Kind {
	case order.RequestAsked:
		var a resolution.Proposal
		if err := json.Unmarshal(d.Proposal, &a); err != nil {
			return nil, err
		}
		if d.Of != 0 {
			return order.Counter{No: d.Of, Proposal: a}, nil
		}
		return order.Ask{Proposal: a}, nil
	case order.RequestAgreed:
		return order.Agree{No: d.Of, Cause: d.Facts["cause"]}, nil
	case order.RequestDeclined:
		return order.Decline{No: d.Of, Text: d.Text}, nil
	case order.RequestWithdrawn:
		return order.Withdraw{No: d.Of}, nil
	case order.RequestPaid:
		pm, err := paymentOf(c, func(p order.Payment) bool { return p.Ref == d.Provider })
		return order.PayMore{Charge: pm.Charge(), No: d.Of}, err
	case order.Nudged:
		return order.Nudge{Text: d.Text}, nil
	case order.CauseSaid:
		return order.SayCause{Cause: d.Facts["cause"]}, nil
	}
	return decidedMove(c, e)
}

// decidedMove is the move behind an event of the house or the bank. What the
// seller could withdraw at the time stands in the entry that was booked.
func decidedMove(c store.Case, e effect.Event) (order.Move, error) {
	d := e.Detail
	switch e.Kind {
	case order.ForcedCancel:
		end := c.Order.Life.Ending
		if end == nil {
			return nil, fmt.Errorf("it has no ending")
		}
		return order.ForceCancel{Fault: end.Fault, Cause: end.Cause, Share: end.Share}, nil
	case order.ForcedComplete:
		return order.ForceComplete{}, nil
	case order.PartRefunded, order.RefundedInFull:
		share, err := policy.ParsePercent(d.Facts["share"])
		return order.ForceRefund{Fault: order.Fault(d.Facts["fault"]), Share: share.BP(), Available: couldTake(c, e)}, err
	case order.ModeratedAway:
		if c.Order.Life.Ending == nil {
			return nil, fmt.Errorf("it has no ending")
		}
		return order.Moderate{Why: c.Order.Life.Ending.Why}, nil
	case order.DisputeOpened:
		return order.Dispute{Payment: ident.Payment(d.Facts["payment"]), Reason: d.Text, Until: d.Until}, nil
	case order.DisputeWasWon:
		return order.DisputeWon{Payment: ident.Payment(d.Facts["payment"])}, nil
	case order.DisputeWasLost:
		pm, err := paymentOf(c, func(p order.Payment) bool { return p.Ref == d.Provider })
		return order.DisputeLost{Payment: pm.ID, Taken: d.Amount, Available: couldTake(c, e)}, err
	}
	return nil, fmt.Errorf("nobody can make this happen")
}

// couldTake is what was taken from the seller's available money at an instant.
func couldTake(c store.Case, e effect.Event) int64 {
	var taken int64
	for _, entry := range c.Entries {
		if entry.Kind != ledger.KindTakeBack || !entry.At.Equal(e.At) {
			continue
		}
		for _, p := range entry.Postings {
			if p.Account == ledger.Available(c.Order.Seller) {
				taken -= p.Minor
			}
		}
	}
	return taken
}

// paymentMove is the payment behind an event, with the sale that it met.
func paymentMove(c store.Case, e effect.Event) (order.Move, error) {
	pm, err := paymentOf(c, func(p order.Payment) bool { return p.Ref == e.Detail.Provider })
	if e.Detail.Facts["why"] == "request_over" {
		return order.PayMore{Charge: pm.Charge(), No: -1}, err
	}
	sale := order.Sale{Open: true, Capacity: true, Price: pm.Amount}
	switch e.Detail.Facts["why"] {
	case "not_for_sale":
		sale.Open = false
	case "offer_ended":
		sale.Open, sale.Ended = false, true
	case "fully_booked":
		sale.Capacity = false
	case "price_changed":
		sale.Price = money.Zero(c.Order.Total.Currency)
	}
	return order.Place{Charge: pm.Charge(), Sale: sale}, err
}

func paymentOf(c store.Case, is func(order.Payment) bool) (order.Payment, error) {
	if i := slices.IndexFunc(c.Payments, is); i >= 0 {
		return c.Payments[i], nil
	}
	return order.Payment{}, fmt.Errorf("there is no such payment")
}

// uploadBegan is when the first file of a delivery began to arrive. All of them
// must be the seller's, handed in for this order.
func uploadBegan(tx *store.Tx, c store.Case, files []ident.File) (began time.Time, err error) {
	for _, id := range files {
		f, err := tx.File(id)
		if err != nil || f.Owner != c.Order.Seller || f.Subject != string(c.Order.ID) {
			return began, fmt.Errorf("the file %s is not there or not of this order", id)
		}
		if began.IsZero() || f.Created.Before(began) {
			began = f.Created
		}
	}
	return began, nil
}

// differences compares what is written down with what the rules made of it.
func differences(c store.Case, o order.Order, set effect.Set, p policy.Version) []Finding {
	var found []Finding
	add := func(rule, format string, args ...any) {
		found = append(found, Finding{Rule: rule, What: fmt.Sprintf(format, args...)})
	}
	for i := range max(len(c.Events), len(set.Events)) {
		switch {
		case i >= len(set.Events):
			add("history", "event %d (%s) does not follow from what was before", c.Events[i].Seq, c.Events[i].Kind)
		case i >= len(c.Events):
			add("history", "event %d (%s) is missing", set.Events[i].Seq, set.Events[i].Kind)
		case spelt(c.Events[i]) != spelt(set.Events[i]):
			rule := "history"
			if set.Events[i].Role == member.RoleClock || c.Events[i].Role == member.RoleClock {
				rule = "deadline"
			}
			add(rule, "event %d says %s; by the rules it is %s", i+1, spelt(c.Events[i]), spelt(set.Events[i]))
		default:
			continue
		}
		break // one that differs makes all that follow differ
	}
	for i := range max(len(c.Entries), len(set.Entries)) {
		if i >= len(c.Entries) || i >= len(set.Entries) || c.Entries[i].Hash != set.Entries[i].Hash || !c.Entries[i].Verify() {
			add("money", "entry %d is not the one that the rules book", i+1)
			break
		}
	}
	if was, is := headline(c.Order), headline(o); was != is {
		add("history", "it says %s; its history makes it %s", was, is)
	}
	if c.Bucket != o.Bucket() || !c.Rank.Equal(o.RankAt()) {
		add("counts", "it lies in %s by %s; it belongs into %s by %s", c.Bucket, stamp(c.Rank), o.Bucket(), stamp(o.RankAt()))
	}
	next, _ := order.Next(o, p)
	if !c.Next.Equal(next.At) {
		add("deadline", "its next deadline is kept as %s; by the rules it is %s", stamp(c.Next), stamp(next.At))
	}
	return found
}

func spelt(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// headline is all of an order that its history decides.
func headline(o order.Order) string {
	o.Version = 0 // saves are no events
	if len(o.Life.Fired) == 0 {
		o.Life.Fired = nil
	}
	return spelt(o)
}

func stamp(at time.Time) string {
	if at.IsZero() {
		return "none"
	}
	return at.UTC().Format("2006-01-02 15:04:05")
}

// booked looks at an order's money without asking how it came about.
func booked(c store.Case, p policy.Version) []Finding {
	var found []Finding
	add := func(format string, args ...any) {
		found = append(found, Finding{Rule: "money", What: fmt.Sprintf(format, args...)})
	}
	o := c.Order
	for _, problem := range priced(c) {
		add("%s", problem)
	}
	head, broken := chained(c.Entries)
	for _, problem := range broken {
		add("%s", problem)
	}
	var captured, refunded, released, escrow int64
	settled := 0
	var at time.Time // of the end that paid; a refund in full is another, later one
	for _, e := range c.Entries {
		moved := int64(0)
		for _, posting := range e.Postings {
			if posting.Account == ledger.Escrow(o.ID) {
				moved += posting.Minor
			}
		}
		switch escrow += moved; e.Kind {
		case ledger.KindHold:
			captured += moved
		case ledger.KindRefund:
			refunded -= moved
		case ledger.KindRelease:
			released -= moved
			settled, at = settled+1, e.At
		case ledger.KindClear:
			if e.At.Before(at.Add(order.Clearance(o.Life.ClearsFor, p))) {
				add("the seller's money cleared on %s, before its date", stamp(e.At))
			}
		}
		if escrow < 0 || escrow > captured {
			add("after entry %d the escrow holds %d of %d captured", e.No, escrow, captured)
		}
	}
	if o.Books != head {
		add("it knows %d entries of its books, there are %d", o.Books.No, head.No)
	}
	if o.State.Ended() && (escrow != 0 || captured != released+refunded) {
		add("it ended with %d in escrow: %d captured, %d released, %d refunded", escrow, captured, released, refunded)
	}
	if completed := o.State == order.Completed; settled > 1 || completed && settled == 0 && captured != refunded {
		add("it is %s and was settled %d times", o.State, settled)
	}
	return append(found, paidFor(c)...)
}

// priced compares what is charged with what was agreed on, line by line.
func priced(c store.Case) (problems []string) {
	o, q := c.Order, c.Order.Agreement
	total, err := money.Sum(q.Price, q.Fee)
	changed := o.Life.Swaps > 0 || len(o.Life.Added) > 0
	if err != nil || total != q.Total || q.Total != o.Total && !changed {
		problems = append(problems, fmt.Sprintf("it costs %s, but %s and a fee of %s were agreed on", o.Total, q.Price, q.Fee))
	}
	paid := money.Zero(o.Total.Currency)
	for _, charge := range o.Charges() {
		paid.Minor += charge.Amount.Minor
	}
	if !o.PaidAt.IsZero() && paid != o.Total {
		problems = append(problems, fmt.Sprintf("it costs %s, but %s was charged for it", o.Total, paid))
	}
	lines := make([]money.Amount, len(q.Lines))
	for i, l := range q.Lines {
		lines[i] = l.Amount
	}
	if sum, err := money.Sum(lines...); err != nil || sum.Minor != q.Price.Minor {
		problems = append(problems, fmt.Sprintf("its lines sum to %s, the price is %s", sum, q.Price))
	}
	return problems
}

// chained walks along a stream's chain of entries to its end.
func chained(entries []ledger.Entry) (head ledger.Head, problems []string) {
	for _, e := range entries {
		if e.No != head.No+1 || e.Prev != head.Hash || !e.Verify() {
			problems = append(problems, fmt.Sprintf("entry %d does not fit into the chain of its books", e.No))
		}
		head = ledger.Head{No: e.No, Hash: e.Hash}
	}
	return head, problems
}

// paidFor compares the payments with what was booked of them.
func paidFor(c store.Case) []Finding {
	var found []Finding
	for _, p := range c.Payments {
		var in, back, sent int64
		for _, e := range c.Entries {
			for _, posting := range e.Postings {
				switch {
				case e.Provider != p.Ref || posting.Account != ledger.Clearing(p.Provider):
				case e.Kind == ledger.KindHold:
					in -= posting.Minor
				case e.Kind == ledger.KindRefundSent:
					back += posting.Minor
				}
			}
		}
		for _, r := range c.Order.Life.Refunds {
			if r.Payment == p.ID && !r.Confirmed.IsZero() {
				sent += r.Minor
			}
		}
		if gone := in > 0 && back == in; gone != (p.State == order.PaymentRefunded) {
			found = append(found, Finding{Rule: "money", What: fmt.Sprintf("payment %s is %s, but %d of %d went back", p.ID, p.State, back, in)})
		}
		if taken := !p.Settled.IsZero(); taken != (in == p.Amount.Minor) || !taken && in != 0 || back != sent || back > in {
			found = append(found, Finding{Rule: "money", What: fmt.Sprintf(
				"payment %s is %s, and was booked %d in and %d back of %s", p.ID, p.State, in, back, p.Amount)})
		}
		if p.Request == 0 && p.Amount != c.Order.Agreement.Total && c.Order.Life.Swaps == 0 {
			found = append(found, Finding{Rule: "money", What: fmt.Sprintf("%s was charged, %s was shown", p.Amount, c.Order.Agreement.Total)})
		}
	}
	return found
}
