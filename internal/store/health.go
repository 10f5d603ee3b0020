package store

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/store/db"
)

// Day is a day of the house, which lives in UTC.
type Day int64

const microsPerDay = 24 * int64(time.Hour/time.Microsecond)

// DayOf is the day of an instant.
func DayOf(t time.Time) Day { return Day(t.UnixMicro() / microsPerDay) }

// Start is the first instant of the day.
func (d Day) Start() time.Time { return fromMicros(int64(d) * microsPerDay) }

// What order_days counts beside the ways in which orders end.
const (
	DayPaid      = "paid"      // placed on that day, and paid
	DayAbandoned = "abandoned" // placed on that day, and never paid
)

// Way is how an order ended: completed, refunded, or the class of its
// cancellation; empty while it runs, and for one that was never paid.
func Way(o order.Order) string {
	switch {
	case !o.State.Ended() || o.State == order.Abandoned:
		return ""
	case o.Class != "":
		return string(o.Class)
	}
	return string(o.State)
}

// counted is one place at which an order is counted.
type counted struct {
	day  Day
	what string
}

// countedAt are the places at which an order is counted, in the order of their
// keys. One that waits for its payment is not counted yet.
func countedAt(o order.Order) []counted {
	switch o.State {
	case "", order.Unpaid:
		return nil
	case order.Abandoned:
		return []counted{{DayOf(o.CreatedAt), DayAbandoned}}
	}
	list := []counted{{DayOf(o.CreatedAt), DayPaid}}
	if way := Way(o); way != "" {
		list = append(list, counted{DayOf(o.EndedAt), way})
	}
	return list
}

// steps are by how much the numbers of days change.
type steps map[counted]int64

// tally moves the sums of the days by what became of an order.
func (tx *Tx) tally(was, o order.Order) error {
	moved := steps{}
	for _, c := range countedAt(was) {
		moved[c]--
	}
	for _, c := range countedAt(o) {
		moved[c]++
	}
	return tx.step(moved, string(o.ID))
}

// Matters are the kinds of event that are counted by day: what parties asked of
// each other and how it was answered, and disputes of a bank.
func Matters() []effect.Kind {
	return []effect.Kind{
		order.RequestAsked, order.RequestAgreed, order.RequestDeclined, order.RequestWithdrawn, order.RequestExpired, order.RequestOvertaken, order.RequestToDesk,
		order.DisputeOpened, order.DisputeWasWon, order.DisputeWasLost,
	}
}

var matters = Matters()

// tallyEvents adds what happened to the sums of the days.
func (tx *Tx) tallyEvents(events []effect.Event) error {
	var moved steps
	stream := ""
	for _, e := range events {
		if slices.Contains(matters, e.Kind) {
			if moved == nil {
				moved = steps{}
			}
			moved[counted{DayOf(e.At), string(e.Kind)}]++
			stream = e.Stream
		}
	}
	return tx.step(moved, stream)
}

// step moves sums in the order of their keys, in the part that belongs to who.
func (tx *Tx) step(moved steps, who string) error {
	if len(moved) == 0 {
		return nil
	}
	h := fnv.New32a()
	h.Write([]byte(who))
	part := int64(h.Sum32() % dayParts)
	var values []any
	for _, c := range slices.SortedFunc(maps.Keys(moved), func(a, b counted) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.what, b.what)) }) {
		if n := moved[c]; n != 0 {
			values = append(values, int64(c.day), c.what, part, n)
		}
	}
	return tx.insert(dayRows, values)
}

// dayParts is in how many parts each day's number is kept.
const dayParts = 8

var dayRows = insertOf("OrderDayAdd", "order_days (day, what, part, n)",
	"ON CONFLICT (day, what, part) DO UPDATE SET n = order_days.n + excluded.n")

// tallyMoney adds what a seal has just bound to the sums of the days.
func (tx *Tx) tallyMoney(seal int64) error {
	rows, err := tx.q.MoneySealed(tx.ctx, &seal)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := tx.q.MoneyDayAdd(tx.ctx, db.MoneyDayAddParams(r)); err != nil {
			return err
		}
	}
	return nil
}

// DayCount is how often something happened on one day.
type DayCount struct {
	Day  Day
	What string
	N    int
}

// OrderDays counts what became of orders on the days from first up to last,
// which is left out: placed, ended in each way, and each kind of Matters.
func (tx *Tx) OrderDays(first, last Day) ([]DayCount, error) {
	rows, err := tx.q.OrderDays(tx.ctx, int64(first), int64(last))
	return rowsOf(rows, func(r db.OrderDaysRow) DayCount { return DayCount{Day(r.Day), r.What, int(r.N)} }), err
}

// CaseDays counts cases by the day they were opened and were decided on.
func (tx *Tx) CaseDays(first, last Day) (opened, decided []DayCount, err error) {
	from, to := micros(first.Start()), micros(last.Start())
	o, err := tx.q.CasesOpenedByDay(tx.ctx, from, to)
	if err != nil {
		return nil, nil, err
	}
	d, err := tx.q.CasesDecidedByDay(tx.ctx, &from, &to)
	return rowsOf(o, func(r db.CasesOpenedByDayRow) DayCount { return DayCount{Day(r.Day), r.Kind, int(r.N)} }),
		rowsOf(d, func(r db.CasesDecidedByDayRow) DayCount { return DayCount{Day(r.Day), r.Kind, int(r.N)} }), err
}

// FirstAnswers is how soon the desk answered the cases opened in a range.
type FirstAnswers struct {
	Opened    int
	Answered  int
	Within    int           // answered by the target
	Late      int           // not answered, and the target is past
	Median    time.Duration // of the answered; zero when there are none
	Ninetieth time.Duration // nine of ten took no longer
}

// FirstAnswers looks at the cases opened on the days from first up to last.
func (tx *Tx) FirstAnswers(first, last Day) (FirstAnswers, error) {
	from, to := micros(first.Start()), micros(last.Start())
	r, err := tx.q.FirstAnswers(tx.ctx, from, to)
	if err != nil {
		return FirstAnswers{}, err
	}
	a := FirstAnswers{Opened: int(r.Opened), Answered: int(r.Answered), Within: int(r.Within), Late: int(r.Late)}
	if a.Answered == 0 {
		return a, nil
	}
	for _, q := range []struct {
		took *time.Duration
		tens int64
	}{{&a.Median, 5}, {&a.Ninetieth, 9}} {
		place := (r.Answered*q.tens+9)/10 - 1 // the nearest rank
		us, err := tx.q.FirstAnswerTook(tx.ctx, from, to, place)
		if err != nil {
			return a, err
		}
		*q.took = time.Duration(us) * time.Microsecond
	}
	return a, nil
}

// MoneyDay is what a kind of account gained, or lost, on a day.
type MoneyDay struct {
	Day   Day
	Pot   string
	Minor int64
}

// Money tells what lay in each kind of account when a range began, and how that
// moved on its days. It knows what is sealed.
func (tx *Tx) Money(first, last Day, c money.Currency) (before map[string]int64, moved []MoneyDay, err error) {
	opening, err := tx.q.MoneyBefore(tx.ctx, int64(first), string(c))
	if err != nil {
		return nil, nil, err
	}
	before = map[string]int64{}
	for _, r := range opening {
		before[r.Pot] = r.Minor
	}
	rows, err := tx.q.MoneyDays(tx.ctx, int64(first), int64(last), string(c))
	return before, rowsOf(rows, func(r db.MoneyDaysRow) MoneyDay { return MoneyDay{Day(r.Day), r.Pot, r.Minor} }), err
}

// Listed is one order in a list of the house's: what was bought, and how it
// went. Who took part is not in it.
type Listed struct {
	ID      ident.Order
	Ref     string
	Title   string
	Total   money.Amount
	State   order.State
	Class   policy.Class
	Created time.Time
	Paid    time.Time
	Ended   time.Time

	Event effect.Kind // what happened to it, in lists of events
	Seq   int
	At    time.Time // what the list is sorted by

	Part  money.Amount // what it adds to the number, in lists of money
	Entry ledger.Kind  // by which it was moved
}

// ListPlace is where a page of such a list ends.
type ListPlace struct {
	At  time.Time
	ID  string
	Seq int
}

// ListPlaced lists orders by when they were placed, the newest first: those
// that were paid, or those that never were.
func (tx *Tx) ListPlaced(first, last Day, abandoned bool, after ListPlace, most int) ([]Listed, error) {
	before := string(ident.First[ident.Order](last.Start()))
	if after.ID != "" {
		before = min(before, after.ID)
	}
	rows, err := tx.q.OrdersPlaced(tx.ctx, db.OrdersPlacedParams{
		ID: string(ident.First[ident.Order](first.Start())), ID_2: before, Abandoned: abandoned, Most: int64(most),
	})
	return rowsOf(rows, func(r db.OrdersPlacedRow) Listed { return listed(r, fromMicros(r.CreatedAt)) }), err
}

// ListEnded lists orders that ended in one way, the newest end first.
func (tx *Tx) ListEnded(first, last Day, way string, after ListPlace, most int) ([]Listed, error) {
	p := db.OrdersEndedParams{State: way, EndedAt: microsOrNull(first.Start()), Column4: micros(last.Start()), Most: int64(most)}
	if way != string(order.Completed) && way != string(order.Refunded) {
		p.State, p.Class = string(order.Cancelled), way
	}
	if after.ID != "" {
		p.Column4, p.Column5 = micros(after.At), after.ID
	}
	rows, err := tx.q.OrdersEnded(tx.ctx, p)
	return rowsOf(rows, func(r db.OrdersEndedRow) Listed { return listed(db.OrdersPlacedRow(r), fromMicrosOrNull(r.EndedAt)) }), err
}

func listed(r db.OrdersPlacedRow, at time.Time) Listed {
	return Listed{
		ID: ident.Order(r.ID), Ref: r.Ref, Title: r.Title, Total: money.Of(r.Total, money.Currency(r.Currency)),
		State: order.State(r.State), Class: policy.Class(r.Class),
		Created: fromMicros(r.CreatedAt), Paid: fromMicrosOrNull(r.PaidAt), Ended: fromMicrosOrNull(r.EndedAt), At: at,
	}
}

// ListMatters lists orders to which one of the kinds of Matters happened, the newest first.
func (tx *Tx) ListMatters(first, last Day, kind effect.Kind, after ListPlace, most int) ([]Listed, error) {
	p := db.MattersBetweenParams{At: micros(first.Start()), Column2: micros(last.Start()), Kind: string(kind), Most: int64(most)}
	if after.ID != "" {
		p.Column2, p.Column3, p.Column4 = micros(after.At), after.ID, int64(after.Seq)
	}
	rows, err := tx.q.MattersBetween(tx.ctx, p)
	return rowsOf(rows, func(r db.MattersBetweenRow) Listed {
		return Listed{
			ID: ident.Order(r.Stream), Ref: r.Ref, Title: r.Title, Total: money.Of(r.Total, money.Currency(r.Currency)),
			State: order.State(r.State), Class: policy.Class(r.Class), Event: effect.Kind(r.Kind), Seq: int(r.Seq), At: fromMicros(r.At),
		}
	}), err
}

// ListOpened lists cases by when they were opened, the newest first. kind and
// answer (within, late, waiting) narrow it; empty takes all.
func (tx *Tx) ListOpened(first, last Day, kind desk.Kind, answer string, after ListPlace, most int) ([]desk.Case, error) {
	p := db.CasesOpenedBetweenParams{OpenedAt: micros(first.Start()), Column2: micros(last.Start()), Kind: string(kind), Answer: answer, Most: int64(most)}
	if after.ID != "" {
		p.Column2, p.Column3 = micros(after.At), after.ID
	}
	rows, err := tx.q.CasesOpenedBetween(tx.ctx, p)
	return deskCasesOf(rows, err)
}

// ListDecided lists cases by when they were decided, the newest first.
func (tx *Tx) ListDecided(first, last Day, kind desk.Kind, after ListPlace, most int) ([]desk.Case, error) {
	p := db.CasesDecidedBetweenParams{DecidedAt: microsOrNull(first.Start()), Column2: micros(last.Start()), Kind: string(kind), Most: int64(most)}
	if after.ID != "" {
		p.Column2, p.Column3 = micros(after.At), after.ID
	}
	rows, err := tx.q.CasesDecidedBetween(tx.ctx, p)
	return deskCasesOf(rows, err)
}

// HouseRead is one list of other people's affairs that an operator looked at.
type HouseRead struct {
	ID    ident.Event
	By    ident.Member // empty for a tool on the house's own machine
	What  string
	Found int
	At    time.Time
}

// AddHouseRead writes down that an operator listed something.
func (tx *Tx) AddHouseRead(r HouseRead) error {
	return tx.q.HouseReadInsert(tx.ctx, db.HouseReadInsertParams{ID: string(r.ID), MemberID: string(r.By), What: r.What, Found: int64(r.Found), At: micros(r.At)})
}

// HouseReads are the newest such looks.
func (tx *Tx) HouseReads(most int) ([]HouseRead, error) {
	rows, err := tx.q.HouseReads(tx.ctx, lastID("event"), int64(most))
	return rowsOf(rows, func(r db.HouseReadsRow) HouseRead {
		return HouseRead{ident.Event(r.ID), ident.Member(r.MemberID), r.What, int(r.Found), fromMicros(r.At)}
	}), err
}

// auditDays compares the sums of the days with the orders and the books.
func (tx *Tx) auditDays(odd *[]Odd) error {
	if err := oddities(tx, odd, tx.q.AuditOrderDays, func(r db.AuditOrderDaysRow) Odd {
		return Odd{"counts", Day(r.Day).Start().Format(time.DateOnly), fmt.Sprintf("%d orders are counted as %s, %d are there", r.Kept, r.What, r.There)}
	}); err != nil {
		return err
	}
	return oddities(tx, odd, tx.q.AuditMoneyDays, func(r db.AuditMoneyDaysRow) Odd {
		return Odd{"counts", Day(r.Day).Start().Format(time.DateOnly), fmt.Sprintf("%s is kept as moved by %d, its postings sum to %d", r.Pot, r.Kept, r.Posted)}
	})
}
