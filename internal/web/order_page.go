package web

import (
	"net/http"
	"strconv"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/order"
	"guildhall/internal/web/page"
)

// trade is buying, selling and the life of orders.
var trade = []Route{
	{get, "/checkout", SignedIn, (*Web).checkoutPage},
	{post, "/checkout", SignedIn, (*Web).checkout},
	{get, "/orders/{id}", SignedIn, (*Web).orderPage},
	{get, "/orders/{id}/pay", SignedIn, (*Web).payPage},
	{post, "/orders/{id}/pay", SignedIn, (*Web).payOrder},
	{get, "/orders/{id}/{move}", SignedIn, (*Web).movePage},
	{post, "/orders/{id}/{move}", SignedIn, (*Web).move},
	{get, "/files/{id}", Anyone, (*Web).file},
	{get, "/sales", SignedIn, (*Web).salesPage},
	{get, "/purchases", SignedIn, (*Web).purchasesPage},
	{get, "/statement", SignedIn, (*Web).statementPage},
	{get, "/withdraw", Seller, (*Web).withdrawPage},
	{post, "/withdraw", Seller, (*Web).withdraw},
}

func (w *Web) orderPage(c *call) error {
	v, err := w.Market.OrderPage(c.ctx(), c.actor, ident.Order(c.path("id")))
	if err != nil {
		return err
	}
	w.catchUpPayment(c, &v)
	w.beside(c, &v)
	return c.render(http.StatusOK, page.Order(c.orderShell(v), v, w.reviewsBeside(c, v.Order.ID), c.fill()))
}

// catchUpPayment asks the bank about a payment that has no answer yet, for a
// buyer who is back from it before its message is.
func (w *Web) catchUpPayment(c *call, v *market.OrderPage) {
	for _, p := range v.Payments {
		if p.State != order.PaymentPending && p.State != order.PaymentNeedsStep {
			continue
		}
		now, err := w.Market.Confirmed(c.ctx(), c.actor, p.ID)
		if err != nil {
			w.Log.WarnContext(c.ctx(), "the payment provider could not be asked", "payment", p.ID, "error", err)
			continue // its message will come
		}
		if now.State == p.State {
			continue
		}
		if fresh, err := w.Market.OrderPage(c.ctx(), c.actor, v.Order.ID); err == nil {
			*v = fresh
		}
	}
}

func (w *Web) movePage(c *call) error {
	v, opt, err := w.option(c)
	if err != nil {
		return err
	}
	card, err := w.foretold(c, v, opt)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Move(c.page(opt.Verb), v, opt, card, c.fill()))
}

// foretold is what a button would do; nil for one that can hurt nobody.
func (w *Web) foretold(c *call, v market.OrderPage, opt order.Option) (*market.Preview, error) {
	mv := page.Foretold(v, opt.Move)
	if opt.Not != "" || mv == nil {
		return nil, nil
	}
	card, err := w.Market.Foresee(c.ctx(), c.actor, v.Order.ID, mv)
	return &card, err
}

// option finds the button that an address is about.
func (w *Web) option(c *call) (market.OrderPage, order.Option, error) {
	v, err := w.Market.OrderPage(c.ctx(), c.actor, ident.Order(c.path("id")))
	if err != nil {
		return v, order.Option{}, err
	}
	for _, opt := range v.Options {
		if string(opt.Move) == c.path("move") {
			return v, opt, nil
		}
	}
	if _, known := moveForms[order.Name(c.path("move"))]; known {
		return v, order.Option{}, fault.Conflict("This is not possible now: " + v.Order.State.Words() + ".")
	}
	return v, order.Option{}, fault.NotFound("There is no page at this address.")
}

func (w *Web) move(c *call) error {
	name := order.Name(c.path("move"))
	read, ok := moveForms[name]
	if !ok {
		return fault.NotFound("There is no page at this address.")
	}
	id := ident.Order(c.path("id"))
	mv, err := read(w, c)
	if err == nil {
		_, err = w.Market.Confirm(c.ctx(), c.actor, c.key(), id, mv, c.text("digest"))
	}
	if refused(err) || fault.KindOf(err) == fault.KindConflict {
		return w.moveAgain(c, name, err)
	}
	if err != nil {
		return err
	}
	if name == order.MoveAgree {
		if _, err := w.agreed(c); err == nil {
			return c.redirect("/orders/"+string(id)+"/pay_more", "Agreed. It takes effect with your payment.")
		}
	}
	return c.redirect("/orders/"+string(id), moveDone[name])
}

// moveAgain shows a refused form again with everything that was typed, and with
// what it would do by now. What is not possible any more is said on the order.
func (w *Web) moveAgain(c *call, name order.Name, why error) error {
	status := front.Status(why)
	v, opt, err := w.option(c)
	if name == order.MoveComment || fault.KindOf(err) == fault.KindConflict || err == nil && opt.Not != "" {
		if v, err = w.Market.OrderPage(c.ctx(), c.actor, ident.Order(c.path("id"))); err != nil {
			return err
		}
		w.beside(c, &v)
		p := c.orderShell(v)
		if !refused(why) {
			p.Flash = warn(why)
		}
		return c.render(status, page.Order(p, v, w.reviewsBeside(c, v.Order.ID), c.form(why)))
	}
	if err != nil {
		return err
	}
	card, err := w.foretold(c, v, opt)
	if err != nil {
		return err
	}
	p := c.page(opt.Verb)
	if !refused(why) {
		p.Flash = warn(why)
	}
	return c.render(status, page.Move(p, v, opt, card, c.form(why)))
}

// moveForms read the form of each move that has a button.
var moveForms = map[order.Name]func(*Web, *call) (order.Move, error){
	order.MoveUndo:         plain(order.Undo{}),
	order.MoveWaive:        plain(order.Waive{}),
	order.MoveExtendReview: plain(order.ExtendReview{}),
	order.MoveAccept:       plain(order.Accept{}),
	order.MoveCancelLate:   plain(order.CancelLate{}),
	order.MoveCancelStale:  plain(order.CancelStale{}),
	order.MoveAgree: func(_ *Web, c *call) (order.Move, error) {
		return order.Agree{No: c.ordinal("no"), Cause: c.text("cause")}, nil
	},
	order.MoveDecline: func(_ *Web, c *call) (order.Move, error) {
		return order.Decline{No: c.ordinal("no"), Text: c.text("text")}, nil
	},
	order.MoveWithdraw: func(_ *Web, c *call) (order.Move, error) { return order.Withdraw{No: c.ordinal("no")}, nil },
	order.MoveNudge:    func(_ *Web, c *call) (order.Move, error) { return order.Nudge{Text: c.text("text")}, nil },
	order.MoveSayCause: func(_ *Web, c *call) (order.Move, error) { return order.SayCause{Cause: c.text("cause")}, nil },
	order.MoveSubmit: func(_ *Web, c *call) (order.Move, error) {
		var answers []order.Answer
		for name, values := range c.r.PostForm {
			if key, ok := strings.CutPrefix(name, "answers."); ok && len(values) > 0 {
				answers = append(answers, order.Answer{Question: key, Text: values[0]})
			}
		}
		return order.Submit{Answers: sortedAnswers(answers)}, nil
	},
	order.MoveDelay: func(_ *Web, c *call) (order.Move, error) { return order.Delay{Reason: c.text("reason")}, nil },
	order.MoveComment: func(_ *Web, c *call) (order.Move, error) {
		return order.Comment{On: c.ordinal("on"), Text: c.text("text")}, nil
	},
	order.MoveProgress: func(w *Web, c *call) (order.Move, error) {
		files, err := w.upload(c)
		return order.Progress{Text: c.text("text"), Files: files}, err
	},
	order.MoveDeliver: func(w *Web, c *call) (order.Move, error) {
		files, err := w.upload(c)
		return order.Deliver{Text: c.text("text"), Files: files}, err
	},
	order.MoveRevise: func(_ *Web, c *call) (order.Move, error) {
		r := order.Revise{Text: c.text("text"), Fault: c.text("fault") == "yes"}
		for _, line := range c.texts("lines") {
			n, err := strconv.Atoi(line)
			if err != nil {
				return nil, fault.Invalid("lines", "Choose from the lines shown.")
			}
			r.Lines = append(r.Lines, n)
		}
		return r, nil
	},
}

func plain(m order.Move) func(*Web, *call) (order.Move, error) {
	return func(*Web, *call) (order.Move, error) { return m, nil }
}

// moveDone is what the next page says.
var moveDone = map[order.Name]string{
	order.MoveUndo:         "The order is undone. Your money is on its way back.",
	order.MoveSubmit:       "Your answers are sent and the work has started.",
	order.MoveWaive:        "The work has started.",
	order.MoveProgress:     "Your update is shown to the buyer.",
	order.MoveComment:      "Your comment is sent.",
	order.MoveDelay:        "The buyer knows about the delay.",
	order.MoveDeliver:      "Delivered. The buyer was told.",
	order.MoveExtendReview: "You have more time to look.",
	order.MoveRevise:       "The seller was asked for a revision.",
	order.MoveAccept:       "Completed. The seller was told and will be paid.",
	order.MoveCancelLate:   "The order is cancelled. Your money is on its way back.",
	order.MoveCancelStale:  "The order is ended, with no effect on you.",
	order.MoveAgree:        "Agreed. The other side was told.",
	order.MoveDecline:      "Declined. The order goes on as before.",
	order.MoveWithdraw:     "Withdrawn. The order goes on as before.",
	order.MoveNudge:        "The buyer was reminded.",
	order.MoveSayCause:     "Your cause is kept beside the other side’s.",
}

// upload stores the files of a form about an order.
func (w *Web) upload(c *call) ([]ident.File, error) { return w.uploadFor(c, market.ForOrder) }

// uploadFor stores the files of a form.
func (w *Web) uploadFor(c *call, purpose market.Purpose) ([]ident.File, error) {
	var ids []ident.File
	heads := c.files("files")
	if most := w.Market.Policy().Limits.FilesPerPost; len(heads) > most {
		return nil, fault.Invalid("files", "At most "+strconv.Itoa(most)+" files at once.")
	}
	for i, head := range heads {
		src, err := head.Open()
		if err != nil {
			return nil, err
		}
		f, err := w.Market.KeepUpload(c.ctx(), c.actor, market.Upload{
			Purpose: purpose, Name: head.Filename, Began: front.Of(c.r).Arrived, Key: c.key() + market.Key("-file-"+strconv.Itoa(i)),
		}, src)
		_ = src.Close() // it was only read
		if refused(err) {
			return nil, fault.Invalid("files", head.Filename+": "+reasons(err))
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, f.ID)
	}
	return ids, nil
}
