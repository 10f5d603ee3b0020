package market

import (
	"context"
	"fmt"
	"io"
	"slices"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/standing"
	"guildhall/internal/store"
	"guildhall/internal/talk"
)

// QueueFilter says which cases an agent looks at.
type QueueFilter struct {
	State desk.State // empty is waiting
	Kind  desk.Kind
	Whose string // "", "mine" or "nobody"
	Late  bool
	Words string
}

// Queue is one page of the desk's queue, the oldest first. Cases that the agent
// may not work on are not in it. Errors: fault.NotFound for others,
// fault.Invalid beside state, kind or whose.
func (m *Market) Queue(ctx context.Context, who member.Actor, f QueueFilter, after Cursor, most int) (rows []CaseRow, next Cursor, err error) {
	if err := who.NeedAgent(); err != nil {
		return nil, "", err
	}
	last, err := after.caseID()
	if err != nil {
		return nil, "", err
	}
	w, err := f.wanted(who)
	if err != nil {
		return nil, "", err
	}
	w.After, w.Most = last, pageSize(most)+1
	err = m.store.View(ctx, func(tx *store.Tx) error {
		cases, err := tx.CaseQueue(w)
		if err != nil {
			return err
		}
		if next = ""; len(cases) == w.Most {
			cases = cases[:w.Most-1]
			next = cursorOf(string(cases[len(cases)-1].ID))
		}
		by, err := worker(tx, who)
		if err != nil {
			return err
		}
		cases = slices.DeleteFunc(cases, func(c desk.Case) bool { return !c.MayWork(by) })
		rows, err = rowsFor(tx, cases)
		return err
	})
	return rows, next, err
}

func (f QueueFilter) wanted(who member.Actor) (store.Queue, error) {
	w := store.Queue{State: f.State, Kind: f.Kind, Late: f.Late, Words: f.Words}
	if w.State == "" {
		w.State = desk.Waiting
	}
	bad := fault.Fields{}
	bad.Need(slices.Contains(desk.States(), w.State), "state", "Choose from the list.")
	bad.Need(f.Kind == "" || slices.Contains(append(desk.Kinds(), desk.HouseKinds()...), f.Kind), "kind", "Choose from the list.")
	switch f.Whose {
	case "":
		w.Agent.Any = true
	case "mine":
		w.Agent.Only = who.Member
	case "nobody":
	default:
		bad.Need(false, "whose", "Choose from the list.")
	}
	return w, bad.Err()
}

// worker is the agent with the accounts tied to theirs.
func worker(tx *store.Tx, who member.Actor) (desk.Worker, error) {
	links, err := tx.LinksOf(who.Member)
	w := desk.Worker{Actor: who}
	for _, l := range links {
		w.Tied = append(w.Tied, l.Linked)
	}
	return w, err
}

// workOn loads a case for an agent who may work on it.
func (m *Market) workOn(tx *store.Tx, who member.Actor, id ident.Case) (desk.Case, desk.Worker, error) {
	c, err := tx.Case(id)
	if err != nil {
		return c, desk.Worker{}, missing(err, noCase)
	}
	by, err := worker(tx, who)
	if err == nil && !c.MayWork(by) {
		err = fault.NotFound(noCase)
	}
	return c, by, err
}

// DeskPage is everything that an agent sees of a case.
type DeskPage struct {
	Case         desk.Case
	Opener       *member.Member
	Other        *member.Member
	Names        map[ident.Member]string
	Order        *order.Order
	OrderPolicy  policy.Version
	OrderEvents  []effect.Event
	Entries      []ledger.Entry
	Conversation []talk.Message
	Story        []effect.Event
	Files        map[ident.File]store.File
	Looks        []Look
	Records      map[desk.Side]Record
	Earlier      []CaseRow // other cases about the same order
	Policy       policy.Version
	Mine         bool // the agent works on it
	Second       bool // the agent may be the second person

	Review   *review.Pair // of the case's order: whole once revealed, until then without its words
	ReviewBy review.Side  // whose review the case is about; empty for none
}

// Record is what the desk sees of one of the people.
type Record struct {
	Sold, Bought map[order.Bucket]int
	Warnings     []store.Warning
	Suspended    bool
	Sheet        standing.Sheet // figures as of now
}

// What an agent's look is written down as.
const (
	lookOrder = "the order"
	lookTalk  = "the conversation"
)

// DeskPage loads a case for an agent and writes down, for its people to see,
// what of their private affairs was read; what could not be written down is not
// shown. Errors: fault.NotFound for others, and for cases that the agent may not
// work on.
func (m *Market) DeskPage(ctx context.Context, who member.Actor, id ident.Case) (DeskPage, error) {
	if err := who.NeedAgent(); err != nil {
		return DeskPage{}, err
	}
	var page DeskPage
	err := m.store.View(ctx, func(tx *store.Tx) error {
		c, by, err := m.workOn(tx, who, id)
		if err != nil {
			return err
		}
		if page, err = m.deskPage(ctx, tx, c); err != nil {
			return err
		}
		page.Mine = who.Is(c.Agent)
		page.Second = c.State == desk.Seconding && !who.Is(c.Matter.Ruling.By) && c.MayWork(by)
		return nil
	})
	if err == nil {
		err = m.looked(ctx, who, &page)
	}
	if err != nil {
		return DeskPage{}, err
	}
	return page, nil
}

// looked writes down what of the private affairs of a case's people is on a page,
// and lists it with the earlier looks.
func (m *Market) looked(ctx context.Context, who member.Actor, page *DeskPage) error {
	var at []string
	if page.Order != nil {
		at = append(at, lookOrder)
	}
	if len(page.Conversation) > 0 {
		at = append(at, lookTalk)
	}
	with := m.store.Update
	if len(at) == 0 {
		with = m.store.View
	}
	return with(ctx, func(tx *store.Tx) (err error) {
		for _, what := range at {
			if err := m.look(tx, who, page.Case, what); err != nil {
				return err
			}
		}
		page.Looks, err = looks(tx, page.Case.ID, page.Names)
		return err
	})
}

// look writes one reading down.
func (m *Market) look(tx *store.Tx, who member.Actor, c desk.Case, what string) error {
	now := m.Now()
	return tx.AddCaseRead(store.CaseRead{
		Case: c.ID, ID: ident.New[ident.Event](m.ids, now), Agent: who.Member, Order: c.Order, What: what, At: now,
	})
}

func (m *Market) deskPage(ctx context.Context, tx *store.Tx, c desk.Case) (page DeskPage, err error) {
	page = DeskPage{Case: c, Names: map[ident.Member]string{}, Files: map[ident.File]store.File{}, Records: map[desk.Side]Record{}}
	if page.Policy, err = m.PolicyVersion(ctx, c.Policy); err != nil {
		return page, err
	}
	if page.Story, err = tx.Events(string(c.ID)); err != nil {
		return page, err
	}
	if c.Order != "" {
		if err := m.deskOrder(ctx, tx, &page); err != nil {
			return page, err
		}
	}
	if page.Order != nil || c.Subject.About == desk.AboutMessage || c.Subject.About == desk.AboutOffer {
		if page.Conversation, err = conversation(tx, c.Opener, c.Other); err != nil {
			return page, err
		}
	}
	if page.Opener, page.Records[desk.Opener], err = m.person(tx, c.Opener); err != nil {
		return page, err
	}
	if page.Other, page.Records[desk.Across], err = m.person(tx, c.Other); err != nil {
		return page, err
	}
	return page, m.gather(tx, append(slices.Clone(page.Story), page.OrderEvents...), c, page.Names, page.Files)
}

func (m *Market) deskOrder(ctx context.Context, tx *store.Tx, page *DeskPage) error {
	id := page.Case.Order
	o, err := tx.Order(id)
	if err != nil {
		return err
	}
	page.Order = &o
	if page.OrderPolicy, err = m.PolicyVersion(ctx, o.Policy); err != nil {
		return err
	}
	if page.OrderEvents, err = tx.Events(string(id)); err != nil {
		return err
	}
	if page.Entries, err = tx.Entries(string(id)); err != nil {
		return err
	}
	cases, err := tx.CasesOfOrder(id, 20)
	if err != nil {
		return err
	}
	cases = slices.DeleteFunc(cases, func(c desk.Case) bool { return c.ID == page.Case.ID })
	if page.Earlier, err = rowsFor(tx, cases); err != nil {
		return err
	}
	pair, err := tx.Reviews(review.Named(id))
	if err != nil {
		return ignoreMissing(err)
	}
	judged := pair.Judged()
	page.Review = &judged
	if ref, ok := review.ParseRef(page.Case.Subject.ID); ok && page.Case.Subject.About == desk.AboutReview {
		page.ReviewBy = ref.By
	}
	return nil
}

func (m *Market) person(tx *store.Tx, id ident.Member) (*member.Member, Record, error) {
	if id == "" {
		return nil, Record{}, nil
	}
	who, err := tx.Member(id)
	if err != nil {
		return nil, Record{}, err
	}
	r := Record{Suspended: who.Suspended()}
	if r.Sold, err = tx.Counts(store.Wanted{Member: id, Side: order.Seller}); err != nil {
		return nil, r, err
	}
	if r.Bought, err = tx.Counts(store.Wanted{Member: id, Side: order.Buyer}); err != nil {
		return nil, r, err
	}
	if r.Sheet, err = m.sheetOf(tx, id, m.Now()); err != nil {
		return nil, r, err
	}
	r.Warnings, err = tx.Warnings(id, epoch)
	return &who, r, err
}

// OpenCaseFile opens a file for an agent through a case: one said in it, or of
// its order or conversation. The look is written down. The caller closes it.
// Errors: fault.NotFound.
func (m *Market) OpenCaseFile(ctx context.Context, who member.Actor, id ident.Case, file ident.File) (File, io.ReadSeekCloser, error) {
	if err := who.NeedAgent(); err != nil {
		return File{}, nil, err
	}
	var f File
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		c, _, err := m.workOn(tx, who, id)
		if err != nil {
			return err
		}
		if f, err = tx.File(file); err != nil {
			return missing(err, noFile)
		}
		mine, err := ofCase(tx, c, f)
		if err == nil && !mine {
			err = fault.NotFound(noFile)
		}
		if err != nil {
			return err
		}
		if f.Subject == string(c.ID) {
			return nil // it was handed to the desk
		}
		return m.look(tx, who, c, fmt.Sprintf("the file %q", f.Name))
	})
	if err != nil {
		return File{}, nil, err
	}
	body, err := m.blobs.Open(f.SHA256)
	return f, body, err
}

// ofCase tells whether a file belongs to a case, its order or the conversation
// of its people.
func ofCase(tx *store.Tx, c desk.Case, f File) (bool, error) {
	switch {
	case f.Subject == "":
		return false, nil
	case f.Subject == string(c.ID), c.Order != "" && f.Subject == string(c.Order):
		return true, nil
	}
	if c.Order == "" && c.Subject.About != desk.AboutMessage && c.Subject.About != desk.AboutOffer || c.Opener == "" || c.Other == "" {
		return false, nil
	}
	thread, err := tx.ThreadOf(c.Opener, c.Other)
	if err != nil {
		return false, ignoreMissing(err)
	}
	return f.Subject == string(thread), nil
}

// readsCaseFile tells whether one of the people of a case may read a file that
// was handed in there: the words that it came with must be theirs to read.
func readsCaseFile(tx *store.Tx, who member.Actor, f File) (bool, error) {
	c, err := tx.Case(ident.Case(f.Subject))
	if err != nil || !c.Reads(who) || !who.May(member.ScopeRead) {
		return false, ignoreMissing(err)
	}
	side, _ := c.SideOf(who.Member)
	events, err := tx.Events(string(c.ID))
	for _, e := range events {
		if slices.Contains(e.Detail.Files, f.ID) {
			return desk.Reads(e, side, who.Is(e.Actor)), nil
		}
	}
	return false, err
}
