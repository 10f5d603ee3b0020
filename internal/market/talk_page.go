package market

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/store"
	"guildhall/internal/talk"
)

// TalkPage is a part of a conversation as one of the two sees it.
type TalkPage struct {
	Thread  talk.Thread
	Me      member.Member
	Other   member.Member
	Entries []Entry       // oldest first
	Older   int           // number of the message before which the older part begins; 0 when this is the beginning
	Newest  bool          // the part ends with the newest message
	Refusal string        // why the reader cannot write now; empty when they can
	Running []order.Order // of the two, in either direction, newest first
	Looks   []Look        // of the desk at it, newest first
}

// Unread is how many messages the reader has not read.
func (p TalkPage) Unread() int { return p.Thread.Seat(p.Me.ID).Unread }

// Blocked tells whether the reader has blocked the other.
func (p TalkPage) Blocked() bool { return !p.Thread.Seat(p.Me.ID).Blocked.IsZero() }

// Begun tells whether anything was said yet.
func (p TalkPage) Begun() bool { return p.Thread.Said > 0 }

// Entry is a message, or a card that stands between messages.
type Entry struct {
	At       time.Time
	Message  *talk.Message
	Reported bool // the message, by the reader
	Card     *Card
}

// Talk is a part of a conversation of the actor's: the messages before a number
// (0: the newest ones) with what happened between the two in that time.
// Errors: fault.NotFound for everybody but the two.
func (m *Market) Talk(ctx context.Context, who member.Actor, id ident.Thread, before, most int) (TalkPage, error) {
	var page TalkPage
	if err := who.Need(member.ScopeRead); err != nil {
		return page, err
	}
	err := m.store.View(ctx, func(tx *store.Tx) error {
		t, err := threadFor(tx, who, id)
		if err != nil {
			return err
		}
		page, err = m.talkPage(tx, t, who.Member, before, pageSize(most))
		return err
	})
	return page, err
}

// TalkWith is the newest part of the actor's conversation with somebody; it is
// empty while neither has said anything.
// Errors: fault.NotFound when there is no such member.
func (m *Market) TalkWith(ctx context.Context, who member.Actor, other ident.Member, most int) (TalkPage, error) {
	var page TalkPage
	if err := who.Need(member.ScopeRead); err != nil {
		return page, err
	}
	err := m.store.View(ctx, func(tx *store.Tx) error {
		t, err := threadOf(tx, who.Member, other)
		if err != nil {
			return err
		}
		page, err = m.talkPage(tx, t, who.Member, 0, pageSize(most))
		return err
	})
	return page, err
}

// threadFor loads a conversation for one of its two.
func threadFor(tx *store.Tx, who member.Actor, id ident.Thread) (talk.Thread, error) {
	t, err := tx.Thread(id)
	if err == nil && !t.Has(who.Member) {
		err = store.ErrNotFound
	}
	return t, missing(err, noThread)
}

// threadOf is the thread of two people; an empty one while they have none.
func threadOf(tx *store.Tx, a, b ident.Member) (talk.Thread, error) {
	id, err := tx.ThreadOf(a, b)
	if errors.Is(err, store.ErrNotFound) {
		return talk.New("", a, b)
	}
	if err != nil {
		return talk.Thread{}, err
	}
	return tx.Thread(id)
}

func (m *Market) talkPage(tx *store.Tx, t talk.Thread, reader ident.Member, before, most int) (TalkPage, error) {
	page := TalkPage{Thread: t, Newest: before <= 0 || before > t.Said}
	var err error
	if page.Me, err = tx.Member(reader); err != nil {
		return page, err
	}
	scene, err := sceneOf(tx, t, reader)
	if err != nil {
		return page, err
	}
	page.Other = scene.Other
	if why := talk.MayWrite(t, reader, scene); why != nil {
		page.Refusal = why.Error()
	}
	between, err := dealingsOf(tx, reader, page.Other.ID)
	if page.Running = running(between); err != nil || t.Said == 0 {
		return page, err
	}
	reads, err := tx.TalkReads(reader, page.Other.ID, lookTalk, looksShown)
	if err != nil {
		return page, err
	}
	if page.Looks, err = looksFor(tx, reader, reads); err != nil {
		return page, err
	}
	messages, err := tx.Messages(t.ID, before, most+1)
	if err != nil {
		return page, err
	}
	span := span{}
	if !page.Newest {
		next, err := tx.Message(t.ID, before)
		if err != nil {
			return page, missing(err, noWords)
		}
		span.before = next.At
	}
	if len(messages) > most {
		messages = messages[:most]
		page.Older, span.from = messages[most-1].No, messages[most-1].At
	}
	return page, m.entries(tx, &page, between, messages, span)
}

// entries puts messages and cards into one order.
func (m *Market) entries(tx *store.Tx, page *TalkPage, between [2]dealings, messages []talk.Message, span span) error {
	reported := map[int]bool{}
	if len(messages) > 0 {
		reports, err := tx.ReportsOf(page.Thread.ID, messages[len(messages)-1].No, messages[0].No)
		if err != nil {
			return err
		}
		for _, r := range reports {
			reported[r.No] = reported[r.No] || r.By == page.Me.ID
		}
	}
	for _, msg := range messages {
		page.Entries = append(page.Entries, Entry{At: msg.At, Message: &msg, Reported: reported[msg.No]})
	}
	slices.Reverse(page.Entries)
	orders, err := orderCards(tx, between, span)
	if err != nil {
		return err
	}
	offers, err := m.offerCards(tx, page.Me.ID, page.Other.ID, span)
	if err != nil {
		return err
	}
	for _, c := range slices.Concat(orders, offers) {
		page.Entries = append(page.Entries, Entry{At: c.At, Card: &c})
	}
	slices.SortStableFunc(page.Entries, func(a, b Entry) int { return a.At.Compare(b.At) })
	return nil
}

// MessageIn is one message of a conversation of the actor's, with the other's
// face. Errors: fault.NotFound.
func (m *Market) MessageIn(ctx context.Context, who member.Actor, id ident.Thread, no int) (talk.Message, member.Member, error) {
	var msg talk.Message
	var other member.Member
	if err := who.Need(member.ScopeRead); err != nil {
		return msg, other, err
	}
	err := m.store.View(ctx, func(tx *store.Tx) error {
		t, err := threadFor(tx, who, id)
		if err != nil {
			return err
		}
		if msg, err = tx.Message(id, no); err != nil {
			return missing(err, noWords)
		}
		other, err = tx.Member(t.Across(who.Member).Member)
		return err
	})
	return msg, other, err
}

// TalkList is one page of an inbox.
type TalkList struct {
	Rows []store.Letterbox
	Next Cursor // empty on the last page
}

// Talks is the actor's inbox, the newest message first.
func (m *Market) Talks(ctx context.Context, who member.Actor, after Cursor, most int) (TalkList, error) {
	var list TalkList
	if err := who.Need(member.ScopeRead); err != nil {
		return list, err
	}
	place, err := after.inbox()
	if err != nil {
		return list, err
	}
	most = pageSize(most)
	err = m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		list.Rows, err = tx.Inbox(who.Member, place, most+1)
		return err
	})
	if len(list.Rows) > most {
		list.Rows = list.Rows[:most]
		last := list.Rows[most-1]
		list.Next = inboxCursor(store.InboxPlace{At: last.Last.At, Thread: last.Thread})
	}
	return list, err
}

// How far a search of conversations goes: the newest threads of the reader, and
// the newest messages found in them.
const (
	searchThreads = 200
	MostFound     = 50
)

// Found is a message that a search found, with who it was exchanged with.
type Found struct {
	talk.Message
	With store.Letterbox
}

// SearchTalks looks for words in the actor's newest conversations: in the names
// of the others, and in what was said, newest first.
func (m *Market) SearchTalks(ctx context.Context, who member.Actor, words string) (people []store.Letterbox, found []Found, err error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return nil, nil, err
	}
	if words = searchable(words); words == "" {
		return nil, nil, fault.Invalid("q", "Type at least one letter or digit to look for.")
	}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Inbox(who.Member, store.InboxPlace{}, searchThreads)
		if err != nil {
			return err
		}
		people, found = nil, nil
		with := map[ident.Thread]store.Letterbox{}
		for _, r := range rows {
			with[r.Thread] = r
			if contains(r.Name, words) || contains(r.Handle, words) {
				people = append(people, r)
			}
		}
		messages, err := tx.SearchMessages(who.Member, words, searchThreads, MostFound)
		for _, msg := range messages {
			found = append(found, Found{msg, with[msg.Thread]})
		}
		return err
	})
	return people, found, err
}

// SearchTalk looks for words in one conversation of the actor's, newest first.
func (m *Market) SearchTalk(ctx context.Context, who member.Actor, id ident.Thread, words string) ([]talk.Message, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return nil, err
	}
	if words = searchable(words); words == "" {
		return nil, fault.Invalid("q", "Type at least one letter or digit to look for.")
	}
	var list []talk.Message
	err := m.store.View(ctx, func(tx *store.Tx) error {
		_, err := threadFor(tx, who, id)
		if err != nil {
			return err
		}
		list, err = tx.FindMessages(id, words, 0, MostFound)
		return err
	})
	return list, err
}

// Badges are the numbers in the head of every page.
type Badges struct {
	Notices int // not read
	Talks   int // conversations with something not read, counted to 100
}

// Badges counts what the actor has not read; nothing for a guest.
func (m *Market) Badges(ctx context.Context, who member.Actor) (Badges, error) {
	var b Badges
	if !who.SignedIn() {
		return b, nil
	}
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		if b.Notices, err = tx.Unread(who.Member); err != nil {
			return err
		}
		b.Talks, err = tx.UnreadThreads(who.Member, 100)
		return err
	})
	return b, err
}

func sortCards(cards []Card) {
	slices.SortFunc(cards, func(a, b Card) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Order.ID, b.Order.ID), cmp.Compare(a.Event.Seq, b.Event.Seq))
	})
}

// Letterbox is one line of an inbox.
type Letterbox = store.Letterbox
