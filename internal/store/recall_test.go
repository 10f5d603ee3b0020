package store_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// announced are the queries that write rows which may be recalled. The methods
// that call them say how they leave the row.
var announced = []string{
	"BalanceAdd", "BalanceSettle", "BalanceTake", "CategoryInsert", "GigBodySet", "GigInsert", "GigUpdate", "MemberInsert", "MemberUpdate", "OrderAgreementInsert", "OrderAgreementReplace",
	"OrderInsert", "OrderRewrite", "OrderUpdate", "OrderUpdateInPlace", "PaymentInsert", "PaymentUpdate", "StandingSave",
}

// TestWhatIsRecalledIsAnnounced: no query writes an order, a payment, a member, a
// gig, a category, a balance or a level without the market in the making hearing of it.
func TestWhatIsRecalledIsAnnounced(t *testing.T) {
	writes := regexp.MustCompile(`(INSERT INTO|UPDATE|DELETE FROM) (orders|order_agreements|balances|payments|members|gigs|gig_bodies|categories)\b|UPDATE standings SET level\b`)
	var found []string
	for _, q := range queries(t) {
		if writes.MatchString(q.sql) {
			found = append(found, q.name)
		}
	}
	slices.Sort(found)
	if !slices.Equal(found, announced) {
		t.Errorf("these queries write what may be recalled: %v; known are %v. Let the method that calls a new one say what it leaves (recall.go)", found, announced)
	}
}

// TestRecall: whoever reads a row that others write all the while never goes back
// behind what they were told was written.
func TestRecall(t *testing.T) {
	s := storetest.Building(t, storetest.SQLitePath(t))
	who := member.Member{ID: "member_1", Email: "a@example.com", Handle: "a", Name: "0", Zone: "UTC", Created: time.Unix(0, 0).UTC(), Version: 1}
	must(t, s.Update(t.Context(), func(tx *store.Tx) error { return tx.AddMember(who) }))
	name := func() (name string) {
		read := s.Update
		if time.Now().UnixNano()%2 == 0 {
			read = s.View
		}
		must(t, read(t.Context(), func(tx *store.Tx) error {
			m, err := tx.Member(who.ID)
			name = m.Name
			return err
		}))
		return name
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				name()
			}
		}
	}()
	last, own := "0", errors.New("own reason")
	for i := range 300 {
		want, refused := fmt.Sprint(i), i%3 == 0
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			m, err := tx.Member(who.ID)
			if err != nil {
				return err
			}
			m.Name = want
			if _, err := tx.SaveMember(m); err != nil {
				return err
			}
			if again, err := tx.Member(who.ID); err != nil || again.Name != want {
				t.Errorf("an update reads %q, %v after it wrote %q", again.Name, err, want)
			}
			if refused {
				return own
			}
			return nil
		})
		switch {
		case refused && !errors.Is(err, own):
			t.Fatal(err)
		case !refused:
			must(t, err)
			last = want
		}
		if got := name(); got != last {
			t.Fatalf("read %q after %q was written", got, last)
		}
	}
	close(stop)
	<-stopped
}

// TestRecallOvertaken: a reading that was overtaken by a write is not kept.
func TestRecallOvertaken(t *testing.T) {
	s := storetest.Building(t, storetest.SQLitePath(t))
	who := member.Member{ID: "member_1", Email: "a@example.com", Handle: "a", Zone: "UTC", Created: time.Unix(0, 0).UTC(), Version: 1}
	must(t, s.Update(t.Context(), func(tx *store.Tx) error { return tx.AddMember(who) }))
	read := func() (m member.Member) {
		must(t, s.Update(t.Context(), func(tx *store.Tx) (err error) {
			m, err = tx.Member(who.ID)
			return err
		}))
		return m
	}
	for i := range 100 {
		var all sync.WaitGroup
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			must(t, tx.SetMark("held", "yes"))
			must(t, tx.Flush()) // nobody else gets at the database before this update has ended
			all.Go(func() { read() })
			time.Sleep(time.Millisecond / 2)
			all.Go(func() {
				who.Name = fmt.Sprint(i)
				must(t, s.Update(t.Context(), func(tx *store.Tx) error {
					_, err := tx.SaveMember(who)
					return err
				}))
				who.Version++
			})
			time.Sleep(time.Millisecond / 2)
			return nil
		}))
		all.Wait()
		if got := read().Name; got != fmt.Sprint(i) {
			t.Fatalf("read %q after %d was written", got, i)
		}
	}
}

// TestRelied: an update that relied on a balance is run anew when that was written
// meanwhile, although none of its own writes could find out.
func TestRelied(t *testing.T) {
	s := storetest.Building(t, storetest.SQLitePath(t))
	const mara = ident.Member("member_mara")
	debt, _, err := ledger.Next(ledger.Head{}, ledger.Entry{
		Stream: "order_1", Kind: ledger.KindClear, At: time.Unix(0, 0), Currency: "USD",
		Postings: []ledger.Posting{{Account: ledger.Receivable(mara), Minor: -3600}, {Account: "refunding:order_1", Minor: 3600}},
	})
	must(t, err)
	var seen []int64
	for range 2 { // nobody knows the balance at first; then it is recalled
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			owes, err := tx.Balance(ledger.Receivable(mara), "USD")
			must(t, err)
			seen = append(seen, owes.Minor)
			if len(seen) == 2 {
				must(t, s.Update(t.Context(), func(tx *store.Tx) error { return tx.Carry(effect.Set{Entries: []ledger.Entry{debt}}) }))
			}
			return tx.SetMark("seen", fmt.Sprint(owes.Minor))
		}))
	}
	if want := []int64{0, 0, -3600}; !slices.Equal(seen, want) {
		t.Errorf("saw %v, want %v", seen, want)
	}
	wantMark(t, s, "seen", "-3600")
}
