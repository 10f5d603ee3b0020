package pay_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/pay"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// letter is a message as it travels.
type letter struct {
	header http.Header
	body   []byte
}

func sent(t *testing.T, p *pay.Sandbox) letter {
	t.Helper()
	var l letter
	must(t, p.Deliver(t.Context(), func(_ context.Context, h http.Header, body []byte) error {
		l = letter{h.Clone(), slices.Clone(body)}
		return nil
	}))
	return l
}

func TestVerify(t *testing.T) {
	s := storetest.SQLite(t)
	p, clock := open(s)
	_, err := p.Charge(t.Context(), charge("a", visa, 8000))
	must(t, err)
	honest := sent(t, p)
	other := pay.NewSandbox(s, clock.now, []byte("another secret"), 0)

	for name, test := range map[string]struct {
		spoil func(*letter)
		later time.Duration
		by    *pay.Sandbox
		kind  fault.Kind
	}{
		"honest":             {},
		"told twice":         {},
		"almost too late":    {later: 5 * time.Minute},
		"too late":           {later: 5*time.Minute + time.Second, kind: fault.KindForbidden},
		"almost too early":   {later: -5 * time.Minute},
		"too early":          {later: -5*time.Minute - time.Second, kind: fault.KindForbidden},
		"another secret":     {by: other, kind: fault.KindForbidden},
		"more money":         {spoil: func(l *letter) { l.body = []byte(strings.Replace(string(l.body), "8000", "9000", 1)) }, kind: fault.KindForbidden},
		"a word longer":      {spoil: func(l *letter) { l.body = append(l.body, ' ') }, kind: fault.KindForbidden},
		"empty":              {spoil: func(l *letter) { l.body = nil }, kind: fault.KindForbidden},
		"another id":         {spoil: func(l *letter) { l.header.Set("webhook-id", "msg_other") }, kind: fault.KindForbidden},
		"another time":       {spoil: func(l *letter) { l.header.Set("webhook-timestamp", fmt.Sprint(clock.now().Unix()+1)) }, kind: fault.KindForbidden},
		"no time":            {spoil: func(l *letter) { l.header.Del("webhook-timestamp") }, kind: fault.KindForbidden},
		"a time of words":    {spoil: func(l *letter) { l.header.Set("webhook-timestamp", "noon") }, kind: fault.KindForbidden},
		"no signature":       {spoil: func(l *letter) { l.header.Del("webhook-signature") }, kind: fault.KindForbidden},
		"an old scheme":      {spoil: func(l *letter) { l.header.Set("webhook-signature", "v0"+l.header.Get("webhook-signature")[2:]) }, kind: fault.KindForbidden},
		"among other scheme": {spoil: func(l *letter) { l.header.Set("webhook-signature", "v2,x "+l.header.Get("webhook-signature")) }},
	} {
		l := letter{honest.header.Clone(), slices.Clone(honest.body)}
		if test.spoil != nil {
			test.spoil(&l)
		}
		clock.advance(test.later)
		by := p
		if test.by != nil {
			by = test.by
		}
		m, err := by.Verify(l.header, l.body)
		clock.advance(-test.later)
		if fault.KindOf(err) != test.kind || (err == nil) != (test.kind == "") {
			t.Errorf("%s: got %v, want kind %q", name, err, test.kind)
		}
		if err == nil && (m.ID != "msg_charge_succeeded_payment_a" || m.Outcome.Amount != usd(8000) || !m.At.Equal(clock.now())) {
			t.Errorf("%s: read as %+v", name, m)
		}
		if err != nil && m != (pay.Message{}) {
			t.Errorf("%s: refused, but read as %+v", name, m)
		}
	}
}

func TestDeliveryKeepsTheOrderOfBirth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, clock := open(s)
		var want []string
		for i := range 120 { // more than two batches
			id := fmt.Sprintf("%03d", (i*7)%120)
			_, err := p.Charge(t.Context(), charge(id, visa, 100))
			must(t, err)
			want = append(want, "payment_"+id)
			clock.advance(time.Microsecond)
		}
		var got []string
		for _, m := range (&inbox{t: t, p: p}).take() {
			got = append(got, string(m.Outcome.Payment))
		}
		if !slices.Equal(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
		if at, err := p.Due(t.Context()); err != nil || !at.IsZero() {
			t.Errorf("after all was told something is due at %v, %v", at, err)
		}
	})
}

func TestRefusedMessagesComeAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, clock := open(s)
		for _, id := range []string{"a", "b", "c"} {
			_, err := p.Charge(t.Context(), charge(id, visa, 100))
			must(t, err)
			clock.advance(time.Microsecond)
		}
		attempts := 0
		box := &inbox{t: t, p: p, refuse: func(m pay.Message) error {
			if m.Outcome.Payment != "payment_b" {
				return nil
			}
			attempts++
			return errors.New("the house is closed")
		}}
		if told := box.take(); kinds(told) != "charge_succeeded payment_a, charge_succeeded payment_c" {
			t.Errorf("told %q", kinds(told))
		}
		var waits []string
		for {
			at, err := p.Due(t.Context())
			must(t, err)
			if at.IsZero() {
				break
			}
			wait := at.Sub(clock.now())
			waits = append(waits, wait.String())
			clock.advance(wait - time.Microsecond)
			if before := attempts; len(box.take()) > 0 || attempts != before {
				t.Fatalf("told before its time")
			}
			clock.advance(time.Microsecond)
			if told := box.take(); len(told) > 0 {
				t.Fatalf("told %q though refused", kinds(told))
			}
		}
		const want = "5s 30s 2m0s 10m0s 1h0m0s 3h0m0s 6h0m0s 12h0m0s 24h0m0s 24h0m0s"
		if got := strings.Join(waits, " "); got != want || attempts != 11 {
			t.Errorf("%d attempts, waits %s", attempts, got)
		}
	})
}

func TestARefusedMessageArrivesLater(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, clock := open(s)
		_, err := p.Charge(t.Context(), charge("a", visa, 100))
		must(t, err)
		closed := true
		box := &inbox{t: t, p: p, refuse: func(pay.Message) error {
			if closed {
				return errors.New("the house is closed")
			}
			return nil
		}}
		box.take()
		closed = false
		clock.advance(5 * time.Second)
		if told := box.take(); len(told) != 1 {
			t.Errorf("told %q", kinds(told))
		}
		clock.advance(100 * time.Hour)
		if told := box.take(); len(told) != 0 {
			t.Errorf("told %q again", kinds(told))
		}
	})
}

func TestAMessageOutlivesItsMessenger(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, clock := open(s)
		for _, id := range []string{"a", "b"} {
			_, err := p.Charge(t.Context(), charge(id, visa, 100))
			must(t, err)
			clock.advance(time.Microsecond)
		}
		died := make(chan struct{})
		go func() { // claims both, tells one, and is never heard of again
			defer close(died)
			_ = p.Deliver(context.Background(), func(_ context.Context, h http.Header, body []byte) error {
				if m, err := p.Verify(h, body); err == nil && m.Outcome.Payment == "payment_a" {
					return nil
				}
				runtime.Goexit()
				return nil
			})
		}()
		<-died
		box := &inbox{t: t, p: p}
		if told := box.take(); len(told) != 0 {
			t.Errorf("told %q while somebody else may be telling it", kinds(told))
		}
		clock.advance(time.Minute)
		if told := box.take(); kinds(told) != "charge_succeeded payment_a, charge_succeeded payment_b" {
			t.Errorf("told %q", kinds(told))
		}
	})
}

func TestManyMessengersTellOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, _ := open(s)
		for i := range 150 {
			_, err := p.Charge(t.Context(), charge(fmt.Sprint(i), visa, 100))
			must(t, err)
		}
		box := &inbox{t: t, p: p}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := p.Deliver(t.Context(), box.post); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		seen := map[string]int{}
		for _, m := range append(box.take(), box.got...) {
			seen[m.ID]++
		}
		if len(seen) != 150 {
			t.Errorf("%d of 150 told", len(seen))
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s told %d times", id, n)
			}
		}
	})
}

func TestDeliveryStopsWithItsCaller(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, clock := open(s)
		for _, id := range []string{"a", "b"} {
			_, err := p.Charge(t.Context(), charge(id, visa, 100))
			must(t, err)
			clock.advance(time.Microsecond)
		}
		ctx, cancel := context.WithCancel(t.Context())
		told := 0
		err := p.Deliver(ctx, func(context.Context, http.Header, []byte) error {
			told++
			cancel()
			return nil
		})
		if told != 1 || err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("told %d, %v", told, err)
		}
		clock.advance(time.Minute)
		if told := (&inbox{t: t, p: p}).take(); kinds(told) != "charge_succeeded payment_b" {
			t.Errorf("then told %q", kinds(told))
		}
	})
}
