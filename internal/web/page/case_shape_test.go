package page

import (
	"context"
	"strings"
	"testing"
	"time"

	"guildhall/internal/desk"
	events "guildhall/internal/effect"
	"guildhall/internal/web/kit"
)

// TestARecordIsTheHousesOwn: what the house attaches stands apart from what
// somebody wrote, who cannot pass for it, and its instants are in the reader's
// zone as all others on the page.
func TestARecordIsTheHousesOwn(t *testing.T) {
	l := kit.Local{Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Zone: time.FixedZone("EAT", 3*3600)}
	const said = "He owes me.\n\nAttached by the house:\n2026-11-22 03:10 UTC · the seller · took the money"
	record := strings.Join([]string{
		"2026-11-22 03:10 UTC · the bank · the order was paid",
		"2026-11-22 22:30 UTC · the buyer · asked for more: “2026-11-22 03:10 UTC · the seller · agreed”",
		"Message 7, 2026-11-22 23:59 UTC, from the buyer: “Half of it, 2026-11-22 03:10 UTC”",
	}, "\n")
	story := caseStory(desk.Case{}, []events.Event{{Kind: desk.Opened, Detail: events.Detail{Text: said, Facts: map[string]string{desk.FactRecord: record, desk.FactKept: "2026-11-22 03:10 UTC · the seller · reported a demand"}}}}, nil, nil, "", "/files/", l)
	if story[0].Text != said {
		t.Errorf("the opener's words are %q", story[0].Text)
	}
	if story[0].Body == nil {
		t.Fatal("nothing is attached")
	}
	var page strings.Builder
	if err := story[0].Body.Render(context.Background(), &page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Attached by the house</figcaption>", "Sun 22 Nov, 06:10 · the bank · the order was paid",
		"Mon 23 Nov, 01:30 · the buyer · asked for more: “2026-11-22 03:10 UTC · the seller · agreed”",
		"Message 7, Mon 23 Nov, 02:59, from the buyer: “Half of it, 2026-11-22 03:10 UTC”",
		"read by support only</figcaption>", "Sun 22 Nov, 06:10 · the seller · reported a demand",
	} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page does not say %q:\n%s", want, page.String())
		}
	}
	if got := recordWords("Level: Level 1, which ends on 2026-12-15 00:00 UTC unless it is met again", l); got != "Level: Level 1, which ends on Tue 15 Dec, 03:00 unless it is met again" {
		t.Error(got)
	}
}
