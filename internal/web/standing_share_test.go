package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"guildhall/internal/order"
)

var sharedLink = regexp.MustCompile(`/standing/shared/[A-Za-z0-9_-]+`)

// TestSharedStanding: a link shows a stranger the same numbers without an order
// or a name, and closed, wrong and made-up links answer alike.
func TestSharedStanding(t *testing.T) {
	o := newOfferHouse(t)
	o.front.PublicURL = &url.URL{Scheme: "http", Host: "guild.example"}
	done := o.order()
	if done.State == order.AwaitingRequirements {
		o.move("mara@example.com", done, order.Waive{})
	}
	o.move("mara@example.com", done, order.Deliver{Text: "Here it is."})
	o.move("ines@example.com", done, order.Accept{})

	key := "a key of this form"
	made := o.seller.post("/standing/share", "idempotency_key", key)
	o.seller.wants(made, http.StatusCreated, "http://guild.example/standing/shared/")
	at := sharedLink.FindString(made.body)
	again := o.seller.post("/standing/share", "idempotency_key", key)
	if sharedLink.MatchString(again.body) {
		t.Error("the same form shows the link twice")
	}
	if sharedLink.MatchString(o.seller.get("/standing").body) {
		t.Error("the page shows the link again")
	}

	guest := o.browser()
	for _, path := range []string{at, at + "/completion", at + "/completed", at + "/unique_buyers", at + "/earned", at + "/why/level_1"} {
		page := guest.get(path)
		guest.wants(page, http.StatusOK, `content="noindex"`)
		for _, secret := range []string{done.Ref, string(done.Order), "Ines", "/messages/", "/standing/share\""} {
			if strings.Contains(page.body, secret) {
				t.Errorf("%s shows %q", path, secret)
			}
		}
		if page.Header.Get("Referrer-Policy") != "no-referrer" || page.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %q, %q", path, page.Header.Get("Referrer-Policy"), page.Header.Get("Cache-Control"))
		}
	}
	guest.wants(guest.get(at), http.StatusOK, "1 of 1 order was completed")
	guest.wants(guest.get(at), http.StatusOK, "This is the standing of Mara Holm")
	guest.wants(guest.get(at+"/buyer_record"), http.StatusNotFound, "")

	revoke := regexp.MustCompile(`/standing/share/share_[0-9a-z]+/revoke`).FindString(o.seller.get("/standing").body)
	o.stranger.wants(o.stranger.post(revoke), http.StatusNotFound, "")
	guest.wants(guest.get(at), http.StatusOK, "")
	o.seller.wants(o.seller.post(revoke), http.StatusSeeOther, "")
	closed, wrong := guest.get(at), guest.get("/standing/shared/0000000000000000")
	if closed.StatusCode != wrong.StatusCode || closed.StatusCode < 400 {
		t.Errorf("a closed link answers %d, a wrong one %d", closed.StatusCode, wrong.StatusCode)
	}
	guest.wants(closed, closed.StatusCode, "This link shows nothing any more")
	guest.wants(wrong, closed.StatusCode, "This link shows nothing any more")
	guest.wants(guest.get(at+"/completion"), closed.StatusCode, "This link shows nothing any more")
}

// TestSharedStandingEnds: a link closes by itself.
func TestSharedStandingEnds(t *testing.T) {
	o := newOfferHouse(t)
	o.front.PublicURL = &url.URL{Scheme: "http", Host: "guild.example"}
	at := sharedLink.FindString(o.seller.post("/standing/share").body)
	guest := o.browser()
	guest.wants(guest.get(at), http.StatusOK, "")
	o.ahead.Add(int64(o.market.Policy().Standing.ShareLife.D()))
	if page := guest.get(at); page.StatusCode < 400 {
		t.Errorf("after its time it answers %d", page.StatusCode)
	}
}

// TestBuyerRecordPage: a seller sees how a buyer's orders ended, if they have to
// do with each other; nobody else does.
func TestBuyerRecordPage(t *testing.T) {
	o := newOfferHouse(t)
	o.seller.wants(o.seller.get("/members/ines-vidal/record"), http.StatusOK, "has not ordered here before")
	undone := o.order()
	o.seller.wants(o.seller.get("/orders/"+string(undone.Order)), http.StatusOK, "/members/ines-vidal/record")
	if page := o.buyer.get("/orders/" + string(undone.Order)); strings.Contains(page.body, "/record\"") {
		t.Error("the buyer’s own page of the order leads to their record as sellers see it")
	}
	if undone.State == order.AwaitingRequirements {
		o.move("ines@example.com", undone, order.Undo{})
		o.seller.wants(o.seller.get("/members/ines-vidal/record"), http.StatusOK, "Before the start")
		o.seller.wants(o.seller.get("/offers/new?to="+o.to), http.StatusOK, "/members/ines-vidal/record")
	}
	o.stranger.wants(o.stranger.get("/members/ines-vidal/record"), http.StatusNotFound, "")
	o.buyer.wants(o.buyer.get("/members/ines-vidal/record"), http.StatusNotFound, "")
	o.buyer.wants(o.buyer.get("/house/levels"), http.StatusNotFound, "")
}

// TestPublicShortForm: a beginner is called one without shame, and a first
// completed order stands there with its denominators.
func TestPublicShortForm(t *testing.T) {
	o := newOfferHouse(t)
	guest := o.browser()
	guest.wants(guest.get("/members/mara-holm"), http.StatusOK, "New here")
	guest.wants(guest.get("/gigs/"+o.gig.Slug), http.StatusOK, "New here")
	done := o.order()
	if done.State == order.AwaitingRequirements {
		o.move("mara@example.com", done, order.Waive{})
	}
	o.move("mara@example.com", done, order.Deliver{Text: "Here it is."})
	o.move("ines@example.com", done, order.Accept{})
	for _, path := range []string{"/members/mara-holm", "/gigs/" + o.gig.Slug} {
		guest.wants(guest.get(path), http.StatusOK, "100 % · 1 of 1, too few to say much")
	}
}
