package proof_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// TestEveryFormByChance walks through the pages of a living market as a buyer, a
// seller, an agent and the operator, and sends each form that it meets, filled now
// with what fits and now with what nobody sends. The house never fails, and its
// audit finds nothing afterwards.
func TestEveryFormByChance(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes a while")
	}
	d := openDemo(t)
	for _, role := range []string{"buyer", "seller", "agent", "operator"} {
		d.walk(role, 150)
	}
	t.Logf("%d requests, of them %d forms", d.sent, d.forms)
	if d.forms < 700 {
		t.Errorf("only %d forms were sent", d.forms)
	}
	d.stop()
	out, err := exec.Command(d.program, "audit", "--data", d.data).CombinedOutput()
	if err != nil {
		t.Errorf("%v:\n%s", err, out)
	}
	if strings.Contains(d.log.String(), "panic") {
		t.Errorf("the house says:\n%s", d.log.String())
	}
}

// demo is a small living market behind the real program.
type demo struct {
	t                  *testing.T
	chance             *rand.Rand
	program, data, url string
	cmd                *exec.Cmd
	log                bytes.Buffer
	people             []struct{ Role, Email, Password string }
	sent, forms        int
}

func openDemo(t *testing.T) *demo {
	t.Helper()
	path, err := program()
	must(t, err)
	h := town{}.house(t) // for an address that is free
	d := &demo{t: t, chance: rand.New(rand.NewPCG(1, 2)), program: path, data: filepath.Join(t.TempDir(), "demo"), url: h.url}
	logins := filepath.Join(t.TempDir(), "logins.json")
	d.cmd = exec.Command(path, "demo", "--small", "--data", d.data, "--listen", h.addr, "--credentials", logins)
	d.cmd.Stdout, d.cmd.Stderr = &d.log, &d.log
	must(t, d.cmd.Start())
	t.Cleanup(d.stop)
	if err := h.await(http.StatusOK, 2*time.Minute); err != nil {
		t.Fatalf("not ready: %v\n%s", err, d.log.String())
	}
	text, err := os.ReadFile(logins)
	must(t, err)
	var kept struct {
		People []struct{ Role, Email, Password string }
	}
	must(t, json.Unmarshal(text, &kept))
	d.people = kept.People
	return d
}

func (d *demo) stop() {
	if d.cmd.ProcessState == nil {
		_ = d.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = d.cmd.Wait()                          // as it says in its log
	}
}

// entrances are where a walk begins, beside the links that it meets.
var entrances = strings.Fields(`/ /sales /purchases /standing /desk /house /profile /gigs /gigs/new /messages /notices /statement /withdraw
	/offers /reviews /cases /cases/new /needs /help /browse /verify /profile/tokens /profile/password /operator/jobs /house/policy
	/house/remove /house/accounts /house/health`)

// walk looks at so many pages as somebody, and sends their forms.
func (d *demo) walk(role string, pages int) {
	who := d.signedIn(role)
	seen, alike, met := map[string]bool{}, map[string]int{}, map[string]int{}
	for todo := append([]string{}, entrances...); len(todo) > 0 && pages > 0; pages-- {
		i := d.chance.IntN(len(todo))
		at := todo[i]
		todo = append(todo[:i], todo[i+1:]...)
		if alike[nameless(at)]++; seen[at] || alike[nameless(at)] > 10 || strings.Contains(at, "logout") {
			pages++
			continue
		}
		seen[at] = true
		page := d.get(who, at)
		d.get(who, strings.SplitN(at, "?", 2)[0]+"?"+d.wildQuery().Encode())
		links, forms := read(page)
		todo = append(todo, links...)
		for _, f := range forms {
			if f.action == "" {
				f.action = at
			}
			key := nameless(f.action) + fmt.Sprint(f.names())
			if met[key]++; met[key] > 4 || !strings.HasPrefix(f.action, "/") || strings.Contains(f.action, "logout") || strings.Contains(f.action, "clock") {
				continue
			}
			for n := range 4 {
				d.send(who, f, n < 2)
			}
		}
	}
}

func (d *demo) signedIn(role string) *http.Client {
	jar, err := cookiejar.New(nil)
	must(d.t, err)
	who := &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, p := range d.people {
		if p.Role == role {
			d.do(who, http.MethodPost, "/login", "application/x-www-form-urlencoded", url.Values{"email": {p.Email}, "password": {p.Password}}.Encode())
			return who
		}
	}
	d.t.Fatalf("there is no %s", role)
	return nil
}

func (d *demo) get(who *http.Client, path string) string {
	return d.do(who, http.MethodGet, path, "", "")
}

// do sends one request and fails where the house does.
func (d *demo) do(who *http.Client, method, path, kind, body string) string {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, strings.NewReader(body))
	if err != nil {
		return "" // no browser could ask for it
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	res, err := who.Do(r)
	must(d.t, err)
	defer func() { _ = res.Body.Close() }() // only read from
	text, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	must(d.t, err)
	d.sent++
	if res.StatusCode >= http.StatusInternalServerError {
		d.t.Errorf("%s %s: %d\nsent: %.2000q\nanswered: %.300s", method, path, res.StatusCode, body, text)
	}
	return string(text)
}

// send fills a form and sends it: calmly as a person would, or wildly.
func (d *demo) send(who *http.Client, f form, calm bool) {
	d.t.Helper()
	d.forms++
	values := d.filled(f, calm)
	switch {
	case f.method != http.MethodPost:
		d.get(who, strings.SplitN(f.action, "?", 2)[0]+"?"+values.Encode())
	case f.files:
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		for name, list := range values {
			for _, v := range list {
				must(d.t, w.WriteField(name, v))
			}
		}
		must(d.t, w.Close())
		d.do(who, http.MethodPost, f.action, w.FormDataContentType(), body.String())
	default:
		d.do(who, http.MethodPost, f.action, "application/x-www-form-urlencoded", values.Encode())
	}
}

func (d *demo) filled(f form, calm bool) url.Values {
	values := url.Values{}
	for _, field := range f.fields {
		switch roll := d.chance.Float64(); {
		case field.name == "idempotency_key":
			values.Set(field.name, fmt.Sprint("key-", d.chance.Int64()))
		case field.kind == "file", field.kind == "checkbox" && roll < 0.5:
		case calm:
			values.Add(field.name, d.fitting(field))
		case roll < 0.5:
			values.Add(field.name, d.oneOf(wild))
		case roll < 0.6:
		case roll < 0.7:
			values[field.name] = append(values[field.name], d.fitting(field), d.oneOf(wild))
		case roll < 0.8:
			values.Add(field.name+"."+d.oneOf([]string{"0", "x", "-1", "999999"}), d.oneOf(wild))
		default:
			values.Add(field.name, d.fitting(field))
		}
	}
	return values
}

// fitting is what a person might write.
func (d *demo) fitting(f field) string {
	switch {
	case len(f.options) > 0:
		return d.oneOf(f.options)
	case f.value != "":
		return f.value
	case f.kind == "number":
		return d.oneOf([]string{"1", "2", "5", "50"})
	case f.kind == "date":
		return time.Now().AddDate(0, 0, 1+d.chance.IntN(20)).Format(time.DateOnly)
	case f.kind == "password":
		return "not the password of anybody"
	case f.kind == "email":
		return fmt.Sprintf("somebody-%d@example.com", d.chance.IntN(100))
	case strings.HasSuffix(f.name, "card.number"):
		return visa
	case strings.HasSuffix(f.name, "card.expiry"):
		return "12/39"
	case strings.HasSuffix(f.name, "card.cvc"):
		return "123"
	}
	return d.oneOf([]string{"Some words that are long enough to say something.", "Another way would be better for both of us.", "12"})
}

func (d *demo) oneOf(list []string) string { return list[d.chance.IntN(len(list))] }

// wild is what nobody sends.
var wild = []string{
	"", "0", "-1", "99999999999999999999", "1e9", "NaN", "\x00", "\xff\xfe", "\u202eabc", strings.Repeat("a", 5000), "<script>alert(1)</script>",
	"' OR 1=1 --", "../../etc/passwd", "2026-13-45", "2026-02-30T25:61", "0x10", "1,5", "1.005", "٣", "\r\nX: y", "%00", "null", "[]", "{}",
	"order_01", "gig_zzzz", strings.Repeat("🦊", 50),
}

func (d *demo) wildQuery() url.Values {
	q := url.Values{}
	for _, name := range strings.Fields("cursor page tab q from to class after limit kind mark sort gig next about id policy day until") {
		if d.chance.IntN(3) == 0 {
			q.Set(name, d.oneOf(wild))
		}
	}
	return q
}

// nameless is an address without the names of things in it.
func nameless(at string) string { return named.ReplaceAllString(at, "*") }

var named = regexp.MustCompile(`[0-9a-z_]{20,}|\d+`)

// form is one form of a page, and field one of its fields, with its options where
// it offers a choice.
type form struct {
	action, method string
	files          bool
	fields         []field
}

type field struct {
	name, kind, value string
	options           []string
}

func (f form) names() (names []string) {
	for _, field := range f.fields {
		names = append(names, nameless(field.name))
	}
	return names
}

// read finds the links within the house and the forms of a page.
func read(page string) (links []string, forms []form) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil, nil
	}
	for n := range root.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "a":
			if at := strings.SplitN(attr(n, "href"), "#", 2)[0]; strings.HasPrefix(at, "/") && !strings.HasPrefix(at, "/api/") {
				links = append(links, at)
			}
		case n.Data == "form":
			f := form{action: attr(n, "action"), method: strings.ToUpper(attr(n, "method")), files: attr(n, "enctype") == "multipart/form-data"}
			for in := range n.Descendants() {
				f.take(in)
			}
			forms = append(forms, f)
		}
	}
	return links, forms
}

// take adds a field; radio buttons and the options of a list are choices of one.
func (f *form) take(n *html.Node) {
	name := attr(n, "name")
	if n.Type != html.ElementNode || name == "" || !strings.Contains(" input textarea select button ", " "+n.Data+" ") {
		return
	}
	in := field{name: name, kind: attr(n, "type"), value: attr(n, "value")}
	if n.Data == "select" {
		for option := range n.Descendants() {
			if option.Data == "option" {
				in.options = append(in.options, attr(option, "value"))
			}
		}
	}
	if in.kind == "radio" || n.Data == "button" {
		for i := range f.fields {
			if f.fields[i].name == name {
				f.fields[i].options = append(f.fields[i].options, in.value)
				return
			}
		}
		in.options = []string{in.value}
	}
	f.fields = append(f.fields, in)
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
