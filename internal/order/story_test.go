package order_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

var update = flag.Bool("update", false, "write what happened into the stories")

// dawn is when every story begins.
var dawn = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// TestStories plays the lives of orders told in testdata: each line of "story"
// is an instant since dawn, somebody and what they do; "told" is everything
// that came of it.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 10 {
		t.Fatalf("stories: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			told := play(t, string(section(t, archive, "story").Data))
			want := section(t, archive, "told")
			if *update {
				want.Data = []byte(told)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if told != string(want.Data) {
				t.Errorf("told:\n%s\nwant:\n%s", told, want.Data)
			}
		})
	}
}

func section(t *testing.T, a *txtar.Archive, name string) *txtar.File {
	t.Helper()
	for i := range a.Files {
		if a.Files[i].Name == name {
			return &a.Files[i]
		}
	}
	t.Fatalf("no section %q", name)
	return nil
}

// scene is a story being told.
type scene struct {
	house policy.Version // its rules, unless an order says otherwise
	p     policy.Version // the order's
	o     order.Order
	next  string // what was told of last that happens by itself
	told  strings.Builder
}

func play(t *testing.T, story string) string {
	t.Helper()
	s := &scene{house: policy.Default("policy_test", dawn.Add(-time.Hour))}
	for _, line := range strings.Split(strings.TrimSpace(story), "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		fmt.Fprintf(&s.told, "> %s\n", strings.TrimSpace(line))
		switch words[0] {
		case "order":
			s.open(t, words[1:])
			continue
		case "written": // the buyer's last message: the order is told of it
			at, err := policy.ParseDuration(words[1])
			if err != nil {
				t.Fatal(err)
			}
			s.o.BuyerSaid = dawn.Add(at.D())
			continue
		}
		s.act(t, words[0], words[1], words[2], words[3:])
	}
	return s.told.String()
}

// open starts with an unpaid order of $80.00: "order 5d 2rev question fee=5%".
func (s *scene) open(t *testing.T, words []string) {
	t.Helper()
	s.p = s.house
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		fee, ok := strings.CutPrefix(w, "fee=")
		if ok {
			s.p.Money.BuyerFee = policy.Percent(share(t, fee))
		}
		return ok
	})
	s.o = newOrder(t, s.p, words...)
	s.next = s.byItself()
}

func newOrder(t testing.TB, p policy.Version, words ...string) order.Order {
	t.Helper()
	body := gig.Body{Title: "design a logo", Currency: "USD", Packages: []gig.Package{{Tier: gig.Standard, Name: "Standard", Price: 8000, Days: 5, Revisions: 2}}}
	for _, w := range words {
		switch {
		case strings.HasSuffix(w, "rev"):
			body.Packages[0].Revisions = number(t, strings.TrimSuffix(w, "rev"))
		case w == "question":
			body.Questions = []gig.Question{{Key: "name", Kind: gig.QuestionText, Text: "Name of the bakery?", Required: true},
				{Key: "mood", Kind: gig.QuestionChoice, Text: "Mood?", Choices: []string{"calm", "loud"}}}
		default:
			body.Packages[0].Days = number(t, strings.TrimSuffix(w, "d"))
		}
	}
	q, err := gig.NewQuote(body, gig.Pick{Tier: gig.Standard, Quantity: 1}, p)
	if err != nil {
		t.Fatal(err)
	}
	o, _, err := order.New(dawn, order.Draft{ID: "order_1", Ref: "G7K2M4", Buyer: "member_ben", Seller: "member_mara", Gig: "gig_1", Quote: q}, ben, p)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

var (
	ben  = member.Actor{Member: "member_ben", Role: member.RoleMember}
	mara = member.Actor{Member: "member_mara", Role: member.RoleMember, Seller: true}
	cast = map[string]member.Actor{
		"ben": ben, "mara": mara, "clock": member.Clock(), "bank": member.Provider(),
		"agent":    {Member: "member_ada", Role: member.RoleAgent},
		"stranger": {Member: "member_eve", Role: member.RoleMember, Seller: true},
	}
)

func (s *scene) act(t *testing.T, at, who, what string, args []string) {
	t.Helper()
	offset, err := policy.ParseDuration(at)
	if err != nil {
		t.Fatal(err)
	}
	next, set, err := order.Decide(dawn.Add(offset.D()), s.o, cast[who], moveOf(t, s.o, what, args), s.p)
	if err != nil {
		var f *fault.Error
		if !errors.As(err, &f) {
			t.Fatalf("%s %s: not a fault: %v", who, what, err)
		}
		fmt.Fprintf(&s.told, "  refused %s: %v\n", f.Kind, err)
		return
	}
	if _, again, _ := order.Decide(dawn.Add(offset.D()), s.o, cast[who], moveOf(t, s.o, what, args), s.p); len(again.Events) != len(set.Events) {
		t.Errorf("%s %s: the same decision twice differs", who, what)
	}
	for _, e := range set.Events {
		fmt.Fprintf(&s.told, "  %s %d %s %s", policy.Duration(e.At.Sub(dawn)), e.Seq, e.Role, strings.TrimPrefix(string(e.Kind), "order."))
		if e.From != e.To {
			fmt.Fprintf(&s.told, " → %s", e.To)
		}
		if e.Detail.Class != "" {
			fmt.Fprintf(&s.told, " class=%s", e.Detail.Class)
		}
		if !e.Detail.Until.IsZero() {
			fmt.Fprintf(&s.told, " until=%s", policy.Duration(e.Detail.Until.Sub(dawn)))
		}
		if e.Detail.Amount != 0 {
			fmt.Fprintf(&s.told, " amount=%s", money.Of(e.Detail.Amount, "USD"))
		}
		for _, fact := range []string{"on_time", "counted", "why", "stood", "kind", "waits", "to", "asks", "silence", "cause", "fault", "by", "paid", "taken", "days"} {
			if v := e.Detail.Facts[fact]; v != "" {
				fmt.Fprintf(&s.told, " %s=%s", fact, v)
			}
		}
		s.told.WriteString("\n")
	}
	for _, e := range set.Entries {
		fmt.Fprintf(&s.told, "    $ %s", e.Kind)
		for _, p := range e.Postings {
			fmt.Fprintf(&s.told, "  %s %s", p.Account, money.Of(p.Minor, "USD"))
		}
		s.told.WriteString("\n")
	}
	if e := next.Life.Ending; e != nil && s.o.Life.Ending == nil {
		fmt.Fprintf(&s.told, "    ending: counts for the seller %t, in the buyer's record %t", e.Seller, e.Buyer)
		if e.Excused {
			fmt.Fprintf(&s.told, "; excused: %s", e.Why)
		}
		s.told.WriteString("\n")
	}
	if e, was := next.Life.Ending, s.o.Life.Ending; e != nil && was != nil && e.Disputed != was.Disputed {
		fmt.Fprintf(&s.told, "    they differ about the cause: %t\n", e.Disputed)
	}
	for _, p := range next.Life.Pauses[len(s.o.Life.Pauses):] {
		fmt.Fprintf(&s.told, "    stood still from %s to %s: %s\n", policy.Duration(p.From.Sub(dawn)), policy.Duration(p.Until.Sub(dawn)), p.Why)
	}
	s.o = next
	if next := s.byItself(); next != s.next {
		fmt.Fprintf(&s.told, "    next: %s\n", next)
		s.next = next
	}
}

// byItself is what happens to the order next if nobody does anything.
func (s *scene) byItself() string {
	d, ok := order.Next(s.o, s.p)
	if !ok {
		return "nothing by itself"
	}
	return fmt.Sprintf("%s at %s", d.Name, policy.Duration(d.At.Sub(dawn)))
}

func moveOf(t testing.TB, o order.Order, what string, args []string) order.Move {
	t.Helper()
	text := strings.Join(args, " ")
	charge := order.Charge{Payment: "payment_1", Provider: "sandbox", Ref: "ch_1", Method: "Visa ending 4242", Amount: o.Total}
	switch what {
	case "pays":
		sale := order.Sale{Open: true, Capacity: true, Price: o.Total}
		switch text {
		case "closed":
			sale.Open = false
		case "full":
			sale.Capacity = false
		case "dearer":
			sale.Price.Minor++
		case "again":
			charge.Payment, charge.Ref = "payment_2", "ch_2"
		}
		return order.Place{Charge: charge, Sale: sale}
	case "undoes":
		return order.Undo{}
	case "answers":
		var answers []order.Answer
		for _, a := range args {
			key, value, _ := strings.Cut(a, "=")
			answers = append(answers, order.Answer{Question: key, Text: value})
		}
		return order.Submit{Answers: answers}
	case "waives":
		return order.Waive{}
	case "shows":
		return order.Progress{Text: text}
	case "comments":
		return order.Comment{On: number(t, args[0]), Text: strings.Join(args[1:], " ")}
	case "warns":
		return order.Delay{Reason: text}
	case "delivers":
		if len(args) > 0 && strings.HasPrefix(args[0], "began=") {
			began, err := policy.ParseDuration(strings.TrimPrefix(args[0], "began="))
			if err != nil {
				t.Fatal(err)
			}
			return order.Deliver{Files: []ident.File{"file_1"}, UploadBegan: dawn.Add(began.D())}
		}
		return order.Deliver{Text: text}
	case "extends":
		return order.ExtendReview{}
	case "revises":
		return order.Revise{Text: text}
	case "faults":
		return order.Revise{Text: strings.Join(args[1:], " "), Lines: []int{number(t, args[0])}, Fault: true}
	case "accepts":
		return order.Accept{}
	case "cancels":
		if o.State == order.AwaitingRequirements {
			return order.CancelStale{}
		}
		return order.CancelLate{}
	case "refunds", "sends", "waits", "keeps":
		return refundMove(o, what)
	case "forces":
		return order.ForceCancel{Fault: order.Fault(args[0]), Cause: args[1], Share: share(t, args[2])}
	case "finishes":
		return order.ForceComplete{}
	case "takes":
		m := order.ForceRefund{Fault: order.Fault(args[0]), Share: share(t, args[1])}
		if len(args) > 2 {
			m.Available = int64(number(t, args[2]))
		}
		return m
	case "moderates":
		return order.Moderate{}
	case "disputes":
		return order.Dispute{Payment: disputed(args), Reason: text}
	case "wins":
		return order.DisputeWon{Payment: disputed(args)}
	case "loses":
		p := disputed(args)
		return order.DisputeLost{Payment: p, Taken: leftOf(o, p)}
	case "holds":
		return order.HoldOrder{Reason: text}
	case "releases":
		return order.Release{}
	case "ticks":
		return order.Tick{}
	}
	return requestMove(t, o, what, args)
}

// disputed is the payment that the bank has its hand on: the order's first one,
// "more" that was paid for added work, or the one that was paid "again".
func disputed(args []string) ident.Payment {
	switch {
	case len(args) == 0:
	case args[0] == "more":
		return "payment_3"
	case args[0] == "again":
		return "payment_2"
	}
	return "payment_1"
}

// leftOf is what the bank takes of a payment: what was not sent back before.
func leftOf(o order.Order, p ident.Payment) int64 {
	var kept, back, sent int64
	for _, c := range o.Charges() {
		if c.Payment == p {
			kept = c.Amount.Minor
		}
	}
	for _, r := range o.Life.Refunds {
		if r.Payment == p {
			back += r.Minor
			if !r.Sent.IsZero() {
				sent += r.Minor
			}
		}
	}
	if kept == 0 { // the order had no use for it
		kept = back
	}
	return kept - sent
}

// refundMove is what the provider says of the refund that is open longest, or of
// the last one again: that it "refunds" or "sends" it, that it "waits", or that
// the bank "keeps" it.
func refundMove(o order.Order, what string) order.Move {
	r := order.Refund{Payment: "payment_1"}
	if i := slices.IndexFunc(o.Life.Refunds, order.Refund.Open); i >= 0 {
		r = o.Life.Refunds[i]
	} else if n := len(o.Life.Refunds); n > 0 {
		r = o.Life.Refunds[n-1]
	}
	switch what {
	case "sends":
		return order.RefundSent{Event: r.Event, Payment: r.Payment}
	case "waits":
		return order.RefundDisputed{Event: r.Event, Payment: r.Payment}
	case "keeps":
		return order.RefundOvertaken{Event: r.Event, Payment: r.Payment}
	}
	return order.RefundConfirmed{Event: r.Event, Payment: r.Payment}
}

// requestMove is what somebody does about a request.
func requestMove(t testing.TB, o order.Order, what string, args []string) order.Move {
	t.Helper()
	text := strings.Join(args, " ")
	switch what {
	case "asks":
		return order.Ask{Proposal: proposal(t, o, args)}
	case "counters":
		return order.Counter{No: open(o), Proposal: proposal(t, o, args)}
	case "agrees":
		return order.Agree{No: open(o), Cause: text}
	case "declines":
		return order.Decline{No: open(o), Text: text}
	case "withdraws":
		return order.Withdraw{No: open(o)}
	case "paysmore":
		charge := order.Charge{Payment: "payment_3", Provider: "sandbox", Ref: "ch_3", Method: "Visa ending 4242", Amount: money.Of(500, "USD")}
		if r := o.Life.Request; r != nil && r.Agreed() {
			charge.Amount = money.Of(r.Owed, "USD")
		}
		if len(args) > 0 {
			charge.Amount = money.Of(int64(number(t, args[0])), "USD")
		}
		return order.PayMore{Charge: charge, No: open(o)}
	case "reminds":
		return order.Nudge{Text: text}
	case "means":
		return order.SayCause{Cause: text}
	}
	t.Fatalf("no such move: %q", what)
	return nil
}

// open is the number of the open request.
func open(o order.Order) int {
	if o.Life.Request == nil {
		return 0
	}
	return o.Life.Request.No
}

// proposal reads "cancel mistake 100%", "extend 3", "add_extra 1500 2",
// "discount 25%", "swap 10000 7".
func proposal(t testing.TB, o order.Order, args []string) resolution.Proposal {
	t.Helper()
	a := resolution.Proposal{Kind: resolution.Kind(args[0]), Reason: "because"}
	switch a.Kind {
	case resolution.Cancel:
		a.Cause, a.Share = args[1], share(t, args[2])
	case resolution.Extend:
		a.Days = number(t, args[1])
	case resolution.AddExtra:
		a.Extra, a.Price, a.Days = "a second logo", int64(number(t, args[1])), number(t, args[2])
	case resolution.Discount:
		a.Share = share(t, args[1])
	case resolution.Swap:
		q := o.Agreement
		q.Title, q.Days = "paint a sign", number(t, args[2])
		q.Price = money.Of(int64(number(t, args[1])), "USD")
		q.Total = money.Of(q.Price.Minor+q.Fee.Minor, "USD")
		a.Into = &resolution.Into{Gig: "gig_2", Quote: q}
	}
	return a
}

func share(t testing.TB, s string) money.BasisPoints {
	t.Helper()
	p, err := policy.ParsePercent(s)
	if err != nil {
		t.Fatal(err)
	}
	return p.BP()
}

func number(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
