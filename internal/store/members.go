package store

import (
	"strings"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/store/db"
)

// AddMember writes a new member. A taken address or handle is a Duplicate of
// members.email or members.handle.
func (tx *Tx) AddMember(m member.Member) error {
	r := memberRow(m)
	err := tx.q.MemberInsert(tx.ctx, db.MemberInsertParams{
		ID: r.ID, Email: r.Email, Handle: r.Handle, Name: r.Name, Zone: r.Zone, About: r.About,
		Picture: r.Picture, Theme: r.Theme, SellerSince: r.SellerSince, Tagline: r.Tagline,
		Skills: r.Skills, AwayUntil: r.AwayUntil, Agent: r.Agent, Operator: r.Operator,
		SuspendedAt: r.SuspendedAt, SuspendedWhy: r.SuspendedWhy, CreatedAt: r.CreatedAt,
		Seq: r.Seq, Version: r.Version,
	})
	if err != nil {
		return err
	}
	return tx.flush()
}

// SaveMember writes what changed, unless somebody else did first (ErrStale).
// Handle and time of birth never change. It returns the member's new version.
func (tx *Tx) SaveMember(m member.Member) (int, error) {
	r := memberRow(m)
	_, err := tx.fenced.MemberUpdate(tx.ctx, db.MemberUpdateParams{
		ID: r.ID, Version: r.Version, Email: r.Email, Name: r.Name, Zone: r.Zone, About: r.About,
		Picture: r.Picture, Theme: r.Theme, SellerSince: r.SellerSince, Tagline: r.Tagline,
		Skills: r.Skills, AwayUntil: r.AwayUntil, Agent: r.Agent, Operator: r.Operator,
		SuspendedAt: r.SuspendedAt, SuspendedWhy: r.SuspendedWhy, Seq: r.Seq,
	})
	tx.leaves(r.ID, nil)
	return m.Version + 1, stale(err)
}

// Member reads one member. Errors: ErrNotFound.
func (tx *Tx) Member(id ident.Member) (member.Member, error) {
	r, err := known(tx, id, func() (db.Member, error) { return tx.q.MemberByID(tx.ctx, string(id)) })
	return memberOf(r), err
}

var membersSQL = manyOf("MembersByID", `SELECT id, email, handle, name, zone, about, picture, theme, seller_since, tagline, skills, away_until, agent, operator, suspended_at, suspended_why, created_at, seq, version
FROM members WHERE id IN ($ids)`)

// ManyMembers reads members by their ids. Errors: ErrNotFound when one is not
// there.
func (tx *Tx) ManyMembers(ids ...ident.Member) (map[ident.Member]member.Member, error) {
	found := map[ident.Member]member.Member{}
	if err := askMany(tx, membersSQL, ids, func(scan func(...any) error) error {
		var r db.Member
		err := scan(&r.ID, &r.Email, &r.Handle, &r.Name, &r.Zone, &r.About, &r.Picture, &r.Theme, &r.SellerSince, &r.Tagline, &r.Skills,
			&r.AwayUntil, &r.Agent, &r.Operator, &r.SuspendedAt, &r.SuspendedWhy, &r.CreatedAt, &r.Seq, &r.Version)
		found[ident.Member(r.ID)] = memberOf(r)
		return err
	}); err != nil {
		return nil, err
	}
	return found, whole(ids, found)
}

// MemberByEmail finds a member by address, as member.Email writes it.
// Errors: ErrNotFound.
func (tx *Tx) MemberByEmail(email string) (member.Member, error) {
	r, err := tx.q.MemberByEmail(tx.ctx, email)
	return memberOf(r), err
}

// MemberByHandle finds a member by the address of their page. Errors: ErrNotFound.
func (tx *Tx) MemberByHandle(handle string) (member.Member, error) {
	r, err := tx.q.MemberByHandle(tx.ctx, handle)
	return memberOf(r), err
}

// Members lists at most limit members after an id, in order of id.
func (tx *Tx) Members(after ident.Member, limit int) ([]member.Member, error) {
	rows, err := tx.q.MembersPage(tx.ctx, string(after), int64(limit))
	list := make([]member.Member, len(rows))
	for i, r := range rows {
		list[i] = memberOf(r)
	}
	return list, err
}

// AnyOperator names one operator of the house. Errors: ErrNotFound.
func (tx *Tx) AnyOperator() (ident.Member, error) {
	id, err := tx.q.MemberOperator(tx.ctx)
	return ident.Member(id), err
}

// SetPassword puts a member's password hash in place.
func (tx *Tx) SetPassword(id ident.Member, hash string, at time.Time) error {
	return tx.q.PasswordSet(tx.ctx, string(id), hash, micros(at))
}

// PasswordStands holds a member's password hash as it is until the transaction
// ends: who sets another one waits, and then finds what was written here.
// Errors: ErrNotFound when it is another one by now.
func (tx *Tx) PasswordStands(id ident.Member, hash string) error {
	_, err := tx.q.PasswordStands(tx.ctx, string(id), hash)
	return err
}

// HoldPassword lets nobody come in, and nobody set another password, until the
// transaction ends.
func (tx *Tx) HoldPassword(id ident.Member) error { return tx.q.PasswordHold(tx.ctx, string(id)) }

// PasswordHash reads a member's password hash. Errors: ErrNotFound.
func (tx *Tx) PasswordHash(id ident.Member) (string, error) {
	return tx.q.PasswordOf(tx.ctx, string(id))
}

func memberRow(m member.Member) db.Member {
	r := db.Member{
		ID: string(m.ID), Email: m.Email, Handle: m.Handle, Name: m.Name, Zone: m.Zone,
		About: m.About, Picture: string(m.Picture), Theme: string(m.Theme),
		Agent: m.Agent, Operator: m.Operator,
		SuspendedAt: microsOrNull(m.Barred.Since), SuspendedWhy: m.Barred.Why,
		CreatedAt: micros(m.Created), Seq: int64(m.Seq), Version: int64(m.Version),
	}
	if s := m.Seller; s != nil {
		r.SellerSince, r.AwayUntil = microsOrNull(s.Since), microsOrNull(s.AwayUntil)
		r.Tagline, r.Skills = s.Tagline, strings.Join(s.Skills, "\n")
	}
	return r
}

func memberOf(r db.Member) member.Member {
	m := member.Member{
		ID: ident.Member(r.ID), Email: r.Email, Handle: r.Handle, Name: r.Name, Zone: r.Zone,
		About: r.About, Picture: ident.File(r.Picture), Theme: member.Theme(r.Theme),
		Agent: r.Agent, Operator: r.Operator,
		Barred:  member.Bar{Since: fromMicrosOrNull(r.SuspendedAt), Why: r.SuspendedWhy},
		Created: fromMicros(r.CreatedAt), Seq: int(r.Seq), Version: int(r.Version),
	}
	if r.SellerSince != nil {
		m.Seller = &member.Seller{
			Since: fromMicros(*r.SellerSince), Tagline: r.Tagline,
			Skills: split(r.Skills, "\n"), AwayUntil: fromMicrosOrNull(r.AwayUntil),
		}
	}
	return m
}

// split is strings.Split that makes nothing of nothing.
func split(s, sep string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, sep)
}
