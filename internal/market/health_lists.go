package market

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/store"
)

// HealthQuery asks for the list behind a number of Health.
type HealthQuery struct {
	Range
	What  string // paid, abandoned, ended, ways to end with commas between, a kind of event, or an account with money
	After Cursor
	Most  int // rows of a page, 1 to 100; 0 is 25
}

// HealthList is one page of orders behind a number. It says what was bought and
// how it went, not by whom; an operator who has to know more goes through a case.
type HealthList struct {
	Range
	What  string
	Rows  []Listed
	Sum   *money.Amount // of all rows, this page or not; nil where the list is not about money
	Next  Cursor
	Looks []HouseLook // the newest looks at such lists, this one included
}

// Listed is one order in such a list.
type Listed = store.Listed

// HouseLook is one list that an operator looked at.
type HouseLook struct {
	At    time.Time
	By    string // name; empty for a tool on the house's own machine
	What  string
	Found int
}

// Whats lists everything that HealthList can be asked for.
func Whats() []string {
	return slices.Concat([]string{ListedPaid, ListedAbandoned, ListedEnded}, Ways(), texts(RequestKinds()), texts(DisputeKinds()), ListedMoney())
}

// waysOf are the ways to end that a list was asked for; none where it was asked
// for something else.
func waysOf(what string) []string {
	if what == ListedEnded {
		return Ways()
	}
	list := strings.Split(what, ",")
	for i, way := range list {
		if !slices.Contains(Ways(), way) || slices.Contains(list[:i], way) {
			return nil
		}
	}
	return list
}

// HealthList lists the orders behind a number, the newest first. The money held
// is as of the end of the range; those that run still come first. That somebody
// looked is written down. Errors: fault.Invalid beside what, from, to or
// cursor; fault.NotFound for anyone but an operator.
func (m *Market) HealthList(ctx context.Context, who member.Actor, q HealthQuery) (HealthList, error) {
	if err := who.NeedOperator(); err != nil {
		return HealthList{}, err
	}
	if !slices.Contains(Whats(), q.What) && waysOf(q.What) == nil {
		return HealthList{}, fault.Invalid("what", "Choose from the list.")
	}
	first, last, err := q.days(m.Now())
	if err != nil {
		return HealthList{}, err
	}
	after, err := q.After.listed()
	if err != nil {
		return HealthList{}, err
	}
	m.sealAll(ctx)
	size, currency := pageSize(q.Most), m.Policy().Currency
	var list HealthList
	err = m.store.Update(ctx, func(tx *store.Tx) error {
		list = HealthList{Range: Range{first.Start(), (last - 1).Start()}, What: q.What}
		rows, err := behindHealth(tx, q.What, first, last, currency, after, size+1)
		if err != nil {
			return err
		}
		if list.Sum, err = moneyOf(tx, q.What, first, last, currency); err != nil {
			return err
		}
		if len(rows) > size {
			rows = rows[:size]
			list.Next = listedCursor(rows[size-1])
		}
		list.Rows = rows
		list.Looks, err = m.lookAtList(tx, who, "orders: "+q.What, list.Range, len(rows))
		return err
	})
	return list, err
}

func behindHealth(tx *store.Tx, what string, first, last store.Day, c money.Currency, after store.ListPlace, most int) ([]Listed, error) {
	ways := waysOf(what)
	switch {
	case what == ListedHeld:
		return held(tx, last, c, after, most)
	case slices.Contains(ListedMoney(), what):
		return tx.ListMoved(ledger.Account("house:"+what), first, last, c, after, most)
	case what == ListedPaid || what == ListedAbandoned:
		return tx.ListPlaced(first, last, what == ListedAbandoned, after, most)
	case ways == nil:
		return tx.ListMatters(first, last, effect.Kind(what), after, most)
	}
	var all []Listed
	for _, way := range ways {
		rows, err := tx.ListEnded(first, last, way, after, most)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	slices.SortFunc(all, func(a, b Listed) int { return -cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return all[:min(len(all), most)], nil
}

// looksAtLists bounds what is shown of earlier looks.
const looksAtLists = 5

// lookAtList writes down that somebody of the house listed something, and tells
// of the newest such looks.
func (m *Market) lookAtList(tx *store.Tx, who member.Actor, what string, r Range, found int) ([]HouseLook, error) {
	now := m.Now()
	what += ", " + r.From.Format(time.DateOnly) + " to " + r.To.Format(time.DateOnly)
	if err := tx.AddHouseRead(store.HouseRead{ID: ident.New[ident.Event](m.ids, now), By: who.Member, What: what, Found: found, At: now}); err != nil {
		return nil, err
	}
	reads, err := tx.HouseReads(looksAtLists)
	if err != nil {
		return nil, err
	}
	names := map[ident.Member]string{}
	looks := make([]HouseLook, len(reads))
	for i, r := range reads {
		if err := nameAll(tx, names, r.By); err != nil {
			return nil, err
		}
		looks[i] = HouseLook{At: r.At, By: names[r.By], What: r.What, Found: r.Found}
	}
	return looks, nil
}

func listedCursor(r Listed) Cursor {
	return cursorOf(strconv.FormatInt(r.At.UnixMicro(), 10), string(r.ID), strconv.Itoa(r.Seq))
}

// listed opens a cursor of a list of the house's: an instant, an id, a number.
func (c Cursor) listed() (store.ListPlace, error) {
	parts, err := c.parts(3)
	if parts == nil || err != nil {
		return store.ListPlace{}, err
	}
	us, err1 := strconv.ParseInt(parts[0], 10, 64)
	seq, err2 := strconv.Atoi(parts[2])
	if err1 != nil || err2 != nil || parts[1] == "" {
		return store.ListPlace{}, errCursor
	}
	return store.ListPlace{At: time.UnixMicro(us).UTC(), ID: parts[1], Seq: seq}, nil
}

// CasesQuery asks for the cases behind a number of Health.
type CasesQuery struct {
	Range
	Decided bool      // by the day they were decided on, not opened
	Kind    desk.Kind // empty for all
	Answer  string    // of those opened: within, late, waiting; empty for all
	After   Cursor
	Most    int
}

// HealthCase is one case in a list of the house's. Who is concerned is not in
// it: the desk shows that to those who may work on the case.
type HealthCase struct {
	ID       ident.Case // empty where the reader may not work on it
	Ref      string     // empty as well
	Kind     desk.Kind
	State    desk.State
	Opened   time.Time
	AnswerBy time.Time
	Answered time.Time // zero: not yet
	Overdue  bool      // the target passed without an answer
	Decided  time.Time // zero: not yet
}

// HealthCaseList is one page of cases behind a number.
type HealthCaseList struct {
	Range
	Rows  []HealthCase
	Next  Cursor
	Looks []HouseLook
}

// FirstAnswers lists what CasesQuery.Answer may be.
func FirstAnswers() []string { return []string{"within", "late", "waiting"} }

// HealthCases lists the cases behind a number, the newest first. That somebody
// looked is written down. Errors: fault.Invalid beside kind, answer, from, to
// or cursor; fault.NotFound for anyone but an operator.
func (m *Market) HealthCases(ctx context.Context, who member.Actor, q CasesQuery) (HealthCaseList, error) {
	if err := who.NeedOperator(); err != nil {
		return HealthCaseList{}, err
	}
	bad := fault.Fields{}
	bad.Need(q.Kind == "" || slices.Contains(append(desk.Kinds(), desk.HouseKinds()...), q.Kind), "kind", "Choose from the list.")
	bad.Need(q.Answer == "" || !q.Decided && slices.Contains(FirstAnswers(), q.Answer), "answer", "Choose from the list.")
	if err := bad.Err(); err != nil {
		return HealthCaseList{}, err
	}
	first, last, err := q.days(m.Now())
	if err != nil {
		return HealthCaseList{}, err
	}
	after, err := q.After.listed()
	if err != nil {
		return HealthCaseList{}, err
	}
	var list HealthCaseList
	err = m.store.Update(ctx, func(tx *store.Tx) error {
		list = HealthCaseList{Range: Range{first.Start(), (last - 1).Start()}}
		return m.casesBehind(tx, who, q, first, last, after, &list)
	})
	return list, err
}

func (m *Market) casesBehind(tx *store.Tx, who member.Actor, q CasesQuery, first, last store.Day, after store.ListPlace, list *HealthCaseList) error {
	size := pageSize(q.Most)
	what, at := "cases opened", func(c desk.Case) time.Time { return c.OpenedAt }
	var cases []desk.Case
	var err error
	if q.Decided {
		what, at = "cases decided", func(c desk.Case) time.Time { return c.DecidedAt }
		cases, err = tx.ListDecided(first, last, q.Kind, after, size+1)
	} else {
		cases, err = tx.ListOpened(first, last, q.Kind, q.Answer, after, size+1)
	}
	if err != nil {
		return err
	}
	if len(cases) > size {
		cases = cases[:size]
		end := cases[size-1]
		list.Next = cursorOf(strconv.FormatInt(at(end).UnixMicro(), 10), string(end.ID), "0")
	}
	by, err := worker(tx, who)
	if err != nil {
		return err
	}
	for _, c := range cases {
		row := HealthCase{ID: c.ID, Ref: c.Ref, Kind: c.Kind, State: c.State, Opened: c.OpenedAt, AnswerBy: c.AnswerBy, Answered: c.AnsweredAt, Overdue: c.Overdue, Decided: c.DecidedAt}
		if !c.MayWork(by) {
			row.ID, row.Ref = "", ""
		}
		list.Rows = append(list.Rows, row)
	}
	if q.Kind != "" {
		what += ": " + string(q.Kind)
	}
	list.Looks, err = m.lookAtList(tx, who, what, list.Range, len(cases))
	return err
}
