package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"guildhall/internal/market"
	"guildhall/internal/member"
)

// agent signs a new agent of the desk in.
func (o *offerHouse) agent(name, email string) *browser {
	o.t.Helper()
	_, err := o.market.SignUp(o.t.Context(), market.SignUp{
		Application: member.Application{Name: name, Email: email, Password: password, Zone: "UTC"}, Agent: true,
	})
	if err != nil {
		o.t.Fatal(err)
	}
	b := o.browser()
	b.wants(b.post("/login", "email", email, "password", password), http.StatusSeeOther, "")
	return b
}

// TestACaseAsPagesShowIt: asked from an order, answered, shown before it is
// decided, decided, read as a letter, appealed.
func TestACaseAsPagesShowIt(t *testing.T) {
	o := newOfferHouse(t)
	_, order := o.working()
	ada := o.agent("Ada Byrd", "ada@example.com")
	ben := o.agent("Ben Oram", "ben@example.com")
	o.buyer.wants(o.buyer.get(order), http.StatusOK, "Ask support about this order")
	o.buyer.wants(o.buyer.get("/cases/new?about="+order), http.StatusOK, "Linked to your order")
	o.buyer.wants(o.buyer.post("/cases", "about", order, "kind", "payment", "text", "short"), http.StatusUnprocessableEntity, "at least 10 characters")
	asked := o.buyer.post("/cases", "about", order, "kind", "payment", "text", "It is <b>not</b> what we agreed on.")
	mine := asked.Header.Get("Location")
	o.buyer.wants(asked, http.StatusSeeOther, "/cases/case_")
	o.buyer.wants(o.buyer.get(mine), http.StatusOK, "Support answers by")
	o.seller.wants(o.seller.get(mine), http.StatusOK, "It is &lt;b&gt;not&lt;/b&gt; what we agreed on.")

	desk := strings.Replace(mine, "/cases/", "/desk/", 1)
	for _, path := range []string{"/desk", desk} {
		o.buyer.wants(o.buyer.get(path), http.StatusNotFound, "")
	}
	ada.wants(ada.get("/desk"), http.StatusOK, desk)
	ada.wants(ada.get(mine), http.StatusNotFound, "")
	ada.wants(ada.get(desk), http.StatusOK, "Nobody works on this case yet.")
	ada.wants(ada.post(desk+"/take"), http.StatusSeeOther, desk)
	ada.wants(ada.get(desk+"?answer=Ask+the+other+side"), http.StatusOK, "I would like to hear your side")
	ada.wants(ada.post(desk+"/answer", "answer", "no", "to", "both"), http.StatusUnprocessableEntity, "at least 10 characters")
	ada.wants(ada.post(desk+"/answer", "answer", "What would settle it for you?", "to", "both"), http.StatusSeeOther, desk)
	ada.wants(ada.post(desk+"/note", "note", "I know this seller’s work."), http.StatusSeeOther, desk)
	o.seller.wants(o.seller.get(mine), http.StatusOK, "Ada Byrd of support answered")
	if a := o.seller.get(mine); strings.Contains(a.body, "I know this seller") {
		t.Error("a note of the desk is shown to the seller")
	}
	o.seller.wants(o.seller.get(order), http.StatusOK, "Ada Byrd read the conversation")

	decision := []string{"part", "cancel", "fault", "seller", "cause", "quality", "share", "60", "warn", "other", "rule", "Cancellations: class, cause and fault"}
	ada.wants(ada.post(desk+"/effect", "part", "cancel", "share", "60"), http.StatusOK, "Choose a cause from the list. Say whose fault it is.")
	ada.wants(ada.post(desk+"/effect", decision...), http.StatusOK, "goes back")
	ada.wants(ada.post(desk+"/decide", decision...), http.StatusUnprocessableEntity, "Say what happened")
	decision = append(decision, "facts", "Three of the lines are not what was agreed on.")
	card := ada.post(desk+"/decide", decision...)
	ada.wants(card, http.StatusOK, "Cancelled, the seller’s fault. It counts against the seller.")
	digest := ""
	for _, f := range hidden.FindAllStringSubmatch(mainOf(card.body), -1) {
		if f[1] == "digest" {
			digest = f[2]
		}
	}
	ada.wants(ada.post(desk+"/decide", append(decision, "digest", "another")...), http.StatusUnprocessableEntity, "has changed since it was shown")
	ada.wants(ada.post(desk+"/decide", append(decision, "digest", digest)...), http.StatusSeeOther, desk)
	for _, b := range []*browser{o.buyer, o.seller} {
		b.wants(b.get(mine), http.StatusOK, "Three of the lines are not what was agreed on.")
		b.wants(b.get(mine), http.StatusOK, "60% goes back to the buyer")
	}
	o.seller.wants(o.seller.get("/cases"), http.StatusOK, "You have a warning until")
	for _, words := range []string{"stands until", "What was found: “", `<a href="` + mine + `">Read the letter and see how to appeal</a>`} {
		o.seller.wants(o.seller.get("/standing/warnings"), http.StatusOK, words)
	}
	o.front.PublicURL = &url.URL{Scheme: "http", Host: "guild.example"}
	shared := sharedLink.FindString(o.seller.post("/standing/share").body) + "/warnings"
	helper := o.browser()
	helper.wants(helper.get(shared), http.StatusOK, "gave a warning")
	if a := helper.get(shared); strings.Contains(a.body, "What was found") || strings.Contains(a.body, mine) {
		t.Error("a helper reads the decision")
	}
	o.seller.wants(o.seller.get(mine+"/appeal"), http.StatusOK, "There is one appeal.")
	appeal := o.seller.post(mine+"/appeal", "text", "The lines are as we agreed in the chat.")
	o.seller.wants(appeal, http.StatusSeeOther, "/cases/case_")
	again := strings.Replace(appeal.Header.Get("Location"), "/cases/", "/desk/", 1)
	ada.wants(ada.get(again), http.StatusNotFound, "")
	ben.wants(ben.get(again), http.StatusOK, "Appeal: a payment or a refund")
}

// TestSpamAsPagesShowIt: who reports a first message reads beforehand what that
// does, and the desk cannot decide without saying whether it is spam.
func TestSpamAsPagesShowIt(t *testing.T) {
	o := newOfferHouse(t)
	ada := o.agent("Ada Byrd", "ada@example.com")
	o.browser().join("Rick Vane", "rick@example.com").post("/messages", "to", string(o.gig.Seller), "text", "Ten thousand followers, today only.")
	path := talkAt.FindString(o.seller.get("/messages").body)
	o.seller.wants(o.seller.get(path+"/1/report"), http.StatusOK, "left out of your response rate while support looks at it")
	o.seller.wants(o.seller.post(path+"/1/report", "reason", "spam"), http.StatusSeeOther, path)
	desk := regexp.MustCompile(`/desk/case_[a-z0-9]+`).FindString(ada.get("/desk").body)
	o.seller.wants(o.seller.get(strings.Replace(desk, "/desk/", "/cases/", 1)), http.StatusOK, "Closing it takes your report back")
	ada.wants(ada.get(desk), http.StatusOK, "Is the message spam?")
	if strings.Contains(ada.get(desk).body, "Nothing changes") {
		t.Error("a report as spam can be left undecided")
	}
	decision := []string{"rule", "Conduct: respect", "facts", "It was sent to forty people on one day."}
	ada.wants(ada.post(desk+"/effect", decision...), http.StatusOK, "Say whether the message is spam")
	ada.wants(ada.post(desk+"/decide", decision...), http.StatusUnprocessableEntity, "Say whether the message is spam")
	ada.wants(ada.post(desk+"/effect", append(decision, "spam", "no_spam")...), http.StatusOK, "the time to answer runs until")
	o.ahead.Add(int64(25 * time.Hour))
	ada.wants(ada.post(desk+"/effect", append(decision, "spam", "no_spam")...), http.StatusOK, "Answered in time: 0.0 % (0 of 1) → 0.0 % (0 of 2)")
	decision = append(decision, "spam", "spam")
	card := ada.post(desk+"/decide", decision...)
	ada.wants(card, http.StatusOK, "Decide and send the letter")
	digest := regexp.MustCompile(`name="digest" value="([^"]+)"`).FindStringSubmatch(card.body)
	ada.wants(ada.post(desk+"/decide", append(decision, "digest", digest[1])...), http.StatusSeeOther, desk)
	o.seller.wants(o.seller.get(strings.Replace(desk, "/desk/", "/cases/", 1)), http.StatusOK, "was spam and is left out")
}
