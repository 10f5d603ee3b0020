package web

import (
	"fmt"
	"io"
	"net/http"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/pay"
	"guildhall/internal/web/page"
)

// sandboxes are the pages of the play provider, which lives in this house but
// behaves like a company next door, and the door at which it tells its news.
var sandboxes = []Route{
	{post, "/webhooks/sandbox", Provider, (*Web).sandboxSays},
	{get, pay.StepPath + "{token}", Anyone, (*Web).stepPage},
	{post, pay.StepPath + "{token}", Anyone, (*Web).answerStep},
	{get, "/operator/sandbox", Operator, (*Web).sandboxPage},
}

// maxMessage is the largest message of a provider that is read.
const maxMessage = 64 << 10

// sandboxSays hears a message. It answers a program, so faults are plain text;
// anything but a success makes the provider tell it again later.
func (w *Web) sandboxSays(c *call) error {
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, maxMessage))
	if err == nil {
		err = w.Market.ProviderSays(c.ctx(), c.r.Header, body)
	}
	if err != nil {
		front.Note(c.ctx(), err)
		http.Error(c.w, front.Words(err), front.Status(err))
		return nil
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

// sandbox is the play provider, where this house uses it.
func (w *Web) sandbox() (*pay.Sandbox, error) {
	if w.Sandbox == nil {
		return nil, fault.NotFound("This house takes no play money.")
	}
	return w.Sandbox, nil
}

func (w *Web) stepPage(c *call) error {
	p, err := w.sandbox()
	if err != nil {
		return err
	}
	view, err := p.Step(c.ctx(), c.path("token"))
	if err != nil {
		return err
	}
	c.private()
	return c.render(http.StatusOK, page.SandboxStep(c.page("Your bank asks"), view))
}

func (w *Web) answerStep(c *call) error {
	p, err := w.sandbox()
	if err != nil {
		return err
	}
	token, answer := c.path("token"), c.text("answer")
	view, err := p.Step(c.ctx(), token)
	if err != nil {
		return err
	}
	if answer != "approve" && answer != "refuse" {
		return fault.Invalid("answer", "Approve the payment or refuse it.")
	}
	out, err := p.AnswerStep(c.ctx(), token, answer == "approve")
	if err != nil {
		return err
	}
	// The provider's message settles the payment too. Asking now only spares
	// the buyer a page that does not know it yet.
	if _, err := w.Market.Confirmed(c.ctx(), c.actor, out.Payment); err != nil && fault.KindOf(err) == "" {
		front.Note(c.ctx(), fmt.Errorf("a second step was answered but is not settled yet: %w", err))
	}
	said := "Your bank approved the payment."
	if out.State != pay.Succeeded {
		said = caution + "Your bank did not approve the payment. Nothing was charged."
	}
	return c.redirect(inside(view.Back, "/"), said)
}

func (w *Web) sandboxPage(c *call) error {
	p, err := w.sandbox()
	if err != nil {
		return err
	}
	lines, next, err := p.Statement(c.ctx(), c.query("before"))
	if err != nil {
		return err
	}
	older := ""
	if next != "" {
		older = "/operator/sandbox?before=" + escape(next)
	}
	return c.render(http.StatusOK, page.SandboxStatement(c.page("Play money"), lines, older))
}
