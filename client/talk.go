package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Correspondent is the other one of a conversation.
type Correspondent struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Handle  string `json:"handle"`
	Picture string `json:"picture"`
}

// ThreadRow is one conversation in a list.
type ThreadRow struct {
	ID         string        `json:"id"`
	With       Correspondent `json:"with"`
	Unread     int           `json:"unread"`
	Blocked    bool          `json:"blocked"` // you take no messages from them
	LastAt     time.Time     `json:"last_at"`
	LastIsMine bool          `json:"last_is_mine"`
	LastWords  string        `json:"last_words"`
}

// Message is what somebody said.
type Message struct {
	No       int       `json:"no"` // 1, 2, 3 … within the conversation
	Author   string    `json:"author"`
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"` // text or files
	Text     string    `json:"text"`
	Files    []File    `json:"files"`
	Reported bool      `json:"reported"` // by you
}

// TalkCard is something that happened between the two beside their messages.
type TalkCard struct {
	Kind  string     `json:"kind"`
	Actor string     `json:"actor"`
	Order *OrderHead `json:"order"` // as it stands now
	Offer *OfferHead `json:"offer"` // likewise
	Event int        `json:"event"` // number in the order's timeline
}

// TalkItem is a message or a card.
type TalkItem struct {
	At      time.Time `json:"at"`
	Message *Message  `json:"message"`
	Card    *TalkCard `json:"card"`
}

// Thread is a part of a conversation, oldest first.
type Thread struct {
	ID      string     `json:"id"`
	With    Person     `json:"with"`
	Unread  int        `json:"unread"`
	Said    int        `json:"said"` // how many messages there are
	Blocked bool       `json:"blocked"`
	Refusal string     `json:"refusal"` // why you cannot write now; empty when you can
	Items   []TalkItem `json:"items"`
	Older   int        `json:"older"` // where the part before begins; 0 at the beginning
	Looks   []Look     `json:"looks"` // what the desk read of it, newest first
}

// Words are what one writes: a text, files uploaded for messages, or both.
type Words struct {
	Text  string   `json:"text,omitempty"`
	Files []string `json:"files,omitempty"`
}

// Written is where a message stands.
type Written struct {
	Thread string    `json:"thread"`
	No     int       `json:"no"`
	At     time.Time `json:"at"`
}

// Threads goes through your conversations, the newest message first.
func (c *Client) Threads(ctx context.Context) iter.Seq2[ThreadRow, error] {
	return pages[ThreadRow](ctx, c, "/threads", nil)
}

// Thread is a part of a conversation: the newest one, or what stands before a
// message (the Older of the part after it).
func (c *Client) Thread(ctx context.Context, id string, before int) (Thread, error) {
	q := url.Values{}
	if before > 0 {
		q.Set("before", strconv.Itoa(before))
	}
	return read[Thread](ctx, c, threadPath(id, ""), q)
}

// UnreadThreads is how many conversations hold something that you have not
// read, counted to 100.
func (c *Client) UnreadThreads(ctx context.Context) (int, error) {
	n, err := read[struct {
		Unread int `json:"unread"`
	}](ctx, c, "/threads/unread", nil)
	return n.Unread, err
}

// FoundMessage is a message that a search found, with whom it was exchanged.
type FoundMessage struct {
	Thread  string        `json:"thread"`
	With    Correspondent `json:"with"`
	Message Message       `json:"message"`
}

// TalkSearch is what a search of your conversations found, newest first.
type TalkSearch struct {
	People   []ThreadRow    `json:"people"` // with somebody of that name
	Messages []FoundMessage `json:"messages"`
}

// SearchThreads looks for a name or words in your newest conversations.
func (c *Client) SearchThreads(ctx context.Context, words string) (TalkSearch, error) {
	return read[TalkSearch](ctx, c, "/threads/search", url.Values{"q": {words}})
}

// SearchThread looks for words in a conversation, newest first.
func (c *Client) SearchThread(ctx context.Context, thread, words string) ([]Message, error) {
	found, err := read[page[Message]](ctx, c, threadPath(thread, "/search"), url.Values{"q": {words}})
	return found.Items, err
}

// WriteTo writes to a member; the first message begins the conversation.
func (c *Client) WriteTo(ctx context.Context, member string, in Words) (Written, error) {
	return change[Written](ctx, c, http.MethodPost, "/messages", struct {
		To string `json:"to"`
		Words
	}{member, in})
}

// Write writes in a conversation.
func (c *Client) Write(ctx context.Context, thread string, in Words) (Written, error) {
	return change[Written](ctx, c, http.MethodPost, threadPath(thread, "/messages"), in)
}

// ReadThread marks a conversation as read up to a message; 0 is all of it.
func (c *Client) ReadThread(ctx context.Context, thread string, upTo int) error {
	_, err := change[struct{}](ctx, c, http.MethodPost, threadPath(thread, "/read"), map[string]any{"up_to": upTo})
	return err
}

// Block stops messages between the two of you; Unblock lets them through again.
func (c *Client) Block(ctx context.Context, thread string) (Thread, error) {
	return change[Thread](ctx, c, http.MethodPost, threadPath(thread, "/block"), nil)
}

// Unblock lets messages through again.
func (c *Client) Unblock(ctx context.Context, thread string) (Thread, error) {
	return change[Thread](ctx, c, http.MethodPost, threadPath(thread, "/unblock"), nil)
}

// ReportMessage tells the house about a message of the other's. Reasons are
// spam, insult, outside, demand, deceit and other, which needs words.
func (c *Client) ReportMessage(ctx context.Context, thread string, no int, reason, text string) error {
	in := map[string]any{"reason": reason}
	if text != "" {
		in["text"] = text
	}
	_, err := change[struct{}](ctx, c, http.MethodPost, threadPath(thread, "/messages/"+strconv.Itoa(no)+"/report"), in)
	return err
}

func threadPath(id, rest string) string { return "/threads/" + url.PathEscape(id) + rest }
