package help

import (
	"strings"
	"time"

	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// AskExample is what comes of requests on the example's order: every row was
// decided by order.Foresee, as the table before the button is.
type AskExample struct {
	Asked, Until string // when the question is put, and when its time is over

	Share, Back, Seller, Commission string // of a cancellation with a part back
	SilentBack, SilentCounts        string // if nobody answers it
	Mistake, MistakeSilent          string // a seller who asks to end a mistaken order: agreed, and unanswered

	Days, Due, Extended string // of more time
	Less, LessBack      string // of a discount
}

func playAsk(e *Example, l Lived, p policy.Version) error {
	now := l.Started.Life.StartedAt.Add(30 * time.Hour)
	a := &e.Ask
	a.Asked = at(now)
	const half = 5_000
	rows, err := foresee(now, l.Started, ben, resolution.Proposal{
		Kind: resolution.Cancel, Cause: p.Cancellation.Causes[0].Name, Share: half, Reason: "It is not needed any more.",
	}, p)
	if err != nil {
		return err
	}
	agreed, err := rows[order.WhenAccepted].Flow(p)
	if err != nil {
		return err
	}
	silent, err := rows[order.WhenSilent].Flow(p)
	if err != nil {
		return err
	}
	a.Until, a.Share = at(rows[order.WhenSilent].At), policy.Percent(half).String()
	a.Back, a.Seller, a.Commission = agreed.Back.String(), agreed.Seller.String(), agreed.Commission.String()
	a.SilentBack, a.SilentCounts = silent.Back.String(), counts(rows[order.WhenSilent])
	return a.others(now, l.Started, p)
}

// others are the requests beside a buyer's cancellation.
func (a *AskExample) others(now time.Time, o order.Order, p policy.Version) error {
	rows, err := foresee(now, o, mara, resolution.Proposal{
		Kind: resolution.Cancel, Cause: p.Cancellation.Causes[0].Name, Share: money.Whole, Reason: "It was ordered by mistake.",
	}, p)
	if err != nil {
		return err
	}
	a.Mistake, a.MistakeSilent = counts(rows[order.WhenAccepted]), counts(rows[order.WhenSilent])

	more := min(3, p.Requests.MaxExtensionDays)
	rows, err = foresee(now, o, mara, resolution.Proposal{Kind: resolution.Extend, Days: more, Reason: "The colours take longer."}, p)
	if err != nil {
		return err
	}
	a.Days = policy.Duration(time.Duration(more) * 24 * time.Hour).Words()
	a.Due, a.Extended = at(o.DueAt), at(rows[order.WhenAccepted].After.DueAt)

	part := (p.Requests.MaxDiscountPercent + 1) / 2
	a.Less, a.LessBack = part.String(), money.Zero(p.Currency).String()
	if part == 0 { // this house knows no discounts
		return nil
	}
	rows, err = foresee(now, o, ben, resolution.Proposal{Kind: resolution.Discount, Share: part.BP(), Reason: "One page less."}, p)
	if err != nil {
		return err
	}
	less, err := rows[order.WhenAccepted].Flow(p)
	a.LessBack = less.Back.String()
	return err
}

// foresee decides a request with every reply to it.
func foresee(now time.Time, o order.Order, who member.Actor, what resolution.Proposal, p policy.Version) (map[order.Reply]order.Foreseen, error) {
	f, err := order.Foresee(now, o, who, order.Ask{Proposal: what}, p)
	rows := map[order.Reply]order.Foreseen{}
	for _, r := range f.Rows {
		rows[r.Reply] = r
	}
	return rows, err
}

// counts says in whose record an ending of the example enters.
func counts(row order.Foreseen) string {
	text := strings.NewReplacer("{seller}", "Mara", "{buyer}", "Ben").Replace(row.Counts())
	return strings.ToLower(text[:1]) + strings.TrimSuffix(text[1:], ".")
}

// TabsExample is under which tabs of the Sales page the example's order lies.
type TabsExample struct {
	Started, Delivered, Done string
}

func playTabs(e *Example, l Lived, _ policy.Version) error {
	e.Tabs = TabsExample{Started: tabsOf(l.Started), Delivered: tabsOf(l.Delivered), Done: tabsOf(l.Done)}
	return nil
}

func tabsOf(o order.Order) string {
	var names []string
	for _, t := range order.Tabs(order.Seller) {
		for _, b := range t.Buckets {
			if b == o.Bucket() {
				names = append(names, "*"+t.Label+"*")
			}
		}
	}
	return strings.Join(names, " and ")
}
