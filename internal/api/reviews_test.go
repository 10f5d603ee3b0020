package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/client"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/store/storetest"
)

// reviewHouse is a house with two orders' worth of people in it.
type reviewHouse struct {
	*testHouse
	test                    *testing.T
	ctx                     context.Context
	seller, buyer, stranger *client.Client
	me                      client.Me // the seller
	gig                     client.Gig
}

func newReviewHouse(t *testing.T, database string) *reviewHouse {
	h := openHouse(t, database)
	r := &reviewHouse{testHouse: h, test: t, ctx: t.Context(), seller: h.person("Sela Seller"), buyer: h.person("Bo Buyer"), stranger: h.person("Eve Lind")}
	r.gig = h.offer(r.seller)
	var err error
	if r.me, err = r.seller.Me(r.ctx); err != nil {
		t.Fatal(err)
	}
	return r
}

// completed is an order that was delivered with a file and accepted.
func (r *reviewHouse) completed() (id, file string) {
	r.t.Helper()
	id = r.place(r.buyer, r.gig, goodCard).Order
	made, err := r.seller.Upload(r.ctx, client.ForOrder, "map.txt", strings.NewReader("a map"))
	r.must(err)
	_, err = r.seller.Deliver(r.ctx, id, client.Post{Text: "Here it is", Files: []string{made.ID}})
	r.must(err)
	_, err = r.buyer.Accept(r.ctx, id)
	r.must(err)
	return id, made.ID
}

func (r *reviewHouse) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

var (
	allFive = map[string]int{"fulfilment": 5, "start_time": 5, "communication": 5}
	mixed   = map[string]int{"fulfilment": 5, "start_time": 4, "communication": 5}
)

const secret = "a word that nobody may read too early"

// TestReviewsFromProgramToProgram plays the life of reviews through the clients
// of everybody, on both engines.
func TestReviewsFromProgramToProgram(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(testing.TB) string{"sqlite": storetest.SQLitePath, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			r := newReviewHouse(t, database(t))
			id, file := r.completed()
			r.writesBlind(id)
			r.publicLife(id, file)
			r.challenged(id)
		})
	}
}

func (r *reviewHouse) writesBlind(id string) {
	t, ctx := r.t, r.ctx
	_, err := r.buyer.WriteReview(ctx, id, client.NewReview{Stars: map[string]int{"fulfilment": 6, "start_time": 4}, Text: "short"})
	for _, field := range []string{"stars.fulfilment", "stars.communication", "text"} {
		refusedWith(r.test, err, http.StatusUnprocessableEntity, field)
	}
	key := client.WithKey(ctx, "once")
	for range 2 {
		moved, err := r.buyer.WriteReview(key, id, client.NewReview{Stars: mixed, Text: secret})
		if err != nil || moved.Revealed {
			t.Fatalf("%+v %v", moved, err)
		}
	}
	_, err = r.buyer.WriteReview(key, id, client.NewReview{Stars: allFive})
	refusedWith(r.test, err, http.StatusConflict, "")
	mine, err := r.buyer.Reviews(ctx, id)
	if err != nil || mine.Mine == nil || mine.Mine.Words.Text != secret || mine.Mine.Words.Overall != "4.6" || mine.Revealed != nil {
		t.Fatalf("%+v %v", mine, err)
	}
	theirs, err := r.seller.Reviews(ctx, id)
	if err != nil || !theirs.TheirsIn || theirs.Theirs != nil || len(theirs.Asked) != 1 {
		t.Fatalf("%+v %v", theirs, err)
	}
	_, err = r.stranger.Reviews(ctx, id)
	refusedWith(r.test, err, http.StatusNotFound, "")
	for name, sums := range map[string]func() (client.ReviewSums, error){
		"gig": func() (client.ReviewSums, error) { return r.stranger.GigReviewSums(ctx, r.gig.ID) },
		"seller": func() (client.ReviewSums, error) {
			return r.stranger.MemberReviewSums(ctx, r.me.ID, "seller")
		},
	} {
		if s, err := sums(); err != nil || s.Count != 0 {
			t.Errorf("%s counts what is closed: %+v %v", name, s, err)
		}
	}
	_, err = r.seller.ReplyToReview(ctx, id, "Thank you very much for it.")
	refusedWith(r.test, err, http.StatusConflict, "")
	moved, err := r.seller.WriteReview(ctx, id, client.NewReview{Stars: map[string]int{"overall": 4}, Text: "Clear and quick answers."})
	if err != nil || !moved.Revealed {
		t.Fatalf("%+v %v", moved, err)
	}
}

// publicLife is what happens to a review that everybody reads.
func (r *reviewHouse) publicLife(id, file string) {
	t, ctx := r.t, r.ctx
	_, err := r.buyer.ReplyToReview(ctx, id, "no")
	refusedWith(r.test, err, http.StatusUnprocessableEntity, "text")
	for _, words := range []string{"Thank you, the next map is yours.", "Thank you, a next map is yours."} {
		_, err = r.seller.ReplyToReview(ctx, id, words)
		r.must(err)
	}
	_, err = r.buyer.OfferSample(ctx, id, file)
	refusedWith(r.test, err, http.StatusForbidden, "")
	_, err = r.seller.OfferSample(ctx, id, "file_00000000000000000000000000")
	refusedWith(r.test, err, http.StatusUnprocessableEntity, "file")
	_, err = r.seller.OfferSample(ctx, id, file)
	r.must(err)
	guest := r.stranger.As("")
	if _, err := guest.Download(ctx, file, ""); err == nil {
		t.Error("a sample is read before the buyer agreed")
	}
	_, err = r.seller.AnswerSample(ctx, id, true)
	refusedWith(r.test, err, http.StatusForbidden, "")
	_, err = r.buyer.AnswerSample(ctx, id, true)
	r.must(err)
	readFile(r.test, guest, file, "a map")
	_, err = r.buyer.AmendReview(ctx, id, client.NewReview{Stars: allFive, Text: "Better than I thought at first."})
	r.must(err)
	_, err = r.buyer.AmendReview(ctx, id, client.NewReview{Stars: mixed, Text: "Worse than I thought at first."})
	refusedWith(r.test, err, http.StatusConflict, "")

	list := collect(t, guest.GigReviews(ctx, r.gig.ID, client.ReviewFilter{}))
	if len(list) != 1 {
		t.Fatalf("%d reviews of the gig", len(list))
	}
	one := list[0]
	if one.Words.Overall != "5.0" || len(one.Earlier) != 1 || one.Earlier[0].Text != secret || one.Reply == nil || one.File == nil ||
		one.Outcome != "completed" || one.Measured.Started == nil || one.Author == nil || one.Author.Name != "Bo Buyer" {
		t.Errorf("%+v", one)
	}
	if n := len(collect(t, guest.GigReviews(ctx, r.gig.ID, client.ReviewFilter{Stars: 4}))); n != 0 {
		t.Errorf("%d reviews of four stars", n)
	}
	if n := len(collect(t, guest.MemberReviews(ctx, one.Author.ID, "buyer", client.ReviewFilter{WithText: true}))); n != 1 {
		t.Errorf("%d reviews of the buyer", n)
	}
	if wrote := collect(t, r.buyer.WrittenReviews(ctx)); len(wrote) != 1 || wrote[0].Order != id {
		t.Errorf("%+v", wrote)
	}
}

// challenged lets the seller challenge the review, and the desk remove it and,
// on appeal, bring it back.
func (r *reviewHouse) challenged(id string) {
	t, ctx := r.t, r.ctx
	in := client.Evidence{Reason: "unrelated", Text: "This is about somebody else’s map."}
	_, err := r.seller.ChallengeReview(ctx, id, in)
	refusedWith(r.test, err, http.StatusUnprocessableEntity, "files")
	in.Passage = "than I thought"
	_, err = r.buyer.ChallengeReview(ctx, id, client.Evidence{Reason: "dislike", Text: "I do not like it at all."})
	refusedWith(r.test, err, http.StatusUnprocessableEntity, "reason")
	moved, err := r.seller.ChallengeReview(ctx, id, in)
	if err != nil || moved.Case == "" {
		t.Fatalf("%+v %v", moved, err)
	}
	public := collect(t, r.stranger.GigReviews(ctx, r.gig.ID, client.ReviewFilter{}))[0]
	if public.Challenge == nil || !public.Challenge.Open || public.Challenge.Reason != "" || public.Challenge.Case != "" {
		t.Errorf("%+v", public.Challenge)
	}
	agent, other := r.agent("Ann Agent"), r.agent("Olu Other")
	before := r.decide(agent, moved.Case, map[string]any{"remove_review": "unrelated"})
	if before["review"].(map[string]any)["removed"] != true {
		t.Errorf("%v", before["review"])
	}
	tomb := collect(t, r.stranger.GigReviews(ctx, r.gig.ID, client.ReviewFilter{}))[0]
	if tomb.Removed == nil || tomb.Words != nil || tomb.Author != nil || tomb.Reply != nil || tomb.Removed.Words == "" || tomb.Removed.Case != "" {
		t.Errorf("%+v", tomb)
	}
	for name, as := range map[string]string{"gig": "", "seller": "seller"} {
		s, err := r.stranger.GigReviewSums(ctx, r.gig.ID)
		if as != "" {
			s, err = r.stranger.MemberReviewSums(ctx, r.me.ID, as)
		}
		if err != nil || s.Count != 1 || s.Removed != 1 || s.Shown != 0 || s.Mean != "" {
			t.Errorf("%s: %+v %v", name, s, err)
		}
	}
	appeal, err := r.buyer.AppealCase(ctx, moved.Case, client.Words{Text: "It was this very map."})
	r.must(err)
	r.decide(other, appeal.ID, map[string]any{"restore_review": true})
	again := collect(t, r.stranger.GigReviews(ctx, r.gig.ID, client.ReviewFilter{}))[0]
	if again.Removed != nil || again.Words == nil || again.Words.Text != "Better than I thought at first." {
		t.Errorf("%+v", again)
	}
}

// agent is a new agent's token.
func (r *reviewHouse) agent(name string) string {
	r.t.Helper()
	who, err := r.Market.SignUp(r.ctx, market.SignUp{Agent: true, Hash: "never matches", Application: member.Application{
		Name: name, Email: strings.ToLower(strings.Fields(name)[0]) + "@desk.example.com", Zone: "UTC",
	}})
	r.must(err)
	_, token, err := r.Market.MakeToken(r.ctx, who.Actor(), market.NewToken{Name: "desk", Scopes: []member.Scope{member.ScopeRead, member.ScopeManage}})
	r.must(err)
	return token
}

// decide takes a case, previews a decision and confirms it; it answers with the
// preview.
func (r *reviewHouse) decide(agent, id string, d map[string]any) map[string]any {
	r.t.Helper()
	d["rule"], d["facts"] = "Reviews are about their own order.", "Both maps were compared."
	preview := map[string]any{}
	for _, step := range []string{"take", "preview", "decide"} {
		rec := r.send(http.MethodPost, "/api/v1/desk/"+id+"/"+step, agent, d, "Content-Type", "application/json", "Idempotency-Key", id+step+agent[:8])
		if rec.Code != http.StatusOK {
			r.t.Fatalf("%s: %d %s", step, rec.Code, rec.Body)
		}
		if step == "preview" {
			r.must(json.Unmarshal(rec.Body.Bytes(), &preview))
			d["digest"] = preview["digest"]
		}
	}
	return preview
}

// TestOneReviewAloneIsRevealedByTheClock writes one review and lets the window
// end; nothing that anybody else can ask for has its words before.
func TestOneReviewAloneIsRevealedByTheClock(t *testing.T) {
	t.Parallel()
	r := newReviewHouse(t, storetest.SQLitePath(t))
	id, _ := r.completed()
	_, err := r.buyer.WriteReview(r.ctx, id, client.NewReview{Stars: mixed, Text: secret})
	r.must(err)
	paths := []string{
		"/orders/" + id, "/orders/" + id + "/review", "/me/reviews", "/notices", "/needs", "/gigs/" + r.gig.ID, "/gigs/" + r.gig.ID + "/reviews",
		"/members/" + r.me.ID + "/reviews", "/sellers/" + r.me.Handle, "/gigs?q=" + "word",
	}
	operator := r.member("Otto Operator", true)
	askers := map[string]string{"seller": r.secretOf(r.me.ID), "stranger": "", "operator": r.mustToken(operator)}
	for name, token := range askers {
		for _, path := range paths {
			rec := r.send(http.MethodGet, "/api/v1"+path, token, nil)
			if strings.Contains(rec.Body.String(), secret) || strings.Contains(rec.Body.String(), `"4.6"`) {
				t.Errorf("%s reads at %s what is closed", name, path)
			}
		}
	}
	open, err := r.seller.OpenReviews(r.ctx)
	if err != nil || len(open) != 1 || !open[0].TheirsIn {
		t.Errorf("%+v %v", open, err)
	}
	near(t, open[0].Closes, r.Market.Now().Add(14*24*time.Hour))
	r.advance("336h")
	_, err = r.seller.WriteReview(r.ctx, id, client.NewReview{Stars: map[string]int{"overall": 1}})
	refusedWith(t, err, http.StatusGone, "")
	page, err := r.seller.Reviews(r.ctx, id)
	if err != nil || page.Revealed == nil || page.Theirs == nil || page.Theirs.Words.Text != secret {
		t.Errorf("%+v %v", page, err)
	}
	if s, err := r.stranger.GigReviewSums(r.ctx, r.gig.ID); err != nil || s.Count != 1 || s.Mean != "4.6" || s.Rows["4"] != 1 {
		t.Errorf("%+v %v", s, err)
	}
}

func (r *reviewHouse) secretOf(id string) string {
	r.t.Helper()
	who, err := r.Market.MemberByHandle(r.ctx, r.me.Handle)
	r.must(err)
	return r.mustToken(who)
}

func (r *reviewHouse) mustToken(who member.Member) string {
	r.t.Helper()
	_, token, err := r.Market.MakeToken(r.ctx, who.Actor(), market.NewToken{Name: "look", Scopes: []member.Scope{member.ScopeRead}})
	r.must(err)
	return token
}

// TestADemandIsReportedBeforeAnyReview reports one while the work is going on.
func TestADemandIsReportedBeforeAnyReview(t *testing.T) {
	t.Parallel()
	r := newReviewHouse(t, storetest.SQLitePath(t))
	id := r.place(r.buyer, r.gig, goodCard).Order
	thread, err := r.buyer.WriteTo(r.ctx, r.me.ID, client.Words{Text: "Half the price back, or one star."})
	r.must(err)
	_, err = r.seller.ReportDemand(r.ctx, id, client.Evidence{Text: "They want half of it back.", Messages: []int{99}})
	refusedWith(t, err, http.StatusUnprocessableEntity, "messages")
	_, err = r.stranger.ReportDemand(r.ctx, id, client.Evidence{Text: "They want half of it back."})
	refusedWith(t, err, http.StatusNotFound, "")
	moved, err := r.seller.ReportDemand(r.ctx, id, client.Evidence{Text: "They want half of it back.", Messages: []int{thread.No}})
	if err != nil || moved.Case == "" {
		t.Fatalf("%+v %v", moved, err)
	}
	mine, err := r.seller.Reviews(r.ctx, id)
	if err != nil || mine.Demand == nil || !mine.Demand.Unrated || !slices.Equal(mine.Demand.Messages, []int{thread.No}) {
		t.Errorf("%+v %v", mine, err)
	}
	theirs, err := r.buyer.Reviews(r.ctx, id)
	if err != nil || theirs.Demand != nil {
		t.Errorf("the other side sees the report: %+v %v", theirs.Demand, err)
	}
	_, err = r.seller.ReportDemand(r.ctx, id, client.Evidence{Text: "They want half of it back."})
	refusedWith(t, err, http.StatusConflict, "")
}
