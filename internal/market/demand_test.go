package market_test

import (
	"fmt"
	"strings"
	"testing"

	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/review"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestAReportedDemandStaysWithTheDesk: whoever reports a demand is promised that
// the other side is not told. A challenge, whose record both of them read, tells
// it neither: not of the one who reported and then challenges, nor of the other.
func TestAReportedDemandStaysWithTheDesk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		id, at := c.order, t.Context()
		ofBuyer, err := c.ReportDemand(at, c.buyer, "", id, review.Evidence{Text: "He wants five stars before he delivers."})
		c.must(err)
		ofSeller, err := c.ReportDemand(at, c.seller, "", id, review.Evidence{Text: "She asks for half of it, or one star."})
		c.must(err)
		c.move(c.buyer, id, order.Accept{})
		c.rates(c.buyer, id, stars(1, 1, 1, "A liar and a cheat, so rude."))
		c.rates(c.seller, id, score(3, ""))
		challenged, err := c.ChallengeReview(at, c.seller, "", id, "extortion", review.Evidence{Text: "She wrote just what she had threatened with."})
		c.must(err)
		for _, read := range []struct {
			who    member.Actor
			of     ident.Case
			hidden []string
		}{
			{c.buyer, challenged.Case, []string{"reported a demand", "half of it", "five stars"}},
			{c.seller, challenged.Case, []string{"the buyer · reported", "five stars"}},
			{c.seller, ofSeller.Case, []string{"the buyer · reported", "five stars"}},
			{c.buyer, ofBuyer.Case, []string{"the seller · reported", "half of it"}},
		} {
			page, err := c.CasePage(at, read.who, read.of)
			c.must(err)
			told := fmt.Sprint(page.Lines)
			if !strings.Contains(told, "the order was paid") {
				t.Errorf("the record is not shown: %s", told)
			}
			for _, secret := range read.hidden {
				if strings.Contains(told, secret) {
					t.Errorf("the %s reads %q:\n%s", read.who.Member, secret, told)
				}
			}
		}
		page, err := c.DeskPage(at, c.ada, challenged.Case)
		c.must(err)
		for _, want := range []string{"the seller · reported a demand, before the other side had rated: “She asks", "the buyer · reported a demand, before the other side had rated: “He wants"} {
			if !strings.Contains(fmt.Sprint(page.Story), want) {
				t.Errorf("the desk does not read %q", want)
			}
		}
	})
}
