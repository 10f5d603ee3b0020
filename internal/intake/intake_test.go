package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"guildhall/internal/money"
)

// read is every record as "line: a|b|c", a refused one as "line: ! why (column)".
func read(t *testing.T, src io.Reader, o Options) ([]string, *File) {
	t.Helper()
	f, err := Open(src, o)
	if err != nil {
		return []string{"error: " + err.Error()}, nil
	}
	var list []string
	for {
		r, err := f.Next()
		if errors.Is(err, io.EOF) {
			return list, f
		}
		if err != nil {
			return append(list, "error: "+err.Error()), f
		}
		if r.Fault != "" {
			list = append(list, fmt.Sprintf("%d: ! %s (%d)", r.Line, r.Fault, r.Column))
			continue
		}
		list = append(list, fmt.Sprintf("%d: %s", r.Line, strings.ReplaceAll(strings.Join(r.Fields, "|"), "\n", "⏎")))
	}
}

func TestRecords(t *testing.T) {
	cases := []struct {
		name, file string
		o          Options
		want       []string
	}{
		{"plain", "a,b\n1,2\n3,4\n", Options{}, []string{"2: 1|2", "3: 3|4"}},
		{"no last line end", "a,b\n1,2", Options{}, []string{"2: 1|2"}},
		{"dos and blank lines", "a,b\r\n\r\n1,2\r\n  \r\n3,4\r\n", Options{}, []string{"3: 1|2", "5: 3|4"}},
		{"old mac", "a,b\r1,2\r3,4\r", Options{}, []string{"2: 1|2", "3: 3|4"}},
		{"byte order mark", "\ufeffa,b\n1,2\n", Options{}, []string{"2: 1|2"}},
		{"semicolons", "a;b\n1,5;2\n", Options{}, []string{"2: 1,5|2"}},
		{"tabs", "a\tb\n1\t2\n", Options{}, []string{"2: 1|2"}},
		{"excel says which", "sep=;\na;b,c\n1;2,3\n", Options{}, []string{"3: 1|2,3"}},
		{"named delimiter", "a,x|b\n1,y|2\n", Options{Delimiter: "|"}, []string{"2: 1,y|2"}},
		{"quotes", `a,b` + "\n" + `"x, ""y""","5" pipe"` + "\n", Options{}, []string{`2: x, "y"|5" pipe`}},
		{"quoted line end", "a,b\n\"one\r\ntwo\",2\n3,4\n", Options{}, []string{"2: one⏎two|2", "4: 3|4"}},
		{"too few and too many", "a,b\n1\n1,2,3\n3,4\n", Options{}, []string{"2: ! has 1 columns where the header has 2 (0)", "3: ! has 3 columns where the header has 2 (0)", "4: 3|4"}},
		{"quote never closed", "a,b\n\"1,2\n3,4\n5,6\n", Options{}, []string{"2: ! opens a quote that is never closed (1)", "3: 3|4", "4: 5|6"}},
		{"quote closed by the next row", "a,b\n1,\"2\n\"3\",\"4\"\n5,6\n", Options{}, []string{"2: ! opens a quote that is never closed (2)", "3: 3|4", "4: 5|6"}},
		{"quote that swallows a plain row", "a,b\n\"1,2\n3,4\n\"5\",6\n", Options{}, []string{"2: ! opens a quote that is never closed (1)", "3: 3|4", "4: 5|6"}},
		{"nul byte", "a,b\n1,\x002\n3,4\n", Options{}, []string{"2: ! contains NUL bytes (2)", "3: 3|4"}},
		{"windows-1252 by itself", "a,b\ncaf\xe9,2\ncafé,2\n", Options{}, []string{"2: café|2", "3: café|2"}},
		{"told utf-8", "a,b\ncaf\xe9,2\n3,4\n", Options{Encoding: "utf-8"}, []string{"2: ! is not utf-8; try --encoding windows-1252 or auto (1)", "3: 3|4"}},
		{"told windows-1251", "a,b\n\xeb\xee\xe3\xee,2\n", Options{Encoding: "windows-1251"}, []string{"2: лого|2"}},
		{"unknown encoding", "a,b\n", Options{Encoding: "klingon"}, []string{`error: "klingon" is no encoding known here; try utf-8, windows-1252, iso-8859-2, windows-1251, shift_jis or gbk`}},
		{"empty", " \n\n", Options{}, []string{"error: the file is empty"}},
		{"excel", "PK\x03\x04rest", Options{}, []string{"error: this is a ZIP or Excel file; export it as CSV first"}},
		{"json", `[{"a": 1}]`, Options{}, []string{"error: this looks like JSON, XML or HTML, not like a table of rows"}},
		{"header only", "a,b\n", Options{}, nil},
	}
	for _, c := range cases {
		for how, src := range map[string]io.Reader{"whole": strings.NewReader(c.file), "drop by drop": iotest.OneByteReader(strings.NewReader(c.file))} {
			if got, _ := read(t, src, c.o); strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("%s (%s):\n got %q\nwant %q", c.name, how, got, c.want)
			}
		}
	}
}

func TestUTF16(t *testing.T) {
	for name, e := range map[string]struct {
		order unicode.Endianness
		bom   unicode.BOMPolicy
	}{"utf-16le": {unicode.LittleEndian, unicode.UseBOM}, "utf-16be": {unicode.BigEndian, unicode.IgnoreBOM}} {
		text, err := unicode.UTF16(e.order, e.bom).NewEncoder().String("name,price\ncafé,2\n")
		if err != nil {
			t.Fatal(err)
		}
		got, f := read(t, strings.NewReader(text), Options{})
		if len(got) != 1 || got[0] != "2: café|2" || f.Encoding != name || f.Header[0] != "name" {
			t.Errorf("%s: %q %+v", name, got, f)
		}
	}
}

func TestHugeRecordCostsOnlyItself(t *testing.T) {
	huge := strings.Repeat("x", 3*MaxRecord)
	got, _ := read(t, strings.NewReader("a,b\n"+huge+",2\n3,4\n\""+strings.Repeat("yyyyyyyyyyyyyyy\n", MaxRecord/8)+"5,6\n"), Options{})
	want := fmt.Sprintf("2: ! is longer than %d bytes (0)", MaxRecord)
	if got[0] != want || got[1] != "3: 3|4" || got[2] != "4: ! opens a quote that is never closed (1)" || got[len(got)-1] != fmt.Sprintf("%d: 5|6", 4+MaxRecord/8) {
		t.Errorf("%q … %q", got[:3], got[len(got)-1])
	}
}

func TestStreamThatBreaks(t *testing.T) {
	cut := errors.New("cable pulled")
	got, _ := read(t, io.MultiReader(strings.NewReader("a,b\n1,2\n"+strings.Repeat("3,4\n", 20_000)), iotest.ErrReader(cut)), Options{})
	if n := len(got); n != 20_002 || !strings.Contains(got[n-1], "line 20003") || !strings.Contains(got[n-1], "cable pulled") {
		t.Errorf("%d records, then %q", n, got[n-1])
	}
}

// A bad row never costs a good one: whatever stands between good rows, all of
// these are read.
func TestGoodRowsSurvive(t *testing.T) {
	bad := []string{`"open,1`, `1`, `1,2,3`, "\x00,1", `"a"b",c",d`, `,"`, `"`, `""`, `"",""",`, `x"y,1`}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		b.WriteString("a,b\n")
		good := 0
		for range rapid.IntRange(1, 12).Draw(t, "rows") {
			if rapid.Bool().Draw(t, "good") {
				good++
				fmt.Fprintf(&b, "\"good %d\",\"it is\"\n", good)
			} else {
				b.WriteString(rapid.SampledFrom(bad).Draw(t, "bad") + "\n")
			}
		}
		f, err := Open(strings.NewReader(b.String()), Options{})
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for {
			r, err := f.Next()
			if err != nil {
				break
			}
			if r.Fault == "" && strings.HasPrefix(r.Fields[0], "good ") && r.Fields[1] == "it is" {
				found++
			}
		}
		if found != good {
			t.Fatalf("%d of %d good rows in %q", found, good, b.String())
		}
	})
}

func TestJunkNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		junk := rapid.SliceOf(rapid.SampledFrom([]byte("a\"',;\n\r\t\x00\xff|{"))).Draw(t, "junk")
		f, err := Open(bytes.NewReader(append([]byte("name,price\n"), junk...)), Options{})
		if err != nil {
			return
		}
		m, err := f.Map(nil)
		if err != nil {
			t.Fatal(err)
		}
		for range len(junk) + 2 {
			r, err := f.Next()
			if err != nil {
				return
			}
			_, _ = m.Listing(r, "USD")
		}
		t.Fatal("more records than bytes")
	})
}

func TestPrices(t *testing.T) {
	for text, want := range map[string]int64{
		"137.76": 13776, "2,222": 222200, "1,234,567.50": 123456750, "1.234,56": 123456, "12,5": 1250, "4,44": 444,
		"$5": 500, "US$ 12.00": 1200, "from $9.99": 999, "USD 7": 700, "7 USD": 700, "1 234,50": 123450, "1'234.50": 123450,
		"4.4400": 444, "1.234.567": 123456700, "1\u00a0234": 123400, "0.5": 50,
	} {
		if got, err := price(text, "USD"); err != nil || got != money.Of(want, "USD") {
			t.Errorf("%q is %v, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "abc", "-5", "1.234", "5-10", "1k", "€5", "5 GBP", "0", "0.00", "1,23,4", "4.445", "1e3", "99999999999999999999", "5.", "٥",
		"A$5", "C$ 5", "¥5000", "5 ¥", "1 1000", "12 345678"} {
		if got, err := price(text, "USD"); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
	for text, c := range map[string]money.Currency{"1200": "JPY", "¥1200": "JPY", "A$12": "AUD", "C$12.00": "CAD", "$12": "CAD"} {
		if got, err := price(text, c); err != nil || got.Minor != 1200 {
			t.Errorf("%s in %s: %v, %v", text, c, got, err)
		}
	}
	for text, c := range map[string]money.Currency{"US$5": "AUD", "C$5": "AUD", "A$5": "CAD", "$5": "JPY"} {
		if got, err := price(text, c); err == nil {
			t.Errorf("%s in %s was read as %v", text, c, got)
		}
	}
}

func TestDays(t *testing.T) {
	for text, want := range map[string]int{
		"3": 3, "3 days": 3, "1 Day": 1, "2 weeks": 14, "1 week": 7, "24 hours": 1, "36 hours": 2, "12 hrs": 1, "24h": 1, "5d": 5,
	} {
		if got, err := days(text); err != nil || got != want {
			t.Errorf("%q is %d days, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"0", "-3", "soon", "1 month", "3 dozen", "1-2 days", "3 days or so", "2 business days", "9999999999999999 weeks", "days"} {
		if got, err := days(text); err == nil {
			t.Errorf("%q was read as %d days", text, got)
		}
	}
}

func TestRevisions(t *testing.T) {
	for text, want := range map[string]int{"0": 0, "3": 3, "2 revisions": 2, "1 Revision": 1, "unlimited": Unlimited, "Unlimited revisions": Unlimited} {
		if got, err := revisions(text); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"-1", "some", "3 days"} {
		if got, err := revisions(text); err == nil {
			t.Errorf("%q was read as %d", text, got)
		}
	}
}

func TestSampleListings(t *testing.T) {
	src, err := os.Open("testdata/sample.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	f, err := Open(src, Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Map(map[string]string{"title": "name", "category": "Category", "subcategory": "Subcat", "price": "price"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	refs := map[string]int{}
	for {
		r, err := f.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		l, bad := m.Listing(r, "USD")
		if bad != nil {
			got = append(got, fmt.Sprintf("%d %s %s", bad.Line, bad.Column, bad.Reason))
			continue
		}
		same := refs[l.Ref]
		refs[l.Ref] = l.Line
		got = append(got, fmt.Sprintf("%d %s %s %s same:%d", l.Line, l.Title, strings.Join(l.Category, ">"), l.Price, same))
	}
	want := []string{
		"2 build a tidy weekly report Programming & Tech>Data Tidying $137.76 same:0",
		"3 record a puppet birthday greeting Lifestyle>Greeting Cards & Videos $4.44 same:0",
		"4 plan the opening of your bakery Business>Project Management $2,222.00 same:0",
		"5 grabar tu voz en español Music & Audio>Voice Over $8.89 same:0",
		"6 record a puppet birthday greeting Lifestyle>Greeting Cards & Videos $4.44 same:3",
		"7 price is empty",
		"8 photograph your shop front Business>Local Photography $1,334.00 same:0",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestMapping(t *testing.T) {
	header := "ID,Gig Title,Starting Price,Main Category,Sub-Category,Delivery Time,Rating\n"
	cases := []struct {
		wanted map[string]string
		want   string
	}{
		{nil, "title=Gig Title,price=Starting Price,category=Main Category,subcategory=Sub-Category,days=Delivery Time,ref=ID"},
		{map[string]string{"title": "gigtitle", "price": "#3"}, "title=Gig Title,price=Starting Price"},
		{map[string]string{"title": "Name", "price": "#3"}, `error: the file has no column "Name" for the title`},
		{map[string]string{"title": "Gig Title"}, "error: no column was found for the price"},
		{map[string]string{"titel": "Gig Title"}, `error: "titel" is no field of a gig`},
	}
	for _, c := range cases {
		f, err := Open(strings.NewReader(header), Options{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := f.Map(c.wanted)
		got := m.String()
		if err != nil {
			got = "error: " + err.Error()
		}
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%v: %s, want %s", c.wanted, got, c.want)
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	row := []byte("\"draw a picture of your house in ink\",\"12.50\",\"Art\"\n")
	f, err := Open(io.MultiReader(strings.NewReader("name,price,category\n"), io.LimitReader(&endless{row: row}, 30<<20)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for {
		if _, err := f.Next(); err != nil {
			break
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
	runtime.KeepAlive(f)
}

type endless struct {
	row []byte
	at  int
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		c := copy(p[n:], e.row[e.at:])
		n += c
		e.at = (e.at + c) % len(e.row)
	}
	return n, nil
}
