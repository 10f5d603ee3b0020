package web_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"html"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"guildhall/internal/market"
	"guildhall/internal/member"
)

// sells opens a shop for a member.
func (h *house) sells(email string) member.Member {
	h.t.Helper()
	who, err := h.market.SignIn(h.t.Context(), email, password)
	if err != nil {
		h.t.Fatal(err)
	}
	m, err := h.market.OpenShop(h.t.Context(), who.Actor(), "", member.Shop{Tagline: "Logos with a hand"})
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

var talkAt = regexp.MustCompile(`/messages/thread_[0-9a-z]{26}`)

func TestTwoPeopleTalk(t *testing.T) {
	h := newHouse(t, "http://hall.example")
	ida, mara := h.browser().join("Ida Brandt", "ida@example.com"), h.browser().join("Mara Holm", "mara@example.com")
	seller := h.sells("mara@example.com")
	ida.wants(ida.get("/messages"), 200, "Your conversations will stand here")
	ida.wants(ida.get("/members/"+seller.Handle), 200, "/messages/new?to="+string(seller.ID))
	first := "/messages/new?to=" + string(seller.ID)
	ida.wants(ida.get(first), 200, "Write to Mara Holm")
	mara.wants(mara.get("/messages"), 200, "Your conversations will stand here") // looking begins nothing
	ida.wants(ida.post("/messages", "to", string(seller.ID), "text", "  "), 422, "Write something, or attach a file")
	ida.wants(ida.get("/messages"), 200, "Your conversations will stand here")

	sent := ida.post("/messages", "to", string(seller.ID), "text", "Could you draw a <heron>?")
	ida.wants(sent, 303, "/messages/thread_")
	path := talkAt.FindString(sent.Header.Get("Location"))
	ida.wants(ida.get(first), 303, path)
	ida.wants(ida.get(path), 200, "Could you draw a &lt;heron&gt;?")

	inbox := mara.get("/messages")
	mara.wants(inbox, 200, "1 new")
	mara.wants(inbox, 200, "Messages, 1 conversation with something new")
	mara.wants(mara.get(path), 200, "Could you draw a &lt;heron&gt;?")
	if again := mara.get("/messages"); strings.Contains(again.body, "1 new") || strings.Contains(again.body, "something new") {
		t.Error("what was read is still new")
	}
	mara.wants(mara.post(path, "text", strings.Repeat("x", 5001)), 422, "At most 5000 characters")
	mara.wants(mara.post(path, "text", "A heron it is", "idempotency_key", "k1"), 303, path)
	mara.wants(mara.post(path, "text", "A heron it is", "idempotency_key", "k1"), 303, path)
	if n := strings.Count(ida.get(path).body, "A heron it is"); n != 1 {
		t.Errorf("the answer stands there %d times", n)
	}
	mara.wants(mara.post(path, "text", "In two days"), 303, path)
	ida.wants(ida.get(path+"?q=heron"), 200, "2 messages with “heron”, newest first")
	ida.wants(ida.get("/messages"), 200, "1 new") // what was found was shown, not what is new
	ida.wants(ida.get(path), 200, "A heron it is")
	ida.wants(ida.get(path+"?q=swan"), 200, "Nothing with “swan” was written here")
	ida.wants(ida.get("/messages?q=mara"), 200, "People")
	ida.wants(ida.get("/messages?q=%25"), 200, "Nothing was found")
	ida.wants(ida.get("/messages?after=nonsense"), 422, "")
}

// TestAnEmptyFileIsNotLeftOut: a file that was chosen and holds nothing is said to
// be empty; what was written does not go off without it.
func TestAnEmptyFileIsNotLeftOut(t *testing.T) {
	h := newHouse(t, "http://hall.example")
	ida, mara := h.browser().join("Ida Brandt", "ida@example.com"), h.browser().join("Mara Holm", "mara@example.com")
	seller := h.sells("mara@example.com")
	path := talkAt.FindString(ida.post("/messages", "to", string(seller.ID), "text", "Where is the sign?").Header.Get("Location"))
	send := func(name string) answer {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		_, err := form.CreateFormFile("files", name)
		if err = errors.Join(err, form.WriteField("text", "Here it is, attached"), form.Close()); err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.server.URL+path, &body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", form.FormDataContentType())
		return mara.do(r)
	}
	refused := send("sign.zip")
	mara.wants(refused, 422, "sign.zip: This file is empty.")
	mara.wants(refused, 422, "Here it is, attached</textarea>")
	mara.wants(send(""), 303, path) // what a browser sends where none was chosen
}

// TestAFormThatWasSentBefore: whoever goes back, writes on and sends again is told so
// in words for people, and what they wrote is not lost.
func TestAFormThatWasSentBefore(t *testing.T) {
	h := newHouse(t, "http://hall.example")
	ida, _ := h.browser().join("Ida Brandt", "ida@example.com"), h.browser().join("Mara Holm", "mara@example.com")
	seller := h.sells("mara@example.com")
	path := talkAt.FindString(ida.post("/messages", "to", string(seller.ID), "text", "Hello").Header.Get("Location"))
	ida.wants(ida.post(path, "text", "A heron", "idempotency_key", "k1"), 303, path)
	again := ida.post(path, "text", "A heron, and a <swan>", "idempotency_key", "k1")
	ida.wants(again, 409, "You sent this form before")
	if strings.Contains(again.body, "idempotency key") {
		t.Error("a person is told of keys")
	}
	field := func(name string) string {
		found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(again.body)
		if found == nil {
			t.Fatalf("no %s in %s", name, mainOf(again.body))
		}
		return html.UnescapeString(found[1])
	}
	if key := field("idempotency_key"); key == "k1" {
		t.Error("the key is the old one")
	}
	ida.wants(ida.post(path, "text", field("text"), "idempotency_key", field("idempotency_key")), 303, path)
	ida.wants(ida.get(path), 200, "A heron, and a &lt;swan&gt;")
	ida.wants(ida.post(path+"/unblock", "idempotency_key", "k1"), 409, "You sent this form before")
	paid := ida.post(path, "text", "Mine", "idempotency_key", "k1", "card.number", "4242 4242 4242 4242")
	ida.wants(paid, 409, "You sent this form before")
	if strings.Contains(paid.body, "4242") {
		t.Error("the number of a card stands in the page")
	}
}

func TestReportAndBlockInABrowser(t *testing.T) {
	h := newHouse(t, "http://hall.example")
	ida, mara := h.browser().join("Ida Brandt", "ida@example.com"), h.browser().join("Mara Holm", "mara@example.com")
	seller := h.sells("mara@example.com")
	path := talkAt.FindString(ida.post("/messages", "to", string(seller.ID), "text", "Buy <b>now</b>").Header.Get("Location"))
	report := path + "/1/report"
	ida.wants(ida.get(report), 404, "")
	mara.wants(mara.get(report), 200, "Buy &lt;b&gt;now&lt;/b&gt;")
	mara.wants(mara.post(report), 422, "Choose what is wrong with the message")
	mara.wants(mara.post(report, "reason", "other"), 422, "Say in a few words what is wrong")
	mara.wants(mara.post(report, "reason", "spam"), 303, path)
	mara.wants(mara.post(report, "reason", "spam"), 409, "already")
	mara.wants(mara.get(path), 200, "Reported")
	if strings.Contains(ida.get(path).body, "Reported") {
		t.Error("the one reported sees it")
	}
	if strings.Contains(ida.get(path).body, "What support read") {
		t.Error("a look is listed before there was one")
	}
	ada, err := h.market.SignUp(t.Context(), market.SignUp{Agent: true, Application: member.Application{Name: "Ada Byrd", Email: "ada@example.com", Password: password, Zone: "UTC"}})
	if err != nil {
		t.Fatal(err)
	}
	rows, _, err := h.market.Queue(t.Context(), ada.Actor(), market.QueueFilter{}, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.market.DeskPage(t.Context(), ada.Actor(), rows[0].Case.ID); err != nil {
		t.Fatal(err)
	}
	for _, who := range []*browser{ida, mara} {
		who.wants(who.get(path), 200, "read the conversation")
	}

	mara.wants(mara.get(path+"/block"), 200, "Neither of you can write")
	mara.wants(mara.post(path+"/block"), 303, path)
	mara.wants(mara.get(path), 200, "You have blocked Ida Brandt")
	mara.wants(mara.get(path+"/block"), 303, path)
	ida.wants(ida.get(path), 200, "takes no messages from you")
	ida.wants(ida.post(path, "text", "hello?"), 403, "takes no messages from you")
	ida.wants(ida.post(path+"/unblock"), 303, path)
	ida.wants(ida.post(path, "text", "hello?"), 403, "takes no messages from you")
	mara.wants(mara.post(path+"/unblock"), 303, path)
	ida.wants(ida.post(path, "text", "hello again"), 303, path)
}

// TestTalksOfOthers: every door of a conversation answers a third person as if
// there were none.
func TestTalksOfOthers(t *testing.T) {
	h := newHouse(t, "http://hall.example")
	ida := h.browser().join("Ida Brandt", "ida@example.com")
	h.browser().join("Mara Holm", "mara@example.com")
	seller := h.sells("mara@example.com")
	path := talkAt.FindString(ida.post("/messages", "to", string(seller.ID), "text", "hello").Header.Get("Location"))
	ben := h.browser().join("Ben Okafor", "ben@example.com")
	for _, at := range []string{path, path + "/block", path + "/1/report", path + "?q=hello", "/live?topic=" + strings.TrimPrefix(path, "/messages/")} {
		ben.wants(ben.get(at), 404, "")
	}
	for _, at := range []string{path, path + "/block", path + "/unblock", path + "/1/report"} {
		ben.wants(ben.post(at, "text", "x", "reason", "spam"), 404, "")
	}
	guest := h.browser()
	guest.wants(guest.get(path), 303, "/login?next=")
}

// TestAnOpenTalkListens: a page that shows a conversation keeps a line open to it.
func TestAnOpenTalkListens(t *testing.T) {
	h := newHouse(t, "http://hall.example")
	ida, mara := h.browser().join("Ida Brandt", "ida@example.com"), h.browser().join("Mara Holm", "mara@example.com")
	seller := h.sells("mara@example.com")
	path := talkAt.FindString(ida.post("/messages", "to", string(seller.ID), "text", "hello").Header.Get("Location"))
	topic := strings.TrimPrefix(path, "/messages/")
	mara.wants(mara.get(path), 200, "topic="+topic)
	for text := range mara.listens("/live?topic=" + topic) {
		if text == "retry: 2000" {
			h.front.Hub.Publish(topic)
		}
		if text == "data: "+topic {
			return
		}
	}
	t.Error("the line ended before anything was heard")
}

// listens opens a line that hangs up with the test, and is heard for some seconds.
func (b *browser) listens(path string) <-chan string {
	b.h.t.Helper()
	ctx, hangUp := context.WithTimeout(b.h.t.Context(), 5*time.Second)
	b.h.t.Cleanup(hangUp)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.h.server.URL+path, nil)
	if err != nil {
		b.h.t.Fatal(err)
	}
	line, err := b.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	b.h.t.Cleanup(func() { _ = line.Body.Close() })
	heard := make(chan string, 100)
	go func() {
		defer close(heard)
		for lines := bufio.NewScanner(line.Body); lines.Scan(); {
			heard <- lines.Text()
		}
	}()
	return heard
}

// TestNothingIsMissedBeforeAPageListens: what happens after a page was made and before
// its line is open, while a slow phone still loads the script, is told on the line.
func TestNothingIsMissedBeforeAPageListens(t *testing.T) {
	h := newHouse(t, "http://hall.example")
	ida, mara := h.browser().join("Ida Brandt", "ida@example.com"), h.browser().join("Mara Holm", "mara@example.com")
	seller := h.sells("mara@example.com")
	path := talkAt.FindString(ida.post("/messages", "to", string(seller.ID), "text", "hello").Header.Get("Location"))
	topic := strings.TrimPrefix(path, "/messages/")
	wire := html.UnescapeString(regexp.MustCompile(`hx-sse:connect="([^"]*)"`).FindStringSubmatch(mara.get(path).body)[1])
	h.front.Hub.Publish(topic)
	h.front.Hub.Publish("order_of_others")
	for text := range mara.listens(wire) {
		if text == "data: "+topic {
			return
		}
		if strings.HasPrefix(text, "data: ") {
			t.Errorf("heard %q", text)
		}
	}
	t.Error("it was never told")
}
