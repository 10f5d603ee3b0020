package web

import (
	"net/http"
	"net/url"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/review"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
	"guildhall/internal/web/page"
)

// figures is what stands behind a person's numbers, and what waits for them.
var figures = []Route{
	{get, "/needs", SignedIn, (*Web).needsPage},
	{get, "/standing", SignedIn, (*Web).standingPage},
	{get, "/standing/{figure}", SignedIn, (*Web).behindPage},
	{get, "/standing/why/{level}", SignedIn, (*Web).whyPage},
	{post, "/standing/share", SignedIn, (*Web).shareStanding},
	{post, "/standing/share/{id}/revoke", SignedIn, (*Web).revokeShare},
	{get, "/standing/shared/{secret}", Anyone, (*Web).sharedPage},
	{get, "/standing/shared/{secret}/{figure}", Anyone, (*Web).sharedBehindPage},
	{get, "/standing/shared/{secret}/why/{level}", Anyone, (*Web).sharedWhyPage},
	{get, "/members/{handle}/record", SignedIn, (*Web).buyerRecordPage},

	{get, "/house/levels", Agent, (*Web).levelsPage},
	{post, "/house/levels/{id}/approve", Agent, answerLevel((*market.Market).ApproveLevel, "The level is theirs. They were told.")},
	{post, "/house/levels/{id}/decline", Agent, answerLevel((*market.Market).DeclineLevel, "It stays as it is for now. They were told why.")},
}

const ownStanding = "/standing"

func (w *Web) standingPage(c *call) error { return w.showStanding(c, http.StatusOK, "") }

// showStanding shows the actor's own page; fresh is the address of a link that
// was just made, which stands nowhere else.
func (w *Web) showStanding(c *call, status int, fresh string) error {
	s, err := w.Market.MyStanding(c.ctx(), c.actor)
	if err != nil {
		return err
	}
	title := "Your record"
	if s.Selling {
		title = "Your standing"
	}
	v := page.StandingView{Standing: s, Base: ownStanding, Fresh: fresh, Key: string(c.key())}
	if v.Stars, err = c.stars(s.Member); err != nil {
		return err
	}
	return c.render(status, page.Standing(c.page(title), v))
}

func (w *Web) behindPage(c *call) error {
	after := c.query("after")
	b, err := w.Market.Behind(c.ctx(), c.actor, standing.Figure(c.path("figure")), standing.Mark(c.query("mark")), market.Cursor(after), 0)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Behind(c.page(b.Figure.Name()), page.BehindView{Behind: b, Base: ownStanding, After: after}))
}

func (w *Web) whyPage(c *call) error {
	s, err := w.Market.MyStanding(c.ctx(), c.actor)
	if err != nil {
		return err
	}
	return c.why(c.page, page.StandingView{Standing: s, Base: ownStanding})
}

func (c *call) why(shell func(string) kit.Page, v page.StandingView) error {
	for _, r := range v.Ladder {
		if r.Name == c.path("level") && v.Selling {
			return c.render(http.StatusOK, page.Why(shell(r.Words), v, r))
		}
	}
	return fault.NotFound("There is no such level.")
}

// shareStanding shows the new link in its own answer, the only place where it
// ever stands.
func (w *Web) shareStanding(c *call) error {
	s, err := w.Market.ShareStanding(c.ctx(), c.actor, c.key())
	if err != nil {
		return err
	}
	c.private()
	c.renewKey() // the next link is another one
	if s.Secret == "" {
		return c.redirect(ownStanding, "That link is made. It was shown once; make another one if it is lost.")
	}
	return w.showStanding(c, http.StatusCreated, w.Front.PublicURL.JoinPath(ownStanding, "shared", s.Secret).String())
}

func (w *Web) revokeShare(c *call) error {
	if err := w.Market.RevokeShare(c.ctx(), c.actor, c.key(), ident.Share(c.path("id"))); err != nil {
		return err
	}
	return c.redirect(ownStanding+"#share", "The link is closed. It shows nothing any more.")
}

// shared is the shell of a page that a secret opens: nothing keeps it, finds it
// or tells where its reader came from.
func (c *call) shared(title string) kit.Page {
	c.private()
	p := c.page(title)
	p.NoIndex = true
	return p
}

func sharedBase(secret string) string { return ownStanding + "/shared/" + url.PathEscape(secret) }

func (w *Web) sharedPage(c *call) error {
	s, err := w.Market.SharedStanding(c.ctx(), c.path("secret"))
	if err != nil {
		return err
	}
	v := page.StandingView{Standing: s, Base: sharedBase(c.path("secret")), Shared: true}
	if v.Stars, err = c.stars(s.Member); err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Standing(c.shared("The standing of "+s.Seller.Name), v))
}

// stars are how often each number of stars was given to a seller.
func (c *call) stars(seller ident.Member) (review.Sums, error) {
	sums, err := c.web.Market.SellerSums(c.ctx(), seller)
	return sums[seller], err
}

func (w *Web) sharedBehindPage(c *call) error {
	after := c.query("after")
	b, err := w.Market.SharedBehind(c.ctx(), c.path("secret"), standing.Figure(c.path("figure")), standing.Mark(c.query("mark")), market.Cursor(after), 0)
	if err != nil {
		return err
	}
	v := page.BehindView{Behind: b, Base: sharedBase(c.path("secret")), Shared: true, After: after}
	return c.render(http.StatusOK, page.Behind(c.shared(b.Figure.Name()), v))
}

func (w *Web) sharedWhyPage(c *call) error {
	s, err := w.Market.SharedStanding(c.ctx(), c.path("secret"))
	if err != nil {
		return err
	}
	return c.why(c.shared, page.StandingView{Standing: s, Base: sharedBase(c.path("secret")), Shared: true})
}

// buyerRecordPage is a buyer's record for a seller whom they deal with.
func (w *Web) buyerRecordPage(c *call) error {
	m, err := w.Market.MemberByHandle(c.ctx(), c.path("handle"))
	if err != nil {
		return err
	}
	h, err := w.Market.BuyerRecord(c.ctx(), c.actor, m.ID)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.BuyerRecord(c.page(h.Buyer.Name+" as a buyer"), h, w.Market.Policy()))
}

// buyerRecord is the same to stand beside something else; nil for whom the
// reader has nothing to do with.
func (c *call) buyerRecord(buyer ident.Member) (*market.BuyerHistory, error) {
	h, err := c.web.Market.BuyerRecord(c.ctx(), c.actor, buyer)
	switch {
	case fault.KindOf(err) == fault.KindNotFound:
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &h, nil
}

func (w *Web) needsPage(c *call) error {
	n, err := w.Market.NeedsYou(c.ctx(), c.actor, 0)
	if err != nil {
		return err
	}
	p := c.page("Needs you")
	p.Topics = append(p.Topics, string(c.actor.Member))
	return c.render(http.StatusOK, page.Needs(p, n, c.openReviews()...))
}

// needsAbove is how much of each kind is looked at for a page that is about
// something else.
const needsAbove = 8

// needs is what waits for the reader; nothing for a guest.
func (c *call) needs() (market.Needs, error) {
	if !c.actor.SignedIn() {
		return market.Needs{}, nil
	}
	return c.web.Market.NeedsYou(c.ctx(), c.actor, needsAbove)
}
