package pay_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/pay"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

const secret = "a secret of thirty-two bytes....."

// clock is a house clock that tests move.
type clock struct{ us atomic.Int64 }

func (c *clock) now() time.Time           { return time.UnixMicro(c.us.Load()).UTC() }
func (c *clock) advance(by time.Duration) { c.us.Add(by.Microseconds()) }

// open gives the provider at a moment far from the wall clock, as in a rehearsal.
func open(s *store.Store) (*pay.Sandbox, *clock) {
	c := &clock{}
	c.us.Store(time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC).UnixMicro())
	return pay.NewSandbox(s, c.now, []byte(secret), 0), c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if fault.KindOf(err) != kind || err == nil {
		t.Errorf("got error %v, want kind %q", err, kind)
	}
}

func usd(minor int64) money.Amount { return money.Of(minor, "USD") }

func card(number string) pay.Card {
	return pay.Card{Number: number, Expiry: "09/35", CVC: "123", Name: "Ada"}
}

const (
	visa    = "4242 4242 4242 4242"
	step    = "4000 0025 0000 3155"
	noMoney = "4000 0000 0000 0002"
	late    = "4000 0000 0000 0341"
)

func charge(id, number string, minor int64) pay.Charge {
	return pay.Charge{Payment: ident.Payment("payment_" + id), Amount: usd(minor), Card: card(number), About: "A logo", Back: "/orders/1"}
}

// inbox is a house that reads its messages.
type inbox struct {
	t      *testing.T
	p      *pay.Sandbox
	mu     sync.Mutex
	got    []pay.Message
	refuse func(pay.Message) error
}

func (b *inbox) post(_ context.Context, h http.Header, body []byte) error {
	m, err := b.p.Verify(h, body)
	if err != nil {
		b.t.Errorf("an honest message was refused: %v", err)
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse != nil {
		if err := b.refuse(m); err != nil {
			return err
		}
	}
	b.got = append(b.got, m)
	return nil
}

// take delivers what is due and returns it.
func (b *inbox) take() []pay.Message {
	b.t.Helper()
	must(b.t, b.p.Deliver(b.t.Context(), b.post))
	b.mu.Lock()
	defer b.mu.Unlock()
	got := b.got
	b.got = nil
	return got
}

func kinds(list []pay.Message) string {
	var words []string
	for _, m := range list {
		words = append(words, string(m.Kind)+" "+string(m.Outcome.Payment)+m.Payout)
	}
	return strings.Join(words, ", ")
}

func TestEveryPlayCardKeepsItsWord(t *testing.T) {
	want := map[string]struct {
		first, last pay.State
		unknown     bool
	}{
		visa:                  {first: pay.Succeeded, last: pay.Succeeded},
		"5555 5555 5555 4444": {first: pay.Succeeded, last: pay.Succeeded},
		step:                  {first: pay.NeedsStep, last: pay.NeedsStep},
		noMoney:               {first: pay.Declined, last: pay.Declined},
		"4000 0000 0000 9995": {first: pay.Declined, last: pay.Declined},
		"4000 0000 0000 0069": {first: pay.Declined, last: pay.Declined},
		"4000 0000 0000 9987": {first: pay.Declined, last: pay.Declined},
		"4000 0000 0000 0077": {first: pay.Pending, last: pay.Succeeded},
		late:                  {first: pay.Pending, last: pay.Succeeded, unknown: true},
		"4000 0000 0000 0259": {first: pay.Pending, last: pay.Declined, unknown: true},
		takenBack:             {first: pay.Succeeded, last: pay.Succeeded},
		leftAlone:             {first: pay.Succeeded, last: pay.Succeeded},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, clock := open(s)
		box := &inbox{t: t, p: p}
		if len(pay.PlayCards()) != len(want) {
			t.Errorf("%d play cards, %d known here", len(pay.PlayCards()), len(want))
		}
		for _, c := range pay.PlayCards() {
			w := want[c.Number]
			in := charge(c.Number, c.Number, 8000)
			in.Payment = ident.Payment("payment_" + strings.ReplaceAll(c.Number, " ", ""))
			out, err := p.Charge(t.Context(), in)
			if out.State != w.first || errors.Is(err, pay.ErrUnknown) != w.unknown || !w.unknown && err != nil {
				t.Errorf("%s: charged %v, %v", c.Number, out.State, err)
			}
			if (out.Reason != "") != (out.State == pay.Declined) || (out.Step != "") != (out.State == pay.NeedsStep) {
				t.Errorf("%s: %q with reason %q and step %q", c.Number, out.State, out.Reason, out.Step)
			}
			if want := c.Brand + " ending " + c.Number[15:]; out.Method != want || out.Amount != usd(8000) || out.Ref == "" {
				t.Errorf("%s: method %q, amount %v, ref %q", c.Number, out.Method, out.Amount, out.Ref)
			}
			told := box.take()
			clock.advance(19 * time.Second)
			if out, err = p.Lookup(t.Context(), in.Payment); err != nil || out.State != w.first {
				t.Errorf("%s: after 19 seconds %v, %v", c.Number, out.State, err)
			}
			clock.advance(time.Second)
			told = append(told, box.take()...)
			if out, err = p.Lookup(t.Context(), in.Payment); err != nil || out.State != w.last {
				t.Errorf("%s: after 20 seconds %v, %v", c.Number, out.State, err)
			}
			wantTold := map[pay.State]string{pay.Succeeded: "charge_succeeded ", pay.Declined: "charge_declined "}[w.last]
			if wantTold != "" {
				wantTold += string(in.Payment)
			}
			if kinds(told) != wantTold || len(told) == 1 && told[0].Outcome != out {
				t.Errorf("%s: told %q, want %q", c.Number, kinds(told), wantTold)
			}
		}
	})
}

func TestLookupSettlesWithoutDelivery(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, clock := open(s)
		_, err := p.Charge(t.Context(), charge("a", late, 500))
		if !errors.Is(err, pay.ErrUnknown) {
			t.Errorf("got %v, want ErrUnknown", err)
		}
		clock.advance(time.Minute)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if out, err := p.Lookup(t.Context(), "payment_a"); err != nil || out.State != pay.Succeeded {
					t.Errorf("got %v, %v", out.State, err)
				}
			})
		}
		all.Wait()
		lines, _, err := p.Statement(t.Context(), "")
		if err != nil || len(lines) != 1 {
			t.Errorf("%d lines, %v", len(lines), err)
		}
		_, err = p.Lookup(t.Context(), "payment_nobody")
		wantKind(t, err, fault.KindNotFound)
	})
}

func TestTimeoutEndsWithPatienceOrCaller(t *testing.T) {
	p := pay.NewSandbox(storetest.SQLite(t), nil, []byte(secret), time.Hour)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	in := charge("a", late, 500)
	in.Card.Expiry = fmt.Sprintf("12/%d", time.Now().Year()+2)
	if out, err := p.Charge(ctx, in); !errors.Is(err, pay.ErrUnknown) || out.State != pay.Pending {
		t.Errorf("got %v, %v", out.State, err)
	}
	if out, err := p.Charge(t.Context(), in); err != nil || out.State != pay.Pending {
		t.Errorf("asking again: %v, %v; it must answer at once", out.State, err)
	}
}

func TestOnePaymentIsOneCharge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, _ := open(s)
		outs := make([]pay.Outcome, 100)
		var all sync.WaitGroup
		for i := range outs {
			all.Go(func() {
				var err error
				if outs[i], err = p.Charge(t.Context(), charge("a", visa, 8000)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if same := slices.Compact(slices.Clone(outs)); len(same) != 1 || same[0].State != pay.Succeeded {
			t.Errorf("the answers differ: %v", same)
		}
		lines, _, err := p.Statement(t.Context(), "")
		if err != nil || len(lines) != 1 || lines[0].Total != usd(8000) {
			t.Errorf("statement %v, %v", lines, err)
		}
		if told := (&inbox{t: t, p: p}).take(); len(told) != 1 {
			t.Errorf("told %d times", len(told))
		}
		_, err = p.Charge(t.Context(), charge("a", visa, 8001))
		wantKind(t, err, fault.KindConflict)
	})
}

func TestChargeRefusesNonsense(t *testing.T) {
	p, _ := open(storetest.SQLite(t))
	for name, spoil := range map[string]func(*pay.Charge){
		"no payment":       func(c *pay.Charge) { c.Payment = "" },
		"nothing":          func(c *pay.Charge) { c.Amount.Minor = 0 },
		"less than that":   func(c *pay.Charge) { c.Amount.Minor = -1 },
		"beyond the limit": func(c *pay.Charge) { c.Amount.Minor = money.Limit + 1 },
		"no currency":      func(c *pay.Charge) { c.Amount.Currency = "" },
		"another house":    func(c *pay.Charge) { c.Back = "//evil.example/" },
		"no path":          func(c *pay.Charge) { c.Back = "https://evil.example/" },
		"a wrong card":     func(c *pay.Charge) { c.Card.CVC = "" },
	} {
		in := charge("a", visa, 100)
		spoil(&in)
		if _, err := p.Charge(t.Context(), in); err == nil {
			t.Errorf("%s: charged", name)
		}
	}
	if lines, _, err := p.Statement(t.Context(), ""); err != nil || len(lines) != 0 {
		t.Errorf("statement %v, %v", lines, err)
	}
}

func TestStepIsAnsweredOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, _ := open(s)
		for _, test := range []struct {
			id      string
			approve bool
			want    pay.State
			told    string
		}{
			{"yes", true, pay.Succeeded, "charge_succeeded payment_yes"},
			{"no", false, pay.Declined, "charge_declined payment_no"},
		} {
			out, err := p.Charge(t.Context(), charge(test.id, step, 700))
			must(t, err)
			token := strings.TrimPrefix(out.Step, pay.StepPath)
			view, err := p.Step(t.Context(), token)
			if err != nil || view.Outcome != out || view.About != "A logo" || view.Back != "/orders/1" {
				t.Errorf("%s: step shows %+v, %v", test.id, view, err)
			}
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					if out, err := p.AnswerStep(t.Context(), token, test.approve); err != nil || out.State != test.want {
						t.Errorf("%s: answered %v, %v", test.id, out.State, err)
					}
				})
			}
			all.Wait()
			if out, err := p.AnswerStep(t.Context(), token, !test.approve); err != nil || out.State != test.want {
				t.Errorf("%s: a second thought changed it to %v, %v", test.id, out.State, err)
			}
			if told := (&inbox{t: t, p: p}).take(); kinds(told) != test.told {
				t.Errorf("%s: told %q", test.id, kinds(told))
			}
			for _, forged := range []string{"", token + "0", "payment_" + test.id, "payment_other" + token[strings.Index(token, "."):]} {
				_, err = p.Step(t.Context(), forged)
				wantKind(t, err, fault.KindNotFound)
				_, err = p.AnswerStep(t.Context(), forged, true)
				wantKind(t, err, fault.KindNotFound)
			}
		}
	})
}

func TestMemorySurvivesARestart(t *testing.T) {
	for engine, url := range map[string]func(testing.TB) string{"sqlite": storetest.SQLitePath, "postgres": storetest.PostgresURL} {
		t.Run(engine, func(t *testing.T) {
			url := url(t)
			first, err := store.Open(t.Context(), url, store.Options{Logger: slog.New(slog.DiscardHandler)})
			must(t, err)
			p, _ := open(first)
			for id, number := range map[string]string{"a": visa, "b": late, "c": step} {
				if _, err := p.Charge(t.Context(), charge(id, number, 900)); err != nil && !errors.Is(err, pay.ErrUnknown) {
					t.Fatal(err)
				}
			}
			must(t, first.Close())

			p, clock := open(storetest.Open(t, url))
			clock.advance(time.Minute)
			out, err := p.Charge(t.Context(), charge("c", step, 900))
			must(t, err)
			_, err = p.AnswerStep(t.Context(), strings.TrimPrefix(out.Step, pay.StepPath), true)
			must(t, err)
			told := (&inbox{t: t, p: p}).take()
			if len(told) != 3 || told[0].Outcome.Payment != "payment_a" {
				t.Errorf("told %q", kinds(told))
			}
			lines, _, err := p.Statement(t.Context(), "")
			if err != nil || len(lines) != 3 || lines[0].Total != usd(2700) {
				t.Errorf("statement %v, %v", lines, err)
			}
		})
	}
}

// Nothing that a thief could pay with is on the disk or in a log.
func TestCardsLeaveNoTrace(t *testing.T) {
	path := storetest.SQLitePath(t)
	s, err := store.Open(t.Context(), path, store.Options{Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	p, _ := open(s)
	in := charge("a", visa, 900)
	in.Card.Name = "Planted Canary"
	_, err = p.Charge(t.Context(), in)
	must(t, err)
	must(t, p.Deliver(t.Context(), (&inbox{t: t, p: p}).post))
	must(t, s.Close())

	var seen bytes.Buffer
	files, err := filepath.Glob(filepath.Dir(path) + "/*")
	must(t, err)
	for _, f := range files {
		body, err := os.ReadFile(f)
		must(t, err)
		seen.Write(body)
	}
	fmt.Fprintf(&seen, "%v %+v %#v", in, in.Card, in.Card)
	slog.New(slog.NewJSONHandler(&seen, nil)).Info("paid", "card", in.Card)
	slog.New(slog.NewTextHandler(&seen, nil)).Info("paid", "charge", in)
	for _, canary := range []string{visa, strings.ReplaceAll(visa, " ", ""), "Planted Canary", "09/35"} {
		if bytes.Contains(seen.Bytes(), []byte(canary)) {
			t.Errorf("%q was written down", canary)
		}
	}
}

func TestMessagesReadTheSameEverywhere(t *testing.T) {
	m := pay.Message{
		ID: "msg_1", Kind: pay.ChargeDeclined, At: time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC),
		Outcome: pay.Outcome{Payment: "payment_1", State: pay.Declined, Ref: "ch_payment_1", Method: "Visa ending 0002", Reason: "No.", Amount: usd(5)},
	}
	body, err := json.Marshal(m)
	must(t, err)
	const want = `{"id":"msg_1","kind":"charge_declined","outcome":{"payment":"payment_1","state":"declined","ref":"ch_payment_1",` +
		`"method":"Visa ending 0002","reason":"No.","amount":{"minor":5,"currency":"USD"}},"at":"2031-05-06T07:08:09Z"}`
	if string(body) != want {
		t.Errorf("got  %s\nwant %s", body, want)
	}
}

func BenchmarkCharge(b *testing.B) {
	p := pay.NewSandbox(storetest.SQLite(b), nil, []byte(secret), 0)
	in := charge("", visa, 8000)
	in.Card.Expiry = time.Now().AddDate(2, 0, 0).Format("01/06")
	ids := ident.NewSource()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mine := in
			mine.Payment = ident.New[ident.Payment](ids, time.Now())
			if _, err := p.Charge(b.Context(), mine); err != nil {
				b.Error(err)
			}
		}
	})
}
