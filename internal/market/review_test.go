package market_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/review"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// stars are a buyer's draft.
func stars(fulfilment, start, talk int, text string) review.Draft {
	return review.Draft{Stars: map[string]int{"fulfilment": fulfilment, "start_time": start, "communication": talk}, Text: text}
}

// score is a seller's draft.
func score(n int, text string) review.Draft {
	return review.Draft{Stars: map[string]int{"overall": n}, Text: text}
}

// done is an order that the buyer has accepted.
func (p *post) done() ident.Order {
	p.t.Helper()
	id := p.delivered()
	p.clock.move(time.Hour)
	p.move(p.buyer, id, order.Accept{})
	return id
}

func (p *post) rates(who member.Actor, id ident.Order, d review.Draft) market.ReviewMoved {
	p.t.Helper()
	moved, err := p.WriteReview(p.t.Context(), who, "", id, d)
	p.must(err)
	return moved
}

func (p *post) reviews(who member.Actor, id ident.Order) market.ReviewPage {
	p.t.Helper()
	page, err := p.ReviewOf(p.t.Context(), who, id)
	p.must(err)
	return page
}

// counted holds every view of the counts against each other: the gig, the
// seller and the list behind both.
func (p *post) counted(shown, tombs int, mean string) market.ReviewList {
	p.t.Helper()
	gig, err := p.GigReviews(p.t.Context(), p.gig.ID, market.ReviewFilter{}, "", 100)
	p.must(err)
	seller, err := p.SellerReviews(p.t.Context(), p.seller.Member, market.ReviewFilter{}, "", 100)
	p.must(err)
	cards, err := p.GigSums(p.t.Context(), p.gig.ID)
	p.must(err)
	people, err := p.SellerSums(p.t.Context(), p.seller.Member)
	p.must(err)
	if s := gig.Sums; s != seller.Sums || s != cards[p.gig.ID] || s != people[p.seller.Member] || s.Count() != len(gig.Items) || s.Count() != len(seller.Items) {
		p.t.Errorf("the views disagree: %+v %+v %+v, %d and %d items", gig.Sums, seller.Sums, cards, len(gig.Items), len(seller.Items))
	}
	if s := gig.Sums; s.Shown != shown || s.Tombs != tombs || s.Mean().String() != mean {
		p.t.Errorf("%d shown, %d tombstones, %s; want %d, %d, %s", s.Shown, s.Tombs, s.Mean(), shown, tombs, mean)
	}
	return gig
}

func TestReviewsBothIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.done()
		first, err := p.WriteReview(t.Context(), p.buyer, "k", id, stars(5, 4, 5, "Fast and careful work."))
		p.must(err)
		if first.Revealed || first.ClosesAt != p.clock.Now().Add(14*day) {
			t.Errorf("after the first: %+v", first)
		}
		if again, err := p.WriteReview(t.Context(), p.buyer, "k", id, stars(5, 4, 5, "Fast and careful work.")); err != nil || again != first {
			t.Errorf("the same key: %+v, %v", again, err)
		}
		if _, err := p.WriteReview(t.Context(), p.buyer, "k", id, stars(1, 1, 1, "")); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("the same key with other words: %v", err)
		}
		p.drain()
		page := p.reviews(p.seller, id)
		if page.Theirs != nil || !page.TheirsIn || page.Pair.ByBuyer != nil || page.Mine != nil {
			t.Errorf("the seller sees %+v before the reveal", page.Theirs)
		}
		for _, n := range p.letters() {
			if strings.Contains(n.Text, "careful work") {
				t.Errorf("a letter quotes it: %s", n.Text)
			}
		}
		p.counted(0, 0, "–")
		p.clock.move(day)
		if moved := p.rates(p.seller, id, score(5, "")); !moved.Revealed {
			t.Errorf("after the second: %+v", moved)
		}
		list := p.counted(1, 0, "4.6")
		one := list.Items[0]
		if one.Author.Name != "Ines Vidal" || one.Of.Name != "Mara Holm" || one.Outcome != "completed" || one.Review.Text != "Fast and careful work." || one.Measured.StartedAt.IsZero() {
			t.Errorf("shown: %+v", one)
		}
		got, err := p.BuyerReviews(t.Context(), p.buyer.Member, market.ReviewFilter{}, "", 10)
		p.must(err)
		if len(got.Items) != 1 || got.Sums.Mean().String() != "5.0" || got.Items[0].Author.Name != "Mara Holm" {
			t.Errorf("the buyer got %+v", got)
		}
		if page := p.reviews(p.seller, id); page.Theirs == nil || page.Theirs.Text != "Fast and careful work." || len(page.Options) == 0 {
			t.Errorf("the seller sees %+v", page)
		}
		_, err = p.ReplyReview(t.Context(), p.seller, "", id, "Thank you, it was a pleasure.")
		p.must(err)
		_, err = p.AmendReview(t.Context(), p.buyer, "", id, stars(5, 5, 5, "Fast and careful work. The second look says five."))
		p.must(err)
		list = p.counted(1, 0, "5.0")
		if r := list.Items[0].Review; r.Reply == nil || !r.Amended() || r.Earlier[0].Text != "Fast and careful work." {
			t.Errorf("shown: %+v", r)
		}
		p.sound()
		if told := p.told(p.seller); !slices.Contains(told, review.Written) || !slices.Contains(told, review.Revealed) || !slices.Contains(told, review.Amended) {
			t.Errorf("the seller was told %v", told)
		}
		if told := p.told(p.buyer); slices.Contains(told, review.Written) || !slices.Contains(told, review.Replied) {
			t.Errorf("the buyer was told %v", told)
		}
	})
}

func TestReviewsRevealedByTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id, other := p.done(), p.done()
		ends := p.page(p.buyer, id).Order.EndedAt.Add(14 * day)
		mine, err := p.MyReviews(t.Context(), p.seller, "", 10)
		p.must(err)
		if len(mine.Open) != 2 || mine.Open[0].Order != id || mine.Open[0].TheirsIn {
			t.Errorf("the seller can still write %+v", mine.Open)
		}
		p.rates(p.buyer, id, stars(1, 1, 1, "Nothing of it is any good."))
		p.clock.move(ends.Sub(p.clock.Now()) - time.Microsecond)
		p.must(p.SweepAll(t.Context()))
		p.counted(0, 0, "–")
		p.clock.move(time.Microsecond)
		if page := p.reviews(p.seller, id); page.Theirs == nil {
			t.Error("the window is over, and the seller sees nothing before a sweep has been there")
		}
		if _, err := p.WriteReview(t.Context(), p.seller, "", id, score(1, "")); fault.KindOf(err) != fault.KindExpired {
			t.Errorf("too late: %v", err)
		}
		p.clock.move(3 * time.Hour)
		p.must(p.SweepAll(t.Context()))
		if at := p.counted(1, 0, "1.0").Items[0].Revealed; !at.Equal(ends) {
			t.Errorf("revealed at %v, want %v", at, ends)
		}
		if page := p.reviews(p.buyer, other); page.Mine != nil || !page.Eligible || len(page.Options) != 0 || !strings.Contains(page.Step.Says, "no review") {
			t.Errorf("of the other order: %+v", page.Step)
		}
		if mine, err := p.MyReviews(t.Context(), p.buyer, "", 10); err != nil || len(mine.Open) != 0 || len(mine.Written) != 1 || mine.Written[0].Ref == "" {
			t.Errorf("the buyer wrote %+v, %v", mine, err)
		}
		p.sound()
	})
}

// TestReviewsOpenOfManyOrders: however many orders have ended, each one of which
// can still be reviewed is named, and none that cannot.
func TestReviewsOpenOfManyOrders(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		first := p.page(p.buyer, p.done())
		p.must(s.Update(t.Context(), func(tx *store.Tx) error {
			for i := range 230 {
				o := first.Order
				o.ID, o.Ref = ident.Order(fmt.Sprintf("order_%026d", i)), fmt.Sprint("R", i)
				o.EndedAt = o.EndedAt.Add(time.Duration(i+1) * time.Minute)
				if err := tx.AddOrder(o, first.Policy); err != nil {
					return err
				}
			}
			return nil
		}))
		p.clock.move(first.Order.EndedAt.Add(14*day - time.Microsecond).Sub(p.clock.Now()))
		for _, who := range []member.Actor{p.buyer, p.seller} {
			mine, err := p.MyReviews(t.Context(), who, "", 10)
			p.must(err)
			if len(mine.Open) != 231 || mine.Open[0].Order != first.Order.ID || mine.Open[230].Ref != "R229" || mine.Open[0].Other.Name == "" {
				t.Errorf("%d orders can still be reviewed, want 231 with the first one first", len(mine.Open))
			}
		}
		p.clock.move(time.Microsecond)
		if mine, err := p.MyReviews(t.Context(), p.buyer, "", 10); err != nil || len(mine.Open) != 230 || mine.Open[0].Ref != "R0" {
			t.Errorf("when the first window is over: %d, %v", len(mine.Open), err)
		}
	})
}

// TestReviewsOfStrangers: each method as the wrong person.
func TestReviewsOfStrangers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		id := c.done()
		c.rates(c.buyer, id, stars(2, 2, 2, "It was all so rude."))
		c.rates(c.seller, id, score(4, "Hard to understand."))
		eve := c.join("Eve Lind", false)
		token := c.buyer
		token.Scopes = []member.Scope{member.ScopeRead}
		ctx, e := t.Context(), review.Evidence{Text: "This is not true at all.", Passage: "so rude"}
		for name, does := range map[string]func(member.Actor) error{
			"see": func(who member.Actor) error { _, err := c.ReviewOf(ctx, who, id); return err },
			"write": func(who member.Actor) error {
				_, err := c.WriteReview(ctx, who, "", id, stars(1, 1, 1, ""))
				return err
			},
			"amend": func(who member.Actor) error {
				_, err := c.AmendReview(ctx, who, "", id, stars(1, 1, 1, ""))
				return err
			},
			"reply": func(who member.Actor) error {
				_, err := c.ReplyReview(ctx, who, "", id, "What is this all about?")
				return err
			},
			"offer":     func(who member.Actor) error { _, err := c.OfferSample(ctx, who, "", id, "file_1"); return err },
			"answer":    func(who member.Actor) error { _, err := c.AnswerSample(ctx, who, "", id, true); return err },
			"report":    func(who member.Actor) error { _, err := c.ReportDemand(ctx, who, "", id, e); return err },
			"challenge": func(who member.Actor) error { _, err := c.ChallengeReview(ctx, who, "", id, "privacy", e); return err },
		} {
			c.kind(does(eve), fault.KindNotFound, "a stranger: "+name)
			c.kind(does(c.operator), fault.KindNotFound, "an operator: "+name)
			c.kind(does(c.ada), fault.KindNotFound, "an agent: "+name)
			c.kind(does(member.Guest()), fault.KindSignIn, "a guest: "+name)
			if name != "see" {
				c.kind(does(token), fault.KindForbidden, "a token that may only read: "+name)
			}
		}
		_, err := c.MyReviews(ctx, member.Guest(), "", 0)
		c.kind(err, fault.KindSignIn, "a guest's reviews")
		_, err = c.OfferSample(ctx, c.buyer, "", id, "file_1")
		c.kind(err, fault.KindForbidden, "the buyer offers a sample")
		_, err = c.AnswerSample(ctx, c.seller, "", id, true)
		c.kind(err, fault.KindForbidden, "the seller answers for the buyer")
		_, err = c.GigReviews(ctx, c.gig.ID, market.ReviewFilter{Stars: 6}, "", 0)
		blames(t, err, "stars")
		_, err = c.GigReviews(ctx, c.gig.ID, market.ReviewFilter{}, "nonsense", 0)
		c.kind(err, fault.KindInvalid, "a broken cursor")
		unpaid, err := c.buy(c.buyer, "", "4000 0000 0000 0002") // refused by the bank
		c.must(err)
		_, err = c.ReviewOf(ctx, c.seller, unpaid.Order)
		c.kind(err, fault.KindNotFound, "the seller sees an unpaid order")
		c.sound()
	})
}

// TestReviewPages: paging by key and the filters show each once.
func TestReviewPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		for i := range 7 {
			id := p.done()
			text := ""
			if i%2 == 0 {
				text = "Something to be read."
			}
			p.rates(p.buyer, id, stars(1+i%5, 1+i%5, 1+i%5, text))
			p.rates(p.seller, id, score(5, ""))
		}
		whole := p.counted(7, 0, "2.5")
		if whole.Sums.Rows != [5]int{2, 2, 1, 1, 1} {
			t.Errorf("distribution %v", whole.Sums.Rows)
		}
		for _, c := range []struct {
			filter market.ReviewFilter
			n      int
		}{{market.ReviewFilter{}, 7}, {market.ReviewFilter{Stars: 1}, 2}, {market.ReviewFilter{Stars: 3}, 1}, {market.ReviewFilter{WithText: true}, 4}, {market.ReviewFilter{Stars: 2, WithText: true}, 1}} {
			for name, list := range map[string]func(market.Cursor) (market.ReviewList, error){
				"gig": func(at market.Cursor) (market.ReviewList, error) {
					return p.GigReviews(t.Context(), p.gig.ID, c.filter, at, 2)
				},
				"seller": func(at market.Cursor) (market.ReviewList, error) {
					return p.SellerReviews(t.Context(), p.seller.Member, c.filter, at, 2)
				},
			} {
				seen := map[ident.Review]bool{}
				last := time.Time{}
				for at, more := market.Cursor(""), true; more; {
					page, err := list(at)
					p.must(err)
					for _, one := range page.Items {
						if seen[one.Pair] || !last.IsZero() && one.Revealed.After(last) || c.filter.Stars > 0 && one.Review.Overall().Whole() != c.filter.Stars {
							t.Errorf("%s %+v: %s again, or out of place", name, c.filter, one.Pair)
						}
						seen[one.Pair], last = true, one.Revealed
					}
					if page.Sums != whole.Sums {
						t.Errorf("%s: the filter changes the counts", name)
					}
					at, more = page.Next, page.Next != ""
				}
				if len(seen) != c.n {
					t.Errorf("%s %+v: %d, want %d", name, c.filter, len(seen), c.n)
				}
			}
		}
		mine, err := p.MyReviews(t.Context(), p.buyer, "", 5)
		p.must(err)
		rest, err := p.MyReviews(t.Context(), p.buyer, mine.Next, 5)
		p.must(err)
		if len(mine.Written) != 5 || len(rest.Written) != 2 || rest.Next != "" || len(rest.Open) != 0 {
			t.Errorf("written: %d and %d", len(mine.Written), len(rest.Written))
		}
		p.sound()
	})
}

// TestWorkSample: a guest reads the file while the buyer allows it, and not a
// moment before or after.
func TestWorkSample(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		c.shelve()
		id := c.place()
		c.move(c.seller, id, order.Waive{})
		f, err := c.SaveUpload(t.Context(), c.seller, market.ForOrder, "sketch.txt", strings.NewReader("a sketch"))
		c.must(err)
		stray, err := c.SaveUpload(t.Context(), c.seller, market.ForOrder, "other.txt", strings.NewReader("another"))
		c.must(err)
		c.move(c.seller, id, order.Deliver{Text: "here it is", Files: []ident.File{f.ID}})
		c.move(c.buyer, id, order.Accept{})
		c.rates(c.buyer, id, stars(5, 5, 5, ""))
		c.rates(c.seller, id, score(5, ""))
		readable := func(want bool) {
			t.Helper()
			for _, who := range []member.Actor{member.Guest(), c.join("Eve "+ident.NewSource().Ref(), false)} {
				_, body, err := c.OpenFile(t.Context(), who, f.ID)
				if want != (err == nil) || !want && fault.KindOf(err) != fault.KindNotFound {
					t.Errorf("a guest reads the sample: %v, want %v", err, want)
				}
				if err == nil {
					text, err := io.ReadAll(body)
					c.must(errors.Join(err, body.Close()))
					if !bytes.Equal(text, []byte("a sketch")) {
						t.Errorf("read %q", text)
					}
				}
			}
			list, err := c.GigReviews(t.Context(), c.gig.ID, market.ReviewFilter{}, "", 10)
			c.must(err)
			if (list.Items[0].Sample != nil) != want {
				t.Errorf("beside the review: %v", list.Items[0].Sample)
			}
		}
		if page := c.reviews(c.seller, id); len(page.Samples) != 1 || page.Samples[0].ID != f.ID {
			t.Errorf("the seller may offer %+v", page.Samples)
		}
		_, err = c.OfferSample(t.Context(), c.seller, "", id, stray.ID)
		blames(t, err, "file")
		_, err = c.OfferSample(t.Context(), c.seller, "", id, f.ID)
		c.must(err)
		readable(false)
		for _, yes := range []bool{true, false, true} {
			_, err = c.AnswerSample(t.Context(), c.buyer, "", id, yes)
			c.must(err)
			readable(yes)
		}
		_, err = c.OfferSample(t.Context(), c.seller, "", id, "")
		c.must(err)
		readable(false)
		c.sound()
	})
}

// TestDemandChallengeRemoval: a demand that was reported before any review
// stands in the record of the challenge; the removal leaves a tombstone; nobody
// is punished for asking; the appeal goes to another agent and brings it back.
func TestDemandChallengeRemoval(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		id := c.order
		c.write(c.buyer, c.seller, "Half of the money back,\nor it is one star.")
		reported, err := c.ReportDemand(t.Context(), c.seller, "", id, review.Evidence{Text: "She asks for half of it, or one star.", Messages: []int{1}})
		c.must(err)
		if v, err := c.DeskPage(t.Context(), c.ada, reported.Case); err != nil || v.Case.Kind != desk.Breach || v.Review == nil || !strings.Contains(v.Story[0].Detail.Facts[desk.FactRecord], "back, / or it is one star") {
			t.Errorf("the desk has %+v, %v", v.Case, err)
		}
		if _, err := c.CasePage(t.Context(), c.buyer, reported.Case); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("the buyer reads the report: %v", err)
		}
		c.move(c.buyer, id, order.Accept{})
		c.rates(c.buyer, id, stars(1, 1, 1, "A liar and a cheat, so rude."))
		c.rates(c.seller, id, score(3, ""))
		c.counted(1, 0, "1.0")
		_, err = c.ChallengeReview(t.Context(), c.seller, "", id, "extortion", review.Evidence{Text: "See message 7 of ours.", Messages: []int{7}})
		blames(t, err, "messages")
		_, err = c.OpenCase(t.Context(), c.seller, "", market.NewCase{Kind: desk.Challenge, About: market.CaseSubjectOrder(id), Text: "Please remove her review."})
		blames(t, err, "kind")
		challenged, err := c.ChallengeReview(t.Context(), c.seller, "", id, "extortion", review.Evidence{Text: "She wrote just what she had threatened with."})
		c.must(err)
		if one := c.counted(1, 0, "1.0").Items[0]; !one.Review.Challenged() || one.Review.Challenge.Reason != "" {
			t.Errorf("shown: %+v", one.Review.Challenge)
		}
		c.told(c.buyer, "asked the support desk")
		page, err := c.DeskPage(t.Context(), c.ada, challenged.Case)
		c.must(err)
		record := page.Story[0].Detail.Facts[desk.FactRecord] + "\n" + page.Story[0].Detail.Facts[desk.FactKept]
		for _, want := range []string{"the order was paid", "reported a demand, before the other side had rated", "the buyer · rated the other side", "the reviews became public"} {
			if !strings.Contains(record, want) {
				t.Errorf("the record does not say %q:\n%s", want, record)
			}
		}
		if page.ReviewBy != review.Buyer || page.Case.Matter.Filed != c.seller.Member || page.Case.Matter.DecideBy != review.DecideBy(c.clock.Now(), 5) {
			t.Errorf("the case: %+v", page.Case.Matter)
		}
		_, err = c.decide(c.ada, challenged.Case, desk.Decision{Warn: []desk.Side{desk.Opener}, Dismiss: false})
		blames(t, err, "warn")
		_, err = c.decide(c.ada, challenged.Case, desk.Decision{RemoveReview: "nonsense"})
		blames(t, err, "remove_review")
		shown, err := c.PreviewDecision(t.Context(), c.ada, challenged.Case, letter(desk.Decision{RemoveReview: "extortion", Warn: []desk.Side{desk.Across}}))
		c.must(err)
		if shown.Rated == nil || shown.Rated.Was.Shown != 1 || shown.Rated.Then.Shown != 0 || shown.Rated.Then.Tombs != 1 || !strings.Contains(strings.Join(shown.Does, "; "), "the review is removed: written to force") {
			t.Errorf("foretold: %+v %v", shown.Rated, shown.Does)
		}
		c.counted(1, 0, "1.0")
		_, err = c.decide(c.ada, challenged.Case, desk.Decision{RemoveReview: "extortion", Warn: []desk.Side{desk.Across}})
		c.must(err)
		tomb := c.counted(0, 1, "–").Items[0]
		if tomb.Review.Removal == nil || tomb.Review.Text != "" || len(tomb.Review.Stars) != 0 || tomb.Author.Name != "" || tomb.Reason != "Written to force a discount or a refund" || tomb.Review.Removal.Role != "a support agent" {
			t.Errorf("the tombstone: %+v", tomb)
		}
		c.told(c.buyer, "is decided")
		c.told(c.seller, "is decided")
		c.sound()

		appeal, err := c.AppealCase(t.Context(), c.buyer, "", challenged.Case, market.CaseWords{Text: "I only said what I thought of it."})
		c.must(err)
		if one := c.counted(0, 1, "–").Items[0]; !one.Review.Challenged() {
			t.Error("the appeal is not shown")
		}
		_, err = c.decide(c.ada, appeal.ID, desk.Decision{RestoreReview: true})
		c.kind(err, fault.KindNotFound, "the same agent on appeal")
		_, err = c.decide(c.ben, appeal.ID, desk.Decision{Suspend: []desk.Side{desk.Across}})
		blames(t, err, "suspend")
		_, err = c.decide(c.ben, appeal.ID, desk.Decision{RestoreReview: true})
		c.must(err)
		back := c.counted(1, 0, "1.0").Items[0]
		if back.Review.Text != "A liar and a cheat, so rude." || back.Review.Challenge != nil {
			t.Errorf("restored: %+v", back.Review)
		}
		_, err = c.AppealCase(t.Context(), c.seller, "", appeal.ID, market.CaseWords{Text: "And now it stands again?"})
		c.kind(err, fault.KindConflict, "an appeal against an appeal")
		c.sound()
	})
}

// TestChallengeKeptLateOrWithdrawn: a decision that says nothing of the review
// keeps it; its maker may take the challenge back; a late decision is said.
func TestChallengeKeptLateOrWithdrawn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		challenge := func() (ident.Order, ident.Case) {
			id := c.done()
			c.rates(c.buyer, id, stars(1, 1, 1, "It was all so rude."))
			c.rates(c.seller, id, score(3, ""))
			moved, err := c.ChallengeReview(t.Context(), c.seller, "", id, "unrelated", review.Evidence{Text: "Nothing of it has to do with the order.", Passage: "all so rude"})
			c.must(err)
			return id, moved.Case
		}
		id, first := challenge()
		_, second := challenge()
		_, err := c.WithdrawCase(t.Context(), c.seller, "", second)
		c.must(err)
		_, err = c.AnswerCase(t.Context(), c.ada, "", first, market.CaseWords{Text: "I look at it today.", To: desk.ToBoth})
		c.must(err)
		c.clock.move(8 * day)
		c.must(c.SweepAll(t.Context()))
		page, err := c.DeskPage(t.Context(), c.ada, first)
		c.must(err)
		if last := page.Story[len(page.Story)-1]; !page.Case.Matter.Late || last.Kind != desk.DecisionLate || !last.At.Equal(page.Case.Matter.DecideBy) {
			t.Errorf("late: %+v, the story ends with %s", page.Case.Matter, last.Kind)
		}
		_, err = c.decide(c.ada, first, desk.Decision{Dismiss: true})
		c.must(err)
		c.counted(2, 0, "1.0")
		if r := c.reviews(c.seller, id).Theirs; r.Challenge.Verdict != review.Kept || r.Challenged() {
			t.Errorf("kept: %+v", r.Challenge)
		}
		_, err = c.ChallengeReview(t.Context(), c.seller, "", id, "privacy", review.Evidence{Text: "Then for another reason.", Passage: "all so rude"})
		c.kind(err, fault.KindConflict, "challenged twice")
		appeal, err := c.AppealCase(t.Context(), c.seller, "", first, market.CaseWords{Text: "Please look at it once more."})
		c.must(err)
		_, err = c.decide(c.ben, appeal.ID, desk.Decision{RemoveReview: "unrelated"})
		c.must(err)
		c.counted(1, 1, "1.0")
		c.sound()
	})
}

// TestReviewsAtOnce: of both parties writing in the same moment each is kept,
// and both see both; of one party writing twice one is.
func TestReviewsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		for range 5 {
			id := p.done()
			writes := func(who member.Actor, d review.Draft) func() error {
				return func() error { _, err := p.WriteReview(t.Context(), who, "", id, d); return err }
			}
			got := p.all(writes(p.buyer, stars(5, 5, 5, "")), writes(p.seller, score(4, "")), writes(p.buyer, stars(4, 4, 4, "")))
			if got["0 "]+got["2 "] != 1 || got["1 "] != 1 {
				t.Errorf("at once: %v", got)
			}
			if page := p.reviews(p.buyer, id); !page.Pair.Revealed() {
				t.Error("both are in and nothing is revealed")
			}
		}
		p.sound()
	})
}
