package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// BenchmarkOrder is the shape of placing an order: four reads, one guarded
// write and seven rows, by 64 callers at once, each on rows of its own.
func BenchmarkOrder(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			var s *store.Store
			if engine == "sqlite" {
				s = storetest.SQLite(b)
			} else {
				s = storetest.Postgres(b)
			}
			benchOrders(b, s, 64)
		})
	}
}

func benchOrders(b *testing.B, s *store.Store, callers int) {
	for c := range callers {
		if err := s.Update(b.Context(), setMark(fmt.Sprint("gig", c), "0")); err != nil {
			b.Fatal(err)
		}
	}
	var next atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	for c := range callers {
		all.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				err := s.Update(b.Context(), func(tx *store.Tx) error {
					for i := range 3 {
						if _, _, err := tx.Mark(fmt.Sprint("gig", (c+i)%callers)); err != nil {
							return err
						}
					}
					if err := bump(tx, fmt.Sprint("gig", c)); err != nil {
						return err
					}
					for i := range 7 {
						if err := tx.SetMark(fmt.Sprintf("row-%d-%d-%d", c, n, i), "some text of a row that is not too short"); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "orders/s")
}
