package page

import (
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"

	"guildhall/internal/gig"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/web/kit"
)

// sentence writes a gig's title, which continues "I will …", as one of its own.
func sentence(title string) string {
	first, size := utf8.DecodeRuneInString(title)
	return string(unicode.ToUpper(first)) + title[size:]
}

// midway is the beginning of a sentence after a colon.
func midway(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToLower(first)) + text[size:]
}

func listLink(side order.Party) kit.Link {
	if side == order.Seller {
		return kit.Link{Label: "Sales", Href: "/sales"}
	}
	return kit.Link{Label: "Purchases", Href: "/purchases"}
}

func orderPath(o order.Order, what string) string { return "/orders/" + string(o.ID) + "/" + what }

// stepOf is the top of the order page.
func stepOf(p kit.Page, v market.OrderPage) kit.NextStepProps {
	n := kit.NextStepProps{Move: kit.TheirMove, Who: other(v).Name, Say: said(v.Step.Says, other(v).Name, v.Step.Until, p.Local)}
	switch v.Step.Whose {
	case v.Party:
		n.Move = kit.YourMove
	case order.Nobody:
		n.Move = kit.NobodysTurn
		n.Heading = "Where it stands"
	}
	if v.Order.State == order.Unpaid && v.Party == order.Buyer {
		n.Primary = &kit.Action{Label: "Pay " + v.Order.Total.String(), Href: orderPath(v.Order, "pay")}
		if id := v.Order.Agreement.Offer; id != "" {
			n.Primary = &kit.Action{Label: "Go to the offer", Href: "/offers/" + string(id)} // it knows whether it can be paid
		}
	}
	for _, opt := range v.Options {
		if opt.Not != "" {
			continue
		}
		a := kit.Action{Label: opt.Verb, Href: orderPath(v.Order, moveAt(opt.Move)), Hurts: confirmKind(opt.Move) == kit.HurtButton}
		if opt.Primary && n.Primary == nil {
			n.Primary = &a
		} else {
			n.Others = append(n.Others, a)
		}
	}
	return n
}

// notNow says when or why something is not possible, in place of a dead button.
func notNow(v market.OrderPage, l kit.Local) []string {
	var lines []string
	for _, opt := range v.Options {
		if opt.Not != "" && !opt.From.IsZero() {
			lines = append(lines, notWords(v.Order, opt, l))
		}
	}
	return lines
}

func notWords(o order.Order, opt order.Option, l kit.Local) string {
	switch {
	case opt.From.IsZero():
		return opt.Not
	case opt.Move == order.MoveAsk: // an answer ends it sooner
		return opt.Not + " It ends at the latest on " + l.At(opt.From) + "."
	case opt.Move == order.MoveCancelLate && (o.Paused() || o.Held()):
		return opt.Not + " That would be on " + l.At(opt.From) + ", and moves on by as long as the clocks stand still."
	}
	return opt.Not + " That is on " + l.At(opt.From) + "."
}

// timelineOf is the history, newest first; reminders stay out of the way.
func timelineOf(v market.OrderPage, l kit.Local) []kit.Event {
	list := make([]kit.Event, 0, len(v.Events))
	for _, e := range v.Events {
		list = append(list, happened(v, e, l))
	}
	slices.Reverse(list)
	return list
}

func canComment(v market.OrderPage) bool {
	switch v.Order.State {
	case order.InProgress, order.InRevision, order.Delivered:
		return lastShown(v) > 0
	}
	return false
}

// lastShown is the number of the newest progress update or delivery; 0 for none.
func lastShown(v market.OrderPage) int {
	n := 0
	for _, e := range v.Events {
		if e.Kind == order.ProgressShown || e.Kind == order.DeliveredWork {
			n = e.Seq
		}
	}
	return n
}

func quoteRows(q gig.Quote) []kit.LedgerRow {
	var rows []kit.LedgerRow
	for _, line := range q.Lines {
		rows = append(rows, kit.LedgerRow{Label: line.Label, Amount: line.Amount.String()})
	}
	if !q.Fee.IsZero() {
		rows = append(rows, kit.LedgerRow{Label: "Buyer fee", Amount: q.Fee.String()})
	}
	return rows
}

// orderRows are the lines of what was agreed on as the reader's own money: what
// the buyer pays, or what the seller gets of it.
func orderRows(v market.OrderPage) []kit.LedgerRow {
	q := v.Order.Agreement
	if v.Party == order.Seller {
		q.Fee.Minor = 0 // the buyer's fee is the house's
	}
	rows := append(quoteRows(q), addedRows(v)...)
	if v.Party == order.Buyer {
		return rows
	}
	shares, err := v.Shares()
	if err != nil {
		return rows
	}
	price := money.Of(shares.Seller.Minor+shares.Commission.Minor, v.Order.Total.Currency)
	if back := ordered(v).Minor - price.Minor; back > 0 {
		rows = append(rows, kit.LedgerRow{Label: "Sent back to " + v.Buyer.Name, Amount: money.Of(-back, price.Currency).String()})
	}
	if shares.Commission.IsZero() {
		return rows
	}
	percent := v.Policy.Money.Commission.String()
	return append(rows, kit.LedgerRow{Label: "Commission", Note: percent + " of " + price.String(), Because: &kit.BecauseProps{
		ID: "why-commission", Figure: shares.Commission.Neg().String(),
		Says: "The house keeps " + percent + " of the price, rounded half to even. It is the rate of the day this order was placed and never changes for it.",
		Rule: kit.Link{Label: "Where your money is", Href: "/help/money"},
	}})
}

// added is the work that was agreed on since the agreement was made or swapped.
func added(v market.OrderPage) []order.Added {
	list := v.Order.Life.Added
	for _, e := range v.Events {
		if e.Kind == order.Swapped {
			list = slices.DeleteFunc(slices.Clone(list), func(a order.Added) bool { return !a.At.After(e.At) })
		}
	}
	return list
}

func addedRows(v market.OrderPage) []kit.LedgerRow {
	var rows []kit.LedgerRow
	for _, a := range added(v) {
		amount := a.Price.String()
		if a.Price.IsZero() {
			amount = "a gift"
		}
		rows = append(rows, kit.LedgerRow{Label: a.Label, Note: "added later", Amount: amount})
		if fee, err := a.Price.Share(v.Policy.Money.BuyerFee.BP()); err == nil && !fee.IsZero() && v.Party == order.Buyer {
			rows = append(rows, kit.LedgerRow{Label: "Buyer fee", Note: "on what was added", Amount: fee.String()})
		}
	}
	return rows
}

// ordered is what the lines come to, for the reader.
func ordered(v market.OrderPage) money.Amount {
	sum := v.Order.Agreement.Price
	if v.Party == order.Buyer {
		sum = v.Order.Agreement.Total
	}
	for _, a := range added(v) {
		sum.Minor += a.Price.Minor
		if fee, err := a.Price.Share(v.Policy.Money.BuyerFee.BP()); err == nil && v.Party == order.Buyer {
			sum.Minor += fee.Minor
		}
	}
	return sum
}

func orderSum(v market.OrderPage) kit.LedgerRow {
	if v.Party == order.Seller {
		if shares, err := v.Shares(); err == nil {
			return kit.LedgerRow{Label: "To you", Amount: shares.Seller.String()}
		}
	}
	return kit.LedgerRow{Label: "Total", Amount: ordered(v).String()}
}

func agreementFacts(v market.OrderPage) []kit.Fact {
	q := v.Order.Agreement
	facts := []kit.Fact{{Name: "Package", Value: q.Package}}
	if q.Scope != "" {
		facts = append(facts, kit.Fact{Name: "Scope", Value: q.Scope})
	}
	return append(facts,
		kit.Fact{Name: "Delivery", Value: daysWords(q.Days)},
		kit.Fact{Name: "Revisions", Value: strconv.Itoa(v.Order.RevisionsLeft()) + " of " + strconv.Itoa(q.Revisions) + " left"},
	)
}

func daysWords(n int) string {
	if n == 1 {
		return "1 day"
	}
	return strconv.Itoa(n) + " days"
}

func answerTo(o order.Order, q gig.Question) string {
	for _, a := range o.Life.Answers {
		if a.Question == q.Key {
			return a.Text
		}
	}
	if o.Started() || o.State.Ended() {
		return "Not answered"
	}
	return "Waits for an answer"
}

func paymentWords(p order.Payment, l kit.Local) string {
	switch p.State {
	case order.PaymentDeclined:
		return l.At(p.Created) + ": declined. " + p.Reason
	case order.PaymentNeedsStep:
		return l.At(p.Created) + ": your bank wants you to confirm this payment."
	case order.PaymentCreated, order.PaymentPending:
		return l.At(p.Created) + ": your bank has not answered yet. We ask again by ourselves."
	case order.PaymentRefunding:
		return l.At(p.Settled) + ": paid with " + p.Method + "; on its way back."
	case order.PaymentRefunded:
		return l.At(p.Settled) + ": paid with " + p.Method + "; sent back " + l.At(p.RefundedAt) + "."
	}
	return l.At(p.Settled) + ": paid with " + p.Method + "."
}

func confirmKind(m order.Name) kit.ButtonKind {
	switch m {
	case order.MoveUndo, order.MoveCancelLate, order.MoveCancelStale:
		return kit.HurtButton
	}
	return kit.PrimaryButton
}

// moveAt is the last part of the address of a button's page.
func moveAt(m order.Name) string {
	if m == order.MoveAsk {
		return "resolve"
	}
	return string(m)
}

// confirmVerb repeats the verb with its consequence.
func confirmVerb(v market.OrderPage, opt order.Option, w *market.Preview) string {
	switch opt.Move {
	case order.MoveUndo, order.MoveCancelLate, order.MoveCancelStale:
		return opt.Verb + " · " + v.Order.Resting().String() + " back"
	case order.MoveAgree:
		return answerVerb(v, w)
	case order.MoveAccept:
		return "Accept and complete the order"
	}
	return opt.Verb
}

func moveFields(v market.OrderPage, m order.Name) []string {
	if m != order.MoveSubmit {
		return []string{"text", "reason", "lines", "fault", "files", "cause"}
	}
	var names []string
	for _, q := range v.Order.Agreement.Questions {
		names = append(names, "answers."+q.Key)
	}
	return names
}

func lineChoices(o order.Order) []kit.Choice {
	var list []kit.Choice
	for i, q := range o.Agreement.Questions {
		list = append(list, kit.Choice{Value: strconv.Itoa(i + 1), Label: strconv.Itoa(i+1) + ". " + q.Text, Note: answerTo(o, q)})
	}
	return list
}

func faultChoices(o order.Order) []kit.Choice {
	left := strconv.Itoa(o.RevisionsLeft()) + " left in this package"
	return []kit.Choice{
		{Value: "no", Label: "A revision", Note: "I would like something different. " + sentence(left) + "."},
		{Value: "yes", Label: "A fault", Note: "The delivery does not meet the lines I named. It is not counted as a revision."},
	}
}

func faultChoice(o order.Order, f Form) string {
	if v := f.Get("fault"); v != "" {
		return v
	}
	if o.RevisionsLeft() == 0 {
		return "yes"
	}
	return "no"
}

func filesHint(v market.OrderPage) string {
	l := v.Policy.Limits
	return "Up to " + strconv.Itoa(l.FilesPerPost) + " files of " + sizeWords(l.UploadBytes) + " each. Their fingerprints are kept, so that nobody can doubt what was handed over."
}

func choiceOptions(q gig.Question) []kit.Option {
	list := []kit.Option{{Value: "", Label: "Choose an answer"}}
	for _, c := range q.Choices {
		list = append(list, kit.Option{Value: c, Label: c})
	}
	return list
}
