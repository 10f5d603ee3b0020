package web

import (
	"net/http"
	"slices"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/web/page"
)

// atDesk is the work of support agents.
var atDesk = []Route{
	{get, "/desk", Agent, (*Web).queuePage},
	{get, "/desk/{id}", Agent, (*Web).deskPage},
	{post, "/desk/{id}/take", Agent, (*Web).takeCase},
	{post, "/desk/{id}/put_back", Agent, (*Web).putCaseBack},
	{post, "/desk/{id}/answer", Agent, (*Web).answerCase},
	{post, "/desk/{id}/note", Agent, (*Web).noteCase},
	{post, "/desk/{id}/effect", Agent, (*Web).decisionEffect},
	{post, "/desk/{id}/decide", Agent, (*Web).decideCase},
	{post, "/desk/{id}/second", Agent, (*Web).secondCase},
	{get, "/desk/{id}/files/{file}", Agent, (*Web).deskFile},
}

func (w *Web) queuePage(c *call) error {
	f := market.QueueFilter{
		State: desk.State(c.query("state")), Kind: desk.Kind(c.query("kind")), Whose: c.query("whose"), Late: c.query("late") != "", Words: clipped(c.query("q")),
	}
	if !slices.Contains(desk.States(), f.State) {
		f.State = desk.Waiting
	}
	if !slices.Contains(append(desk.Kinds(), desk.HouseKinds()...), f.Kind) {
		f.Kind = ""
	}
	if f.Whose != "mine" && f.Whose != "nobody" {
		f.Whose = ""
	}
	rows, next, err := w.Market.Queue(c.ctx(), c.actor, f, market.Cursor(c.query("after")), 0)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Desk(c.page("Desk"), f, rows, string(next)))
}

func (w *Web) deskPage(c *call) error {
	f := c.fill("to", "")
	for _, a := range desk.Answers() {
		if a.Name == c.query("answer") {
			f.Values.Set("answer", a.Text)
		}
	}
	return w.showDesk(c, http.StatusOK, page.DeskProps{Form: f})
}

// showDesk shows the agent's view of a case. Each showing is a look that its
// people see.
func (w *Web) showDesk(c *call, status int, props page.DeskProps) error {
	v, err := w.Market.DeskPage(c.ctx(), c.actor, ident.Case(c.path("id")))
	if err != nil {
		return err
	}
	props.DeskPage, props.Me = v, c.actor.Member
	if v.Case.State == desk.Seconding && props.Effect == nil {
		effect, err := w.Market.ProposedDecision(c.ctx(), c.actor, v.Case.ID)
		switch {
		case err == nil:
			props.Effect = &effect
		case hasWords(err):
			props.Problem = err.Error()
		default:
			return err
		}
	}
	c.private()
	p := c.page("Case #" + v.Case.Ref)
	p.Path = "/desk/" + string(v.Case.ID)
	return c.render(status, page.DeskCase(p, props))
}

// hasWords tells whether an error has words for the reader.
func hasWords(err error) bool { return fault.KindOf(err) != "" }

func (w *Web) takeCase(c *call) error {
	id := ident.Case(c.path("id"))
	if _, err := w.Market.TakeCase(c.ctx(), c.actor, c.key(), id); err != nil {
		return err
	}
	return c.redirect("/desk/"+string(id), "You work on this case now.")
}

func (w *Web) putCaseBack(c *call) error {
	id := ident.Case(c.path("id"))
	if _, err := w.Market.PutCaseBack(c.ctx(), c.actor, c.key(), id); err != nil {
		return err
	}
	return c.redirect("/desk", "The case waits for whoever takes it next.")
}

func (w *Web) answerCase(c *call) error {
	id := ident.Case(c.path("id"))
	_, err := w.Market.AnswerCase(c.ctx(), c.actor, c.key(), id, market.CaseWords{Text: c.text("answer"), To: c.text("to")})
	return w.deskDone(c, err, map[string]string{"text": "answer"}, "Sent.")
}

func (w *Web) noteCase(c *call) error {
	_, err := w.Market.NoteCase(c.ctx(), c.actor, c.key(), ident.Case(c.path("id")), c.text("note"))
	return w.deskDone(c, err, map[string]string{"text": "note"}, "Noted for the desk.")
}

// deskDone goes back to the case, with what was refused beside its field. names
// are what the fields are called on the page.
func (w *Web) deskDone(c *call, err error, names map[string]string, done string) error {
	if refused(err) {
		f := c.form(err)
		for field, name := range names {
			if why, ok := f.Faults[field]; ok {
				f.Faults[name] = why
			}
		}
		return w.showDesk(c, http.StatusUnprocessableEntity, page.DeskProps{Form: f})
	}
	if err != nil {
		return err
	}
	return c.redirect("/desk/"+c.path("id"), done)
}

// decision reads the builder.
func (c *call) decision() (desk.Decision, error) {
	d := desk.Decision{Rule: c.text("rule"), Facts: c.text("facts"), Warn: c.sides("warn"), Suspend: c.sides("suspend"), Lift: c.sides("lift")}
	part := func() (*desk.Ending, error) {
		share, err := policy.ParsePercent(c.text("share") + "%")
		if err != nil {
			return nil, fault.Invalid("share", "Type a share between 0 and 100, like 100 or 62.5.")
		}
		return &desk.Ending{Fault: order.Fault(c.text("fault")), Cause: c.text("cause"), Share: money.BasisPoints(share)}, nil
	}
	var err error
	switch c.text("part") {
	case "cancel":
		d.Cancel, err = part()
	case "refund":
		if d.Refund, err = part(); err == nil {
			d.Refund.Cause = ""
		}
	case "complete":
		d.Complete = true
	case "hold":
		if d.Hold = c.text("hold"); d.Hold == "" {
			err = fault.Invalid("hold", "Say why; both parties read it.")
		}
	case "release":
		d.Release = true
	}
	d.Spam = desk.Finding(c.text("spam"))
	d.RemoveReview, d.RestoreReview = c.text("remove_review"), c.ticked("restore_review")
	if c.text("part") == "dismiss" {
		d.Dismiss = true
	}
	return d, err
}

func (c *call) sides(name string) []desk.Side {
	var list []desk.Side
	for _, v := range c.texts(name) {
		list = append(list, desk.Side(v))
	}
	return list
}

// decisionEffect fills the effect card while the decision is built.
func (w *Web) decisionEffect(c *call) error {
	d, err := c.decision()
	var shown market.DecisionPreview
	if err == nil {
		d.Rule, d.Facts = "not chosen yet", "not written yet" // the effect does not depend on the words
		shown, err = w.Market.PreviewDecision(c.ctx(), c.actor, ident.Case(c.path("id")), d)
	}
	if err != nil && (!hasWords(err) || fault.KindOf(err) == fault.KindNotFound) {
		return err
	}
	c.private()
	if err != nil {
		return c.render(http.StatusOK, page.DecisionProblem(reasons(err)))
	}
	return c.render(http.StatusOK, page.DecisionEffect(c.local(), shown))
}

// decideCase shows the effect, or, with the effect that was shown, decides.
func (w *Web) decideCase(c *call) error {
	id := ident.Case(c.path("id"))
	d, err := c.decision()
	digest := c.text("digest")
	if err == nil && digest != "" && !c.ticked("show") {
		var made desk.Case
		if made, err = w.Market.DecideCase(c.ctx(), c.actor, c.key(), id, d, digest); err == nil {
			done := "Decided. The letter is on its way to both."
			if made.State == desk.Seconding {
				done = "The decision waits for a second person."
			}
			return c.redirect("/desk/"+string(id), done)
		}
		if !hasWords(err) || fault.KindOf(err) == fault.KindNotFound {
			return err
		}
	}
	if err != nil && !hasWords(err) {
		return err
	}
	props := page.DeskProps{Form: c.form(err)}
	if err != nil && !refused(err) {
		props.Problem = err.Error()
	}
	return w.showEffect(c, id, d, err, props)
}

// showEffect shows the page again with the effect of what stands in the builder.
func (w *Web) showEffect(c *call, id ident.Case, d desk.Decision, before error, props page.DeskProps) error {
	status := http.StatusOK
	if before != nil {
		status = http.StatusUnprocessableEntity
	}
	if !refused(before) {
		shown, err := w.Market.PreviewDecision(c.ctx(), c.actor, id, d)
		switch {
		case refused(err):
			props.Form, status = c.form(err), http.StatusUnprocessableEntity
		case err != nil && (!hasWords(err) || fault.KindOf(err) == fault.KindNotFound):
			return err
		case err != nil:
			props.Problem, status = err.Error(), http.StatusUnprocessableEntity
		default:
			props.Effect = &shown
		}
	}
	return w.showDesk(c, status, props)
}

func (w *Web) secondCase(c *call) error {
	yes := c.text("word") == "yes"
	_, err := w.Market.SecondCase(c.ctx(), c.actor, c.key(), ident.Case(c.path("id")), yes, c.text("why"), c.text("digest"))
	if err != nil && hasWords(err) && !refused(err) && fault.KindOf(err) != fault.KindNotFound {
		return w.showDesk(c, http.StatusConflict, page.DeskProps{Form: c.form(err), Problem: err.Error()})
	}
	done := "Agreed: the decision has been made."
	if !yes {
		done = "It went back with your words. Nothing has happened."
	}
	return w.deskDone(c, err, map[string]string{"text": "why"}, done)
}

// deskFile hands a file out through a case; the look is written down.
func (w *Web) deskFile(c *call) error {
	f, body, err := w.Market.OpenCaseFile(c.ctx(), c.actor, ident.Case(c.path("id")), ident.File(c.path("file")))
	if err != nil {
		return err
	}
	return c.attachment(f, body)
}
