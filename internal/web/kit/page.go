package kit

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/web/static"
)

// Page is what Layout needs to know about the page and its reader.
type Page struct {
	Title       string // shown in the tab, before "· Guildhall"
	Description string // one sentence for search engines; may be empty
	Path        string // the page's own path and query, for "back" and live refresh
	Next        string // where a guest wants to be after signing in; empty is the front page
	Lang        string // BCP 47; empty is English
	Theme       string // "light", "dark", or anything else: as the system says
	Query       string // what stands in the search box
	NoIndex     bool   // keep it out of search engines

	Local     Local      // the reader's zone and the moment
	Viewer    *Viewer    // nil for a guest
	Rehearsal *Rehearsal // nil on a real market
	Flash     *Flash     // what the last action did; nil if nothing
	Topics    []string   // what the page watches; see Live
	Made      time.Time  // when it began to be made, by the machine's own clock; zero if nothing listens
}

// Viewer is the signed-in reader.
type Viewer struct {
	Name    string
	Handle  string // without the @
	Picture string // address; empty draws initials
	Unread  int    // notices not yet seen
	Talks   int    // conversations with something not read
	Topic   string // announces the reader's own news; the bell listens; see Live

	Seller, Agent, Operator bool
}

// Rehearsal tells that the market is a rehearsal with a movable clock.
type Rehearsal struct {
	Now    time.Time
	Outbox string // address of the viewable outbox; may be empty
}

// Flash is one sentence about what just happened.
type Flash struct {
	Tone Tone
	Text string
}

// Link is a word and where it leads.
type Link struct {
	Label, Href string
}

// paper heads a page that is printed: whose it is, and as of when.
func (p Page) paper() string {
	parts := []string{"Guildhall"}
	if p.Viewer != nil {
		parts = append(parts, p.Viewer.Name)
	}
	if !p.Local.Now.IsZero() {
		parts = append(parts, "as of "+p.Local.Now.In(p.Local.zone()).Format("2 January 2006, 15:04")+" ("+p.Local.ZoneName(p.Local.Now)+")")
	}
	if p.Rehearsal != nil {
		parts = append(parts, "a rehearsal, nothing in it is real")
	}
	return strings.Join(parts, " · ")
}

// Door is the address of the page to sign in or to join at, from which a guest
// comes back to where they are.
func (p Page) Door(path string) string {
	if p.Next == "" {
		return path
	}
	return path + "?next=" + url.QueryEscape(p.Next)
}

func (p Page) lang() string {
	if p.Lang == "" {
		return "en"
	}
	return p.Lang
}

func (p Page) dir() string {
	base, _, _ := strings.Cut(p.lang(), "-")
	switch base {
	case "ar", "fa", "he", "ur", "yi", "dv", "ps":
		return "rtl"
	}
	return "ltr"
}

// theme is the value of data-theme; empty leaves it to the system.
func (p Page) theme() string {
	switch p.Theme {
	case "light":
		return "guildhall"
	case "dark":
		return "guildhall-dark"
	}
	return ""
}

func (p Page) title() string {
	if p.Title == "" {
		return "Guildhall"
	}
	return p.Title + " · Guildhall"
}

// back is where a form in the shell returns to.
func (p Page) back() string {
	if p.Path == "" {
		return "/"
	}
	return p.Path
}

// topics are all the page listens to: its own and the bell's.
func (p Page) topics() []string {
	if p.Viewer == nil || p.Viewer.Topic == "" || slices.Contains(p.Topics, p.Viewer.Topic) {
		return p.Topics
	}
	return append(slices.Clone(p.Topics), p.Viewer.Topic)
}

// bellAttrs make the bell ring by itself where the reader has a topic.
func (p Page) bellAttrs() templ.Attributes {
	if p.Viewer.Topic == "" {
		return templ.Attributes{"id": "bell"}
	}
	a := Live("bell", p.back(), p.Viewer.Topic)
	delete(a, "hx-select-oob")
	return a
}

func asset(name string) string { return static.Asset(name) }
