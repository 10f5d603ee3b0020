package sim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guildhall/internal/blob"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/pay"
	"guildhall/internal/sim"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

var silent = slog.New(slog.DiscardHandler)

// stage is a database with a world in it.
type stage struct {
	t     testing.TB
	url   string
	told  time.Time
	st    *store.Store
	blobs *blob.Store
	*sim.World
}

func newStage(t testing.TB, url string, c sim.Config) *stage {
	t.Helper()
	c.Hash = "never matches"
	w, err := sim.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, url: url, told: c.Told, World: w}
	if s.blobs, err = blob.Open(filepath.Join(t.TempDir(), "files")); err != nil {
		t.Fatal(err)
	}
	s.open()
	t.Cleanup(func() {
		if err := s.st.Close(); err != nil {
			t.Error(err)
		}
		_ = s.blobs.Close()
	})
	return s
}

func (s *stage) open() {
	s.t.Helper()
	var err error
	if s.st, err = store.Open(context.Background(), s.url, store.Options{Logger: silent, Told: s.told}); err != nil {
		s.t.Fatal(err)
	}
	s.must(s.Open(context.Background(), s.door))
}

// restart closes the database and opens it again.
func (s *stage) restart() {
	s.t.Helper()
	s.must(s.st.Close())
	s.open()
}

func (s *stage) door(ids *ident.Source, now func() time.Time) (*market.Market, *pay.Sandbox) {
	till := pay.NewSandbox(s.st, now, []byte("a secret of this test"), time.Nanosecond)
	return market.New(market.Parts{Store: s.st, Now: now, IDs: ids, Pay: till, Blobs: s.blobs, Log: silent}), till
}

// market is a door for the test itself, at an instant.
func (s *stage) market(at time.Time) *market.Market {
	m, _ := s.door(ident.NewSource(), func() time.Time { return at })
	s.must(m.Prepare(context.Background()))
	return m
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// BenchmarkDemo makes the market of the demo.
func BenchmarkDemo(b *testing.B) {
	until := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for b.Loop() {
		path := filepath.Join(b.TempDir(), "demo.db")
		image, err := os.ReadFile(storetest.SQLitePath(b))
		if err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, image, 0o600); err != nil {
			b.Fatal(err)
		}
		s := newStage(b, path, sim.Config{
			Seed: 1, From: until.AddDate(0, -6, 0), Until: until, Told: until.AddDate(0, 0, -7),
			Sellers: 200, Buyers: 1000, Orders: 5000,
		})
		s.must(s.Populate(b.Context()))
		s.must(s.Live(b.Context(), until))
		b.ReportMetric(float64(s.Tally().Orders), "orders")
		b.Logf("%+v", s.Tally())
	}
}

// record is one line of an export.
type record struct {
	table string
	row   map[string]any
}

func (s *stage) records(at time.Time) []record {
	s.t.Helper()
	var list []record
	for line := range bytes.Lines(s.export(at)) {
		var r struct {
			Table string         `json:"table"`
			Row   map[string]any `json:"row"`
		}
		s.must(json.Unmarshal(line, &r))
		list = append(list, record{r.Table, r.Row})
	}
	return list
}

// sound audits the house at an instant.
func (s *stage) sound(at time.Time) {
	s.t.Helper()
	findings, err := s.market(at).Audit(context.Background(), nil)
	s.must(err)
	for _, f := range findings[:min(len(findings), 10)] {
		s.t.Errorf("%s: %s: %s", f.Rule, f.Subject, f.What)
	}
}
