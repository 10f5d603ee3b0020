package market

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/store"
)

const noCase = "There is no such case."

// NewCase is what somebody asks the desk.
type NewCase struct {
	Kind  desk.Kind    `json:"kind"`
	About desk.Subject `json:"about"`
	Text  string       `json:"text"`
	Files []ident.File `json:"files,omitempty"` // uploads of theirs, for orders
}

// OpenCase asks the desk. What the case is about is linked to it, and the
// record that belongs to it is attached by itself. Errors: fault.NotFound for a
// subject that is not theirs to see, fault.Invalid beside kind, text and files.
func (m *Market) OpenCase(ctx context.Context, who member.Actor, key Key, in NewCase) (desk.Case, error) {
	if err := who.Need(member.ScopeManage); err != nil {
		return desk.Case{}, err
	}
	return once(ctx, m, who, key, "case.open", in, func(tx *store.Tx) (desk.Case, error) {
		now, p := m.Now(), m.Policy()
		d, words, err := m.subject(tx, who, in.About)
		if err != nil {
			return desk.Case{}, err
		}
		d.ID, d.Kind = ident.New[ident.Case](m.ids, now), in.Kind
		d.Ref = ident.RefOf(d.ID)
		if d.Record, err = m.recordFor(tx, who, d); err != nil {
			return desk.Case{}, err
		}
		c, set, err := desk.Open(now, d, desk.Words{Text: in.Text, Files: in.Files}, who, p)
		if err != nil {
			return c, err
		}
		if err := attachToCase(tx, who, c.ID, in.Files); err != nil {
			return c, err
		}
		if err := tx.AddCase(c, words...); err != nil {
			return c, err
		}
		return c, tx.Carry(set)
	})
}

// CanAsk tells what a case about a subject would be linked to, for its form.
// Errors: fault.NotFound for a subject that is not theirs to see.
func (m *Market) CanAsk(ctx context.Context, who member.Actor, about desk.Subject) (label string, err error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return "", err
	}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		d, _, err := m.subject(tx, who, about)
		label = d.Label
		return err
	})
	return label, err
}

// openHouseCase opens a case that the clock or the house itself asks for. It
// is opened once for each id; without one, once for each kind and person until
// it is decided. It tells whether there is a new one.
func (m *Market) openHouseCase(tx *store.Tx, d desk.Draft, why string, words ...string) (bool, error) {
	now := m.Now()
	if d.ID == "" {
		if _, open, err := tx.CaseAgainst(d.Other, d.Kind); err != nil || open {
			return false, err
		}
		d.ID = ident.Derived[ident.Case](now, 0, string(d.Kind)+":"+string(d.Other))
	}
	if _, err := tx.Case(d.ID); err == nil || !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	d.Ref = ident.RefOf(d.ID)
	for _, id := range []ident.Member{d.Opener, d.Other} {
		if id == "" {
			continue
		}
		who, err := tx.Member(id)
		if err != nil {
			return false, err
		}
		words = append(words, who.Name)
	}
	c, set := desk.OpenForHouse(now, d, why, m.Policy())
	if err := tx.AddCase(c, words...); err != nil {
		return false, err
	}
	return true, tx.Carry(set)
}

// openUnheard brings a buyer's request to cancel, to which nobody answered after
// a delivery, before the desk (rulebook section 5). Told twice it opens one case.
func (m *Market) openUnheard(tx *store.Tx, e effect.Event) error {
	o, err := tx.Order(ident.Order(e.Stream))
	if err != nil {
		return err
	}
	_, err = m.openHouseCase(tx, desk.Draft{
		ID:   ident.Derived[ident.Case](e.At, e.Seq, e.Stream+":case"),
		Kind: desk.Unheard, Subject: desk.Subject{About: desk.AboutOrder, ID: string(o.ID)}, Order: o.ID,
		Opener: o.Buyer, Other: o.Seller, Label: o.Title,
	}, "The buyer asked to cancel this order after something had been delivered, and the seller did not answer in time. After a delivery silence cancels nothing by itself: the desk decides.", o.Ref, o.Title)
	return err
}

// reviewBlameless opens a review by the house of a seller with many orders ended
// without blame (rulebook section 6): one at a time, and never a penalty.
func (m *Market) reviewBlameless(tx *store.Tx, seller ident.Member, why string) (bool, error) {
	return m.openHouseCase(tx, desk.Draft{Kind: desk.Blameless, Other: seller}, why)
}

// CaseSubjectOrder is the case's subject for an order.
func CaseSubjectOrder(id ident.Order) desk.Subject {
	return desk.Subject{About: desk.AboutOrder, ID: string(id)}
}

func attachToCase(tx *store.Tx, who member.Actor, id ident.Case, files []ident.File) error {
	for _, f := range files {
		err := tx.AttachFile(f, who.Member, store.FileOrder, string(id))
		if errors.Is(err, store.ErrNotFound) {
			return fault.Invalid("files", "One of the files is not there. Please attach it again.")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Look is one reading of private things by the desk, as its people see it.
type Look struct {
	At    time.Time
	Agent string // name
	What  string
	Case  ident.Case
}

// CasePage is everything that one of its people sees of a case.
type CasePage struct {
	Case    desk.Case
	Side    desk.Side
	Names   map[ident.Member]string
	Order   *order.Order // that it concerns
	Lines   []effect.Event
	Files   map[ident.File]store.File
	Looks   []Look
	Policy  policy.Version // that the case is handled under
	CanEnd  bool           // withdraw
	CanSay  bool
	Appeals bool // may appeal now

	InAppeal bool // the reader is in the appeal that follows

	Review *review.Review // that the case is about, as the reader may see it
}

// looksShown bounds the access log on a page.
const looksShown = 100

// CasePage loads a case for one of its people. Errors: fault.NotFound.
func (m *Market) CasePage(ctx context.Context, who member.Actor, id ident.Case) (CasePage, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return CasePage{}, err
	}
	var page CasePage
	err := m.store.View(ctx, func(tx *store.Tx) error {
		c, err := caseFor(tx, who, id)
		if err != nil {
			return err
		}
		page, err = m.casePage(ctx, tx, c, who)
		return err
	})
	return page, err
}

// caseFor loads a case for one of its people.
func caseFor(tx *store.Tx, who member.Actor, id ident.Case) (desk.Case, error) {
	c, err := tx.Case(id)
	if err != nil {
		return c, missing(err, noCase)
	}
	if !c.Reads(who) {
		return desk.Case{}, fault.NotFound(noCase)
	}
	return c, nil
}

func (m *Market) casePage(ctx context.Context, tx *store.Tx, c desk.Case, who member.Actor) (page CasePage, err error) {
	page = CasePage{Case: c, Names: map[ident.Member]string{}, Files: map[ident.File]store.File{}}
	page.Side, _ = c.SideOf(who.Member)
	if page.Policy, err = m.PolicyVersion(ctx, c.Policy); err != nil {
		return page, err
	}
	if c.Order != "" {
		o, err := tx.Order(c.Order)
		if err != nil {
			return page, err
		}
		page.Order = &o
	}
	events, err := tx.Events(string(c.ID))
	if err != nil {
		return page, err
	}
	for _, e := range events {
		if desk.Reads(e, page.Side, who.Is(e.Actor)) {
			page.Lines = append(page.Lines, desk.Told(e))
		}
	}
	if err := m.gather(tx, page.Lines, c, page.Names, page.Files); err != nil {
		return page, err
	}
	if c.Shields(page.Side) {
		delete(page.Names, c.At(page.Side.Other()))
	}
	if page.Looks, err = looks(tx, c.ID, page.Names); err != nil {
		return page, err
	}
	if r, by, ok, err := m.aboutReview(ctx, tx, c); err != nil {
		return page, err
	} else if ok {
		page.Review = r.pair.Seen(who.Member).Get(by)
	}
	now := m.Now()
	page.CanSay = !c.State.Settled()
	page.CanEnd = page.CanSay && page.Side == desk.Opener && !c.OwesDecision() && c.State != desk.Seconding
	page.Appeals = c.Appealable(now)
	if c.Matter.Appeal == "" {
		return page, nil
	}
	next, err := tx.Case(c.Matter.Appeal)
	page.InAppeal = next.Reads(who)
	return page, err
}

// gather loads the names and files that a story mentions.
func (m *Market) gather(tx *store.Tx, lines []effect.Event, c desk.Case, names map[ident.Member]string, files map[ident.File]store.File) error {
	found, err := filesOf(tx, lines)
	if err != nil {
		return err
	}
	maps.Copy(files, found)
	people := append(c.People(), c.Agent)
	for _, e := range lines {
		people = append(people, e.Actor)
	}
	return nameAll(tx, names, people...)
}

func nameAll(tx *store.Tx, names map[ident.Member]string, people ...ident.Member) error {
	unknown := slices.DeleteFunc(slices.Clone(people), func(id ident.Member) bool {
		_, known := names[id]
		return known || id == ""
	})
	slices.Sort(unknown)
	found, err := tx.ManyMembers(slices.Compact(unknown)...)
	for id, who := range found {
		names[id] = who.Name
	}
	return err
}

func looks(tx *store.Tx, id ident.Case, names map[ident.Member]string) ([]Look, error) {
	reads, err := tx.CaseReads(id, looksShown)
	if err != nil {
		return nil, err
	}
	list, agents := make([]Look, len(reads)), make([]ident.Member, len(reads))
	for i, r := range reads {
		agents[i] = r.Agent
	}
	if err := nameAll(tx, names, agents...); err != nil {
		return nil, err
	}
	for i, r := range reads {
		list[i] = Look{At: r.At, Agent: names[r.Agent], What: r.What, Case: r.Case}
	}
	return list, nil
}

// Cases are the cases that the actor opened or was brought into, newest first.
// Errors: fault.Invalid for a broken cursor.
func (m *Market) Cases(ctx context.Context, who member.Actor, after Cursor, most int) (list []CaseRow, next Cursor, err error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return nil, "", err
	}
	before, err := after.caseID()
	if err != nil {
		return nil, "", err
	}
	size := pageSize(most)
	err = m.store.View(ctx, func(tx *store.Tx) error {
		cases, err := tx.CasesOf(who.Member, before, size+1)
		if err != nil {
			return err
		}
		if list, err = rowsFor(tx, cases); err != nil {
			return err
		}
		for i := range list {
			switch side, _ := list[i].Case.SideOf(who.Member); {
			case !list[i].Case.Shields(side):
			case side == desk.Opener:
				list[i].Other = ""
			default:
				list[i].Opener = ""
			}
		}
		return nil
	})
	if len(list) > size {
		list = list[:size]
		next = cursorOf(string(list[size-1].Case.ID))
	}
	return list, next, err
}

func (c Cursor) caseID() (ident.Case, error) {
	parts, err := c.parts(1)
	if parts == nil || err != nil {
		return "", err
	}
	if !ident.Valid(ident.Case(parts[0])) {
		return "", errCursor
	}
	return ident.Case(parts[0]), nil
}

// CaseRow is one case in a list.
type CaseRow struct {
	Case     desk.Case
	Opener   string // names; empty for nobody
	Other    string
	Agent    string
	OrderRef string
}

func rowsFor(tx *store.Tx, cases []desk.Case) ([]CaseRow, error) {
	var people []ident.Member
	var ids []ident.Order
	for _, c := range cases {
		people = append(people, c.Opener, c.Other, c.Agent)
		if c.Order != "" {
			ids = append(ids, c.Order)
		}
	}
	names := map[ident.Member]string{}
	if err := nameAll(tx, names, people...); err != nil {
		return nil, err
	}
	orders, err := tx.ManyOrders(ids...)
	if err != nil {
		return nil, err
	}
	rows := make([]CaseRow, len(cases))
	for i, c := range cases {
		rows[i] = CaseRow{Case: c, Opener: names[c.Opener], Other: names[c.Other], Agent: names[c.Agent], OrderRef: orders[c.Order].Ref}
	}
	return rows, nil
}
