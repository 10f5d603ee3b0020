package market

import (
	"context"

	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/notice"
	"guildhall/internal/store"
)

// NoticePage is one page of somebody's notices, the newest first.
type NoticePage struct {
	Notices []notice.Notice
	Unread  int    // in all
	Next    Cursor // empty on the last page
}

// Notices lists the actor's notices after a cursor. Errors: fault.SignIn,
// fault.Invalid for a cursor of something else.
func (m *Market) Notices(ctx context.Context, who member.Actor, after Cursor, limit int) (NoticePage, error) {
	var page NoticePage
	if err := who.Need(member.ScopeRead); err != nil {
		return page, err
	}
	before, err := after.notice()
	if err != nil {
		return page, err
	}
	limit = max(1, min(limit, 100))
	err = m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		if page.Unread, err = tx.Unread(who.Member); err != nil {
			return err
		}
		page.Notices, err = tx.Notices(who.Member, before, limit+1)
		return err
	})
	if len(page.Notices) > limit {
		page.Notices = page.Notices[:limit]
		page.Next = cursorOf(string(page.Notices[limit-1].ID))
	}
	return page, err
}

func (c Cursor) notice() (ident.Notice, error) {
	parts, err := c.parts(1)
	if parts == nil || err != nil {
		return "", err
	}
	if !ident.Valid(ident.Notice(parts[0])) {
		return "", errCursor
	}
	return ident.Notice(parts[0]), nil
}

// Unread is how many notices the actor has not read; none for a guest.
func (m *Market) Unread(ctx context.Context, who member.Actor) (int, error) {
	if !who.SignedIn() {
		return 0, nil
	}
	n := 0
	err := m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		n, err = tx.Unread(who.Member)
		return err
	})
	return n, err
}

// ReadNotice marks one of the actor's notices as read and returns it. Reading
// it again changes nothing. Errors: fault.SignIn, fault.NotFound.
func (m *Market) ReadNotice(ctx context.Context, who member.Actor, id ident.Notice) (notice.Notice, error) {
	var n notice.Notice
	if err := who.Need(member.ScopeManage); err != nil {
		return n, err
	}
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		var err error
		if n, err = tx.Notice(who.Member, id); err != nil {
			return err
		}
		if !n.Read.IsZero() {
			return nil
		}
		n.Read = m.Now()
		_, err = tx.ReadNotice(who.Member, id, n.Read)
		return err
	})
	return n, missing(err, "There is no such notice.")
}

// readAtOnce bounds what one transaction marks.
const readAtOnce = 500

// ReadAllNotices marks every notice of the actor as read and tells how many
// there were. Errors: fault.SignIn.
func (m *Market) ReadAllNotices(ctx context.Context, who member.Actor) (int, error) {
	if err := who.Need(member.ScopeManage); err != nil {
		return 0, err
	}
	all := 0
	for {
		n := 0
		err := m.store.Update(ctx, func(tx *store.Tx) error {
			var err error
			n, err = tx.ReadNotices(who.Member, readAtOnce, m.Now())
			return err
		})
		if all += n; n < readAtOnce || err != nil {
			return all, err
		}
	}
}
