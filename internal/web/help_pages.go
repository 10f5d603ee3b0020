package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/policy"
	"guildhall/internal/web/help"
	"guildhall/internal/web/page"
)

// helping is the house explained.
var helping = []Route{
	{get, "/help", Anyone, (*Web).helpIndex},
	{get, "/help/{article}", Anyone, (*Web).helpArticle},
	{post, "/help/{article}", Anyone, (*Web).helpVote},
	{get, "/terms", Anyone, (*Web).terms},
	{get, "/house/help", Operator, (*Web).helpCounts},
}

// helpBook is the book of the policy in force, rendered once for each version.
func (w *Web) helpBook() (*help.Book, error) { return w.helpBookOf(w.Market.Policy()) }

func (w *Web) helpBookOf(v policy.Version) (*help.Book, error) {
	if b := w.helpNow.Load(); b != nil && b.Policy.ID == v.ID {
		return b, nil
	}
	b, err := help.Open(v)
	if err == nil && v.ID == w.Market.Policy().ID {
		w.helpNow.Store(b)
	}
	return b, err
}

func (w *Web) helpIndex(c *call) error {
	b, err := w.helpBook()
	if err != nil {
		return err
	}
	query, role := clipped(c.query("q")), c.query("for")
	if !slices.ContainsFunc(help.Roles(), func(r help.Role) bool { return r.Name == role }) {
		role = ""
	}
	return c.render(http.StatusOK, page.HelpIndex(c.page("Help"), b.Shelves(role), role, query, b.Search(query)))
}

// helpArticle shows an article, under the policy of an order if the address
// names its version: the rules of a version are no secret.
func (w *Web) helpArticle(c *call) error {
	slug := c.path("article")
	switch slug {
	case help.Terms:
		http.Redirect(c.w, c.r, "/terms", http.StatusMovedPermanently)
		return nil
	case "cancelling": // its name until the house could do more than that
		http.Redirect(c.w, c.r, "/help/cancellations", http.StatusMovedPermanently)
		return nil
	}
	return w.showHelp(c, slug)
}

func (w *Web) terms(c *call) error { return w.showHelp(c, help.Terms) }

func (w *Web) showHelp(c *call, slug string) error {
	v := w.Market.Policy()
	if id := ident.Policy(c.query("policy")); id != "" && id != v.ID {
		pinned, err := w.Market.PolicyVersion(c.ctx(), id)
		if err != nil {
			return err
		}
		v = pinned
	}
	b, err := w.helpBookOf(v)
	if err != nil {
		return err
	}
	a, ok := b.Article(slug)
	if !ok {
		return fault.NotFound("There is no such help page.")
	}
	props := page.HelpProps{Article: a, Related: b.Related(a), Voted: c.helpVoted(a)}
	if v.ID != w.Market.Policy().ID {
		props.Pinned = v.Effective
	}
	p := c.page(a.Title)
	p.Description = a.Summary
	return c.render(http.StatusOK, page.HelpArticle(p, props))
}

// helpVote counts whether an article answered the question, once for a browser.
func (w *Web) helpVote(c *call) error {
	b, err := w.helpBook()
	if err != nil {
		return err
	}
	a, ok := b.Article(c.path("article"))
	if !ok {
		return fault.NotFound("There is no such help page.")
	}
	answer := c.text("answered")
	if answer != "yes" && answer != "no" {
		return fault.Invalid("answered", "Choose yes or no.")
	}
	if !c.helpVoted(a) {
		if err := w.Market.HelpVote(c.ctx(), a.Slug, a.Revised, answer == "yes"); err != nil {
			return err
		}
		c.rememberHelpVote(a)
	}
	back := "/help/" + a.Slug
	if a.Slug == help.Terms {
		back = "/terms"
	}
	return c.redirect(back+"#answered", "Thank you. It helps us to write this page better.")
}

// helpCookie remembers in the browser which editions it has voted on; the house
// remembers nobody.
const helpCookie = "guildhall-help"

func helpMark(a help.Article) string { return a.Slug + "." + a.Revised.Format("20060102") }

func (c *call) helpVotes() []string {
	cookie, err := c.r.Cookie(helpCookie)
	if err != nil || len(cookie.Value) > 2000 {
		return nil
	}
	return strings.Split(cookie.Value, "/")
}

func (c *call) helpVoted(a help.Article) bool { return slices.Contains(c.helpVotes(), helpMark(a)) }

func (c *call) rememberHelpVote(a help.Article) {
	marks := append(c.helpVotes(), helpMark(a))
	marks = marks[max(0, len(marks)-40):]
	http.SetCookie(c.w, &http.Cookie{
		Name: helpCookie, Value: strings.Join(marks, "/"), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: c.web.Front.Secure(), SameSite: http.SameSiteLaxMode,
	})
}

// helpCounts shows an operator what readers said.
func (w *Web) helpCounts(c *call) error {
	counts, err := w.Market.HelpVotes(c.ctx(), c.actor)
	if err != nil {
		return err
	}
	b, err := w.helpBook()
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.HelpCounts(c.page("Help votes"), helpRows(b, counts)))
}

// helpRows are the counts of every edition that was voted on, and the articles
// that nobody voted on yet; the most missed first.
func helpRows(b *help.Book, counts []market.HelpCount) []page.HelpCount {
	var rows []page.HelpCount
	counted := map[string]bool{}
	for _, n := range counts {
		r := page.HelpCount{Slug: n.Article, Title: n.Article, Revised: n.Revised, Answered: n.Answered, Missed: n.Missed}
		if a, ok := b.Article(n.Article); ok {
			r.Title = a.Title
			r.Current = a.Revised.Format(time.DateOnly) == n.Revised
			counted[a.Slug] = counted[a.Slug] || r.Current
		}
		rows = append(rows, r)
	}
	for _, slug := range b.Slugs() {
		if a, _ := b.Article(slug); !counted[slug] {
			rows = append(rows, page.HelpCount{Slug: slug, Title: a.Title, Revised: a.Revised.Format(time.DateOnly), Current: true})
		}
	}
	slices.SortStableFunc(rows, func(x, y page.HelpCount) int {
		if x.Missed != y.Missed {
			return y.Missed - x.Missed
		}
		return y.Answered - x.Answered
	})
	return rows
}
