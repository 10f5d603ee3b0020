package web

import (
	"bytes"
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/web/kit"
	"guildhall/internal/web/page"
)

// call is one request on its way through a handler.
type call struct {
	web   *Web
	w     http.ResponseWriter
	r     *http.Request
	actor member.Actor
	me    *member.Member // nil for a guest
	zone  *time.Location // of the reader; UTC for a guest
	token bool           // came with a bearer token
	keyed market.Key     // see key
	began time.Time      // before anything was read for the answer
}

func (w *Web) newCall(rw http.ResponseWriter, r *http.Request) *call {
	v := front.Of(r)
	c := &call{web: w, w: rw, r: r, actor: v.Actor, me: v.Member, zone: time.UTC, token: v.Token, began: time.Now()}
	if c.me != nil {
		c.zone = c.me.Location()
	}
	return c
}

func (c *call) ctx() context.Context { return c.r.Context() }

// memory is how much of a form's files is kept in memory; the rest waits on disk.
const memory = 4 << 20

// parse reads the form of a POST.
func (c *call) parse() error {
	if c.r.Method != http.MethodPost {
		return nil
	}
	err := c.r.ParseMultipartForm(memory)
	if err == nil || errors.Is(err, http.ErrNotMultipart) {
		return nil
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return fault.Invalid("form", "This form could not be read. Go back, reload the page and send it again.")
}

// readable refuses what no engine can keep, wherever it stands in a request.
func (c *call) readable() error {
	if !front.Readable(c.r.URL.Path) {
		return fault.NotFound("There is no page at this address.")
	}
	for _, values := range []url.Values{c.r.URL.Query(), c.r.PostForm} {
		for name, list := range values {
			if !front.Readable(name + strings.Join(list, "")) {
				return fault.Invalid("form", "This contains signs that are no text. Go back, type it again and send it once more.")
			}
		}
	}
	return nil
}

// text is a typed line or text, without the spaces around it.
func (c *call) text(name string) string { return strings.TrimSpace(c.r.PostFormValue(name)) }

// raw is exactly what was typed; for passwords.
func (c *call) raw(name string) string { return c.r.PostFormValue(name) }

// texts is every value of a field that may come several times.
func (c *call) texts(name string) []string { return c.r.PostForm[name] }

// ticked tells whether a box was ticked.
func (c *call) ticked(name string) bool { return c.r.PostFormValue(name) != "" }

// ordinal is the number of something; 0, which names nothing, for what is none.
func (c *call) ordinal(name string) int {
	n, _ := strconv.Atoi(c.text(name)) // refused by whoever looks for it
	return n
}

// query is a parameter of the address.
func (c *call) query(name string) string { return c.r.URL.Query().Get(name) }

// path is a part of the address, as {id}.
func (c *call) path(name string) string { return c.r.PathValue(name) }

// money reads an amount and puts what is wrong with it beside its field.
func (c *call) money(bad fault.Fields, name string, in money.Currency) money.Amount {
	amount, err := money.Parse(c.text(name), in)
	if err != nil {
		bad.Need(false, name, err.Error())
	}
	return amount
}

// files are the uploads of a field, without the nameless one that browsers send
// where none was chosen. One that was chosen and is empty is for the rules to refuse.
func (c *call) files(name string) []*multipart.FileHeader {
	if c.r.MultipartForm == nil {
		return nil
	}
	var list []*multipart.FileHeader
	for _, f := range c.r.MultipartForm.File[name] {
		if f.Filename != "" {
			list = append(list, f)
		}
	}
	return list
}

// key is the idempotency key of the form: the one that was sent, or a new one
// for a form that is about to be shown.
func (c *call) key() market.Key {
	if c.keyed == "" {
		c.keyed = market.Key(c.r.PostFormValue("idempotency_key"))
	}
	if c.keyed == "" || len(c.keyed) > 100 {
		c.renewKey()
	}
	return c.keyed
}

// renewKey makes what is sent next another request than this one.
func (c *call) renewKey() { c.keyed = market.Key(ident.Secret()[:32]) }

// form is what was typed with what is wrong about it, for showing again.
func (c *call) form(err error) page.Form {
	f := page.Form{Values: c.r.PostForm, Key: string(c.key())}
	var e *fault.Error
	if errors.As(err, &e) && e.Kind == fault.KindInvalid {
		f.Faults = e.Fields
	}
	return f
}

// fill is a form that is shown for the first time, with what stands in it.
func (c *call) fill(pairs ...string) page.Form {
	f := page.Form{Values: url.Values{}, Key: string(c.key())}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Values.Add(pairs[i], pairs[i+1])
	}
	return f
}

// refused tells whether err is about the form, so that it is shown again.
func refused(err error) bool { return fault.KindOf(err) == fault.KindInvalid }

// local is how the reader sees instants.
func (c *call) local() kit.Local { return kit.Local{Now: c.web.Market.Now(), Zone: c.zone} }

// page is the shell of a page, with the sentence about what was just done.
func (c *call) page(title string) kit.Page {
	p := c.shell(title)
	if text := c.web.Front.Flash(c.ctx(), c.r.URL.Path); text != "" {
		p.Flash = flashOf(text)
	}
	return p
}

// caution begins a sentence kept for the next page that is no good news.
const caution = "!"

func flashOf(text string) *kit.Flash {
	if told, bad := strings.CutPrefix(text, caution); bad {
		return &kit.Flash{Tone: kit.Warn, Text: told}
	}
	return &kit.Flash{Tone: kit.Good, Text: text}
}

// shell is a page without anything from the session; errors use it.
func (c *call) shell(title string) kit.Page {
	p := kit.Page{Title: title, Path: c.r.URL.RequestURI(), Local: c.local(), Theme: c.theme(), Made: c.began}
	if c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		p.Path = c.r.URL.Path
	}
	if c.me != nil {
		p.NoIndex = true
		p.Viewer = c.viewer()
	} else {
		p.Next = c.next()
	}
	if c.web.MoveClock != nil {
		p.Rehearsal = &kit.Rehearsal{Now: p.Local.Now, Outbox: "/rehearsal/outbox"}
	}
	return p
}

// next is where a guest wants to be after signing in or joining: on this page,
// or where they were led away from. Nothing is the front page.
func (c *call) next() string {
	form, to := c.r.Method != http.MethodGet, ""
	switch c.r.URL.Path {
	case "/forgot", "/reset", "/setup":
	case "/login", "/signup":
		if to = c.query("next"); form {
			to = c.r.PostForm.Get("next") // not yet read where the form is refused unread
		}
	default:
		if !form {
			to = c.r.URL.RequestURI()
		}
	}
	if to == "/" {
		return ""
	}
	return inside(to, "")
}

func (c *call) viewer() *kit.Viewer {
	v := &kit.Viewer{
		Name: c.me.Name, Handle: c.me.Handle,
		Picture: page.PictureURL(c.me.Picture, market.PictureAvatar),
		Seller:  c.me.Seller != nil, Agent: c.me.Agent, Operator: c.me.Operator,
	}
	badges, err := c.web.Market.Badges(c.ctx(), c.actor)
	if err != nil {
		front.Note(c.ctx(), err) // a page without its bell's number is better than none
	}
	v.Unread, v.Talks = badges.Notices, badges.Talks
	return v
}

// themeCookie keeps a guest's choice of light.
const themeCookie = "guildhall-theme"

func (c *call) theme() string {
	if c.me != nil {
		return string(c.me.Theme)
	}
	if cookie, err := c.r.Cookie(themeCookie); err == nil {
		return cookie.Value
	}
	return ""
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render writes a whole page. Nothing is sent before the page is complete, so
// a fault inside a template is an error page and not half a page.
func (c *call) render(status int, body templ.Component) error {
	b, ok := buffers.Get().(*bytes.Buffer)
	if !ok {
		b = new(bytes.Buffer)
	}
	defer buffers.Put(b)
	b.Reset()
	if err := body.Render(c.ctx(), b); err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", kit.ContentSecurityPolicy)
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(b.Bytes()) // the reader may be gone
	return nil
}

// redirect leads on after a change, with a sentence for the next page. What was
// kept for a page that only leads on itself goes along.
func (c *call) redirect(path, flash string) error {
	if flash == "" {
		flash = c.web.Front.Flash(c.ctx(), c.r.URL.Path)
	}
	c.web.Front.SetFlash(c.ctx(), path, flash)
	http.Redirect(c.w, c.r, path, http.StatusSeeOther)
	return nil
}

// declined leads back to the form of a payment, with what the bank said.
func (c *call) declined(path, reason string) error {
	return c.redirect(path, caution+reason+" Nothing was charged. Try another card.")
}

// inside keeps a "next" address within the house.
func inside(next, otherwise string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return otherwise
	}
	return next
}
