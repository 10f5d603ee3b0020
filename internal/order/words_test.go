package order_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// TestSteps keeps what the two sides of an order read on its page, and what
// they may press, while something is asked, held or has ended.
func TestSteps(t *testing.T) {
	const path = "testdata/steps/requests.txt"
	p := policy.Default("policy_test", dawn)
	var b strings.Builder
	for _, story := range []string{
		"0h bank pays|1d ben asks cancel mistake 100%",
		"0h bank pays|1d mara asks cancel out_of_scope 40%",
		"0h bank pays|1d mara delivers x|2d ben asks cancel quality 100%",
		"0h bank pays|1d mara asks extend 1",
		"0h bank pays|1d ben asks add_extra 1500 2|1d mara agrees",
		"0h bank pays|1d ben asks swap 5000 2",
		"0h bank pays|1d mara asks discount 10%",
		"0h bank pays|1d mara asks extend 1|3d mara asks extend 1|5d mara asks extend 1",
		"0h bank pays|1d agent holds let us see",
		"0h bank pays|1d bank disputes x",
		"0h bank pays|1d ben asks discount 25%|1d mara agrees|8d clock ticks",
		"0h bank pays|1d ben asks cancel quality 60%|1d mara agrees quality",
		"0h bank pays|1d ben asks cancel quality 100%|4d clock ticks",
		"0h bank pays|1d agent forces seller quality 100%|2d bank refunds",
		"0h bank pays|1d mara delivers x|1d ben accepts|2d agent takes seller 100%",
		"0h bank pays|1d bank disputes x|2d bank loses",
		"0h bank pays|1d ben asks add_extra 700 1|1d2h mara agrees|1d3h bank paysmore|2d bank disputes x|3d bank loses",
		"0h bank pays|1d ben asks add_extra 700 1|1d2h mara agrees|1d3h bank paysmore|2d bank disputes x|3d bank loses|4d bank refunds",
	} {
		fmt.Fprintf(&b, "# %s\n", strings.ReplaceAll(story, "|", " | "))
		o := lived(t, p, story)
		now := dawn.Add(7 * 24 * time.Hour)
		if o.Life.Request != nil {
			now = o.Life.Request.Asked.Add(time.Hour)
		}
		for _, side := range []order.Party{order.Buyer, order.Seller} {
			s := order.NextStep(now, o, side, p)
			fmt.Fprintf(&b, "%s: %s\n", side, strings.ReplaceAll(s.Says, "{until}", policy.Duration(s.Until.Sub(dawn)).String()))
			for _, opt := range order.Options(now, o, side, p) {
				fmt.Fprintf(&b, "    [%s]", opt.Verb)
				if opt.Not != "" {
					fmt.Fprintf(&b, " not now: %s", opt.Not)
				}
				b.WriteString("\n")
			}
		}
		b.WriteString("\n")
	}
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("%s differs; look at it and run this test with -update:\n%s", path, b.String())
	}
}

// TestSilenceThatAgreesChargesNobody: a policy may let silence agree, but never
// to a payment.
func TestSilenceThatAgreesChargesNobody(t *testing.T) {
	p := oddPolicy()
	for story, want := range map[string]order.Silence{
		"0h bank pays|1d ben asks extend 1":          order.SilenceApplies,
		"0h bank pays|1d mara asks add_extra 0 0":    order.SilenceApplies,
		"0h bank pays|1d mara asks add_extra 500 0":  order.SilenceNothing,
		"0h bank pays|1d mara asks swap 1000 1":      order.SilenceApplies,
		"0h bank pays|1d mara asks swap 9999 1":      order.SilenceNothing,
		"0h bank pays|1d ben asks cancel quality 9%": order.SilenceNothing,
	} {
		o := lived(t, p, story)
		if got := o.IfSilent(p); got != want {
			t.Errorf("%s: %s", story, got)
		}
		after := lived(t, p, story+"|2d clock ticks")
		applied := after.Life.Extended+len(after.Life.Added)+after.Life.Swaps > 0
		if applied != (want == order.SilenceApplies) || after.Resting().Minor > o.Resting().Minor {
			t.Errorf("%s: applied %t, rests %s", story, applied, after.Resting())
		}
	}
}

// TestAnUndoPromisesWhatIsThere: of what a decision sent back before the start
// nothing goes back once more.
func TestAnUndoPromisesWhatIsThere(t *testing.T) {
	p := policy.Default("policy_test", dawn)
	o := newOrder(t, p, "5d", "question")
	for _, step := range []struct{ who, what, args string }{{"bank", "pays", ""}, {"agent", "takes", "nobody 25%"}} {
		next, _, err := order.Decide(dawn, o, cast[step.who], moveOf(t, o, step.what, strings.Fields(step.args)), p)
		if err != nil {
			t.Fatal(err)
		}
		o = next
	}
	for _, opt := range order.Options(dawn, o, order.Buyer, p) {
		if opt.Move == order.MoveUndo && !strings.Contains(opt.Says, "$60.00 goes back to Visa ending 4242.") {
			t.Errorf("undoing says %q", opt.Says)
		}
	}
}
