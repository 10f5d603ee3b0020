package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/order"
)

// reviewHouse is an offer house with orders that are completed.
type reviewHouse struct {
	*offerHouse
	t *testing.T
}

func newReviewHouse(t *testing.T) *reviewHouse {
	t.Helper()
	return &reviewHouse{newOfferHouse(t), t}
}

// completed is the address of a completed order.
func (r *reviewHouse) completed() string {
	r.t.Helper()
	at := r.offer()
	paid := r.buyer.post(at+"/pay", append([]string{"again", "on"}, goodCard...)...)
	r.buyer.wants(paid, http.StatusSeeOther, "/orders/order_")
	home := paid.Header.Get("Location")
	id := ident.Order(strings.TrimPrefix(home, "/orders/"))
	seller, err := r.market.SignIn(r.t.Context(), "mara@example.com", password)
	if err != nil {
		r.t.Fatal(err)
	}
	buyer, err := r.market.SignIn(r.t.Context(), "ines@example.com", password)
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.market.Move(r.t.Context(), seller.Actor(), "", id, order.Deliver{Text: "Here it is."}); err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.market.Move(r.t.Context(), buyer.Actor(), "", id, order.Accept{}); err != nil {
		r.t.Fatal(err)
	}
	return home
}

// stars are the fields of a buyer's form.
func stars(fulfilment, start, communication, text string) []string {
	return []string{"stars.fulfilment", fulfilment, "stars.start_time", start, "stars.communication", communication, "text", text}
}

const hush = "Lovely <letters> on oak, and they last"

func TestAReviewFormKeepsWhatWasTyped(t *testing.T) {
	r := newReviewHouse(t)
	at := r.completed() + "/review"
	r.buyer.wants(r.buyer.get(strings.TrimSuffix(at, "/review")), http.StatusOK, "Write your review")
	page := r.buyer.get(at)
	for _, want := range []string{"Order fulfilment", "Started", "At least 10 characters", "Nobody but you sees it", `type="radio"`} {
		r.buyer.wants(page, http.StatusOK, want)
	}
	a := r.buyer.post(at, "stars.fulfilment", "4", "stars.start_time", "many", "text", "too <b>")
	for _, want := range []string{"Choose one to 5 stars.", "Write at least 10 characters", "too &lt;b&gt;"} {
		r.buyer.wants(a, http.StatusUnprocessableEntity, want)
	}
	if !regexp.MustCompile(`name="stars\.fulfilment" value="4" checked`).MatchString(a.body) {
		t.Error("the stars that were given are lost")
	}
	r.ahead.Store(int64(15 * 24 * time.Hour))
	a = r.buyer.post(at, stars("5", "5", "5", "A text that took an hour to write")...)
	r.buyer.wants(a, http.StatusGone, "A text that took an hour to write")
	r.buyer.wants(a, http.StatusGone, "no review")
}

func TestReviewsStayClosedOnEveryPage(t *testing.T) {
	r := newReviewHouse(t)
	home := r.completed()
	at := home + "/review"
	r.buyer.wants(r.buyer.post(at, stars("5", "4", "5", hush)...), http.StatusSeeOther, at)
	r.buyer.wants(r.buyer.get(at), http.StatusOK, "Lovely &lt;letters&gt;")
	guest := r.browser()
	for _, path := range []string{at, home, "/reviews", "/needs", "/notices", "/messages", "/members/mara-holm", "/members/ines-vidal", "/gigs/" + r.gig.Slug, "/sales?tab=completed", "/"} {
		for name, b := range map[string]*browser{"the seller": r.seller, "a stranger": r.stranger, "a guest": guest} {
			if a := b.get(path); strings.Contains(a.body, "letters&gt; on oak") || strings.Contains(mainOf(a.body), ">4.6<") {
				t.Errorf("%s reads at %s what is closed", name, path)
			}
		}
	}
	r.seller.wants(r.seller.get(at), http.StatusOK, "Ines Vidal has written")
	for _, b := range []*browser{r.stranger, guest} {
		there, missing := b.get(at), b.get("/orders/order_00000000000000000000000000/review")
		if there.StatusCode != missing.StatusCode {
			t.Errorf("%d, but %d for what is not there", there.StatusCode, missing.StatusCode)
		}
	}
	r.seller.wants(r.seller.post(at, "stars.overall", "5", "text", ""), http.StatusSeeOther, at)
	for _, path := range []string{at, "/members/mara-holm", "/gigs/" + r.gig.Slug} {
		r.seller.wants(r.seller.get(path), http.StatusOK, "Lovely &lt;letters&gt; on oak")
	}
	guest.wants(guest.get("/gigs/"+r.gig.Slug+"?stars=4"), http.StatusOK, "1 review")
	guest.wants(guest.get("/gigs/"+r.gig.Slug+"?stars=5"), http.StatusOK, "None of them is like that.")
	guest.wants(guest.get("/members/ines-vidal"), http.StatusOK, "What sellers say of Ines Vidal")
}

func TestEveryButtonOfAReviewSaysWhatItDoes(t *testing.T) {
	r := newReviewHouse(t)
	at := r.completed() + "/review"
	r.buyer.wants(r.buyer.post(at, stars("2", "2", "2", "Not at all what was agreed on.")...), http.StatusSeeOther, at)
	r.seller.wants(r.seller.get(at+"/challenge"), http.StatusConflict, "This is not possible now")
	r.seller.wants(r.seller.post(at, "stars.overall", "3"), http.StatusSeeOther, at)
	r.seller.wants(r.seller.get(at+"/reply"), http.StatusOK, "Write for those who read it before they order")
	r.seller.wants(r.seller.post(at+"/reply", "text", "Sorry"), http.StatusUnprocessableEntity, "Sorry</textarea>")
	r.seller.wants(r.seller.post(at+"/reply", "text", "The oak was wet; I dry it longer now."), http.StatusSeeOther, at)
	r.buyer.wants(r.buyer.get(at), http.StatusOK, "The oak was wet")
	r.buyer.wants(r.buyer.get(at+"/amend"), http.StatusOK, "Not at all what was agreed on.")
	r.buyer.wants(r.buyer.post(at+"/amend", stars("3", "3", "3", "Mended well, in the end.")...), http.StatusSeeOther, at)
	guest := r.browser()
	guest.wants(guest.get("/gigs/"+r.gig.Slug), http.StatusOK, "see what was written first")

	page := r.seller.get(at + "/challenge")
	for _, want := range []string{"Asking can never earn you a warning", "decides by", "Attack by a competitor"} {
		r.seller.wants(page, http.StatusOK, want)
	}
	r.seller.wants(r.seller.post(at+"/challenge", "reason", "unrelated", "text", "It is about another sign."), http.StatusUnprocessableEntity, "at least one piece of evidence")
	a := r.seller.post(at+"/challenge", "reason", "unrelated", "text", "It is about another sign.", "messages", "1")
	r.seller.wants(a, http.StatusSeeOther, "/cases/case_")
	guest.wants(guest.get("/gigs/"+r.gig.Slug), http.StatusOK, "Under challenge since")
	r.seller.wants(r.seller.get(a.Header.Get("Location")), http.StatusOK, "Decision by")
	r.stranger.wants(r.stranger.post(at+"/challenge", "reason", "unrelated"), http.StatusNotFound, "")
	r.seller.wants(r.seller.get(at+"/nonsense"), http.StatusNotFound, "")
}

// TestTakingAChallengeBackSaysWhatItCosts: a review is challenged once, and the
// button that takes a challenge back does not say that one can ask again.
func TestTakingAChallengeBackSaysWhatItCosts(t *testing.T) {
	r := newReviewHouse(t)
	at := r.completed() + "/review"
	r.buyer.wants(r.buyer.post(at, stars("2", "2", "2", "Not at all what was agreed on.")...), http.StatusSeeOther, at)
	r.seller.wants(r.seller.post(at, "stars.overall", "3"), http.StatusSeeOther, at)
	a := r.seller.post(at+"/challenge", "reason", "unrelated", "text", "It is about another sign.", "passage", "Not at all")
	mine := a.Header.Get("Location")
	page := r.seller.get(mine)
	r.seller.wants(page, http.StatusOK, "cannot be challenged again")
	if strings.Contains(page.body, "You can ask again at any time") {
		t.Error("the page promises another challenge")
	}
	r.seller.wants(r.seller.post(mine+"/withdraw"), http.StatusSeeOther, mine)
	r.seller.wants(r.seller.post(at+"/challenge", "reason", "unrelated", "text", "It is about another sign.", "passage", "Not at all"), http.StatusConflict, "challenged already")
}
