package market

import (
	"context"
	"errors"
	"math"
	"strconv"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// Share is a link that shows somebody's standing to a helper, read only, until
// it ends. Its secret is known only while it is being made.
type Share struct {
	ID     ident.Share `json:"id"`
	Secret string      `json:"-"`
	Made   time.Time   `json:"made"`
	Until  time.Time   `json:"until"`
}

// sharesMost bounds the links of one person that are open at once.
const sharesMost = 20

const noShare = "This link shows nothing any more. Ask for a new one."

// ShareStanding makes such a link. Asked again with the same key it answers with
// the link of then, without its secret, which is kept by nobody.
// Errors: fault.Conflict when too many are open.
func (m *Market) ShareStanding(ctx context.Context, who member.Actor, key Key) (Share, error) {
	if err := who.Need(member.ScopeSell); err != nil {
		return Share{}, err
	}
	secret, mine := ident.Secret(), ident.Share("")
	s, err := once(ctx, m, who, key, "standing.share", "", func(tx *store.Tx) (Share, error) {
		now := m.Now()
		open, err := sharesOf(tx, who.Member, now)
		if err != nil {
			return Share{}, err
		}
		if len(open) >= sharesMost {
			return Share{}, fault.Conflict("So many links are open already. Close one of them first.")
		}
		mine = ident.New[ident.Share](m.ids, now)
		s := Share{ID: mine, Made: now, Until: now.Add(m.PolicyAt(now).Standing.ShareLife.D())}
		return s, tx.AddShare(store.Share{ID: s.ID, Member: who.Member, Made: s.Made, Until: s.Until}, secretHash(secret))
	})
	if err == nil && s.ID == mine {
		s.Secret = secret
	}
	return s, err
}

// RevokeShare ends one of the actor's links. Errors: fault.NotFound.
func (m *Market) RevokeShare(ctx context.Context, who member.Actor, key Key, id ident.Share) error {
	if err := who.Need(member.ScopeSell); err != nil {
		return err
	}
	_, err := once(ctx, m, who, key, "standing.revoke", id, func(tx *store.Tx) (bool, error) {
		return true, tx.RevokeShare(id, who.Member, m.Now())
	})
	return missing(err, "There is no such link, or it was closed before.")
}

func sharesOf(tx *store.Tx, who ident.Member, now time.Time) ([]Share, error) {
	kept, err := tx.Shares(who, 10*sharesMost)
	var open []Share
	for _, s := range kept {
		if now.Before(s.Until) {
			open = append(open, Share{ID: s.ID, Made: s.Made, Until: s.Until})
		}
	}
	return open, err
}

// opened finds whose standing a link shows. Errors: fault.NotFound, alike for a wrong, an old and a closed one.
func (m *Market) opened(ctx context.Context, secret string) (store.Share, error) {
	var s store.Share
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		s, err = tx.ShareBy(secretHash(secret))
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && (!s.Revoked.IsZero() || !m.Now().Before(s.Until)) {
		err = fault.NotFound(noShare)
	}
	return s, err
}

// SharedStanding is a standing as a helper sees it through a link: all of its
// numbers and days, and nothing that names an order, a buyer or a conversation.
// Errors: fault.NotFound, alike for a wrong, an old and a closed one.
func (m *Market) SharedStanding(ctx context.Context, secret string) (Standing, error) {
	s, err := m.opened(ctx, secret)
	if err != nil {
		return Standing{}, err
	}
	v, err := m.standingOf(ctx, s.Member)
	v.Expires, v.Shares = s.Until, nil
	v.Sheet = veiledSheet(v.Sheet)
	for i := range v.Forecast {
		veil(v.Forecast[i].Leaves)
		veil(v.Forecast[i].Comes)
	}
	for i := range v.Active {
		v.Active[i].Case, v.Active[i].Why = "", ""
	}
	return v, err
}

// SharedBehind is a page of what stands behind a figure, seen through a link.
// Errors: fault.NotFound, and those of Behind.
func (m *Market) SharedBehind(ctx context.Context, secret string, f standing.Figure, mark standing.Mark, after Cursor, most int) (Behind, error) {
	s, err := m.opened(ctx, secret)
	if err != nil {
		return Behind{}, err
	}
	if f == standing.BuyerRecord {
		return Behind{}, fault.NotFound("There is no such figure.")
	}
	place, skip, err := after.shared()
	if err != nil {
		return Behind{}, err
	}
	b, err := m.behind(ctx, s.Member, f, mark, place, pageSize(most)+skip)
	if err != nil {
		return Behind{}, err
	}
	if b.Next != "" {
		b.Next = sharedCursor(b.Lines)
	}
	b.Lines = b.Lines[min(skip, len(b.Lines)):]
	b.Sheet, b.Names, b.Warned = veiledSheet(b.Sheet), nil, nil
	veil(b.Lines)
	return b, nil
}

// sharedCursor is where a page ended, without the name of what stood there: the
// instant, and how many lines of it were shown.
func sharedCursor(lines []standing.Contribution) Cursor {
	last, n := lines[len(lines)-1].At, 0
	for _, c := range lines {
		if c.At.Equal(last) {
			n++
		}
	}
	return cursorOf(strconv.FormatInt(last.UnixMicro(), 10), strconv.Itoa(n))
}

// shared is the place of such a cursor, and how many lines from there on were
// shown before.
func (c Cursor) shared() (Cursor, int, error) {
	parts, err := c.parts(2)
	if parts == nil || err != nil {
		return "", 0, err
	}
	us, err := strconv.ParseInt(parts[0], 10, 64)
	n, wrong := strconv.Atoi(parts[1])
	if err != nil || wrong != nil || n < 1 || n > pageSize(math.MaxInt) {
		return "", 0, errCursor
	}
	const behindAll = "~" // no id sorts behind it
	return behindCursor(store.BehindPlace{At: time.UnixMicro(us).UTC(), Subject: behindAll}), n, nil
}

// veiledSheet is a sheet without the person's side as a buyer and without what
// names anybody.
func veiledSheet(s standing.Sheet) standing.Sheet {
	s.Record = standing.Record{Since: s.Record.Since}
	for _, lines := range [][]standing.Contribution{s.Completion.Lines, s.OnTime.Lines, s.Response.Lines, s.Rating.Lines} {
		veil(lines)
	}
	return s
}

// veil takes from lines what names an order, a buyer or a conversation.
func veil(lines []standing.Contribution) {
	for i := range lines {
		lines[i].Subject, lines[i].Order, lines[i].Peer, lines[i].Ref = "", "", "", ""
	}
}
