package market

import (
	"context"
	"maps"
	"slices"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// Range is a number of whole days in UTC, the first and the last included.
type Range struct {
	From, To time.Time
}

// healthMost is the longest range that is looked at, in days; healthUsual the
// one that is shown when nobody asked for another.
const (
	healthMost  = 731
	healthUsual = 30
)

// DaysBack is a range of so many days up to today.
func DaysBack(now time.Time, days int) Range {
	today := store.DayOf(now).Start()
	return Range{From: today.AddDate(0, 0, 1-days), To: today}
}

// days checks a range and puts the usual one in the place of none.
func (r Range) days(now time.Time) (first, last store.Day, err error) {
	usual := DaysBack(now, healthUsual)
	switch {
	case r.From.IsZero() && r.To.IsZero():
		r = usual
	case r.To.IsZero():
		r.To = usual.To
	case r.From.IsZero():
		r.From = r.To.AddDate(0, 0, 1-healthUsual)
	}
	first, last = store.DayOf(r.From), store.DayOf(r.To)+1
	bad := fault.Fields{}
	bad.Need(r.From.Year() >= 1970 && first <= store.DayOf(now), "from", "Choose today or an earlier day.")
	bad.Need(last <= store.DayOf(now)+1, "to", "Choose today or an earlier day.")
	if len(bad) == 0 {
		bad.Need(first < last, "to", "The last day is before the first.")
		bad.Need(last-first <= healthMost, "from", "Choose two years at most.")
	}
	return first, last, bad.Err()
}

// Step is how long one column of a chart lasts.
type Step string

// The closed list of steps.
const (
	Daily   Step = "day"
	Weekly  Step = "week"
	Monthly Step = "month"
)

// Bounds of a range in days above which days are put together to weeks, and
// weeks to months.
const (
	dailyMost  = 31
	weeklyMost = 26 * 7
)

// Span is one column: its days, both included.
type Span = Range

// Tally is how often one thing happened, in each span and together.
type Tally struct {
	What string
	N    []int
	Sum  int
}

// Held is what lay in one kind of account at the end of each span, or what it
// gained in each.
type Held struct {
	Pot   string
	Minor []int64
}

// Health is how the market does, by days of the house (UTC).
type Health struct {
	Range
	Step     Step
	Spans    []Span
	Placed   []Tally // paid, abandoned: by the day the order was placed
	Endings  []Tally // completed, refunded, and each class
	Requests []Tally // asked, and each way to be answered, by kind of event
	Disputes []Tally // opened, won, lost
	Opened   []Tally // cases by kind
	Decided  []Tally
	Answers  store.FirstAnswers // of the cases opened in the range
	Target   policy.Duration    // of a first answer, now
	Held     []Held             // escrow, pending, available at the end of each span
	Earned   []Held             // commission, fees, losses in each span
	Currency money.Currency
	Levels   []LevelCount // every seller once, now, whatever the range; the highest level first, none last
}

// LevelCount is how many sellers stand on a level.
type LevelCount struct {
	Level   string // name in the policy, or NoLevel
	Words   string
	Sellers int
}

// NoLevel is the name under which the sellers without a level are counted.
const NoLevel = "none"

// Parts of what HealthList lists, beside the ways in which orders end and the
// kinds of event in Health.
const (
	ListedPaid      = store.DayPaid
	ListedAbandoned = store.DayAbandoned
	ListedEnded     = "ended" // in whichever way
)

// Ways lists in which ways orders end, the good one first.
func Ways() []string {
	list := []string{string(order.Completed)}
	for _, c := range policy.Classes() {
		list = append(list, string(c)) // refunded is the last of them
	}
	return list
}

// disputes is how many of store.Matters are about disputes; they stand last.
const disputes = 3

// RequestKinds are the events by which Health counts requests.
func RequestKinds() []effect.Kind { return store.Matters()[:len(store.Matters())-disputes] }

// DisputeKinds are the events by which Health counts disputes of the bank.
func DisputeKinds() []effect.Kind { return store.Matters()[len(store.Matters())-disputes:] }

// HealthPots are the accounts whose money Health shows, in the order of its way.
func HealthPots() []string { return []string{"escrow", "pending", "available"} }

// HealthEarned are the accounts of the house whose movements Health shows.
func HealthEarned() []string { return []string{"commission", "fees", "losses"} }

// Health tells how the market did on the days of a range; the zero range is the
// last thirty days. Every number equals the length of the list that HealthList,
// HealthCases or SellersOn gives for it, and every amount the sum of the list
// that HealthList or HealthBalances gives. Errors: fault.Invalid beside from or
// to; fault.NotFound for anyone but an operator.
func (m *Market) Health(ctx context.Context, who member.Actor, r Range) (Health, error) {
	if err := who.NeedOperator(); err != nil {
		return Health{}, err
	}
	first, last, err := r.days(m.Now())
	if err != nil {
		return Health{}, err
	}
	m.sealAll(ctx)
	p := m.Policy()
	var h Health
	err = m.store.View(ctx, func(tx *store.Tx) error {
		h = Health{Range: Range{first.Start(), (last - 1).Start()}, Currency: p.Currency, Target: p.Desk.FirstAnswer}
		h.Step, h.Spans = spans(h.Range)
		if err := h.count(tx, first, last); err != nil {
			return err
		}
		if h.Answers, err = tx.FirstAnswers(first, last); err != nil {
			return err
		}
		if h.Levels, err = levelCounts(tx, p); err != nil {
			return err
		}
		return h.money(tx, first, last)
	})
	return h, err
}

// levelCounts counts every seller once: on the levels of the policy, on those
// that an earlier one had, and on none.
func levelCounts(tx *store.Tx, p policy.Version) (list []LevelCount, err error) {
	on, none, err := tx.SellersOn()
	if err != nil {
		return nil, err
	}
	for _, level := range slices.Backward(p.Standing.Levels) {
		list = append(list, LevelCount{level.Name, level.Words, on[level.Name]})
		delete(on, level.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(on)) {
		list = append(list, LevelCount{name, standing.LevelWords(p, name), on[name]})
	}
	return append(list, LevelCount{NoLevel, "No level yet", none}), nil
}

func (h *Health) count(tx *store.Tx, first, last store.Day) error {
	orders, err := tx.OrderDays(first, last)
	if err != nil {
		return err
	}
	h.Placed = h.tallies(orders, ListedPaid, ListedAbandoned)
	h.Endings = h.tallies(orders, Ways()...)
	h.Requests = h.tallies(orders, texts(RequestKinds())...)
	h.Disputes = h.tallies(orders, texts(DisputeKinds())...)
	opened, decided, err := tx.CaseDays(first, last)
	if err != nil {
		return err
	}
	kinds := texts(append(desk.Kinds(), desk.HouseKinds()...))
	h.Opened, h.Decided = h.tallies(opened, kinds...), h.tallies(decided, kinds...)
	return nil
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = string(t)
	}
	return out
}

// tallies sums counts of days into spans, one tally for each of the names.
func (h *Health) tallies(counts []store.DayCount, names ...string) []Tally {
	list := make([]Tally, len(names))
	for i, name := range names {
		list[i] = Tally{What: name, N: make([]int, len(h.Spans))}
	}
	for _, c := range counts {
		i, at := slices.Index(names, c.What), h.span(c.Day)
		if i >= 0 && at >= 0 {
			list[i].N[at] += c.N
			list[i].Sum += c.N
		}
	}
	return list
}

func (h *Health) span(d store.Day) int {
	at := d.Start()
	return slices.IndexFunc(h.Spans, func(s Span) bool { return !at.Before(s.From) && !at.After(s.To) })
}

func (h *Health) money(tx *store.Tx, first, last store.Day) error {
	before, moved, err := tx.Money(first, last, h.Currency)
	if err != nil {
		return err
	}
	gained := map[string][]int64{}
	for _, d := range moved {
		if gained[d.Pot] == nil {
			gained[d.Pot] = make([]int64, len(h.Spans))
		}
		gained[d.Pot][h.span(d.Day)] += d.Minor
	}
	for _, pot := range HealthPots() {
		held, now := make([]int64, len(h.Spans)), before[pot]
		for i := range held {
			if gained[pot] != nil {
				now += gained[pot][i]
			}
			held[i] = now
		}
		h.Held = append(h.Held, Held{pot, held})
	}
	for _, pot := range HealthEarned() {
		if gained[pot] == nil {
			gained[pot] = make([]int64, len(h.Spans))
		}
		h.Earned = append(h.Earned, Held{pot, gained[pot]})
	}
	return nil
}

// spans cuts a range into columns: days, weeks that begin on Mondays, or
// months; the first and the last may be shorter.
func spans(r Range) (Step, []Span) {
	days := int(store.DayOf(r.To)-store.DayOf(r.From)) + 1
	step := Daily
	switch {
	case days > weeklyMost:
		step = Monthly
	case days > dailyMost:
		step = Weekly
	}
	var list []Span
	for at := r.From; !at.After(r.To); {
		next := at.AddDate(0, 0, 1)
		switch step {
		case Weekly:
			next = at.AddDate(0, 0, 7-(int(at.Weekday())+6)%7)
		case Monthly:
			next = time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, time.UTC)
		}
		end := next.AddDate(0, 0, -1)
		if end.After(r.To) {
			end = r.To
		}
		list = append(list, Span{at, end})
		at = next
	}
	return step, list
}
