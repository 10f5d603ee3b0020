package market_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// endingReviews are the rows that say when the house was asked to look, and why.
func (p *post) endingReviews() (rows []string) {
	p.t.Helper()
	var out bytes.Buffer
	_, err := p.Export(p.t.Context(), &out)
	p.must(err)
	for lines := bufio.NewScanner(&out); lines.Scan(); {
		var line struct {
			Table string
			Row   struct {
				Opened int64 `json:"opened_at"`
				Ended  int   `json:"ended"`
				Blame  int   `json:"no_fault"`
			}
		}
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Table == "ending_reviews" {
			at := time.UnixMicro(line.Row.Opened).UTC().Format("2 Jan 15:04:05")
			rows = append(rows, fmt.Sprintf("%s: %d of %d", at, line.Row.Blame, line.Row.Ended))
		}
	}
	return rows
}

// TestEndingsAreCountedInTheirOwnOrder: many orders end in one sweep, some
// without fault. What the house is shown is how things stood when it was too
// much, however late the sweep comes and whichever order it wrote first.
func TestEndingsAreCountedInTheirOwnOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		began := p.clock.Now()
		var work []ident.Order
		for range 7 {
			p.clock.move(30 * time.Second)
			p.place() // never answered: the clock ends it after sixty days, one a minute
			p.clock.move(29 * time.Second)
		}
		p.clock.move(57*24*time.Hour - p.clock.Now().Sub(began) - 4*time.Minute)
		for range 6 {
			work = append(work, p.started())
		}
		p.clock.move(began.Add(57*24*time.Hour + time.Minute + 10*time.Second).Sub(p.clock.Now()))
		for _, id := range work {
			p.move(p.seller, id, order.Deliver{Text: "here it is"}) // the clock ends it after three
			p.clock.move(time.Minute)
		}
		p.clock.move(5 * 24 * time.Hour)
		p.must(p.SweepAll(t.Context()))
		if is := p.endingReviews(); len(is) != 1 || is[0] != "1 May 09:02:31: 3 of 5" {
			t.Errorf("the house was shown %v", is)
		}
	})
}
