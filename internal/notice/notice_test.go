package notice

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/standing"
	"guildhall/internal/talk"
	"guildhall/internal/withdrawal"
)

var update = flag.Bool("update", false, "write the golden files anew")

func allKinds() []effect.Kind {
	kinds := slices.Concat(order.Kinds(), gig.Kinds(), withdrawal.Kinds(), offer.Kinds(), talk.Kinds(), desk.Events(), review.Kinds(), standing.Kinds())
	for _, k := range member.Kinds() {
		kinds = append(kinds, effect.Kind(k))
	}
	return kinds
}

func TestEveryKindHasARule(t *testing.T) {
	kinds := allKinds()
	for _, k := range kinds {
		if !Known(k) {
			t.Errorf("%s: nobody has said whom it tells; declare it silent if nobody", k)
		}
	}
	for k := range rules {
		if !slices.Contains(kinds, k) {
			t.Errorf("%s has a rule but is no kind of event", k)
		}
	}
}

// TestKindsAreComplete reads the constants themselves, so that a kind cannot be
// forgotten in the list and hence here.
func TestKindsAreComplete(t *testing.T) {
	for file, listed := range map[string][]effect.Kind{"../order/moves.go": order.Kinds(), "../offer/moves.go": offer.Kinds(), "../member/member.go": allKinds()} {
		for _, kind := range constants(t, file) {
			if !slices.Contains(listed, kind) {
				t.Errorf("%s: %q is not in Kinds", file, kind)
			}
		}
	}
}

// constants are the strings of the file's untyped constants.
func constants(t *testing.T, file string) []effect.Kind {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []effect.Kind
	for _, d := range tree.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			if lit, ok := v.Values[0].(*ast.BasicLit); ok && v.Type == nil && lit.Kind == token.STRING {
				text, _ := strconv.Unquote(lit.Value)
				list = append(list, effect.Kind(text))
			}
		}
	}
	if len(list) == 0 {
		t.Fatalf("no constants in %s", file)
	}
	return list
}

var (
	at    = time.Date(2026, 11, 17, 13, 5, 0, 0, time.UTC)
	until = at.Add(72 * time.Hour)
	facts = Facts{
		Ref: "G7K2M4", Title: "Logo for a bakery", Currency: "USD",
		Buyer: Person{"member_buyer", "Ines"}, Seller: Person{"member_seller", "Mara"}, Self: Person{"member_buyer", "Ines"},
		Opener: Person{"member_opener", "Ines"}, Across: Person{"member_across", "Mara"}, Agent: Person{"member_agent", "Ada"},
	}
)

func classic(t *testing.T) policy.Version {
	t.Helper()
	_, doc, err := policy.Profile("classic")
	if err != nil {
		t.Fatal(err)
	}
	return policy.Version{ID: "policy_1", Document: doc}
}

// samples is one event for each thing that the rules can say.
func samples() map[string]effect.Event {
	list := map[string]effect.Event{}
	for _, k := range allKinds() {
		list[string(k)] = effect.Event{Kind: k, Detail: effect.Detail{Until: until, Amount: 8000, Text: "Here is where I stand."}}
	}
	vary := func(k effect.Kind, name string, change func(*effect.Event)) {
		e := list[string(k)]
		change(&e)
		list[string(k)+" "+name] = e
	}
	returned := func(why string) func(*effect.Event) {
		return func(e *effect.Event) {
			e.Detail.Facts = map[string]string{"why": why, "method": "Visa ending 4242"}
		}
	}
	caseSamples(list, vary)
	requestSamples(list, vary)
	decisionSamples(list, vary)
	reviewSamples(list, vary)
	levelSamples(list, vary)
	vary(order.Paid, "and waits for answers", func(e *effect.Event) { e.Detail.Until = time.Time{} })
	for _, why := range []string{"not_for_sale", "fully_booked", "price_changed", "too_late", "paid_already", "offer_ended"} {
		vary(order.PaymentReturned, why, returned(why))
	}
	vary(offer.Made, "in the place of another", func(e *effect.Event) { e.Detail.Facts = map[string]string{"supersedes": "offer_1"} })
	vary(offer.DeclinedOffer, "without a word", func(e *effect.Event) { e.Detail.Text = "" })
	vary(order.ProgressShown, "by files only", func(e *effect.Event) { e.Detail.Text, e.Detail.Files = "", []ident.File{"a"} })
	vary(order.DeliveredWork, "with files", func(e *effect.Event) { e.Detail.Files = []ident.File{"a", "b"} })
	vary(talk.Said, "after everything was read", func(e *effect.Event) { e.Detail.Facts = map[string]string{"letter": "yes"} })
	vary(talk.Said, "by files only", func(e *effect.Event) { e.Detail.Text, e.Detail.Files = "", []ident.File{"a"} })
	vary(order.Commented, "by the buyer", func(e *effect.Event) { e.Actor = facts.Buyer.ID })
	vary(order.RevisionAsked, "as a fault", func(e *effect.Event) {
		e.Detail.Lines, e.Detail.Facts = []int{1, 3}, map[string]string{"counted": "false"}
	})
	vary(order.TakenOffHold, "after days", func(e *effect.Event) { e.Detail.Facts = map[string]string{"stood": "1d4h"} })
	vary(order.TakenOffHold, "with nothing running", func(e *effect.Event) { e.Detail.Until = at.Add(-time.Hour) })
	for _, k := range withdrawal.Kinds() {
		e := list[string(k)]
		e.Detail.Facts = map[string]string{"method": "ending 3000"}
		list[string(k)] = e
	}
	vary(withdrawal.EventSettled, "in part", func(e *effect.Event) { e.Detail.Facts = map[string]string{"left": "$12.00"} })
	for k, class := range map[effect.Kind]policy.Class{
		order.Undone: policy.ClassBeforeStart, order.CancelledLate: policy.ClassLate,
		order.CancelledStale: policy.ClassBeforeStartStale, order.RefundedStale: policy.ClassBeforeStartStale,
	} {
		e := list[string(k)]
		e.Detail.Class, e.Detail.Facts = string(class), map[string]string{"method": "Visa ending 4242"}
		list[string(k)] = e
	}
	return list
}

// TestWords keeps every word that is said to people in one file to be read.
func TestWords(t *testing.T) {
	f := facts
	f.Policy = classic(t)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	got := &txtar.Archive{Comment: []byte("What people are told, in the zone Europe/Berlin. Written by go test -update.\n\n")}
	list := samples()
	for _, k := range allKinds() {
		for _, name := range slices.Sorted(keysOf(list, k)) {
			e := list[name]
			e.Stream, e.Seq, e.At = "order_x", 3, at
			var b bytes.Buffer
			for _, n := range For(e, f) {
				b.WriteString(shown(n, f, berlin))
			}
			if b.Len() == 0 {
				b.WriteString("(silent)\n\n")
			}
			got.Files = append(got.Files, txtar.File{Name: name, Data: b.Bytes()})
		}
	}
	compare(t, "testdata/words.txtar", txtar.Format(got))
	for k, lines := range rules {
		if n := len(lines); n > 0 && !saysAll(k, n, list, f) {
			t.Errorf("%s: a line of its rule is never said by the samples", k)
		}
	}
}

func keysOf(list map[string]effect.Event, k effect.Kind) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name, e := range list {
			if e.Kind == k && !yield(name) {
				return
			}
		}
	}
}

// saysAll tells whether the samples of a kind say every one of its n lines.
func saysAll(k effect.Kind, n int, list map[string]effect.Event, f Facts) bool {
	reached := map[int]bool{}
	for _, e := range list {
		if e.Kind != k {
			continue
		}
		done := map[ident.Member]bool{}
		for i, l := range rules[k] {
			to, _ := f.party(l.to, e)
			if !done[to.ID] && (l.fits == nil || l.fits(e)) {
				done[to.ID], reached[i] = true, true
			}
		}
	}
	return len(reached) == n
}

func shown(n Notice, f Facts, zone *time.Location) string {
	to, way := "seller", "notice and letter"
	switch {
	case n.To == f.Opener.ID, n.To == f.Across.ID, n.To == f.Agent.ID:
		to, _ = strings.CutPrefix(string(n.To), "member_")
	case strings.HasPrefix(n.Link, "/orders/") && n.To == f.Buyer.ID:
		to = "buyer"
	case n.Kind != order.Cleared && !strings.HasPrefix(n.Link, "/orders/"):
		to = "member"
	}
	if !n.Mail {
		way = "notice"
	}
	write := At(n.At, zone)
	return fmt.Sprintf("to the %s, by %s\n%s\n%s\n\n", to, way, Say(n.TitleParts(), write), fold(Say(n.BodyParts(), write)))
}

func compare(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at it and run go test -update:\n%s", file, got)
	}
}

func TestWordsKeepTheHouseStyle(t *testing.T) {
	f := facts
	f.Policy = classic(t)
	f.Buyer.Name, f.Seller.Name = strings.Repeat("Maximiliane ", 5), strings.Repeat("Bartholomew ", 5)
	f.Self.Name, f.Title = f.Buyer.Name, strings.Repeat("A very long title ", 8)
	for name, e := range samples() {
		e.Stream, e.Seq, e.At = "order_x", 3, at
		for _, n := range For(e, f) {
			title, body := Say(n.TitleParts(), At(at, time.UTC)), Say(n.BodyParts(), At(at, time.UTC))
			if c := utf8.RuneCountInString(title); c > 80 {
				t.Errorf("%s: %d characters: %s", name, c, title)
			}
			if !strings.HasSuffix(body, ".") || strings.Contains(body, "  ") || strings.Contains(body, "..") {
				t.Errorf("%s: not a clean sentence: %s", name, body)
			}
			for _, no := range []string{"!", "oops", "soon", "escrow", "{", "}", "[", "]", "0001", "%!"} {
				if strings.Contains(strings.ToLower(title+body), no) {
					t.Errorf("%s says %q: %s %s", name, no, title, body)
				}
			}
		}
	}
}

func TestNumbersComeFromThePolicy(t *testing.T) {
	f := facts
	f.Policy = classic(t)
	f.Policy.Order.LateCancel = policy.Duration(5 * time.Hour)
	e := effect.Event{Stream: "order_x", Seq: 1, At: at, Kind: order.DuePassed, Detail: effect.Detail{Until: at}}
	if body := Say(For(e, f)[0].BodyParts(), At(at, time.UTC)); !strings.Contains(body, "from Tue 17 Nov, 18:05") {
		t.Errorf("the policy says 5 hours: %s", body)
	}
	e = effect.Event{Stream: "order_x", Seq: 1, At: at, Kind: order.CancelledLate, Detail: effect.Detail{Class: string(policy.ClassLate)}}
	f.Policy.Cancellation.Effects = []policy.ClassEffect{{Class: policy.ClassLate, Seller: policy.EffectNo, Buyer: policy.EffectNo}}
	if body := Say(For(e, f)[0].BodyParts(), At(at, time.UTC)); !strings.Contains(body, "no effect on your figures") {
		t.Errorf("the policy counts nothing: %s", body)
	}
}

func TestOneEventIsOneNoticeEach(t *testing.T) {
	f := facts
	f.Policy = classic(t)
	e := effect.Event{Stream: "order_x", Seq: 4, At: at, Kind: order.DuePassed, Detail: effect.Detail{Until: at}}
	ids := map[ident.Notice]bool{}
	for range 2 {
		for _, n := range For(e, f) {
			ids[n.ID] = true
		}
	}
	e.Seq = 5 // the same kind again is another event
	for _, n := range For(e, f) {
		if ids[n.ID] {
			t.Error("two events share a notice")
		}
		if !ident.Valid(n.ID) {
			t.Errorf("%q is no id", n.ID)
		}
	}
	if len(ids) != 2 {
		t.Errorf("one event made %d notices for two people", len(ids))
	}
}

func TestNobodysWordsNameASlot(t *testing.T) {
	f := facts
	f.Policy = classic(t)
	f.Title = "{amount} [{until}]"
	e := effect.Event{Stream: "order_x", Seq: 1, At: at, Kind: order.Commented, Actor: f.Buyer.ID, Detail: effect.Detail{Text: "{ref} <b>\r\nBcc: x"}}
	n := For(e, f)[0]
	if n.To != f.Seller.ID {
		t.Fatalf("told %s", n.To)
	}
	l := Compose(n, Reader{Name: "Mara", Zone: time.UTC, Site: "https://hall.example"})
	if !strings.Contains(l.Text, "“{ref} <b> Bcc: x”") || strings.Contains(l.HTML, "<b>") || strings.ContainsAny(l.Subject, "\r\n") {
		t.Errorf("%s\n%s\n%s", l.Subject, l.Text, l.HTML)
	}
}

func TestContentSurvivesTheDatabase(t *testing.T) {
	f := facts
	f.Policy = classic(t)
	e := effect.Event{Stream: "order_x", Seq: 1, At: at, Kind: order.RemindDue, Detail: effect.Detail{Until: until}}
	n := For(e, f)[0]
	kept, err := json.Marshal(n.Content)
	if err != nil {
		t.Fatal(err)
	}
	var back Content
	if err := json.Unmarshal(kept, &back); err != nil {
		t.Fatal(err)
	}
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := Say(back.TitleParts(), At(at, tokyo)), "Order #G7K2M4 is due Fri 20 Nov, 22:05"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if !back.Void.Equal(until) {
		t.Errorf("void %v, want %v", back.Void, until)
	}
}

func TestLetter(t *testing.T) {
	f := facts
	f.Policy = classic(t)
	e := effect.Event{Stream: "order_x", Seq: 1, At: at, Kind: order.DeliveredWork, Detail: effect.Detail{Until: until, Text: "Three drafts."}}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	l := Compose(For(e, f)[0], Reader{Name: "Ines", Zone: berlin, Site: "https://hall.example"})
	compare(t, "testdata/letter.txtar", txtar.Format(&txtar.Archive{Files: []txtar.File{
		{Name: "subject", Data: []byte(l.Subject + "\n")}, {Name: "text", Data: []byte(l.Text)}, {Name: "html", Data: []byte(l.HTML + "\n")},
	}}))
}
