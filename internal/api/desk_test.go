package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"guildhall/client"
	"guildhall/internal/store/storetest"
)

// TestSpamOverTheAPI: the desk's page says that a finding is asked for, nothing
// is decided without one, and the preview shows what it does to the rate.
func TestSpamOverTheAPI(t *testing.T) {
	t.Parallel()
	r := newReviewHouse(t, storetest.SQLitePath(t))
	said, err := r.stranger.WriteTo(r.ctx, r.me.ID, client.Words{Text: "Ten thousand followers, today only."})
	r.must(err)
	r.must(r.seller.ReportMessage(r.ctx, said.Thread, 1, "spam", ""))
	all := collect(t, r.seller.Cases(r.ctx))
	i := slices.IndexFunc(all, func(c client.CaseRow) bool { return c.Subject == said.Thread+"/1" })
	agent := r.agent("Ada Byrd")
	rec := r.send(http.MethodGet, "/api/v1/desk/"+all[i].ID, agent, nil)
	var seen struct{ Question bool }
	r.must(json.Unmarshal(rec.Body.Bytes(), &seen))
	if !seen.Question {
		t.Errorf("the desk is not told: %s", rec.Body)
	}
	open := map[string]any{"dismiss": true, "rule": "Conduct", "facts": "It was sent to forty people."}
	rec = r.send(http.MethodPost, "/api/v1/desk/"+all[i].ID+"/preview", agent, open, "Content-Type", "application/json", "Idempotency-Key", "open")
	if rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "Say whether the message is spam") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	shown := r.decide(agent, all[i].ID, map[string]any{"spam": "no_spam"})
	does, _ := json.Marshal(shown["does"])
	figures, _ := json.Marshal(shown["figures"])
	if !strings.Contains(string(does), "no spam and counts") || !strings.Contains(string(figures), `"response"`) {
		t.Errorf("shown: %s %s", does, figures)
	}
	letter, err := r.seller.Case(r.ctx, all[i].ID)
	r.must(err)
	if last := letter.Lines[len(letter.Lines)-1]; !strings.Contains(last.Facts["does"], "no spam and counts") {
		t.Errorf("the letter: %+v", last)
	}
}

// TestTheRecordOfACaseOverTheAPI: what the house attached to a case reads the same
// over the API as on the pages, and what only the desk reads stays with the desk.
func TestTheRecordOfACaseOverTheAPI(t *testing.T) {
	t.Parallel()
	r := newReviewHouse(t, storetest.SQLitePath(t))
	id, _ := r.completed()
	_, err := r.seller.ReportDemand(r.ctx, id, client.Evidence{Text: "They want half of it back, or it is one star."})
	r.must(err)
	_, err = r.buyer.WriteReview(r.ctx, id, client.NewReview{Stars: mixed, Text: secret})
	r.must(err)
	_, err = r.seller.WriteReview(r.ctx, id, client.NewReview{Stars: map[string]int{"overall": 4}})
	r.must(err)
	moved, err := r.seller.ChallengeReview(r.ctx, id, client.Evidence{Reason: "extortion", Text: "It was asked for before.", Passage: "a word"})
	r.must(err)
	const record, kept = "accepted the delivery", "or it is one star"
	for name, who := range map[string]*client.Client{"seller": r.seller, "buyer": r.buyer} {
		v, err := who.Case(r.ctx, moved.Case)
		r.must(err)
		if first := v.Lines[0]; !strings.Contains(first.Record, record) || first.Kept != "" || strings.Contains(first.Record, kept) {
			t.Errorf("the %s reads %+v", name, first)
		}
	}
	rec := r.send(http.MethodGet, "/api/v1/desk/"+moved.Case, r.agent("Ada Byrd"), nil)
	var seen struct{ Story []client.CaseLine }
	r.must(json.Unmarshal(rec.Body.Bytes(), &seen))
	if first := seen.Story[0]; !strings.Contains(first.Record, record) || !strings.Contains(first.Kept, kept) {
		t.Errorf("the desk reads %+v", first)
	}
}

// TestTheFilesOfACaseOverTheAPI: an agent reads what was handed over by way of the
// case, as on its page, and both parties see the look; nobody else reads it so.
func TestTheFilesOfACaseOverTheAPI(t *testing.T) {
	t.Parallel()
	r := newReviewHouse(t, storetest.SQLitePath(t))
	id, file := r.completed()
	other, strange := r.completed()
	moved, err := r.buyer.OpenCase(r.ctx, client.NewCase{Kind: "other", About: "order", Subject: id, Text: "The map is of another town."})
	r.must(err)
	agent := r.agent("Ada Byrd")
	at := "/api/v1/desk/" + moved.ID + "/files/"
	if rec := r.send(http.MethodGet, "/api/v1/files/"+file, agent, nil); rec.Code != http.StatusNotFound {
		t.Errorf("an agent reads a file by its address: %d", rec.Code)
	}
	rec := r.send(http.MethodGet, at+file, agent, nil)
	if rec.Code != http.StatusOK || rec.Body.String() != "a map" || !strings.HasPrefix(rec.Header().Get("Content-Disposition"), "attachment") {
		t.Fatalf("through the case: %d %s, %v", rec.Code, rec.Body, rec.Header())
	}
	if rec := r.send(http.MethodGet, at+strange, agent, nil); rec.Code != http.StatusNotFound {
		t.Errorf("a file of order %s through a case about %s: %d", other, id, rec.Code)
	}
	for name, who := range map[string]*client.Client{"buyer": r.buyer, "seller": r.seller} {
		looks, err := who.Looks(r.ctx, id)
		if r.must(err); len(looks) == 0 || !strings.Contains(looks[0].What, "map.txt") {
			t.Errorf("the %s is told of %+v", name, looks)
		}
	}
}
