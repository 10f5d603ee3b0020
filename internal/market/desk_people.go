package market

import (
	"context"
	"strconv"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/store"
)

// Warning is one warning with its end.
type Warning = store.Warning

// Warnings are a page of the actor's own warnings, newest first, those that ended
// too. Errors: fault.Invalid for a broken cursor.
func (m *Market) Warnings(ctx context.Context, who member.Actor, after Cursor, most int) (list []Warning, next Cursor, err error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return nil, "", err
	}
	place, err := after.behind()
	if err != nil {
		return nil, "", err
	}
	size := pageSize(most)
	err = m.store.View(ctx, func(tx *store.Tx) error {
		list, err = tx.WarningsPage(store.BehindQuery{Member: who.Member, Until: m.Now(), After: place, Most: size + 1})
		return err
	})
	if len(list) > size {
		list = list[:size]
		last := list[size-1]
		next = behindCursor(store.BehindPlace{At: last.Given, Subject: string(last.ID)})
	}
	return list, next, err
}

// LinkedAccounts are two accounts tied together: neither works on cases of the
// other.
type LinkedAccounts struct {
	Member, Linked member.Member
	Why            string
	At             time.Time
}

// LinkAccounts ties two accounts. Errors: fault.NotFound unless the actor runs
// the house; fault.Invalid beside member, linked and why.
func (m *Market) LinkAccounts(ctx context.Context, who member.Actor, key Key, a, b, why string) error {
	if err := who.NeedOperator(); err != nil {
		return err
	}
	_, err := once(ctx, m, who, key, "link accounts", []string{a, b, why}, func(tx *store.Tx) (bool, error) {
		x, y, err := pair(tx, a, b)
		if err != nil {
			return false, err
		}
		why = member.Text(why)
		if why == "" {
			return false, fault.Invalid("why", "Say why, for whoever looks at this later.")
		}
		return true, tx.AddLink(store.Link{Member: x.ID, Linked: y.ID, Why: why, By: who.Member, At: m.Now()})
	})
	return err
}

// UnlinkAccounts unties two accounts. Errors: those of LinkAccounts.
func (m *Market) UnlinkAccounts(ctx context.Context, who member.Actor, key Key, a, b string) error {
	if err := who.NeedOperator(); err != nil {
		return err
	}
	_, err := once(ctx, m, who, key, "unlink accounts", []string{a, b}, func(tx *store.Tx) (bool, error) {
		x, y, err := pair(tx, a, b)
		if err != nil {
			return false, err
		}
		return true, tx.DropLink(x.ID, y.ID)
	})
	return err
}

// pair finds two different members, each by handle or id.
func pair(tx *store.Tx, a, b string) (x, y member.Member, err error) {
	if x, err = someone(tx, a); err != nil {
		return x, y, missingField(err, "member")
	}
	if y, err = someone(tx, b); err != nil {
		return x, y, missingField(err, "linked")
	}
	if x.ID == y.ID {
		return x, y, fault.Invalid("linked", "These are the same account.")
	}
	return x, y, nil
}

func missingField(err error, field string) error {
	if ignoreMissing(err) == nil {
		return fault.Invalid(field, "There is no such member. Type the end of the address of their page.")
	}
	return err
}

func someone(tx *store.Tx, name string) (member.Member, error) {
	name = member.Line(name)
	if id := ident.Member(name); ident.Valid(id) {
		return tx.Member(id)
	}
	if len(name) > 0 && name[0] == '@' {
		name = name[1:]
	}
	return tx.MemberByHandle(name)
}

// Linked lists the accounts that are tied, each pair once. Errors:
// fault.NotFound unless the actor runs the house.
func (m *Market) Linked(ctx context.Context, who member.Actor, after Cursor, most int) (list []LinkedAccounts, next Cursor, err error) {
	if err := who.NeedOperator(); err != nil {
		return nil, "", err
	}
	parts, err := after.parts(2)
	if err != nil {
		return nil, "", err
	}
	if parts == nil {
		parts = []string{"", ""}
	}
	size := 2 * pageSize(most) // each pair stands there both ways round
	err = m.store.View(ctx, func(tx *store.Tx) error {
		links, err := tx.Links(ident.Member(parts[0]), ident.Member(parts[1]), size+1)
		if err != nil {
			return err
		}
		if list, next = nil, ""; len(links) > size {
			links = links[:size]
			next = cursorOf(string(links[size-1].Member), string(links[size-1].Linked))
		}
		for _, l := range links {
			if l.Member > l.Linked {
				continue
			}
			both := LinkedAccounts{Why: l.Why, At: l.At}
			if both.Member, err = tx.Member(l.Member); err != nil {
				return err
			}
			if both.Linked, err = tx.Member(l.Linked); err != nil {
				return err
			}
			list = append(list, both)
		}
		return nil
	})
	return list, next, err
}

// SuspendedMember is somebody whom the house keeps out.
type SuspendedMember = store.Suspended

// SuspendedMembers lists who is kept out, the newest first. Errors:
// fault.NotFound unless the actor runs the house.
func (m *Market) SuspendedMembers(ctx context.Context, who member.Actor, after Cursor, most int) (list []SuspendedMember, next Cursor, err error) {
	if err := who.NeedOperator(); err != nil {
		return nil, "", err
	}
	parts, err := after.parts(2)
	if err != nil {
		return nil, "", err
	}
	var before time.Time
	var id ident.Member
	if parts != nil {
		us, err := strconv.ParseInt(parts[0], 10, 64)
		if err != nil {
			return nil, "", errCursor
		}
		before, id = time.UnixMicro(us).UTC(), ident.Member(parts[1])
	}
	size := pageSize(most)
	err = m.store.View(ctx, func(tx *store.Tx) error {
		list, err = tx.SuspendedMembers(before, id, size+1)
		return err
	})
	if len(list) > size {
		list = list[:size]
		last := list[size-1]
		next = cursorOf(strconv.FormatInt(last.Since.UnixMicro(), 10), string(last.ID))
	}
	return list, next, err
}

// LiftSuspension opens a login again, outside a case. Errors: fault.NotFound
// unless the actor runs the house, fault.Conflict when it is open.
func (m *Market) LiftSuspension(ctx context.Context, who member.Actor, key Key, id ident.Member) (member.Member, error) {
	if err := who.NeedOperator(); err != nil {
		return member.Member{}, err
	}
	return once(ctx, m, who, key, "lift suspension", id, func(tx *store.Tx) (member.Member, error) {
		them, err := tx.Member(id)
		if err != nil {
			return them, missing(err, "There is no such member.")
		}
		if them, err = them.Unbar(); err != nil {
			return them, err
		}
		return save(tx, them, who, m.Now(), happening{member.Restored, effect.Detail{}})
	})
}

// OrderLooks are the desk's looks at an order, for its parties. Errors:
// fault.NotFound for anybody else.
func (m *Market) OrderLooks(ctx context.Context, who member.Actor, id ident.Order) (list []Look, err error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return nil, err
	}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		o, err := tx.Order(id)
		if err != nil {
			return missing(err, noOrder)
		}
		if !mayRead(o, o.PartyOf(who)) {
			return fault.NotFound(noOrder)
		}
		list, err = orderLooks(tx, who, id)
		return err
	})
	return list, err
}

func orderLooks(tx *store.Tx, who member.Actor, id ident.Order) ([]Look, error) {
	reads, err := tx.OrderReads(id, looksShown)
	if err != nil {
		return nil, err
	}
	return looksFor(tx, who.Member, reads)
}

// looksFor names the case only to those who are in it.
func looksFor(tx *store.Tx, who ident.Member, reads []store.CaseRead) ([]Look, error) {
	names, mine := map[ident.Member]string{}, map[ident.Case]bool{}
	list, agents := make([]Look, len(reads)), make([]ident.Member, len(reads))
	for i, r := range reads {
		agents[i] = r.Agent
	}
	if err := nameAll(tx, names, agents...); err != nil {
		return nil, err
	}
	for i, r := range reads {
		if _, known := mine[r.Case]; !known {
			c, err := tx.Case(r.Case)
			if err != nil {
				return nil, err
			}
			mine[r.Case] = c.Reads(member.Actor{Member: who})
		}
		list[i] = Look{At: r.At, Agent: names[r.Agent], What: r.What}
		if mine[r.Case] {
			list[i].Case = r.Case
		}
	}
	return list, nil
}
