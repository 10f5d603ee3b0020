package page

import (
	"strconv"
	"strings"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/policy"
	"guildhall/internal/talk"
	"guildhall/internal/web/kit"
)

// TalksProps is somebody's inbox, or what a search in it found.
type TalksProps struct {
	Me           ident.Member
	Words        string // that were searched for; empty for the inbox itself
	Rows         []market.Letterbox
	Found        []market.Found
	Newer, Older string // addresses
}

// TalkProps is a part of a conversation, or what a search in it found.
type TalkProps struct {
	market.TalkPage
	Words     string
	Found     []talk.Message
	OlderHref string
	Key       string // of the button that unblocks
	Rules     policy.Version
}

func (v TalkProps) path() string { return talkPath(v.Thread.ID) }

func talkPath(id ident.Thread) string { return "/messages/" + string(id) }

// newTalkPath is where one begins to write to somebody.
func newTalkPath(to ident.Member) string { return "/messages/new?to=" + string(to) }

// placeOf is the address of a message in its conversation: the part that ends
// a little after it.
func placeOf(m talk.Message) string {
	return talkPath(m.Thread) + "?before=" + strconv.Itoa(m.No+10) + "#m" + strconv.Itoa(m.No)
}

func reportPath(m talk.Message) string {
	return talkPath(m.Thread) + "/" + strconv.Itoa(m.No) + "/report"
}

// talkRowProps is one line of an inbox.
type talkRowProps struct {
	name, picture, href, words, unread string
	at                                 time.Time
	blocked                            bool
}

func talkRowOf(b market.Letterbox, me ident.Member) talkRowProps {
	r := talkRowProps{
		name: b.Name, picture: PictureURL(b.Picture, market.PictureAvatar), href: talkPath(b.Thread) + "#end",
		at: b.Last.At, blocked: b.Blocked, words: lastWords(b.Last),
	}
	if b.Last.By == me {
		r.words = "You: " + r.words
	}
	if b.Unread > 0 {
		r.unread = strconv.Itoa(b.Unread) + " new"
	}
	return r
}

func lastWords(l talk.Last) string {
	if l.Words == "" {
		return filesWords(l.Files)
	}
	return l.Words
}

func filesWords(n int) string {
	if n == 1 {
		return "1 file"
	}
	return strconv.Itoa(n) + " files"
}

func foundRow(f market.Found, me ident.Member, words string) talkRowProps {
	r := talkRowOf(f.With, me)
	r.href, r.at, r.unread, r.blocked = placeOf(f.Message), f.At, "", false
	r.words = around(strings.Join(strings.Fields(f.Text), " "), words)
	if f.Author == me {
		r.words = "You: " + r.words
	}
	return r
}

// around begins a text a little before what was looked for, when that is not
// near its beginning anyway.
func around(text, words string) string {
	const before = 24
	lower := strings.ToLower(text)
	at := strings.Index(lower, strings.ToLower(words))
	if at < 0 || len(lower) != len(text) { // letters that change their length cannot be counted on
		return text
	}
	lead := []rune(text[:at])
	if len(lead) <= before {
		return text
	}
	return "…" + string(lead[len(lead)-before:]) + text[at:]
}

func foundWords(v TalkProps) string {
	switch n := len(v.Found); n {
	case 0:
		return "Nothing with “" + v.Words + "” was written here"
	case 1:
		return "1 message with “" + v.Words + "”"
	case market.MostFound: // there may be more
		return "The newest " + strconv.Itoa(n) + " messages with “" + v.Words + "”"
	default:
		return strconv.Itoa(n) + " messages with “" + v.Words + "”, newest first"
	}
}

func authorOf(m talk.Message, v market.TalkPage) string {
	if m.Author == v.Me.ID {
		return "You"
	}
	return v.Other.Name
}

// shortly is an instant in a list: the time today, the day before that.
func shortly(at time.Time, l kit.Local) string {
	if l.Day(at) == l.Day(l.Now) {
		return clockTime(at, l)
	}
	return l.Day(at)
}

func clockTime(at time.Time, l kit.Local) string {
	_, clock, _ := strings.Cut(l.At(at), ", ")
	return clock
}

// theirTime says what time it is for the other one.
func theirTime(m member.Member, l kit.Local) string {
	there := kit.Local{Now: l.Now, Zone: m.Location()}
	if m.Away(l.Now) {
		return "Away until " + l.At(m.Seller.AwayUntil) + " your time"
	}
	return "It is " + clockTime(l.Now, there) + " for them (" + there.ZoneName(l.Now) + ")"
}

func talkFacts(m member.Member, l kit.Local) []kit.Fact {
	return append([]kit.Fact{{Name: "Page", Body: personLink("@"+m.Handle, m.Handle)}}, sellerFacts(m, l)[1:]...) // their time stands above
}

// talkDay is the entries of one day of the reader's.
type talkDay struct {
	name    string
	entries []talkEntry
}

// talkEntry is an entry with how it stands among its neighbours.
type talkEntry struct {
	market.Entry
	who    string
	mine   bool
	goesOn bool // follows right after another message of the same author
}

// breath is how long somebody may pause and still go on with what they said.
const breath = 5 * time.Minute

func talkDays(v market.TalkPage, l kit.Local) []talkDay {
	var days []talkDay
	for i, e := range v.Entries {
		day := l.Day(e.At)
		fresh := len(days) == 0 || days[len(days)-1].name != day
		if fresh {
			days = append(days, talkDay{name: day})
		}
		entry := talkEntry{Entry: e}
		if m := e.Message; m != nil {
			entry.mine, entry.who = m.Author == v.Me.ID, authorOf(*m, v)
			if !fresh && i > 0 {
				before := v.Entries[i-1].Message
				entry.goesOn = before != nil && before.Author == m.Author && m.At.Sub(before.At) < breath
			}
		}
		last := &days[len(days)-1]
		last.entries = append(last.entries, entry)
	}
	return days
}

func messageFiles(m talk.Message) []kit.File {
	files := make([]kit.File, len(m.Files))
	for i, f := range m.Files {
		files[i] = kit.File{Name: f.Name, Href: "/files/" + string(f.ID), Size: sizeWords(f.Size)}
	}
	return files
}

func talkFilesHint(p policy.Version) string {
	l := p.Limits
	return "Up to " + strconv.Itoa(l.FilesPerPost) + " files of " + sizeWords(l.UploadBytes) + " each."
}

// firstWords is what helps somebody to begin.
func firstWords(m member.Member, l kit.Local) string {
	switch {
	case m.Away(l.Now):
		return m.Name + " is away until " + l.At(m.Seller.AwayUntil) + ". Your message waits for them."
	case m.Seller != nil:
		return "Say what you need, by when, and what you have already. It saves both of you a round of questions."
	}
	return "You share an order, so you can write to each other."
}

func reasonChoices() []kit.Choice {
	var list []kit.Choice
	for _, r := range talk.Reasons() {
		list = append(list, kit.Choice{Value: string(r.Reason), Label: r.Words})
	}
	return list
}

func blockOrders(v market.TalkPage) string {
	switch n := len(v.Running); n {
	case 0:
		return "You have no running order together."
	case 1:
		return "Your running order goes on, with its dates. You can still deliver, comment and ask on its page."
	default:
		return "Your " + strconv.Itoa(n) + " running orders go on, with their dates. You can still deliver, comment and ask on their pages."
	}
}

func wholeTalk(v market.TalkPage) string {
	switch n := v.Unread(); n {
	case 0:
		return "The whole conversation"
	case 1:
		return "1 new message in the conversation"
	default:
		return strconv.Itoa(n) + " new messages in the conversation"
	}
}

// OrderTalkTopic is what the conversation on an order's page listens to.
func OrderTalkTopic(v market.TalkPage) string {
	if v.Begun() {
		return string(v.Thread.ID)
	}
	return string(v.Me.ID) // told when the first message comes
}

func olderOnOrder(v market.TalkPage) string {
	if v.Older == 0 {
		return ""
	}
	return talkPath(v.Thread.ID) + "?before=" + strconv.Itoa(v.Older)
}
