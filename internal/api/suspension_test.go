package api_test

import (
	"errors"
	"testing"
	"time"

	"guildhall/client"
	"guildhall/internal/desk"
	"guildhall/internal/ident"
	"guildhall/internal/member"
)

// TestTheSuspendedAreHeard: a program asks, adds and appeals for somebody who may
// not sign in, as the sign-in page does, and learns nothing without the password.
func TestTheSuspendedAreHeard(t *testing.T) {
	h := sqliteHouse(t)
	ctx := t.Context()
	boss, guest := h.token(h.member("Oona", true), member.ScopeRead, member.ScopeManage), client.New(h.url, "")
	bo := h.member("Bo", false)
	wants := func(voice, reason string) client.Shut {
		t.Helper()
		shut, err := guest.Suspension(ctx, bo.Email, password)
		if err != nil || shut.Voice != voice || shut.Reason != reason {
			t.Fatalf("told %+v (%v), want the voice %q and the reason %q", shut, err, voice, reason)
		}
		return shut
	}
	refused := func(err error, status int) {
		t.Helper()
		var p *client.Problem
		if !errors.As(err, &p) || p.Status != status {
			t.Fatalf("refused with %v, want %d", err, status)
		}
	}
	_, err := guest.Suspension(ctx, h.member("Cy", false).Email, password)
	refused(err, 409) // that account is open
	if _, err := boss.Suspend(ctx, string(bo.ID), "Three people said so"); err != nil {
		t.Fatal(err)
	}
	_, err = guest.Suspension(ctx, bo.Email, "a guess at the password")
	refused(err, 422)
	refused(guest.SpeakOfSuspension(ctx, bo.Email, "a guess at the password", "I know none of the three."), 422)
	wants("ask", "Three people said so")
	refused(guest.SpeakOfSuspension(ctx, bo.Email, password, "No."), 422)
	if err := guest.SpeakOfSuspension(ctx, bo.Email, password, "I know none of the three."); err != nil {
		t.Fatal(err)
	}
	heard := wants("add", "Three people said so")
	if heard.Case == "" || heard.Until != nil {
		t.Errorf("heard: %+v", heard)
	}
	rows, _, err := h.Market.Cases(ctx, bo.Actor(), "", 0)
	if err != nil || len(rows) != 1 || rows[0].Case.Ref != heard.Case {
		t.Fatalf("cases: %+v (%v)", rows, err)
	}
	h.dismiss(rows[0].Case.ID)
	if shut := wants("appeal", "Three people said so"); shut.Until == nil || !shut.Until.After(time.Now()) {
		t.Errorf("the appeal ends %v", shut.Until)
	}
	if err := guest.SpeakOfSuspension(ctx, bo.Email, password, "Please ask the three again."); err != nil {
		t.Fatal(err)
	}
	if rows, _, err = h.Market.Cases(ctx, bo.Actor(), "", 0); err != nil || len(rows) != 2 || rows[0].Case.Matter.AppealOf != rows[1].Case.ID {
		t.Errorf("cases: %+v (%v)", rows, err)
	}
}

// dismiss lets an agent decide that nothing changes.
func (h *testHouse) dismiss(id ident.Case) {
	h.t.Helper()
	agent, nothing := h.member("Agatha", true).Actor(), desk.Decision{Dismiss: true, Facts: "Nothing of what they say is new.", Rule: "Section 12: conduct"}
	shown, err := h.Market.PreviewDecision(h.t.Context(), agent, id, nothing)
	if err == nil {
		_, err = h.Market.DecideCase(h.t.Context(), agent, "", id, nothing, shown.Digest)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}
