package market_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/intake"
	"guildhall/internal/market"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// take imports an export and tells how it went, one line per refused row.
func (h *hall) take(src io.Reader, change func(*market.ImportPlan)) (string, error) {
	h.t.Helper()
	f, err := intake.Open(src, intake.Options{})
	h.must(err)
	columns, err := f.Map(nil)
	h.must(err)
	seller, err := h.CatalogueSeller(h.t.Context())
	h.must(err)
	var refused []string
	plan := market.ImportPlan{Source: "sample", Seller: seller, Category: "Other", Days: 7, Revisions: 1,
		Refused: func(f intake.Fault) error {
			refused = append(refused, fmt.Sprintf("; %d %s %s", f.Line, f.Column, f.Reason))
			return nil
		}}
	if change != nil {
		change(&plan)
	}
	n, err := h.ImportGigs(h.t.Context(), h.operator, f, columns, plan)
	return fmt.Sprintf("%d rows, %d new, %d known, %d refused%s", n.Rows, n.Imported, n.Already, n.Refused, strings.Join(refused, "")), err
}

func sample(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../intake/testdata/sample.csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func wantTaken(t *testing.T, got string, err error, want string) {
	t.Helper()
	if err != nil || got != want {
		t.Errorf("%s, %v\nwant %s", got, err, want)
	}
}

func TestImportIsRepeatable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h, ctx := newHall(t, s), t.Context()
		const bad = "; 7 price is empty; 6  is the same listing as line 3"
		got, err := h.take(strings.NewReader(sample(t)), func(p *market.ImportPlan) { p.DryRun = true })
		wantTaken(t, got, err, "7 rows, 5 new, 0 known, 2 refused"+bad)
		if v, err := h.Browse(ctx, "", ""); err != nil || len(v.Cards.List) != 0 || len(v.Children) != 1 {
			t.Errorf("a dry run left %+v, %v", v, err)
		}
		got, err = h.take(strings.NewReader(sample(t)), nil)
		wantTaken(t, got, err, "7 rows, 5 new, 0 known, 2 refused"+bad)
		got, err = h.take(strings.NewReader(sample(t)), nil)
		wantTaken(t, got, err, "7 rows, 0 new, 5 known, 2 refused"+bad)
		v, err := h.Browse(ctx, "business/project-management", "")
		if err != nil || len(v.Cards.List) != 1 || v.Cards.List[0].From.String() != "$2,222.00" || v.Way[1].Name != "Project Management" {
			t.Errorf("%+v, %v", v, err)
		}
		g, err := h.GigPage(ctx, h.buyer, string(v.Cards.List[0].ID))
		if h.must(err); !g.ForSale || g.Gig.Packages[0].Days != 7 || g.Gig.State != gig.StateActive {
			t.Errorf("%+v", g.Gig)
		}
		if found, err := h.Search(ctx, "espanol voz", "", ""); err != nil || len(found.List) != 1 {
			t.Errorf("%+v, %v", found, err)
		}
	})
}

func TestImportGoesOnAfterAKill(t *testing.T) {
	h := newHall(t, storetest.SQLite(t))
	var b strings.Builder
	b.WriteString("name,price,category\n")
	for i := range 4000 {
		fmt.Fprintf(&b, "paint picture number %d,12.50,Art\n", i)
	}
	killed := errors.New("killed")
	got, err := h.take(io.MultiReader(strings.NewReader(b.String()[:b.Len()/2]), failing{killed}), nil)
	if !errors.Is(err, killed) || strings.HasPrefix(got, "0 rows") {
		t.Fatalf("%s, %v", got, err)
	}
	var before int
	_, _ = fmt.Sscanf(got, "%d rows, %d new", new(int), &before)
	got, err = h.take(strings.NewReader(b.String()), nil)
	wantTaken(t, got, err, fmt.Sprintf("4000 rows, %d new, %d known, 0 refused", 4000-before, before))
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestImportRefusesRowByRow(t *testing.T) {
	h := newHall(t, storetest.SQLite(t))
	const file = `id,title,price,category,delivery time,seller email,currency
1,paint your door,10,Art,3,mara.holm@example.com,USD
2,x,10,Art,3,,
3,paint your gate,0.50,Art,3,,
4,paint your fence,10,,3,,
5,paint your wall,10,Art,soon,,
6,paint your roof,10,Art,3,nobody@example.com,
7,paint your barn,10,Art,3,,EUR
8,"paint your
shed",10,Art > Walls > Outside,3,,
1,paint your door again,10,Art,3,,
9,I will paint your &amp; my boat,10,Art,999,,
10,paint <script>alert(1)</script>,10,Art,3,,
`
	got, err := h.take(strings.NewReader(file), nil)
	wantTaken(t, got, err, "11 rows, 3 new, 0 known, 8 refused"+
		"; 3 title Say in a few words what you will do.; 4 price The price is at least $1.00."+
		"; 5 category is empty; 6 delivery time is not a number of days; 7 seller email is no seller of this house"+
		"; 8 currency is not USD, the currency of this house; 12 delivery time Between 0 and 365 days."+
		"; 11  is the same listing as line 2")
	_, err = h.ImportGigs(t.Context(), h.buyer, nil, intake.Mapping{}, market.ImportPlan{})
	wantKind(t, err, fault.KindNotFound)
}

// Measured against the export that this was first built for, where it is at hand.
func TestImportRealExport(t *testing.T) {
	src, err := os.Open("../../../shared/data/gigs-real.csv")
	if err != nil {
		t.Skip("the real export is not here")
	}
	defer src.Close()
	h := newHall(t, storetest.SQLite(t))
	got, err := h.take(src, nil)
	wantTaken(t, got, err, "6183 rows, 6182 new, 0 known, 1 refused; 4583  is the same listing as line 4014")
}
