package web

import (
	"net/http"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/web/page"
)

// notices is what somebody was told, and the errands behind it.
var notices = []Route{
	{get, "/notices", SignedIn, (*Web).noticesPage},
	{get, "/notices/{id}", SignedIn, (*Web).openNotice},
	{post, "/notices/read", SignedIn, (*Web).readNotices},
	{get, "/operator/jobs", Operator, (*Web).jobsPage},
	{post, "/operator/jobs/{id}/retry", Operator, (*Web).retryJob},
}

const noticesPerPage = 30

func (w *Web) noticesPage(c *call) error {
	after := market.Cursor(c.query("after"))
	list, err := w.Market.Notices(c.ctx(), c.actor, after, noticesPerPage)
	if err != nil {
		return err
	}
	props := page.NoticesProps{NoticePage: list, First: after == ""}
	if list.Next != "" {
		props.Older = "/notices?after=" + escape(string(list.Next))
	}
	p := c.page("Notices")
	p.Topics = []string{string(c.actor.Member)}
	return c.render(http.StatusOK, page.Notices(p, props))
}

// openNotice leads to the page that a notice is about. Having been led there is
// having read it; asking twice changes nothing, so an address may do it.
func (w *Web) openNotice(c *call) error {
	n, err := w.Market.ReadNotice(c.ctx(), c.actor, ident.Notice(c.path("id")))
	if err != nil {
		return err
	}
	return c.redirect(n.Link, "")
}

func (w *Web) readNotices(c *call) error {
	if _, err := w.Market.ReadAllNotices(c.ctx(), c.actor); err != nil {
		return err
	}
	return c.redirect("/notices", "Everything is marked as read.")
}

const jobsPerPage = 100

func (w *Web) jobsPage(c *call) error {
	dead, waiting, err := w.Market.Jobs(c.ctx(), c.actor, jobsPerPage)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Jobs(c.page("Errands"), dead, waiting))
}

func (w *Web) retryJob(c *call) error {
	if err := w.Market.RetryJob(c.ctx(), c.actor, ident.Job(c.path("id"))); err != nil {
		return err
	}
	return c.redirect("/operator/jobs", "The errand is tried again now.")
}
