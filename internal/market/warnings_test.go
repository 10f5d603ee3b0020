package market_test

import (
	"fmt"
	"testing"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/standing"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestEveryWarningIsListed: however many stand or ended, the number opens to all
// of them, page by page, on one's own page, through a link and before the desk.
func TestEveryWarningIsListed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		const ended, standing45 = 31, 45
		c.must(s.Update(t.Context(), func(tx *store.Tx) error {
			for i := range ended + standing45 {
				given := c.Now().Add(-time.Duration(i/7) * time.Hour) // several at one instant
				w := store.Warning{ID: ident.Warning(fmt.Sprintf("warning_%03d", i*7%100)), Member: c.seller.Member, Case: "case_1", Why: "x", Given: given, Until: given.Add(30 * 24 * time.Hour)}
				if i%2 == 1 && i < 2*ended {
					w.Until = given
				}
				if err := tx.AddWarning(w); err != nil {
					return err
				}
			}
			return nil
		}))
		if n := len(c.sheet(c.seller).Warnings); n != standing45 {
			t.Errorf("the figure is %d, want %d", n, standing45)
		}
		link, err := c.ShareStanding(t.Context(), c.seller, "")
		c.must(err)
		mine := func(mark standing.Mark, after market.Cursor) (market.Behind, error) {
			return c.Behind(t.Context(), c.seller, standing.Warnings, mark, after, 10)
		}
		shared := func(mark standing.Mark, after market.Cursor) (market.Behind, error) {
			return c.SharedBehind(t.Context(), link.Secret, standing.Warnings, mark, after, 10)
		}
		for mark, want := range map[standing.Mark]int{"": ended + standing45, standing.Against: standing45, standing.Excluded: ended, standing.For: 0} {
			for name, read := range map[string]func(standing.Mark, market.Cursor) (market.Behind, error){"mine": mine, "shared": shared} {
				n, pages, after := 0, 0, market.Cursor("")
				for {
					b, err := read(mark, after)
					c.must(err)
					n, pages = n+len(b.Lines), pages+1
					if after = b.Next; after == "" || pages > want {
						break
					}
				}
				if n != want || pages != max(1, (want+9)/10) {
					t.Errorf("%s %q: %d warnings on %d pages, want %d", name, mark, n, pages, want)
				}
			}
		}
		page, err := c.DeskPage(t.Context(), c.ada, c.ask(c.seller, desk.Other, desk.Subject{}))
		c.must(err)
		if n := len(page.Records[desk.Opener].Warnings); n != ended+standing45 {
			t.Errorf("the desk sees %d", n)
		}
	})
}

// TestTheNumberOfWarningsIsTheirs: however many stand, the figure, the page and the
// desk say the number that the list has.
func TestTheNumberOfWarningsIsTheirs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		const standing210 = 210
		c.must(s.Update(t.Context(), func(tx *store.Tx) error {
			for i := range standing210 {
				given := c.Now().Add(-time.Duration(i) * time.Minute)
				w := store.Warning{ID: ident.Warning(fmt.Sprintf("warning_%03d", i)), Member: c.seller.Member, Case: "case_1", Why: "x", Given: given, Until: given.Add(30 * 24 * time.Hour)}
				if err := tx.AddWarning(w); err != nil {
					return err
				}
			}
			return nil
		}))
		if n := len(c.sheet(c.seller).Warnings); n != standing210 {
			t.Errorf("the figure is %d, want %d", n, standing210)
		}
		v, err := c.MyStanding(t.Context(), c.seller)
		c.must(err)
		if len(v.Sheet.Warnings) != standing210 || len(v.Active) != standing210 {
			t.Errorf("the page says %d and lists %d, want %d", len(v.Sheet.Warnings), len(v.Active), standing210)
		}
		page, err := c.DeskPage(t.Context(), c.ada, c.ask(c.seller, desk.Other, desk.Subject{}))
		c.must(err)
		if n := len(page.Records[desk.Opener].Warnings); n != standing210 {
			t.Errorf("the desk sees %d", n)
		}
	})
}
