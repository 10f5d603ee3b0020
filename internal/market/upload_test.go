package market_test

import (
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/order"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestAnUploadThatBeganInTime: the preview of a delivery knows when its file began
// to arrive, as the delivery does, so that it says on time and is confirmed.
func TestAnUploadThatBeganInTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.shelve()
		id := p.started()
		p.clock.move(p.page(p.seller, id).Order.DueAt.Sub(p.Now()) - 5*time.Minute)
		f, err := p.SaveUpload(t.Context(), p.seller, market.ForOrder, "logo.txt", strings.NewReader("a logo"))
		p.must(err)
		p.clock.move(10 * time.Minute)
		p.must(p.SweepAll(t.Context()))

		deliver := order.Deliver{Files: []ident.File{f.ID}}
		seen, err := p.Foresee(t.Context(), p.seller, id, deliver)
		p.must(err)
		if !seen.Rows[0].After.Life.OnTime {
			t.Error("the preview says late")
		}
		_, err = p.Confirm(t.Context(), p.seller, "", id, deliver, seen.Digest)
		p.must(err)
		events := p.page(p.seller, id).Events
		if last := events[len(events)-1]; last.Kind != order.DeliveredWork || last.Detail.Facts["on_time"] != "true" {
			t.Errorf("%s: %v", last.Kind, last.Detail.Facts)
		}
		p.sound()
	})
}

// TestAPreviewRefusesWhatTheMoveWould: files that are not there and updates that
// nobody can comment on are refused before the click too.
func TestAPreviewRefusesWhatTheMoveWould(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.shelve()
		id := p.started()
		theirs, err := p.SaveUpload(t.Context(), p.buyer, market.ForOrder, "mine.txt", strings.NewReader("mine"))
		p.must(err)
		for _, mv := range []order.Move{
			order.Deliver{Files: []ident.File{"file_none"}}, order.Deliver{Files: []ident.File{theirs.ID}},
			order.Progress{Text: "so far", Files: []ident.File{theirs.ID}}, order.Comment{On: 2, Text: "nice"},
		} {
			_, foreseen := p.Foresee(t.Context(), p.seller, id, mv)
			_, moved := p.Market.Move(t.Context(), p.seller, "", id, mv)
			if fault.KindOf(moved) != fault.KindInvalid || foreseen == nil || foreseen.Error() != moved.Error() {
				t.Errorf("%T: foretold %v, then %v", mv, foreseen, moved)
			}
		}
	})
}
