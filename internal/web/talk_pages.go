package web

import (
	"net/http"
	"strconv"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/order"
	"guildhall/internal/talk"
	"guildhall/internal/web/page"
)

// talks is what people write to each other.
var talks = []Route{
	{get, "/messages", SignedIn, (*Web).talksPage},
	{post, "/messages", SignedIn, (*Web).writeTo},
	{get, "/messages/new", SignedIn, (*Web).newTalkPage},
	{get, "/messages/{id}", SignedIn, (*Web).talkPage},
	{post, "/messages/{id}", SignedIn, (*Web).write},
	{get, "/messages/{id}/block", SignedIn, (*Web).blockPage},
	{post, "/messages/{id}/block", SignedIn, (*Web).block},
	{post, "/messages/{id}/unblock", SignedIn, (*Web).unblock},
	{get, "/messages/{id}/{no}/report", SignedIn, (*Web).reportPage},
	{post, "/messages/{id}/{no}/report", SignedIn, (*Web).report},
}

// How much of an inbox, of a conversation and of one on an order's page is
// shown at once.
const (
	talksPerPage   = 30
	messagesShown  = 50
	messagesBeside = 6
)

func (w *Web) talksPage(c *call) error {
	v := page.TalksProps{Me: c.actor.Member, Words: clipped(c.query("q"))}
	p := c.page("Messages")
	p.Topics = []string{string(c.actor.Member)}
	if v.Words != "" {
		people, found, err := w.Market.SearchTalks(c.ctx(), c.actor, v.Words)
		if err != nil && !refused(err) { // words that are no words find nothing
			return err
		}
		v.Rows, v.Found = people, found
		return c.render(http.StatusOK, page.Talks(p, v))
	}
	after := market.Cursor(c.query("after"))
	list, err := w.Market.Talks(c.ctx(), c.actor, after, talksPerPage)
	if err != nil {
		return err
	}
	v.Rows = list.Rows
	if after != "" {
		v.Newer = "/messages"
	}
	if list.Next != "" {
		v.Older = "/messages?after=" + escape(string(list.Next))
	}
	return c.render(http.StatusOK, page.Talks(p, v))
}

func (w *Web) talkPage(c *call) error {
	before, _ := strconv.Atoi(c.query("before")) // what is no number is the newest part
	v, err := w.Market.Talk(c.ctx(), c.actor, ident.Thread(c.path("id")), before, messagesShown)
	if err != nil {
		return err
	}
	if v.Newest && !c.token && clipped(c.query("q")) == "" { // a search shows what was found in its place
		c.seen(v)
	}
	return w.showTalk(c, http.StatusOK, v, c.fill())
}

// seen notes that the newest part was shown; asking twice changes nothing, so
// an address may do it. A page that cannot be noted is still a page.
func (c *call) seen(v market.TalkPage) {
	if v.Unread() == 0 {
		return
	}
	if err := c.web.Market.ReadThread(c.ctx(), c.actor, v.Thread.ID, v.Thread.Said); err != nil {
		front.Note(c.ctx(), err)
	}
}

func (w *Web) showTalk(c *call, status int, v market.TalkPage, f page.Form) error {
	path := "/messages/" + string(v.Thread.ID)
	props := page.TalkProps{TalkPage: v, Words: clipped(c.query("q")), Key: string(c.key()), Rules: w.Market.Policy()}
	if v.Older > 0 {
		props.OlderHref = path + "?before=" + strconv.Itoa(v.Older)
	}
	if props.Words != "" {
		var err error
		if props.Found, err = w.Market.SearchTalk(c.ctx(), c.actor, v.Thread.ID, props.Words); err != nil && !refused(err) {
			return err
		}
	}
	p := c.page(v.Other.Name)
	p.Topics = []string{string(v.Thread.ID), string(c.actor.Member)}
	if status != http.StatusOK {
		p.Path = path
	}
	return c.render(status, page.Talk(p, props, f))
}

// write says something in a conversation.
func (w *Web) write(c *call) error {
	id := ident.Thread(c.path("id"))
	err := w.send(c, market.Words{Thread: id, Text: c.raw("text")})
	if refused(err) {
		v, missing := w.Market.Talk(c.ctx(), c.actor, id, 0, messagesShown)
		if missing != nil {
			return missing
		}
		return w.showTalk(c, http.StatusUnprocessableEntity, v, c.form(err))
	}
	if err != nil {
		return err
	}
	return c.redirect("/messages/"+string(id)+"#end", "")
}

// writeTo says something to a member, from wherever that is offered.
func (w *Web) writeTo(c *call) error {
	to := ident.Member(c.text("to"))
	in := market.Words{To: to, Text: c.raw("text")}
	files, err := w.uploadFor(c, market.ForMessage)
	var done market.Written
	if in.Files = files; err == nil {
		done, err = w.Market.Write(c.ctx(), c.actor, c.key(), in)
	}
	if refused(err) {
		v, missing := w.Market.TalkWith(c.ctx(), c.actor, to, 1)
		if missing != nil {
			return missing
		}
		return c.render(http.StatusUnprocessableEntity, page.NewTalk(c.page("Write to "+v.Other.Name), v, c.form(err), w.Market.Policy()))
	}
	if err != nil {
		return err
	}
	return c.redirect(inside(c.text("back"), "/messages/"+string(done.Thread)+"#end"), "Your message is sent.")
}

// beside puts what the parties of an order wrote to each other onto its page.
// The order is shown without it rather than not at all.
func (w *Web) beside(c *call, v *market.OrderPage) {
	other := v.Seller.ID
	if v.Party == order.Seller {
		other = v.Buyer.ID
	}
	var err error
	if v.Talk, err = w.Market.TalkWith(c.ctx(), c.actor, other, messagesBeside); err != nil {
		front.Note(c.ctx(), err)
	}
}

// send stores the files of the form and says what was written with them.
func (w *Web) send(c *call, in market.Words) error {
	var err error
	if in.Files, err = w.uploadFor(c, market.ForMessage); err != nil {
		return err
	}
	_, err = w.Market.Write(c.ctx(), c.actor, c.key(), in)
	return err
}

// newTalkPage leads to the conversation if there is one, so that nobody looks
// for it.
func (w *Web) newTalkPage(c *call) error {
	v, err := w.Market.TalkWith(c.ctx(), c.actor, ident.Member(c.query("to")), 1)
	if err != nil {
		return err
	}
	if v.Begun() {
		return c.redirect("/messages/"+string(v.Thread.ID)+"#end", "")
	}
	return c.render(http.StatusOK, page.NewTalk(c.page("Write to "+v.Other.Name), v, c.fill(), w.Market.Policy()))
}

func (w *Web) blockPage(c *call) error {
	v, err := w.Market.Talk(c.ctx(), c.actor, ident.Thread(c.path("id")), 0, 1)
	if err != nil {
		return err
	}
	if v.Blocked() {
		return c.redirect("/messages/"+string(v.Thread.ID), "You have blocked "+v.Other.Name+" already.")
	}
	return c.render(http.StatusOK, page.BlockTalk(c.page("Block "+v.Other.Name), v, string(c.key())))
}

func (w *Web) block(c *call) error {
	id, err := w.Market.Block(c.ctx(), c.actor, c.key(), ident.Thread(c.path("id")))
	if err != nil {
		return err
	}
	return c.redirect("/messages/"+string(id), "Blocked. Neither of you can write here until you unblock.")
}

func (w *Web) unblock(c *call) error {
	id, err := w.Market.Unblock(c.ctx(), c.actor, c.key(), ident.Thread(c.path("id")))
	if err != nil {
		return err
	}
	return c.redirect("/messages/"+string(id)+"#end", "You can write to each other again.")
}

func (w *Web) reportPage(c *call) error { return w.reportForm(c, http.StatusOK, c.fill()) }

func (w *Web) reportForm(c *call, status int, f page.Form) error {
	no, _ := strconv.Atoi(c.path("no")) // what is no number is no message
	msg, other, err := w.Market.MessageIn(c.ctx(), c.actor, ident.Thread(c.path("id")), no)
	if err == nil && c.actor.Is(msg.Author) {
		err = fault.NotFound("You wrote this message yourself.")
	}
	if err != nil {
		return err
	}
	return c.render(status, page.ReportTalk(c.page("Report a message"), msg, other.Name, f))
}

func (w *Web) report(c *call) error {
	no, _ := strconv.Atoi(c.path("no")) // what is no number is no message
	id := ident.Thread(c.path("id"))
	_, err := w.Market.ReportMessage(c.ctx(), c.actor, c.key(), market.Complaint{
		Thread: id, No: no, Reason: talk.Reason(c.text("reason")), Text: c.raw("text"),
	})
	if refused(err) {
		return w.reportForm(c, http.StatusUnprocessableEntity, c.form(err))
	}
	if err != nil {
		return err
	}
	return c.redirect("/messages/"+string(id)+"#end", "Thank you. The house has your report.")
}
