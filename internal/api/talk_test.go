package api_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"guildhall/client"
)

// status of a refusal; 0 when there was none.
func status(err error) int {
	var p *client.Problem
	if errors.As(err, &p) {
		return p.Status
	}
	return 0
}

// TestTwoProgramsTalk writes, reads, leafs, searches, blocks and reports.
func TestTwoProgramsTalk(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	seller, buyer, stranger := h.person("Sela Seller"), h.person("Bo Buyer"), h.person("Stan Stranger")
	g := h.offer(seller)
	me, err := buyer.Me(ctx)
	must(err)
	them, err := seller.Me(ctx)
	must(err)

	plan, err := buyer.Upload(ctx, client.ForMessage, "plan.txt", strings.NewReader("a plan"))
	must(err)
	first, err := buyer.WriteTo(ctx, them.ID, client.Words{Text: "Could you draw a heron?", Files: []string{plan.ID}})
	must(err)
	id := first.Thread
	readFile(t, seller, plan.ID, "a plan")
	if _, err := stranger.Download(ctx, plan.ID, ""); status(err) != http.StatusNotFound {
		t.Errorf("a stranger reads the file: %v", err)
	}
	if _, err := seller.WriteTo(ctx, string(h.member("Bea Bystander", false).ID), client.Words{Text: "Buy now"}); status(err) != http.StatusForbidden {
		t.Errorf("an unasked letter: %v", err)
	}
	placed := h.place(buyer, g, goodCard)
	for range 3 {
		_, err := seller.Write(ctx, id, client.Words{Text: "With pleasure"})
		must(err)
	}

	list := collect(t, buyer.Threads(ctx))
	if len(list) != 1 || list[0].Unread != 3 || list[0].With.ID != them.ID || list[0].LastIsMine || list[0].LastWords != "With pleasure" {
		t.Errorf("%+v", list)
	}
	v, err := buyer.Thread(ctx, id, 0)
	must(err)
	if v.Said != 4 || v.Refusal != "" || v.With.ID != them.ID || len(v.Items) != 5 || v.Items[0].Message.Author != me.ID || v.Items[0].Message.Files[0].SHA256 != plan.SHA256 {
		t.Errorf("%+v", v)
	}
	if c := v.Items[1].Card; c == nil || c.Order == nil || c.Order.ID != placed.Order || c.Kind != "order.paid" {
		t.Errorf("the order stands between the messages: %+v", c)
	}
	if part, err := buyer.Thread(ctx, id, 3); err != nil || part.Items[len(part.Items)-1].Message.No != 2 {
		t.Errorf("%+v, %v", part, err)
	}
	must(buyer.ReadThread(ctx, id, 3))
	if v, err = buyer.Thread(ctx, id, 0); err != nil || v.Unread != 1 {
		t.Errorf("%d unread, %v", v.Unread, err)
	}
	must(buyer.ReadThread(ctx, id, 0))
	if n, err := buyer.UnreadThreads(ctx); n != 0 || err != nil {
		t.Errorf("%d unread, %v", n, err)
	}
	if found, err := buyer.SearchThreads(ctx, "HERON"); err != nil || len(found.Messages) != 1 || found.Messages[0].With.ID != them.ID {
		t.Errorf("%+v, %v", found, err)
	}
	if found, err := buyer.SearchThread(ctx, id, "pleasure"); err != nil || len(found) != 3 || found[0].No != 4 {
		t.Errorf("%+v, %v", found, err)
	}

	must(seller.ReportMessage(ctx, id, 1, "other", "It is odd."))
	if err := seller.ReportMessage(ctx, id, 1, "spam", ""); status(err) != http.StatusConflict {
		t.Errorf("reported twice: %v", err)
	}
	blocked, err := seller.Block(ctx, id)
	must(err)
	if _, err := buyer.Write(ctx, id, client.Words{Text: "hello?"}); !blocked.Blocked || status(err) != http.StatusForbidden {
		t.Errorf("blocked %v: %v", blocked.Blocked, err)
	}
	if _, err = seller.Unblock(ctx, id); err != nil {
		t.Error(err)
	}
	for what, err := range map[string]error{
		"reads":   func() error { _, err := stranger.Thread(ctx, id, 0); return err }(),
		"writes":  func() error { _, err := stranger.Write(ctx, id, client.Words{Text: "x"}); return err }(),
		"marks":   stranger.ReadThread(ctx, id, 0),
		"blocks":  func() error { _, err := stranger.Block(ctx, id); return err }(),
		"reports": stranger.ReportMessage(ctx, id, 1, "spam", ""),
	} {
		if status(err) != http.StatusNotFound {
			t.Errorf("a stranger %s: %v", what, err)
		}
	}
}
