package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/offer"
	"guildhall/internal/talk"
)

// Correspondent is the other one of a conversation, in a list.
type Correspondent struct {
	ID      ident.Member `json:"id" pattern:"^member_[0-9a-z]{26}$"`
	Name    string       `json:"name"`
	Handle  string       `json:"handle"`
	Picture ident.File   `json:"picture,omitempty" doc:"A file; read it with size=avatar."`
}

// ThreadRow is one conversation in a list.
type ThreadRow struct {
	ID      ident.Thread  `json:"id" pattern:"^thread_[0-9a-z]{26}$"`
	With    Correspondent `json:"with"`
	Unread  int           `json:"unread" doc:"Messages of the other that you have not read."`
	Blocked bool          `json:"blocked" doc:"You take no messages from them."`
	LastAt  time.Time     `json:"last_at"`
	Mine    bool          `json:"last_is_mine"`
	Words   string        `json:"last_words" doc:"The beginning of the last message; empty when it has files only."`
}

func threadRowOf(b market.Letterbox, me ident.Member) ThreadRow {
	return ThreadRow{
		ID: b.Thread, With: Correspondent{b.Other, b.Name, b.Handle, b.Picture}, Unread: b.Unread, Blocked: b.Blocked,
		LastAt: b.Last.At.UTC(), Mine: b.Last.By == me, Words: b.Last.Words,
	}
}

// Message is what somebody said. It never changes.
type Message struct {
	No       int          `json:"no" doc:"1, 2, 3 … within the conversation."`
	Author   ident.Member `json:"author" pattern:"^member_[0-9a-z]{26}$"`
	At       time.Time    `json:"at"`
	Kind     talk.Kind    `json:"kind" enum:"text,files" doc:"Words, perhaps with files; or files alone."`
	Text     string       `json:"text"`
	Files    []TalkFile   `json:"files"`
	Reported bool         `json:"reported" doc:"By you."`
}

// TalkFile is an attachment as it was when it was sent.
type TalkFile struct {
	ID     ident.File `json:"id" pattern:"^file_[0-9a-z]{26}$"`
	Name   string     `json:"name"`
	Mime   string     `json:"mime"`
	Size   int64      `json:"size" doc:"Bytes."`
	SHA256 string     `json:"sha256"`
}

func messageOf(m talk.Message, reported bool) Message {
	files := make([]TalkFile, len(m.Files))
	for i, f := range m.Files {
		files[i] = TalkFile(f)
	}
	return Message{No: m.No, Author: m.Author, At: m.At.UTC(), Kind: m.Kind, Text: m.Text, Files: files, Reported: reported}
}

// TalkCard is something that happened between the two beside their messages.
type TalkCard struct {
	Kind  effect.Kind  `json:"kind" doc:"Of the event."`
	Actor ident.Member `json:"actor,omitempty" doc:"Absent when the clock or the payment provider did it."`
	Order *OrderHead   `json:"order,omitempty" doc:"As it stands now."`
	Offer *OfferHead   `json:"offer,omitempty" doc:"As it stands now."`
	Event int          `json:"event" doc:"Its number in the history of the order or offer."`
}

// TalkItem is a message or a card.
type TalkItem struct {
	At      time.Time `json:"at"`
	Message *Message  `json:"message,omitempty"`
	Card    *TalkCard `json:"card,omitempty"`
}

// Thread is a part of a conversation, oldest first.
type Thread struct {
	ID      ident.Thread `json:"id" pattern:"^thread_[0-9a-z]{26}$"`
	With    Person       `json:"with"`
	Unread  int          `json:"unread"`
	Said    int          `json:"said" doc:"How many messages there are."`
	Blocked bool         `json:"blocked" doc:"You take no messages from them."`
	Refusal string       `json:"refusal,omitempty" doc:"Why you cannot write now; absent when you can."`
	Items   []TalkItem   `json:"items"`
	Older   int          `json:"older,omitempty" doc:"Send it as before to read the part before this one; absent at the beginning."`
	Looks   []CaseLook   `json:"looks" doc:"What the desk read of it, each time, newest first: both of you see this."`
}

func (a *API) threadOf(v market.TalkPage) Thread {
	now := a.Market.Now()
	t := Thread{
		ID: v.Thread.ID, With: personOf(v.Other, now), Unread: v.Unread(), Said: v.Thread.Said, Blocked: v.Blocked(),
		Refusal: v.Refusal, Items: []TalkItem{}, Older: v.Older, Looks: make([]CaseLook, len(v.Looks)),
	}
	for i, l := range v.Looks {
		t.Looks[i] = lookOf(l)
	}
	for _, e := range v.Entries {
		item := TalkItem{At: e.At.UTC()}
		if e.Message != nil {
			m := messageOf(*e.Message, e.Reported)
			item.Message = &m
		}
		if c := e.Card; c != nil {
			item.Card = &TalkCard{Kind: c.Event.Kind, Actor: c.Event.Actor, Event: c.Event.Seq}
			if c.Order.ID != "" {
				head := headOf(c.Order, now)
				item.Card.Order = &head
			}
			if c.Offer.ID != "" {
				you := offer.Buyer
				if c.Offer.Seller == v.Me.ID {
					you = offer.Seller
				}
				head := offerHeadOf(c.Offer, you, now)
				item.Card.Offer = &head
			}
		}
		t.Items = append(t.Items, item)
	}
	return t
}

// FoundMessage is a message that a search found, with whom it was exchanged.
type FoundMessage struct {
	Thread  ident.Thread  `json:"thread" pattern:"^thread_[0-9a-z]{26}$"`
	With    Correspondent `json:"with"`
	Message Message       `json:"message"`
}

// TalkSearch is what a search of your conversations found, newest first.
type TalkSearch struct {
	People   []ThreadRow    `json:"people" doc:"Conversations with somebody of that name."`
	Messages []FoundMessage `json:"messages"`
}

// Written is where a message stands.
type Written struct {
	Thread ident.Thread `json:"thread" pattern:"^thread_[0-9a-z]{26}$"`
	No     int          `json:"no"`
	At     time.Time    `json:"at"`
}

// Reported is what the house was told about a message.
type Reported struct {
	Thread ident.Thread `json:"thread" pattern:"^thread_[0-9a-z]{26}$"`
	No     int          `json:"no"`
	Reason talk.Reason  `json:"reason" enum:"spam,insult,outside,demand,deceit,other"`
	At     time.Time    `json:"at"`
}

// UnreadThreads is how many conversations hold something that you have not read.
type UnreadThreads struct {
	Unread int `json:"unread" doc:"Counted to 100."`
}

// ThreadAt is the address of a conversation.
type ThreadAt struct {
	ID ident.Thread `path:"id" pattern:"^thread_[0-9a-z]{26}$"`
}

type threadIn struct {
	ThreadAt
	Before int `query:"before" minimum:"0" maximum:"1000000000" doc:"The older of the part before; absent for the newest part."`
	Limit  int `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many messages at most."`
}

// TalkQuery is what is looked for.
type TalkQuery struct {
	Q string `query:"q" required:"true" minLength:"1" maxLength:"100" doc:"A name, or words that were written."`
}

type searchTalkIn struct {
	ThreadAt
	TalkQuery
}

// Words are what one writes.
type Words struct {
	Text  string       `json:"text,omitempty" maxLength:"1000000" doc:"At least a text or a file."`
	Files []ident.File `json:"files,omitempty" maxItems:"100" doc:"Uploads of yours with the purpose message."`
}

type writeToIn struct {
	Keyed
	Body struct {
		To ident.Member `json:"to" pattern:"^member_[0-9a-z]{26}$"`
		Words
	}
}

type writeIn struct {
	Keyed
	ThreadAt
	Body Words
}

type keyedThread struct {
	Keyed
	ThreadAt
}

type readIn struct {
	ThreadAt
	Body struct {
		UpTo int `json:"up_to,omitempty" minimum:"0" maximum:"1000000000" doc:"Number of the last message that was seen; absent for all."`
	}
}

type reportIn struct {
	Keyed
	ThreadAt
	No   int `path:"no" minimum:"1" maximum:"1000000000"`
	Body struct {
		Reason talk.Reason `json:"reason" enum:"spam,insult,outside,demand,deceit,other"`
		Text   string      `json:"text,omitempty" maxLength:"1000000" doc:"Needed when the reason is other."`
	}
}

func (a *API) talks() {
	reads := func(path, id, does string) route {
		return route{method: http.MethodGet, path: path, id: id, tag: "Messages", who: signedIn, scopes: reading, does: does}
	}
	acts := func(path, id, does string) route {
		return route{method: http.MethodPost, path: path, id: id, tag: "Messages", who: signedIn, scopes: either, does: does}
	}
	serve(a, reads("/threads", "list-threads", "Your conversations, the newest message first"), a.threadList)
	serve(a, reads("/threads/unread", "count-unread-threads", "How many conversations hold something new"), func(ctx context.Context, _ *none) (*answer[UnreadThreads], error) {
		b, err := a.Market.Badges(ctx, actor(ctx))
		return ok(UnreadThreads{b.Talks}, err)
	})
	serve(a, reads("/threads/search", "search-threads", "Look for a name or words in your newest conversations"), a.searchTalks)
	serve(a, reads("/threads/{id}", "get-thread", "A part of a conversation, with what happened between the two"), func(ctx context.Context, in *threadIn) (*answer[Thread], error) {
		v, err := a.Market.Talk(ctx, actor(ctx), in.ID, in.Before, in.Limit)
		return ok(a.threadOf(v), err)
	})
	serve(a, reads("/threads/{id}/search", "search-thread", "Look for words in a conversation, newest first"), func(ctx context.Context, in *searchTalkIn) (*answer[List[Message]], error) {
		found, err := a.Market.SearchTalk(ctx, actor(ctx), in.ID, in.Q)
		return ok(listOf(found, "", func(m talk.Message) Message { return messageOf(m, false) }), err)
	})
	begin := acts("/messages", "write-to", "Write to a member; the first message begins the conversation")
	begin.errors = append(begin.errors, http.StatusNotFound)
	serve(a, begin, func(ctx context.Context, in *writeToIn) (*answer[Written], error) {
		return a.write(ctx, in.Keyed, market.Words{To: in.Body.To, Text: in.Body.Text, Files: in.Body.Files})
	})
	serve(a, acts("/threads/{id}/messages", "write", "Write in a conversation"), func(ctx context.Context, in *writeIn) (*answer[Written], error) {
		return a.write(ctx, in.Keyed, market.Words{Thread: in.ID, Text: in.Body.Text, Files: in.Body.Files})
	})
	marks := acts("/threads/{id}/read", "read-thread", "Mark a conversation as read")
	marks.about = "Doing it again changes nothing."
	serve(a, marks, func(ctx context.Context, in *readIn) (*answer[UnreadThreads], error) {
		if err := a.Market.ReadThread(ctx, actor(ctx), in.ID, in.Body.UpTo); err != nil {
			return nil, err
		}
		b, err := a.Market.Badges(ctx, actor(ctx))
		return ok(UnreadThreads{b.Talks}, err)
	})
	serve(a, acts("/threads/{id}/block", "block", "Stop messages between the two of you"), a.turn((*market.Market).Block))
	serve(a, acts("/threads/{id}/unblock", "unblock", "Let messages through again"), a.turn((*market.Market).Unblock))
	serve(a, acts("/threads/{id}/messages/{no}/report", "report-message", "Tell the house about a message of the other's"), a.reportMessage)
}

func (a *API) threadList(ctx context.Context, in *Page) (*answer[List[ThreadRow]], error) {
	me := actor(ctx)
	list, err := a.Market.Talks(ctx, me, market.Cursor(in.Cursor), in.Limit)
	return ok(listOf(list.Rows, string(list.Next), func(b market.Letterbox) ThreadRow { return threadRowOf(b, me.Member) }), err)
}

func (a *API) searchTalks(ctx context.Context, in *TalkQuery) (*answer[TalkSearch], error) {
	me := actor(ctx)
	people, found, err := a.Market.SearchTalks(ctx, me, in.Q)
	s := TalkSearch{People: make([]ThreadRow, len(people)), Messages: make([]FoundMessage, len(found))}
	for i, p := range people {
		s.People[i] = threadRowOf(p, me.Member)
	}
	for i, f := range found {
		s.Messages[i] = FoundMessage{f.Thread, Correspondent{f.With.Other, f.With.Name, f.With.Handle, f.With.Picture}, messageOf(f.Message, false)}
	}
	return ok(s, err)
}

func (a *API) write(ctx context.Context, k Keyed, in market.Words) (*answer[Written], error) {
	done, err := a.Market.Write(ctx, actor(ctx), k.Key, in)
	done.At = done.At.UTC()
	return ok(Written(done), err)
}

type turning func(*market.Market, context.Context, member.Actor, market.Key, ident.Thread) (ident.Thread, error)

func (a *API) turn(do turning) func(context.Context, *keyedThread) (*answer[Thread], error) {
	return func(ctx context.Context, in *keyedThread) (*answer[Thread], error) {
		if _, err := do(a.Market, ctx, actor(ctx), in.Key, in.ID); err != nil {
			return nil, err
		}
		v, err := a.Market.Talk(ctx, actor(ctx), in.ID, 0, 1)
		return ok(a.threadOf(v), err)
	}
}

func (a *API) reportMessage(ctx context.Context, in *reportIn) (*answer[Reported], error) {
	r, err := a.Market.ReportMessage(ctx, actor(ctx), in.Key, market.Complaint{
		Thread: in.ID, No: in.No, Reason: in.Body.Reason, Text: in.Body.Text,
	})
	return ok(Reported{r.Thread, r.No, r.Reason, r.At.UTC()}, err)
}
