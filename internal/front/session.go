package front

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
)

// What a session remembers.
const (
	keyMember = "m"
	keyFlash  = "f" // and the path of the page that the sentence is for
)

// mostFlashes bounds what browsers leave behind that never open the page they
// are led to.
const mostFlashes = 8

// newSessions does without scs.New, whose memory store keeps a janitor running.
func newSessions(p Parts) *scs.SessionManager {
	s := &scs.SessionManager{
		Store: shelf{p.Market}, Codec: plain{}, HashTokenInStore: true, Lifetime: p.SessionLife,
		Cookie: scs.SessionCookie{Name: "guildhall", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Persist: true},
	}
	if s.Lifetime <= 0 {
		s.Lifetime = 30 * 24 * time.Hour
	}
	if p.PublicURL != nil && p.PublicURL.Scheme == "https" {
		s.Cookie.Name = "__Host-guildhall"
		s.Cookie.Secure = true
	}
	return s
}

// withSession finds the visitor of the session cookie. A session is written
// only when something in it changed, so looking around costs one read.
func (f *Front) withSession(next http.Handler, fail Fail) http.Handler {
	f.sessions.ErrorFunc = fail
	return f.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if v := visit(r.Context()); v.Member != nil {
			v.Actor = v.Member.Actor()
		}
		next.ServeHTTP(w, r)
	}))
}

// SignIn makes the browser's session a member's, under a new token. It is
// written at once, so that a refusal is the answer. Call it before anything is
// written to the browser.
// Errors: as market.SaveSession.
func (f *Front) SignIn(ctx context.Context, who market.Entrant) error {
	if err := f.sessions.RenewToken(ctx); err != nil {
		return err
	}
	visit(ctx).entrant = who
	f.sessions.Put(ctx, keyMember, string(who.ID))
	if _, _, err := f.sessions.Commit(ctx); err != nil {
		return errors.Join(err, f.sessions.Destroy(ctx)) // or it would be written again with the answer
	}
	return nil
}

// CookieName is what browsers call the session.
func (f *Front) CookieName() string { return f.sessions.Cookie.Name }

// SignOut ends the browser's session.
func (f *Front) SignOut(ctx context.Context) error { return f.sessions.Destroy(ctx) }

// SetFlash keeps one sentence for the page at an address, so that another tab
// of the same browser does not show it.
func (f *Front) SetFlash(ctx context.Context, to, text string) {
	if text == "" || In(ctx).Token {
		return
	}
	var kept []string
	for _, key := range f.sessions.Keys(ctx) {
		if strings.HasPrefix(key, keyFlash) {
			kept = append(kept, key)
		}
	}
	if len(kept) >= mostFlashes {
		for _, key := range kept {
			f.sessions.Remove(ctx, key)
		}
	}
	if u, err := url.Parse(to); err == nil {
		f.sessions.Put(ctx, keyFlash+u.Path, text)
	}
}

// Flash takes the sentence that was kept for the page at a path.
func (f *Front) Flash(ctx context.Context, path string) string {
	if In(ctx).Token {
		return ""
	}
	return f.sessions.PopString(ctx, keyFlash+path)
}

// plain writes sessions as JSON: small, readable, and quick to read back.
type plain struct{}

type plainSession struct {
	Deadline time.Time         `json:"d"`
	Values   map[string]string `json:"v"`
}

func (plain) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	s := plainSession{deadline, make(map[string]string, len(values))}
	for k, v := range values {
		text, ok := v.(string)
		if !ok {
			return nil, errors.New("front: a session keeps strings only, not " + k)
		}
		s.Values[k] = text
	}
	return json.Marshal(s)
}

func (plain) Decode(b []byte) (time.Time, map[string]any, error) {
	var s plainSession
	err := json.Unmarshal(b, &s)
	values := make(map[string]any, len(s.Values))
	for k, v := range s.Values {
		values[k] = v
	}
	return s.Deadline, values, err
}

// shelf lets scs keep its sessions through the market. Sessions live by the
// wall clock, as their cookies do, also where the house clock is moved.
type shelf struct{ market *market.Market }

var _ scs.CtxStore = shelf{}

func (s shelf) FindCtx(ctx context.Context, hash string) ([]byte, bool, error) {
	session, found, err := s.market.Session(ctx, hash, time.Now())
	if v := visit(ctx); v != nil && found {
		v.Member, v.Session = session.Member, hash
	}
	return session.Data, found, err
}

func (s shelf) CommitCtx(ctx context.Context, hash string, b []byte, expiry time.Time) error {
	_, values, err := plain{}.Decode(b)
	if err != nil {
		return err
	}
	who, _ := values[keyMember].(string)
	v := visit(ctx)
	switch {
	case v.Session == hash:
		return s.market.KeepSession(ctx, hash, ident.Member(who), b, expiry)
	case who != string(v.entrant.ID):
		return errors.New("front: a new session for somebody who did not come in")
	}
	err = s.market.SaveSession(ctx, hash, v.entrant, b, expiry)
	if err == nil {
		v.Session = hash
	}
	return err
}

func (s shelf) DeleteCtx(ctx context.Context, hash string) error {
	return s.market.DropSession(ctx, hash)
}

// The methods without a context are never called: scs prefers those above.
var errNoContext = errors.New("front: sessions need a context")

func (shelf) Find(string) ([]byte, bool, error)      { return nil, false, errNoContext }
func (shelf) Commit(string, []byte, time.Time) error { return errNoContext }
func (shelf) Delete(string) error                    { return errNoContext }

// Become changes who the rest of this request is taken for, after a sign-in.
func Become(ctx context.Context, m member.Member) {
	if v := visit(ctx); v != nil {
		v.Member, v.Actor = &m, m.Actor()
	}
}
