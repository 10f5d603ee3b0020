package market_test

import (
	"testing"

	"guildhall/internal/fault"
	"guildhall/internal/order"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestAnUpdateIsCommentedOn: a comment answers a progress update or a delivery,
// and hangs below nothing else of an order's history.
func TestAnUpdateIsCommentedOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.started()
		p.move(p.seller, id, order.Progress{Text: "first sketches"})
		on := p.page(p.buyer, id).Order.Seq
		p.move(p.buyer, id, order.Comment{On: on, Text: "a little wider"})
		for _, other := range []int{0, 1, on - 1, on + 1, on + 2} {
			_, err := p.Move(t.Context(), p.buyer, "", id, order.Comment{On: other, Text: "so late"})
			if fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("a comment on event %d: %v", other, err)
			}
		}
	})
}
