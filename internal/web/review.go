package web

import (
	"net/http"
	"strconv"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/review"
	"guildhall/internal/talk"
	"guildhall/internal/web/page"
)

// reviewing is what the parties of an ended order say of each other.
var reviewing = []Route{
	{get, "/reviews", SignedIn, (*Web).myReviewsPage},
	{get, "/orders/{id}/review", SignedIn, (*Web).reviewPage},
	{post, "/orders/{id}/review", SignedIn, (*Web).writeReview},
	{get, "/orders/{id}/review/{act}", SignedIn, (*Web).reviewMovePage},
	{post, "/orders/{id}/review/{act}", SignedIn, (*Web).reviewMove},
}

func (w *Web) myReviewsPage(c *call) error {
	after := market.Cursor(c.query("after"))
	v, err := w.Market.MyReviews(c.ctx(), c.actor, after, 0)
	if err != nil {
		return err
	}
	newer := ""
	if after != "" {
		v.Open, newer = nil, "/reviews"
	}
	return c.render(http.StatusOK, page.MyReviews(c.page("Your reviews"), v, newer, further("/reviews", "after", v.Next)))
}

func (w *Web) reviewPage(c *call) error { return w.showReviews(c, http.StatusOK, c.fill(), nil) }

// showReviews shows the reviews of an order with what stands in the form.
func (w *Web) showReviews(c *call, status int, f page.Form, why error) error {
	v, err := w.Market.ReviewOf(c.ctx(), c.actor, ident.Order(c.path("id")))
	if err != nil {
		return err
	}
	p := c.page("Reviews of order #" + v.Order.Ref)
	p.Path = "/orders/" + string(v.Order.ID) + "/review"
	if why != nil {
		p.Flash = warn(why)
	}
	return c.render(status, page.Reviews(p, page.ReviewProps{ReviewPage: v, Form: f}))
}

// draft reads the stars and the words of a form. A star that is no number is
// none, and refused by the market in its words.
func (c *call) draft(v market.ReviewPage) review.Draft {
	d := review.Draft{Stars: map[string]int{}, Text: c.text("text")}
	for _, asked := range v.Asked {
		d.Stars[asked.Name] = c.ordinal("stars." + asked.Name)
	}
	return d
}

func (w *Web) writeReview(c *call) error {
	id := ident.Order(c.path("id"))
	v, err := w.Market.ReviewOf(c.ctx(), c.actor, id)
	if err != nil {
		return err
	}
	moved, err := w.Market.WriteReview(c.ctx(), c.actor, c.key(), id, c.draft(v))
	switch {
	case refused(err):
		return w.showReviews(c, http.StatusUnprocessableEntity, c.form(err), nil)
	case possible(err):
		return w.showReviews(c, front.Status(err), c.form(nil), err)
	case err != nil:
		return err
	}
	done := "Your review is in. It stays closed until both have written, or the time is over."
	if moved.Revealed {
		done = "Your review is in. Both are public now."
	}
	return c.redirect("/orders/"+string(id)+"/review", done)
}

// possible tells whether an error says that something was possible at another time.
func possible(err error) bool {
	kind := fault.KindOf(err)
	return kind == fault.KindConflict || kind == fault.KindExpired
}

// reviewActs are the moves that have a page of their own, with what the next
// page says.
var reviewActs = map[review.Name]string{
	review.MoveAmend:   "Your review is changed. What you wrote first stays in its history.",
	review.MoveAnswer:  "Your reply stands below the review.",
	review.MovePick:    "The buyer is asked whether the file may be shown.",
	review.MoveDrop:    "The work sample is taken back.",
	review.MoveConsent: "Your answer about the work sample is kept.",
	review.MoveReport:  "The demand is with support.",
	review.MoveObject:  "The challenge is with support. The review says so until it is decided.",
}

// reviewOption finds the button that an address is about, or says why there is none.
func (w *Web) reviewOption(c *call) (page.ReviewProps, review.Option, error) {
	name := review.Name(c.path("act"))
	v, err := w.Market.ReviewOf(c.ctx(), c.actor, ident.Order(c.path("id")))
	if err != nil {
		return page.ReviewProps{}, review.Option{}, err
	}
	if _, known := reviewActs[name]; !known {
		return page.ReviewProps{}, review.Option{}, fault.NotFound("There is no page at this address.")
	}
	props := page.ReviewProps{ReviewPage: v}
	opt, ok := v.May(name)
	if !ok {
		return props, opt, fault.Conflict("This is not possible now. The page of the reviews says where they stand.")
	}
	if name == review.MoveReport || name == review.MoveObject {
		props.Talked = w.talked(c, v)
	}
	return props, opt, nil
}

// messagesToPick is how many messages one may choose evidence from.
const messagesToPick = 40

// talked are the newest messages of the two; without them the form still works.
func (w *Web) talked(c *call, v market.ReviewPage) []talk.Message {
	other := v.Seller.ID
	if v.Side == review.Seller {
		other = v.Buyer.ID
	}
	t, err := w.Market.TalkWith(c.ctx(), c.actor, other, messagesToPick)
	if err != nil {
		front.Note(c.ctx(), err)
		return nil
	}
	var list []talk.Message
	for _, e := range t.Entries {
		if e.Message != nil {
			list = append(list, *e.Message)
		}
	}
	return list
}

func (w *Web) reviewMovePage(c *call) error {
	v, opt, err := w.reviewOption(c)
	if err != nil {
		return err
	}
	v.Form = c.fill()
	switch {
	case opt.Move == review.MoveAmend && v.Mine != nil:
		v.Form = c.fill(page.WordsFilled(v.Mine.Words)...)
	case opt.Move == review.MoveAnswer && v.Theirs != nil && v.Theirs.Reply != nil:
		v.Form = c.fill("text", v.Theirs.Reply.Text)
	case opt.Move == review.MovePick && v.Sample != nil:
		v.Form = c.fill("file", string(v.Sample.ID))
	}
	return c.render(http.StatusOK, page.ReviewMove(c.page(opt.Verb), v, opt))
}

func (w *Web) reviewMove(c *call) error {
	name := review.Name(c.path("act"))
	if _, known := reviewActs[name]; !known {
		return fault.NotFound("There is no page at this address.")
	}
	moved, err := w.doReview(c, name)
	switch {
	case refused(err):
		v, opt, gone := w.reviewOption(c)
		if gone != nil {
			return gone
		}
		v.Form = c.form(err)
		return c.render(http.StatusUnprocessableEntity, page.ReviewMove(c.page(opt.Verb), v, opt))
	case possible(err):
		return w.showReviews(c, front.Status(err), c.fill(), err)
	case err != nil:
		return err
	}
	to := "/orders/" + string(moved.Order) + "/review"
	if moved.Case != "" {
		to = "/cases/" + string(moved.Case)
	}
	return c.redirect(to, reviewActs[name])
}

// doReview reads the form behind a button and makes its move.
func (w *Web) doReview(c *call, name review.Name) (market.ReviewMoved, error) {
	id, m := ident.Order(c.path("id")), w.Market
	switch name {
	case review.MoveAmend:
		v, err := m.ReviewOf(c.ctx(), c.actor, id)
		if err != nil {
			return market.ReviewMoved{}, err
		}
		return m.AmendReview(c.ctx(), c.actor, c.key(), id, c.draft(v))
	case review.MoveAnswer:
		return m.ReplyReview(c.ctx(), c.actor, c.key(), id, c.text("text"))
	case review.MovePick:
		file := ident.File(c.text("file"))
		if file == "" {
			return market.ReviewMoved{}, fault.Invalid("file", "Choose the file to offer.")
		}
		return m.OfferSample(c.ctx(), c.actor, c.key(), id, file)
	case review.MoveDrop:
		return m.OfferSample(c.ctx(), c.actor, c.key(), id, "")
	case review.MoveConsent:
		return m.AnswerSample(c.ctx(), c.actor, c.key(), id, c.text("answer") == "yes")
	}
	e, err := w.evidence(c, id)
	if err != nil {
		return market.ReviewMoved{}, err
	}
	if name == review.MoveReport {
		return m.ReportDemand(c.ctx(), c.actor, c.key(), id, e)
	}
	return m.ChallengeReview(c.ctx(), c.actor, c.key(), id, c.text("reason"), e)
}

// evidence reads what a report or a challenge rests on. Only a party's files are kept.
func (w *Web) evidence(c *call, id ident.Order) (review.Evidence, error) {
	e := review.Evidence{Text: c.text("text"), Passage: c.text("passage")}
	if _, err := w.Market.ReviewOf(c.ctx(), c.actor, id); err != nil {
		return e, err
	}
	for _, no := range c.texts("messages") {
		n, err := strconv.Atoi(no)
		if err != nil {
			return e, fault.Invalid("messages", "Choose from the messages shown.")
		}
		e.Messages = append(e.Messages, n)
	}
	var err error
	e.Files, err = w.upload(c)
	return e, err
}

// reviewsBeside is where the reviews of an order stand, for its page; nothing
// where they cannot be read, so that the order is shown all the same.
func (w *Web) reviewsBeside(c *call, id ident.Order) *market.ReviewPage {
	v, err := w.Market.ReviewOf(c.ctx(), c.actor, id)
	if err != nil {
		if fault.KindOf(err) != fault.KindNotFound {
			front.Note(c.ctx(), err)
		}
		return nil
	}
	return &v
}

// reviewsShown is how many reviews stand on a page that is about something else
// as well.
const reviewsShown = 10

// reviewFilter reads which part of a list is wanted.
func (c *call) reviewFilter() (f market.ReviewFilter, after market.Cursor) {
	if n, err := strconv.Atoi(c.query("stars")); err == nil && n >= 1 && n <= review.MostStars {
		f.Stars = n
	}
	f.WithText = c.query("text") != ""
	return f, market.Cursor(c.query("reviews"))
}

// openReviews are the orders that the reader can still review; none where they
// cannot be read, so that the page is shown all the same.
func (c *call) openReviews() []market.OpenReview {
	mine, err := c.web.Market.MyReviews(c.ctx(), c.actor, "", 1)
	if err != nil {
		front.Note(c.ctx(), err)
	}
	return mine.Open
}
