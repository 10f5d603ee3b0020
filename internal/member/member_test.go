package member_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/member"
)

// fields are the names of the faulty fields of err, in order.
func fields(err error) string {
	var e *fault.Error
	if !errors.As(err, &e) {
		return ""
	}
	var names []string
	for name := range e.Fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func TestApplications(t *testing.T) {
	good := member.Application{Name: "Ada", Email: "ada@example.com", Password: "four plain words here", Zone: "Europe/Vienna"}
	for _, c := range []struct {
		what  string
		with  func(*member.Application)
		fault string
	}{
		{"as it should be", func(*member.Application) {}, ""},
		{"no zone is UTC", func(a *member.Application) { a.Zone = "" }, ""},
		{"capitals and spaces", func(a *member.Application) { a.Email = "  ADA@Example.COM " }, ""},
		{"plus and dots", func(a *member.Application) { a.Email = "a.da+guild@mail.example.co.uk" }, ""},
		{"letters beyond ASCII", func(a *member.Application) { a.Email, a.Name = "ådå@exämple.com", "Ådå Çelik 李" }, ""},
		{"one letter", func(a *member.Application) { a.Name = "A" }, "name"},
		{"no letter", func(a *member.Application) { a.Name = "1234" }, "name"},
		{"only what cannot be seen", func(a *member.Application) { a.Name = "\u202e\u2066 \ufeff" }, "name"},
		{"too long", func(a *member.Application) { a.Name = strings.Repeat("a", 61) }, "name"},
		{"no at", func(a *member.Application) { a.Email = "ada.example.com" }, "email"},
		{"two ats", func(a *member.Application) { a.Email = "a@b@example.com" }, "email"},
		{"a second header", func(a *member.Application) { a.Email = "ada@example.com\r\nBcc: x@y.z" }, "email"},
		{"with a name", func(a *member.Application) { a.Email = "Ada <ada@example.com>" }, "email"},
		{"two dots", func(a *member.Application) { a.Email = "ada@example..com" }, "email"},
		{"short password", func(a *member.Application) { a.Password = "ninechars" }, "password"},
		{"a long password in other letters", func(a *member.Application) { a.Password = strings.Repeat("ключ от дома", 21) }, ""},
		{"giant password", func(a *member.Application) { a.Password = strings.Repeat("ab1", 100) }, "password"},
		{"the address", func(a *member.Application) { a.Password = "Ada@Example.com" }, "password"},
		{"the first that one guesses", func(a *member.Application) { a.Password = "Password123" }, "password"},
		{"one letter over and over", func(a *member.Application) { a.Password = "aaaaaaaaaaaa" }, "password"},
		{"a short pattern", func(a *member.Application) { a.Password = "abcabcabcabc" }, "password"},
		{"no such zone", func(a *member.Application) { a.Zone = "Mars/Olympus" }, "zone"},
		{"the server's zone", func(a *member.Application) { a.Zone = "Local" }, "zone"},
		{"all at once", func(a *member.Application) { *a = member.Application{Zone: "x"} }, "email name password zone"},
	} {
		a := good
		c.with(&a)
		m, err := member.New(a)
		if got := fields(err); got != c.fault {
			t.Errorf("%s: faults %q, want %q (%v)", c.what, got, c.fault, err)
		}
		if err == nil && (m.Email != strings.ToLower(strings.TrimSpace(a.Email)) || m.Zone == "") {
			t.Errorf("%s: made %+v", c.what, m)
		}
	}
}

func TestHandles(t *testing.T) {
	for name, want := range map[string]string{
		"Ada Lovelace": "ada-lovelace", "  --Ada--  ": "ada", "李小龙": "", "O'Brien & Sons, Ltd.": "o-brien-sons-ltd",
		strings.Repeat("long ", 20): "long-long-long-long-long-long-long-long",
	} {
		if got := member.Handle(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestTextKeepsLinesAndDropsWhatHides(t *testing.T) {
	if got := member.Text("  one\r\ntwo\x00\u202e\tthree \xff "); got != "one\ntwo\tthree" {
		t.Errorf("%q", got)
	}
	if got := member.Line(" one \n two\u2028three "); got != "one two three" {
		t.Errorf("%q", got)
	}
}

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func TestSelling(t *testing.T) {
	m := member.Member{ID: "member_x"}
	if _, err := m.GoAway(monday, monday.Add(time.Hour)); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("away without a shop: %v", err)
	}
	if _, err := m.OpenShop(monday, member.Shop{Tagline: "short"}); fields(err) != "tagline" {
		t.Errorf("a short tagline: %v", err)
	}
	many := strings.Split(strings.Repeat("skill,", 16), ",")
	for i := range many {
		many[i] += strings.Repeat("x", i)
	}
	if _, err := m.OpenShop(monday, member.Shop{Tagline: "Logos with a hand", Skills: many}); fields(err) != "skills" {
		t.Errorf("17 skills: %v", err)
	}
	open, err := m.OpenShop(monday, member.Shop{Tagline: " Logos  with a hand ", Skills: []string{"Logo", "LOGO", ""}})
	if err != nil || open.Seller.Tagline != "Logos with a hand" || len(open.Seller.Skills) != 1 || m.Seller != nil {
		t.Errorf("opened %+v, %v", open.Seller, err)
	}
	later, err := open.OpenShop(monday.Add(time.Hour), member.Shop{Tagline: "Logos and signs"})
	if err != nil || !later.Seller.Since.Equal(monday) || open.Seller.Tagline != "Logos with a hand" {
		t.Errorf("changed %+v, %v", later.Seller, err)
	}
	for _, until := range []time.Time{monday, monday.Add(-time.Hour), {}, monday.AddDate(2, 0, 0)} {
		if _, err := open.GoAway(monday, until); fields(err) != "until" {
			t.Errorf("away until %v: %v", until, err)
		}
	}
	away, err := open.GoAway(monday, monday.Add(time.Hour))
	if err != nil || !away.Away(monday) || away.Away(monday.Add(time.Hour)) || open.Away(monday) {
		t.Errorf("away %+v, %v", away.Seller, err)
	}
	if back, err := away.ComeBack(); err != nil || back.Away(monday) {
		t.Errorf("back: %v", err)
	}
	barred, err := open.Bar(monday, "Sold what was not theirs")
	if err != nil || !barred.Suspended() {
		t.Errorf("barred: %v", err)
	}
	if _, err := barred.OpenShop(monday, member.Shop{Tagline: "Logos again, please"}); fault.KindOf(err) != fault.KindForbidden {
		t.Errorf("a barred member opens a shop: %v", err)
	}
	if _, err := barred.Bar(monday, "again"); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("barred twice: %v", err)
	}
}

func TestTokens(t *testing.T) {
	for _, c := range []struct {
		name    string
		scopes  []member.Scope
		expires time.Time
		fault   string
	}{
		{"script", []member.Scope{member.ScopeSell, member.ScopeRead}, time.Time{}, ""},
		{"", []member.Scope{member.ScopeRead}, time.Time{}, "name"},
		{"script", nil, time.Time{}, "scopes"},
		{"script", []member.Scope{member.ScopeRead, "root"}, time.Time{}, "scopes"},
		{"script", []member.Scope{member.ScopeRead}, monday, "expires"},
	} {
		tok, err := member.NewToken(monday, c.name, c.scopes, c.expires)
		if got := fields(err); got != c.fault {
			t.Errorf("%q %v: faults %q, want %q", c.name, c.scopes, got, c.fault)
		}
		if err == nil && (tok.Scopes[0] != member.ScopeRead || !tok.Alive(monday)) {
			t.Errorf("token %+v", tok)
		}
	}
	ends := member.Token{Expires: monday}
	if ends.Alive(monday) || !ends.Alive(monday.Add(-1)) || (member.Token{Revoked: monday}).Alive(monday) {
		t.Error("a token outlives its end")
	}
}

func TestActors(t *testing.T) {
	m := member.Member{ID: "member_x", Operator: true}
	token := m.ActorWith(nil)
	for _, c := range []struct {
		what string
		err  error
		want fault.Kind
	}{
		{"guest reads", member.Guest().Need(member.ScopeRead), fault.KindSignIn},
		{"session manages", m.Actor().Need(member.ScopeManage), ""},
		{"token without scopes reads", token.Need(member.ScopeRead), fault.KindForbidden},
		{"token in a browser's place", token.NeedBrowser(), fault.KindForbidden},
		{"token without scopes runs the house", token.NeedOperator(), fault.KindNotFound},
		{"operator runs the house", m.Actor().NeedOperator(), ""},
		{"the house runs the house", member.House().NeedOperator(), ""},
		{"member runs the house", member.Member{ID: "member_y"}.Actor().NeedOperator(), fault.KindNotFound},
		{"guest runs the house", member.Guest().NeedOperator(), fault.KindSignIn},
		{"clock runs the house", member.Clock().NeedOperator(), fault.KindSignIn},
	} {
		if got := fault.KindOf(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	if member.Guest().Is("") || !m.Actor().Is(m.ID) {
		t.Error("nobody is somebody")
	}
}
