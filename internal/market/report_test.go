package market_test

import (
	"strings"
	"testing"

	"guildhall/internal/desk"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
	"guildhall/internal/talk"
)

// TestAReportAsLongAsMayBe: what the form takes the desk takes, to the last
// character and for each reason.
func TestAReportAsLongAsMayBe(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		most := strings.Repeat("é", c.Policy().Limits.TextRunes)
		for i, reason := range talk.Reasons() {
			said := c.write(c.buyer, c.seller, most)
			_, err := c.ReportMessage(t.Context(), c.seller, "", market.Complaint{Thread: said.Thread, No: said.No, Reason: reason.Reason, Text: most})
			c.must(err)
			rows, _, err := c.Queue(t.Context(), c.ada, market.QueueFilter{Kind: desk.Breach}, "", 0)
			c.must(err)
			if len(rows) != i+1 {
				t.Fatalf("%d cases of %d reports", len(rows), i+1)
			}
			page, err := c.DeskPage(t.Context(), c.ada, rows[i].Case.ID)
			c.must(err)
			story := page.Story[0].Detail
			if !strings.HasSuffix(story.Text, "\n"+most) || !strings.Contains(story.Text, reason.Words) || story.Facts[desk.FactRecord] != most {
				t.Errorf("the desk reads %d and %d characters", len(story.Text), len(story.Facts[desk.FactRecord]))
			}
		}
		c.verified()
	})
}

// TestBothSeeThatTheirConversationWasRead: what the desk reads of a conversation is
// listed to both of its people, also where only one of them is in the case; the
// other does not learn of which.
func TestBothSeeThatTheirConversationWasRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		rick, eve := c.join("Rick Vane", false), c.join("Eve Lind", false)
		thread := c.write(rick, c.seller, "Pay me outside of the house.").Thread
		other := c.write(eve, c.seller, "Do you paint boats?").Thread
		_, err := c.ReportMessage(t.Context(), c.seller, "", market.Complaint{Thread: thread, No: 1, Reason: talk.Insult})
		c.must(err)
		rows, _, err := c.Queue(t.Context(), c.ada, market.QueueFilter{Kind: desk.Breach}, "", 0)
		c.must(err)
		id := rows[0].Case.ID
		looks := func(who member.Actor, thread ident.Thread) []market.Look {
			t.Helper()
			v, err := c.Talk(t.Context(), who, thread, 0, 0)
			c.must(err)
			return v.Looks
		}
		if n := len(looks(rick, thread)); n != 0 {
			t.Errorf("%d looks before anybody looked", n)
		}
		_, err = c.DeskPage(t.Context(), c.ada, id)
		c.must(err)
		mine, theirs := looks(c.seller, thread), looks(rick, thread)
		if len(mine) != 1 || mine[0].Agent != "Ada Byrd" || mine[0].Case != id {
			t.Errorf("who reported reads %+v", mine)
		}
		if len(theirs) != 1 || theirs[0].Agent != "Ada Byrd" || theirs[0].Case != "" {
			t.Errorf("the other one reads %+v", theirs)
		}
		if n := len(looks(eve, other)); n != 0 {
			t.Errorf("%d looks at another conversation", n)
		}
	})
}
