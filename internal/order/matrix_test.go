package order_test

import (
	"strings"
	"testing"
	"time"

	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// matrix is section 6 of the rulebook, cell by cell: how an order comes to each
// class, by whom, with which fault, and in whose record that enters.
var matrix = []struct {
	name          string
	class         policy.Class
	by            policy.Party
	fault         order.Fault
	excused       bool
	seller, buyer bool
	story         string
}{
	{"before the start", policy.ClassBeforeStart, policy.PartyBuyer, "", false, false, true, "order 5d question|0h bank pays|1h ben undoes"},
	{"stale, by the seller", policy.ClassBeforeStartStale, policy.PartySeller, "", false, false, true, "order 5d question|0h bank pays|8d mara cancels"},
	{"stale, by the clock", policy.ClassBeforeStartStale, "", "", false, false, true, "order 5d question|0h bank pays|60d clock ticks"},
	{"mutual, asked by the buyer", policy.ClassMutual, policy.PartyBuyer, "", false, false, false, "0h bank pays|1d ben asks cancel quality 100%|1d mara agrees"},
	{"mutual, asked by the seller", policy.ClassMutual, policy.PartySeller, "", false, false, false, "0h bank pays|1d mara asks cancel seller_unavailable 100%|1d ben agrees"},
	{"mutual, another cause named", policy.ClassMutual, policy.PartySeller, "", false, false, false, "0h bank pays|1d mara asks cancel buyer_unresponsive 0%|1d ben agrees seller_late"},
	{"unanswered, asked by the seller", policy.ClassUnanswered, policy.PartySeller, "", false, true, true, "0h bank pays|1d mara asks cancel other 100%|3d clock ticks"},
	{"unanswered, asked by the seller after a delivery", policy.ClassUnanswered, policy.PartySeller, "", false, true, true, "0h bank pays|1d mara delivers x|2d mara asks cancel other 100%|4d clock ticks"},
	{"unanswered, reminded twice, another cause", policy.ClassUnanswered, policy.PartySeller, "", false, true, true, "0h bank pays|1d mara reminds x|2d mara reminds x|2d mara asks cancel quality 100%|4d clock ticks"},
	{"unanswered, reminded once", policy.ClassUnanswered, policy.PartySeller, "", false, true, true, "0h bank pays|3d mara asks cancel buyer_unresponsive 100%|5d clock ticks"},
	{"unanswered, reminded twice, silent too short", policy.ClassUnanswered, policy.PartySeller, "", false, true, true, "0h bank pays|1d mara reminds x|2d mara asks cancel buyer_unresponsive 100%|2d ben comments 2 here|4d clock ticks"},
	{"unanswered, excused", policy.ClassUnanswered, policy.PartySeller, "", true, false, true, "0h bank pays|1d mara reminds x|2d mara asks cancel buyer_unresponsive 100%|4d clock ticks"},
	{"unanswered, asked by the buyer", policy.ClassUnanswered, policy.PartyBuyer, "", false, true, false, "0h bank pays|1d ben asks cancel other 100%|3d clock ticks"},
	{"unanswered, a buyer has no excuse", policy.ClassUnanswered, policy.PartyBuyer, "", false, true, false, "0h bank pays|1d mara reminds x|2d mara reminds x|2d ben asks cancel buyer_unresponsive 100%|4d clock ticks"},
	{"late", policy.ClassLate, policy.PartyBuyer, "", false, true, false, "0h bank pays|6d ben cancels"},
	{"forced, the seller's fault", policy.ClassForced, "", order.FaultSeller, false, true, false, "0h bank pays|1d agent forces seller quality 100%"},
	{"forced, the buyer's fault", policy.ClassForced, "", order.FaultBuyer, false, false, true, "0h bank pays|1d agent forces buyer buyer_fraud 0%"},
	{"forced, nobody's fault", policy.ClassForced, "", order.FaultNobody, false, false, false, "0h bank pays|1d agent forces nobody mistake 50%"},
	{"forced, the house's fault", policy.ClassForced, "", order.FaultPlatform, false, false, false, "0h bank pays|1d agent forces platform platform_error 100%"},
	{"forced, whatever was asked before", policy.ClassForced, "", order.FaultBuyer, false, false, true, "0h bank pays|1d ben asks cancel quality 100%|2d agent forces buyer quality 50%"},
	{"chargeback before completion", policy.ClassChargeback, "", "", false, false, true, "0h bank pays|1d bank disputes x|2d bank loses"},
	{"chargeback after completion", policy.ClassChargeback, "", "", false, false, true, "0h bank pays|1d mara delivers x|1d ben accepts|2d bank loses"},
	{"moderated", policy.ClassModerated, "", order.FaultNobody, false, false, false, "0h bank pays|1d agent moderates"},
	{"refunded, the seller's fault", policy.ClassRefunded, "", order.FaultSeller, false, true, false, "0h bank pays|1d mara delivers x|1d ben accepts|2d agent takes seller 100%"},
	{"refunded, the buyer's fault", policy.ClassRefunded, "", order.FaultBuyer, false, false, true, "0h bank pays|1d mara delivers x|1d ben accepts|2d agent takes buyer 100%"},
	{"refunded, nobody's fault", policy.ClassRefunded, "", order.FaultNobody, false, false, false, "0h bank pays|1d mara delivers x|1d ben accepts|2d agent takes nobody 100%"},
	{"refunded, the house's fault", policy.ClassRefunded, "", order.FaultPlatform, false, false, false, "0h bank pays|1d mara delivers x|1d ben accepts|20d agent takes platform 100%"},
}

func TestMatrix(t *testing.T) {
	for _, profile := range policy.Profiles() {
		_, doc, err := policy.Profile(profile)
		if err != nil {
			t.Fatal(err)
		}
		p := policy.Version{ID: "policy_test", Effective: dawn.Add(-time.Hour), Document: doc}
		for _, cell := range matrix {
			t.Run(profile+"/"+cell.name, func(t *testing.T) {
				o := lived(t, p, cell.story)
				e := o.Life.Ending
				switch {
				case e == nil:
					t.Fatalf("%s without an ending", o.State)
				case o.EndingClass() != cell.class || e.By != cell.by || e.Fault != cell.fault || e.Excused != cell.excused:
					t.Errorf("%s by %q, fault %q, excused %t", o.EndingClass(), e.By, e.Fault, e.Excused)
				case e.Seller != cell.seller || e.Buyer != cell.buyer:
					t.Errorf("counts for the seller %t, in the buyer's record %t", e.Seller, e.Buyer)
				case e.Excused != (e.Why != ""):
					t.Errorf("excused %t, because %q", e.Excused, e.Why)
				}
			})
		}
	}
}

// TestMatrixIsWhole looks for a row of the policy that no cell reaches.
func TestMatrixIsWhole(t *testing.T) {
	p := policy.Default("policy_test", dawn)
	for _, row := range p.Cancellation.Effects {
		reached := false
		for _, cell := range matrix {
			reached = reached || cell.class == row.Class && (row.AskedBy == "" || row.AskedBy == cell.by)
		}
		if !reached {
			t.Errorf("%s asked by %q: no cell", row.Class, row.AskedBy)
		}
	}
}

// lived plays a story, its lines parted by bars, and returns the order.
func lived(t *testing.T, p policy.Version, story string) order.Order {
	t.Helper()
	s := &scene{house: p}
	s.open(t, []string{"5d"})
	for _, line := range strings.Split(story, "|") {
		words := strings.Fields(line)
		if words[0] == "order" {
			s.open(t, words[1:])
			continue
		}
		s.act(t, words[0], words[1], words[2], words[3:])
	}
	if strings.Contains(s.told.String(), "refused") {
		t.Fatalf("refused:\n%s", s.told.String())
	}
	return s.o
}
