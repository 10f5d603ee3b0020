package kit

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// element is a node with its attributes at hand.
type element struct {
	*html.Node
	attrs map[string]string
}

// elements parses a page into its elements, in order.
func elements(t *testing.T, markup string) []element {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		t.Fatal(err)
	}
	var out []element
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		e := element{n, map[string]string{}}
		for _, a := range n.Attr {
			e.attrs[a.Key] = a.Val
		}
		out = append(out, e)
	}
	return out
}

func (e element) text() string {
	var b strings.Builder
	for n := range e.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// TestPagesKeepTheLaw holds every preview page to what each page promises.
func TestPagesKeepTheLaw(t *testing.T) {
	for name, c := range previews() {
		t.Run(name, func(t *testing.T) {
			els := elements(t, render(t, c))
			ids, labelled, heads, mains := map[string]int{}, map[string]bool{}, 0, 0
			for _, e := range els {
				if id, ok := e.attrs["id"]; ok {
					ids[id]++
				}
				switch e.Data {
				case "h1":
					heads++
				case "main":
					mains++
				case "label":
					labelled[e.attrs["for"]] = true
				}
			}
			if heads != 1 || mains != 1 {
				t.Errorf("%d h1 and %d main, want one of each", heads, mains)
			}
			for id, n := range ids {
				if n > 1 {
					t.Errorf("id %q stands %d times", id, n)
				}
			}
			for _, e := range els {
				checkElement(t, e, ids, labelled)
			}
		})
	}
}

func checkElement(t *testing.T, e element, ids map[string]int, labelled map[string]bool) {
	t.Helper()
	for key, value := range e.attrs {
		if key == "style" || strings.HasPrefix(key, "on") {
			t.Errorf("<%s %s=%q>: the policy forbids inline styles and scripts", e.Data, key, value)
		}
		switch key {
		case "aria-describedby", "aria-labelledby", "popovertarget":
			for _, id := range strings.Fields(value) {
				if ids[id] == 0 {
					t.Errorf("<%s %s=%q> names nothing", e.Data, key, id)
				}
			}
		case "src", "href":
			if strings.Contains(value, "//") {
				t.Errorf("<%s %s=%q> leaves the house", e.Data, key, value)
			}
		}
	}
	switch e.Data {
	case "input", "select", "textarea":
		if e.attrs["type"] == "hidden" || e.attrs["aria-label"] != "" {
			return
		}
		if !labelled[e.attrs["id"]] {
			t.Errorf("<%s name=%q> has no label", e.Data, e.attrs["name"])
		}
	case "script":
		if e.attrs["src"] == "" {
			t.Error("a script stands inline")
		}
	case "button", "a", "summary":
		if e.text() == "" && e.attrs["aria-label"] == "" && !strings.HasPrefix(e.attrs["href"], "/p/") {
			t.Errorf("<%s %v> says nothing", e.Data, e.attrs)
		}
	case "img":
		if _, ok := e.attrs["alt"]; !ok {
			t.Errorf("<img src=%q> has no alt", e.attrs["src"])
		}
	}
}

func TestLayoutTheme(t *testing.T) {
	tests := []struct{ theme, want, pressed string }{
		{"light", "guildhall", "light"},
		{"dark", "guildhall-dark", "dark"},
		{"system", "", "system"},
		{"", "", "system"},
		{"<script>", "", "system"},
	}
	for _, tt := range tests {
		p := page("x", "/")
		p.Theme = tt.theme
		for _, e := range elements(t, render(t, Layout(p))) {
			if e.Data == "html" && e.attrs["data-theme"] != tt.want {
				t.Errorf("theme %q: data-theme %q, want %q", tt.theme, e.attrs["data-theme"], tt.want)
			}
			if e.attrs["name"] == "theme" && (e.attrs["aria-pressed"] == "true") != (e.attrs["value"] == tt.pressed) {
				t.Errorf("theme %q: button %q pressed %s", tt.theme, e.attrs["value"], e.attrs["aria-pressed"])
			}
		}
	}
}

func TestLayoutLanguageAndDirection(t *testing.T) {
	for lang, dir := range map[string]string{"": "ltr", "de": "ltr", "ar": "rtl", "he-IL": "rtl"} {
		p := page("x", "/")
		p.Lang = lang
		root := elements(t, render(t, Layout(p)))[0]
		if root.attrs["dir"] != dir || root.attrs["lang"] == "" {
			t.Errorf("lang %q: dir %q lang %q", lang, root.attrs["dir"], root.attrs["lang"])
		}
	}
}

func TestNavigationPerReader(t *testing.T) {
	tests := []struct {
		name   string
		viewer *Viewer
		has    []string
		hasNot []string
	}{
		{"guest", nil, []string{"/login", "/signup", "/browse"}, []string{"/sales", "/notices", "/house", "/desk"}},
		{"buyer", &Viewer{Name: "B"}, []string{"/purchases", "/notices", "/profile/seller"}, []string{"/login", "/sales", "/house"}},
		{"seller", &Viewer{Name: "S", Seller: true}, []string{"/sales", "/gigs"}, []string{"/profile/seller", "/house"}},
		{"agent", &Viewer{Name: "A", Agent: true}, []string{"/purchases"}, []string{"/house"}},
		{"operator", &Viewer{Name: "O", Operator: true}, []string{"/house"}, []string{"/login"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := page("x", "/browse")
			p.Viewer = tt.viewer
			links := map[string]bool{}
			for _, e := range elements(t, render(t, Layout(p))) {
				if e.Data == "a" {
					links[e.attrs["href"]] = true
				}
			}
			for _, want := range tt.has {
				if !links[want] {
					t.Errorf("no link to %s", want)
				}
			}
			for _, not := range tt.hasNot {
				if links[not] {
					t.Errorf("a link to %s", not)
				}
			}
		})
	}
}

func TestFieldKeepsWhatWasTyped(t *testing.T) {
	nasty := `"><script>alert(1)</script>`
	for _, kind := range []FieldKind{TextField, EmailField, NumberField, MoneyField, LongField} {
		out := render(t, Field(FieldProps{Kind: kind, Name: "x", Label: "X", Value: nasty, Error: "No."}))
		if strings.Contains(out, "<script>") {
			t.Errorf("%q writes what was typed unescaped", kind)
		}
		found := false
		for _, e := range elements(t, out) {
			if e.attrs["name"] != "x" {
				continue
			}
			found = true
			if e.attrs["value"] != nasty && e.text() != nasty {
				t.Errorf("%q lost the value: %v", kind, e.attrs)
			}
			if e.attrs["aria-invalid"] != "true" || e.attrs["aria-describedby"] != "f-x-error" {
				t.Errorf("%q does not tell of its fault: %v", kind, e.attrs)
			}
		}
		if !found {
			t.Errorf("%q has no control", kind)
		}
	}
	if strings.Contains(render(t, Field(FieldProps{Kind: PasswordField, Name: "x", Value: "secret"})), "secret") {
		t.Error("a password is shown again")
	}
}

func TestErrorSummaryLinksLand(t *testing.T) {
	name := "packages.0.price"
	field := elements(t, render(t, Field(FieldProps{Name: name, Label: "Price"})))
	summary := elements(t, render(t, ErrorSummary([]Fault{{name, "Too little."}})))
	var id, href string
	for _, e := range field {
		if e.Data == "input" {
			id = e.attrs["id"]
		}
	}
	for _, e := range summary {
		if e.Data == "a" {
			href = e.attrs["href"]
		}
	}
	if id == "" || href != "#"+id {
		t.Errorf("the link %q does not lead to the field %q", href, id)
	}
}

func TestFaultsOrder(t *testing.T) {
	got := Faults(map[string]string{"b": "2", "z": "9", "a": "1"}, "b", "a")
	want := []Fault{{"b", "2"}, {"a", "1"}, {"z", "9"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestClockStates(t *testing.T) {
	c := ClockProps{Label: "Due", Due: now.Add(-time.Hour), Local: here, Allows: "You may cancel."}
	if out := render(t, Clock(c)); !strings.Contains(out, "clock-overdue") || !strings.Contains(out, "You may cancel.") {
		t.Errorf("an overdue clock says nothing of it: %s", out)
	}
	c.Paused = &Pause{"a request is open", now.Add(-2 * time.Hour)}
	out := render(t, Clock(c))
	if strings.Contains(out, "clock-overdue") || strings.Contains(out, "data-count") || !strings.Contains(out, "a request is open") {
		t.Errorf("a paused clock runs: %s", out)
	}
}

func TestLedgerLineAddsUpInOneSentence(t *testing.T) {
	got := elements(t, render(t, LedgerLine(", yours from 8 Dec.", Term{"", "$80.00", "paid"}, Term{"−", "$8.00", "commission"}, Term{"=", "$72.00", "to you"})))
	want := "$80.00 paid − $8.00 commission = $72.00 to you, yours from 8 Dec."
	for _, e := range got {
		if e.Data == "p" && e.text() != want {
			t.Errorf("got %q, want %q", e.text(), want)
		}
	}
}

// TestIconsExist finds names that are used in the pages and not in icons.txt.
func TestIconsExist(t *testing.T) {
	call := regexp.MustCompile(`(?:Icon\(|Icon: +|Empty\()"([a-z0-9-]+)"`)
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == "node_modules" {
				return filepath.SkipDir
			}
			return err
		}
		if ext := filepath.Ext(path); ext != ".templ" && ext != ".go" {
			return nil
		}
		text, err := os.ReadFile(path)
		for _, m := range call.FindAllStringSubmatch(string(text), -1) {
			if _, ok := iconShapes[m[1]]; !ok && !strings.HasSuffix(path, "_test.go") {
				t.Errorf("%s draws %q, which is not in icons.txt", path, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(iconShapes))
	for _, tone := range []Tone{Neutral, Good, Warn, Bad, Brass, Lapis} {
		if !slices.Contains(names, tone.icon()) {
			t.Errorf("tone %s draws %q, which is not in icons.txt", tone, tone.icon())
		}
	}
}

// TestBellListens makes the bell a region of its own and the page listen to it.
func TestBellListens(t *testing.T) {
	p := page("x", "/orders/1")
	p.Viewer.Topic = "member_1"
	p.Topics = []string{"order_1"}
	var watched, stream string
	for _, e := range elements(t, render(t, Layout(p))) {
		switch e.attrs["id"] {
		case "bell":
			watched = e.attrs["data-live"]
		case "wire":
			stream = e.attrs["hx-sse:connect"]
		}
	}
	if watched != "member_1" || stream != "/live?topic=order_1&topic=member_1" {
		t.Errorf("the bell watches %q, the page %q", watched, stream)
	}
}

func TestLiveNamesItsRegion(t *testing.T) {
	a := Live("order", "/orders/1", "order:1", "member:2")
	if a["id"] != "order" || a["hx-select"] != "#order" || a["data-live"] != "order:1 member:2" || a["hx-get"] != "/orders/1" {
		t.Errorf("%v", a)
	}
	p := page("x", "/")
	p.Topics = []string{"order:1", "a&b"}
	for _, e := range elements(t, render(t, Layout(p))) {
		if e.attrs["id"] == "wire" {
			if got, want := e.attrs["hx-sse:connect"], "/live?topic=order%3A1&topic=a%26b"; got != want {
				t.Errorf("stream %q, want %q", got, want)
			}
			return
		}
	}
	t.Error("no stream on a page with topics")
}
