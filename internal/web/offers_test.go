package web_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guildhall/internal/blob"
	"guildhall/internal/front"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/store/storetest"
	"guildhall/internal/web"
)

// offerHouse is a house with a bank, a clock that is moved, a seller with a gig
// and a buyer who has written to them.
type offerHouse struct {
	*house
	ahead                   atomic.Int64
	seller, buyer, stranger *browser
	gig                     gig.Gig
	to                      string // the buyer
}

func newOfferHouse(t *testing.T) *offerHouse {
	t.Helper()
	o := &offerHouse{house: &house{t: t}}
	now := func() time.Time { return time.Now().Add(time.Duration(o.ahead.Load())) }
	s := storetest.SQLite(t)
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	bank := pay.NewSandbox(s, now, []byte("a secret for tests, long enough"), 0)
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o.market = market.New(market.Parts{Store: s, Now: now, Pay: bank, Blobs: blobs, Log: quiet})
	if err := o.market.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.front = front.New(front.Parts{Market: o.market, Log: quiet})
	site := web.New(web.Parts{Market: o.market, Front: o.front, Log: quiet, Sandbox: bank})
	o.server = httptest.NewServer(o.front.Wrap(site, site.Fail))
	t.Cleanup(o.server.Close)

	o.seller, o.buyer = o.shop("Mara Holm", "mara@example.com"), o.browser().join("Ines Vidal", "ines@example.com")
	o.stranger = o.shop("Eve Lind", "eve@example.com")
	o.seller.wants(o.seller.post("/gigs", o.aGig("do", "publish")...), http.StatusSeeOther, "")
	seller, err := o.market.SignIn(t.Context(), "mara@example.com", password)
	if err != nil {
		t.Fatal(err)
	}
	buyer, err := o.market.SignIn(t.Context(), "ines@example.com", password)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := o.market.MyGigs(t.Context(), seller.Actor(), gig.StateActive, "")
	if err != nil || len(mine.List) != 1 {
		t.Fatal(mine, err)
	}
	if o.gig, err = o.market.EditGig(t.Context(), seller.Actor(), mine.List[0].ID); err != nil {
		t.Fatal(err)
	}
	o.to = string(buyer.ID)
	o.buyer.wants(o.buyer.post("/messages", "to", string(seller.ID), "text", "Could you do a wider one?"), http.StatusSeeOther, "")
	return o
}

// form is what the seller sends, with changes as name, value.
func (o *offerHouse) form(change ...string) []string {
	form := []string{"to", o.to, "gig", string(o.gig.ID), "title", "paint a wide <sign>", "scope", "Two metres of oak & gold.", "price", "240", "days", "9", "revisions", "1"}
	for i := 0; i+1 < len(change); i += 2 {
		form = append([]string{change[i], change[i+1]}, form...)
	}
	return form
}

func (o *offerHouse) offer(change ...string) string {
	o.t.Helper()
	a := o.seller.post("/offers", o.form(change...)...)
	o.seller.wants(a, http.StatusSeeOther, "/offers/offer_")
	return a.Header.Get("Location")
}

var goodCard = []string{"shown", "24000", "card.number", "4242 4242 4242 4242", "card.expiry", "12/40", "card.cvc", "123"}

func TestOfferFormIsFilledFromAPackage(t *testing.T) {
	o := newOfferHouse(t)
	a := o.seller.get("/offers/new?to=" + o.to + "&gig=" + string(o.gig.ID) + "&tier=basic")
	for _, want := range []string{`value="paint a sign"`, "One sign", `value="80.00"`, `value="5"`, "Ines Vidal"} {
		o.seller.wants(a, http.StatusOK, want)
	}
	a = o.seller.post("/offers", o.form("price", "cheap", "questions", "How wide?\n\nWhich wood?")...)
	for _, want := range []string{"Type an amount like 80.00.", `value="paint a wide &lt;sign&gt;"`, "How wide?", "Two metres of oak &amp; gold."} {
		o.seller.wants(a, http.StatusUnprocessableEntity, want)
	}
	o.stranger.wants(o.stranger.get("/offers/new?to="+o.to), http.StatusForbidden, "")
	o.buyer.wants(o.buyer.get("/offers/new?to="+o.to), http.StatusSeeOther, "/profile/seller")
}

func TestOfferIsForItsTwoPartiesOnly(t *testing.T) {
	o := newOfferHouse(t)
	at := o.offer()
	o.buyer.wants(o.buyer.get(at), http.StatusOK, "Pay this offer · $240.00")
	o.buyer.wants(o.buyer.get("/offers"), http.StatusOK, at)
	o.seller.wants(o.seller.get(at), http.StatusOK, "Withdraw the offer")
	o.seller.wants(o.seller.get("/offers?side=made"), http.StatusOK, at)
	missing := "/offers/offer_00000000000000000000000000"
	for _, door := range []string{"", "/pay", "/decline", "/withdraw"} {
		there, not := o.stranger.get(at+door), o.stranger.get(missing+door)
		o.stranger.wants(there, http.StatusNotFound, "This page is not here")
		if strings.ReplaceAll(there.body, path.Base(at), path.Base(missing)) != not.body {
			t.Errorf("%s: a stranger can tell the offer from none", door)
		}
		guest := o.browser()
		guest.wants(guest.get(at+door), http.StatusSeeOther, "/login?next=")
	}
	o.stranger.wants(o.stranger.post(at+"/pay", goodCard...), http.StatusNotFound, "")
	o.seller.wants(o.seller.post(at+"/pay", goodCard...), http.StatusForbidden, "")
	o.seller.wants(o.seller.get(at+"/pay"), http.StatusForbidden, "")
}

func TestOfferIsPaidOnItsPage(t *testing.T) {
	o := newOfferHouse(t)
	at := o.offer()
	o.buyer.wants(o.buyer.get(at+"/pay"), http.StatusOK, "Pay $240.00")
	o.buyer.wants(o.buyer.post(at+"/pay", "shown", "100", "card.number", "4242 4242 4242 4242", "card.expiry", "12/40", "card.cvc", "123"), http.StatusConflict, "The price has changed to $240.00")
	o.buyer.wants(o.buyer.post(at+"/pay", "shown", "24000", "card.number", "1"), http.StatusUnprocessableEntity, "card")
	o.buyer.wants(o.buyer.post(at+"/pay", append([]string{"card.number", "4000 0000 0000 0002"}, goodCard...)...), http.StatusSeeOther, at+"/pay")
	// What the bank refused is no good news, and is not dressed as such.
	refused := o.buyer.get(at + "/pay")
	o.buyer.wants(refused, http.StatusOK, `class="flash tone-warn"`)
	o.buyer.wants(refused, http.StatusOK, "<p>Your bank declined the card: there is not enough money on it. Nothing was charged.")
	paid := o.buyer.post(at+"/pay", goodCard...)
	o.buyer.wants(paid, http.StatusSeeOther, "/orders/order_")
	o.buyer.wants(o.buyer.get(at), http.StatusOK, "Go to the order")
	o.buyer.wants(o.buyer.get(paid.Header.Get("Location")), http.StatusOK, "Paint a wide &lt;sign&gt;")
	o.buyer.wants(o.buyer.post(at+"/pay", goodCard...), http.StatusConflict, "")
}

func TestOfferPageAfterTheEnd(t *testing.T) {
	o := newOfferHouse(t)
	at := o.offer()
	o.ahead.Store(int64(24 * time.Hour))
	a := o.buyer.get(at)
	o.buyer.wants(a, http.StatusOK, "The time to pay this offer was over")
	if strings.Contains(a.body, at+"/pay") || strings.Contains(a.body, at+"/decline") {
		t.Error("the buttons are still there")
	}
	for _, path := range []string{"/pay", "/decline"} {
		o.buyer.wants(o.buyer.get(at+path), http.StatusGone, "The time to pay this offer is over")
		o.buyer.wants(o.buyer.post(at+path, goodCard...), http.StatusGone, "")
	}
	o.seller.wants(o.seller.post(at+"/withdraw"), http.StatusGone, "")
	o.seller.wants(o.seller.get(at), http.StatusOK, "Make a new one like it")
}

func TestOffersAreAnsweredOnTheirPages(t *testing.T) {
	o := newOfferHouse(t)
	first := o.offer()
	o.seller.wants(o.seller.post("/offers", o.form()...), http.StatusUnprocessableEntity, "In the place of “paint a wide &lt;sign&gt;”")
	second := o.offer("beside", strings.TrimPrefix(first, "/offers/"))
	o.buyer.wants(o.buyer.get(first), http.StatusOK, second)
	o.buyer.wants(o.buyer.get(second+"/decline"), http.StatusOK, "A word to Mara Holm")
	o.buyer.wants(o.buyer.post(second+"/decline", "text", "Too wide <for> us"), http.StatusSeeOther, second)
	o.seller.wants(o.seller.get(second), http.StatusOK, "Too wide &lt;for&gt; us")
	third := o.offer()
	o.seller.wants(o.seller.get(third+"/withdraw"), http.StatusOK, "Withdraw the offer")
	o.seller.wants(o.seller.post(third+"/withdraw"), http.StatusSeeOther, third)
	o.buyer.wants(o.buyer.get(third), http.StatusOK, "took this offer back")
}

func TestOfferStandsInTheConversation(t *testing.T) {
	o := newOfferHouse(t)
	at := o.offer()
	inbox := o.buyer.get("/messages")
	thread := regexp.MustCompile(`/messages/thread_[0-9a-z]{26}`).FindString(inbox.body)
	o.buyer.wants(o.buyer.get(thread), http.StatusOK, at)
	o.buyer.wants(o.buyer.get(thread), http.StatusOK, "Mara Holm made an offer")
	o.seller.wants(o.seller.get(thread), http.StatusOK, "/offers/new?to=")
}

// TestAnUploadBegunInTimeIsInTime: what counts is when a slow upload begins to
// arrive, not when the last byte of it is there.
func TestAnUploadBegunInTimeIsInTime(t *testing.T) {
	o := newOfferHouse(t)
	at := o.offer()
	a := o.buyer.post(at+"/pay", append(goodCard, "again", "yes")...)
	o.buyer.wants(a, http.StatusSeeOther, "/orders/order_")
	id := ident.Order(path.Base(a.Header.Get("Location")))
	o.ahead.Store(int64(9*24*time.Hour - time.Minute))
	body, form := io.Pipe()
	write := multipart.NewWriter(form)
	go func() {
		file, err := write.CreateFormFile("files", "sign.txt")
		if err == nil {
			_, err = file.Write([]byte("the first half, "))
		}
		o.ahead.Add(int64(10 * time.Minute))
		if err == nil {
			_, err = file.Write([]byte("the second half"))
		}
		_ = write.Close()
		form.CloseWithError(err)
	}()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.server.URL+"/orders/"+string(id)+"/deliver", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", write.FormDataContentType())
	r.Header.Set("Expect", "100-continue") // nothing is sent before the house has begun to read
	o.seller.wants(o.seller.do(r), http.StatusSeeOther, string(id))
	seller, err := o.market.SignIn(t.Context(), "mara@example.com", password)
	if err != nil {
		t.Fatal(err)
	}
	v, err := o.market.OrderPage(t.Context(), seller.Actor(), id)
	if err != nil || v.Order.State != order.Delivered || !v.Order.Life.DeliveredAt.After(v.Order.DueAt) || !v.Order.Life.OnTime {
		t.Errorf("%s, due %s, delivered %s, on time %t, %v", v.Order.State, v.Order.DueAt, v.Order.Life.DeliveredAt, v.Order.Life.OnTime, err)
	}
}

// TestAFormWithFilesSentTwice: a second click, or a browser that tries again,
// hears what the first one did.
func TestAFormWithFilesSentTwice(t *testing.T) {
	o := newOfferHouse(t)
	at := o.offer()
	a := o.buyer.post(at+"/pay", append(goodCard, "again", "yes")...)
	o.buyer.wants(a, http.StatusSeeOther, "/orders/order_")
	id := path.Base(a.Header.Get("Location"))
	deliver := func(text string) answer {
		var body bytes.Buffer
		write := multipart.NewWriter(&body)
		file, err := write.CreateFormFile("files", "sign.txt")
		if err == nil {
			_, err = file.Write([]byte(text))
		}
		if err = errors.Join(err, write.WriteField("idempotency_key", "the one click"), write.Close()); err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.server.URL+"/orders/"+id+"/deliver", &body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", write.FormDataContentType())
		return o.seller.do(r)
	}
	for range 2 {
		o.seller.wants(deliver("the sign"), http.StatusSeeOther, id)
	}
	if a := deliver("another sign"); a.StatusCode != http.StatusConflict && a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another file under the same key: %d", a.StatusCode)
	}
	page := o.seller.get("/orders/" + id)
	if n := strings.Count(mainOf(page.body), "sign.txt"); n != 1 {
		t.Errorf("the file is named %d times", n)
	}
}

// TestADayOfAListIsThatDay: also the day on which the clocks are put forward over
// midnight, and the one before it, end where the next one begins.
func TestADayOfAListIsThatDay(t *testing.T) {
	o := newOfferHouse(t)
	zone, err := time.LoadLocation("America/Havana")
	if err != nil {
		t.Fatal(err)
	}
	o.buyer.wants(o.buyer.post("/profile", "name", "Ines Vidal", "zone", "America/Havana"), http.StatusSeeOther, "")
	short := time.Now().In(zone) // the next day without a midnight
	for short = short.AddDate(0, 0, 1); time.Date(short.Year(), short.Month(), short.Day(), 0, 0, 0, 0, zone).Day() == short.Day(); {
		short = short.AddDate(0, 0, 1)
	}
	one := time.Date(short.Year(), short.Month(), short.Day(), 1, 0, 0, 0, zone) // its first instant
	next := time.Date(short.Year(), short.Month(), short.Day()+1, 0, 0, 0, 0, zone)
	for _, test := range []struct {
		at  time.Time
		day time.Time
	}{
		{one.Add(-30 * time.Minute), one.AddDate(0, 0, -1)}, {one.Add(30 * time.Minute), one},
		{next.Add(-30 * time.Minute), one}, {next.Add(30 * time.Minute), next},
	} {
		o.ahead.Store(int64(time.Until(test.at)))
		paid := o.buyer.post(o.offer()+"/pay", append(goodCard, "again", "yes")...)
		o.buyer.wants(paid, http.StatusSeeOther, "/orders/order_")
		for _, day := range []time.Time{one.AddDate(0, 0, -1), one, next} {
			date := day.Format(time.DateOnly)
			list := o.buyer.get("/purchases?from=" + date + "&to=" + date)
			o.buyer.wants(list, http.StatusOK, "Purchases")
			if got, want := strings.Contains(list.body, paid.Header.Get("Location")), date == test.day.Format(time.DateOnly); got != want {
				t.Errorf("ordered at %s, listed on %s: %t", test.at, date, got)
			}
		}
	}
}
