package market_test

import (
	"strings"
	"testing"

	"guildhall/internal/desk"
	"guildhall/internal/market"
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
