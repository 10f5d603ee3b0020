package member

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"guildhall/internal/fault"
)

// How long what somebody writes about themselves may be, in characters.
const (
	MaxName    = 60
	MaxAbout   = 2000
	MaxTagline = 100
	MaxSkills  = 15
	MaxSkill   = 40
	maxEmail   = 254
)

// Profile is what a member may change about themselves.
type Profile struct {
	Name  string
	About string
	Zone  string
	Theme Theme
}

// SetProfile puts the typed profile in place.
// Errors: fault.Invalid beside name, about, zone or theme.
func (m Member) SetProfile(p Profile) (Member, error) {
	p.Name, p.About = Line(p.Name), Text(p.About)
	bad := fault.Fields{}
	checkName(bad, p.Name)
	bad.Need(utf8.RuneCountInString(p.About) <= MaxAbout, "about", "At most 2,000 characters, please.")
	checkZone(bad, p.Zone)
	bad.Need(p.Theme == ThemeSystem || p.Theme == ThemeLight || p.Theme == ThemeDark, "theme", "Choose light, dark or as the device says.")
	if err := bad.Err(); err != nil {
		return m, err
	}
	m.Name, m.About, m.Zone, m.Theme = p.Name, p.About, p.Zone, p.Theme
	return m, nil
}

// Application is what somebody types to become a member.
type Application struct {
	Name     string
	Email    string
	Password string
	Zone     string // empty is UTC
}

// New makes a member of an application; id, handle and time are the caller's.
// Errors: fault.Invalid beside name, email, password or zone.
func New(a Application) (Member, error) {
	a.Name, a.Email = Line(a.Name), Email(a.Email)
	if a.Zone == "" {
		a.Zone = "UTC"
	}
	bad := fault.Fields{}
	checkName(bad, a.Name)
	bad.Need(validEmail(a.Email), "email", "Type an e-mail address like name@example.com.")
	bad.Need(len(a.Email) <= maxEmail, "email", "This address is too long.")
	checkPassword(bad, a.Password, a.Email)
	checkZone(bad, a.Zone)
	if err := bad.Err(); err != nil {
		return Member{}, err
	}
	return Member{Email: a.Email, Name: a.Name, Zone: a.Zone, Version: 1}, nil
}

// Email writes an address the one way it is stored and looked up.
func Email(typed string) string { return strings.ToLower(strings.TrimSpace(typed)) }

// validEmail takes every address that can be written without quotes. Whether
// letters arrive there only a letter can tell.
func validEmail(email string) bool {
	user, domain, ok := strings.Cut(email, "@")
	if !ok || user == "" || len(user) > 64 || strings.Contains(domain, "@") || !dotted(user) || !dotted(domain) {
		return false
	}
	special := func(r rune) bool { return unicode.IsSpace(r) || hidden(r) || strings.ContainsRune("\"(),:;<>[\\]", r) }
	return strings.IndexFunc(email, special) < 0 && !houses(domain)
}

// houses tells whether a domain is one that nobody can have (RFC 2606): the
// house's own accounts, which no letter reaches, have their addresses there.
func houses(domain string) bool { return domain == "invalid" || strings.HasSuffix(domain, ".invalid") }

// dotted tells whether no part between dots is empty.
func dotted(s string) bool {
	return s != "" && !strings.HasPrefix(s, ".") && !strings.HasSuffix(s, ".") && !strings.Contains(s, "..")
}

func checkName(bad fault.Fields, name string) {
	n := utf8.RuneCountInString(name)
	bad.Need(n >= 2, "name", "Type the name that others should call you, at least 2 characters.")
	bad.Need(n <= MaxName, "name", "At most 60 characters, please.")
	bad.Need(strings.IndexFunc(name, unicode.IsLetter) >= 0, "name", "A name has at least one letter.")
}

func checkZone(bad fault.Fields, zone string) {
	_, err := time.LoadLocation(zone)
	bad.Need(err == nil && zone != "" && zone != "Local", "zone", "Choose a time zone from the list.")
}

// Line cleans one line of typed text: no control characters, single spaces.
func Line(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool {
		return unicode.IsSpace(r) || hidden(r)
	}), " ")
}

// Text cleans typed text of several lines: Unix line ends, nothing invisible.
func Text(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && hidden(r) {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// hidden tells control characters and the marks that turn the direction of
// text around, with which one name can be dressed up as another.
func hidden(r rune) bool {
	return unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\ufeff'
}

// Handle proposes the address of a page from a name: "Ada Lovelace" → ada-lovelace.
// It may be empty or taken; the caller then appends something.
func Handle(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	handle := b.String()
	if len(handle) > 40 {
		handle = handle[:40]
	}
	return strings.Trim(handle, "-")
}
