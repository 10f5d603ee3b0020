package pay

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/store"
)

// StepPath is where the pages of second steps live; the token follows.
const StepPath = "/sandbox/step/"

// stepToken is a name of the payment that only this provider can make, so that
// nobody answers a step that was not shown to them.
func (s *Sandbox) stepToken(id ident.Payment) string {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write([]byte("second step of " + string(id)))
	return string(id) + "." + hex.EncodeToString(mac.Sum(nil))
}

var errNoStep = fault.NotFound("There is no such payment step. Please start the payment again.")

func (s *Sandbox) stepOf(token string) (ident.Payment, error) {
	id, _, _ := strings.Cut(token, ".")
	if !hmac.Equal([]byte(token), []byte(s.stepToken(ident.Payment(id)))) {
		return "", errNoStep
	}
	return ident.Payment(id), nil
}

// Step is what the page of a second step shows. A step that was answered has
// an outcome in its final state. Errors: NotFound.
func (s *Sandbox) Step(ctx context.Context, token string) (StepView, error) {
	id, err := s.stepOf(token)
	if err != nil {
		return StepView{}, err
	}
	var row store.SandboxCharge
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		row, err = tx.SandboxCharge(id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return StepView{}, errNoStep
	}
	return StepView{Outcome: s.outcome(row), About: row.About, Back: row.Back}, err
}

// AnswerStep approves or refuses a charge. The first answer stands: another
// one changes nothing and hears the same outcome. Errors: NotFound.
func (s *Sandbox) AnswerStep(ctx context.Context, token string, approve bool) (Outcome, error) {
	id, err := s.stepOf(token)
	if err != nil {
		return Outcome{}, err
	}
	now := s.now()
	to, reason := Declined, "You refused the payment at your bank."
	if approve {
		to, reason = Succeeded, ""
	}
	var row store.SandboxCharge
	err = s.store.Update(ctx, func(tx *store.Tx) (err error) {
		if row, err = tx.SandboxCharge(id); err != nil || State(row.State) != NeedsStep {
			return err
		}
		row, err = s.settle(tx, row, to, reason, now)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return Outcome{}, errNoStep
	}
	return s.outcome(row), err
}
