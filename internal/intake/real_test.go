package intake

import (
	"errors"
	"io"
	"os"
	"testing"
)

// The export that this room was first built for; it is not part of the
// repository, a sample of it is (testdata/real.txtar).
func TestRealExport(t *testing.T) {
	src, err := os.Open("../../../shared/data/gigs-real.csv")
	if err != nil {
		t.Skip("the real export is not here")
	}
	defer src.Close()
	f, err := Open(src, Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Map(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.String(), "title=name,price=price,category=Category,subcategory=Subcat"; got != want {
		t.Errorf("guessed %s, want %s", got, want)
	}
	refs := map[string]int{}
	rows, doubles := 0, 0
	for {
		r, err := f.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		rows++
		l, fault := m.Listing(r, "USD")
		if fault != nil {
			t.Errorf("refused: %+v", fault)
			continue
		}
		if refs[l.Ref]++; refs[l.Ref] > 1 {
			doubles++
		}
	}
	if rows != 6183 || doubles != 1 {
		t.Errorf("%d rows, %d of them twice; want 6183 and 1", rows, doubles)
	}
}
