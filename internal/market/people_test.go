package market_test

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/mail"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/policy"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// town is a market with a clock in the test's hand and letters to read.
type town struct {
	*market.Market
	t     *testing.T
	store *store.Store

	mu      sync.Mutex
	now     time.Time
	letters []mail.Message
}

func newTown(t *testing.T, s *store.Store) *town {
	t.Helper()
	w := &town{t: t, store: s, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	w.Market = market.New(market.Parts{
		Store: s, Mail: mail.NewOutbox(w.take), Site: "https://guild.example",
		Now: func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now },
	})
	w.must(w.Prepare(t.Context()))
	return w
}

func (w *town) take(_ context.Context, m mail.Message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.letters = append(w.letters, m)
	return nil
}

func (w *town) wait(d time.Duration) { w.mu.Lock(); defer w.mu.Unlock(); w.now = w.now.Add(d) }

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) wants(kind fault.Kind, err error) {
	w.t.Helper()
	if fault.KindOf(err) != kind {
		w.t.Fatalf("got %v (kind %q), want kind %q", err, fault.KindOf(err), kind)
	}
}

const goodPassword = "four plain words here"

func (w *town) join(name, email string) member.Member { return w.entrant(name, email).Member }

func (w *town) entrant(name, email string) market.Entrant {
	w.t.Helper()
	m, err := w.SignUp(w.t.Context(), market.SignUp{Application: member.Application{Name: name, Email: email, Password: goodPassword, Zone: "Europe/Vienna"}})
	w.must(err)
	return m
}

func TestSignUpAndIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, ctx := newTown(t, s), t.Context()
		ada := w.join("Ada Lovelace", " Ada@Example.com ")
		if ada.Email != "ada@example.com" || ada.Handle != "ada-lovelace" || ada.Seq != 1 {
			t.Errorf("ada is %+v", ada)
		}
		if again := w.join("Ada Lovelace", "ada@example.com"); again.ID != ada.ID {
			t.Error("the same form sent twice made two members")
		}
		if other := w.join("Ada Lovelace", "other@example.com"); other.Handle == ada.Handle {
			t.Error("two members share a handle")
		}
		_, err := w.SignUp(ctx, market.SignUp{Application: member.Application{Name: "Eve", Email: "ada@example.com", Password: "quite another one"}})
		w.wants(fault.KindInvalid, err)
		back, err := w.SignIn(ctx, "ADA@example.com", goodPassword)
		w.must(err)
		if back.ID != ada.ID || back.Zone != "Europe/Vienna" {
			t.Errorf("signed in as %+v", back)
		}
		_, wrong := w.SignIn(ctx, "ada@example.com", "not the password")
		_, unknown := w.SignIn(ctx, "nobody@example.com", "not the password")
		w.wants(fault.KindInvalid, wrong)
		if wrong.Error() != unknown.Error() {
			t.Errorf("a wrong password says %q, an unknown address %q", wrong, unknown)
		}
	})
}

func TestOneAddressOneMemberForAHundredAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, ctx := newTown(t, s), t.Context()
		hash, err := w.HashPassword(ctx, goodPassword)
		w.must(err)
		var made sync.Map
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				m, err := w.SignUp(ctx, market.SignUp{Hash: hash, Operator: true, Application: member.Application{Name: "Ada", Email: "ada@example.com"}})
				if err == nil {
					made.Store(m.ID, true)
				}
			})
		}
		all.Wait()
		n := 0
		made.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("%d members with one address", n)
		}
	})
}

var resetLink = regexp.MustCompile(`/reset\?token=([0-9a-f]{64})`)

func TestForgottenPassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, ctx := newTown(t, s), t.Context()
		ada := w.entrant("Ada", "ada@example.com")
		w.must(w.SaveSession(ctx, "hash", ada, []byte("{}"), time.Now().Add(time.Hour)))
		w.must(w.RequestReset(ctx, "nobody@example.com"))
		w.must(w.RequestReset(ctx, "ada@example.com"))
		w.must(w.SendReset(ctx, ada.ID))
		w.must(w.SendReset(ctx, ada.ID)) // the errand was tried twice
		if len(w.letters) != 2 || w.letters[0].To != "ada@example.com" {
			t.Fatalf("letters: %+v", w.letters)
		}
		first := resetLink.FindStringSubmatch(w.letters[0].Text)[1]
		second := resetLink.FindStringSubmatch(w.letters[1].Text)[1]
		_, err := w.Reset(ctx, first, "short")
		w.wants(fault.KindInvalid, err) // and the link still works
		_, err = w.Reset(ctx, first, "an entirely new one")
		w.must(err)
		for _, link := range []string{first, second, "made up"} {
			_, err = w.Reset(ctx, link, "yet another new one")
			w.wants(fault.KindExpired, err)
		}
		if _, found, _ := w.Session(ctx, "hash", time.Now()); found {
			t.Error("a session outlived the password")
		}
		_, err = w.SignIn(ctx, "ada@example.com", goodPassword)
		w.wants(fault.KindInvalid, err)
		_, err = w.SignIn(ctx, "ada@example.com", "an entirely new one")
		w.must(err)
	})
}

func TestResetLinkEnds(t *testing.T) {
	w, ctx := newTown(t, storetest.SQLite(t)), t.Context()
	ada := w.join("Ada", "ada@example.com")
	w.must(w.SendReset(ctx, ada.ID))
	link := resetLink.FindStringSubmatch(w.letters[0].Text)[1]
	life := w.Policy().Limits.ResetLife.D()
	w.wait(life - time.Second)
	_, err := w.CheckReset(ctx, link)
	w.must(err)
	w.wait(time.Second)
	_, err = w.CheckReset(ctx, link)
	w.wants(fault.KindExpired, err)
}

func TestTokens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, ctx := newTown(t, s), t.Context()
		ada, eve := w.join("Ada", "ada@example.com"), w.join("Eve", "eve@example.com")
		ends := w.now.Add(time.Hour)
		made, secret, err := w.MakeToken(ctx, ada.Actor(), market.NewToken{Name: "script", Scopes: []member.Scope{member.ScopeRead}, Expires: ends})
		w.must(err)
		_, actor, err := w.ActorForToken(ctx, secret)
		w.must(err)
		if actor.Member != ada.ID || !actor.May(member.ScopeRead) || actor.May(member.ScopeManage) {
			t.Errorf("the token speaks for %+v", actor)
		}
		_, err = w.SetProfile(ctx, actor, "", member.Profile{Name: "Not Ada", Zone: "UTC"})
		w.wants(fault.KindForbidden, err)
		_, _, err = w.MakeToken(ctx, actor, market.NewToken{Name: "child", Scopes: []member.Scope{member.ScopeManage}})
		w.wants(fault.KindForbidden, err)
		w.wants(fault.KindNotFound, w.RevokeToken(ctx, eve.Actor(), made.ID))
		list, err := w.Tokens(ctx, ada.Actor())
		w.must(err)
		if len(list) != 1 || list[0].Used.IsZero() || len(list[0].Scopes) != 1 {
			t.Errorf("tokens: %+v", list)
		}
		w.wait(time.Hour)
		_, _, err = w.ActorForToken(ctx, secret)
		w.wants(fault.KindSignIn, err)
		_, second, err := w.MakeToken(ctx, ada.Actor(), market.NewToken{Name: "b", Scopes: []member.Scope{member.ScopeBuy}})
		w.must(err)
		w.must(revokeNewest(w, ada))
		_, _, err = w.ActorForToken(ctx, second)
		w.wants(fault.KindSignIn, err)
	})
}

// TestAPolicyIsAppliedAtTheSecondTry: as soon as possible is a later moment where
// the first try did not come to its end.
func TestAPolicyIsAppliedAtTheSecondTry(t *testing.T) {
	url := storetest.PostgresURL(t)
	w := newTown(t, storetest.Open(t, url))
	all, err := w.Editions(t.Context())
	w.must(err)
	changed := regexp.MustCompile(`review_period: *\S+`).ReplaceAllString(all[0].Source, "review_period: 5d")
	tries := 0
	m := market.New(market.Parts{Store: w.store, Now: func() time.Time {
		if tries++; tries == 1 {
			storetest.Cut(t, url)
		}
		return w.now.Add(time.Duration(tries) * time.Second)
	}})
	made, err := m.ApplyPolicy(t.Context(), member.House(), "", "changed.yaml", changed, time.Time{})
	w.must(err)
	if tries < 2 || made.Effective.Before(made.Created.Add(market.PolicyLead)) {
		t.Errorf("after %d looks at the clock it takes effect at %s, applied at %s", tries, made.Effective, made.Created)
	}
}

// TestATokenIsGoodThoughNothingCanBeWritten: that its last use cannot be noted,
// as on a full disk, keeps nobody from what they may read.
func TestATokenIsGoodThoughNothingCanBeWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newTown(t, s)
		ada := w.join("Ada", "ada@example.com")
		secret := w.token(ada)
		ctx, full := context.WithCancel(t.Context())
		m := market.New(market.Parts{Store: s, Log: slog.New(slog.DiscardHandler), Now: func() time.Time {
			full() // it is asked for the time once it has read, and before it writes
			return w.now
		}})
		_, actor, err := m.ActorForToken(ctx, secret)
		w.must(err)
		if !actor.Is(ada.ID) {
			t.Errorf("the token speaks for %+v", actor)
		}
	})
}

// TestTokensEndWithThePassword: who found out or guessed a password could have
// made a token with it, so a new password ends them all, however it came.
func TestTokensEndWithThePassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, ctx := newTown(t, s), t.Context()
		ada, eve := w.join("Ada", "ada@example.com"), w.join("Eve", "eve@example.com")
		hers := w.token(eve)
		change := func(old, next string) error {
			_, err := w.ChangePassword(ctx, ada.Actor(), old, next)
			return err
		}
		reset := func(_, next string) error {
			w.must(w.SendReset(ctx, ada.ID))
			_, err := w.Reset(ctx, resetLink.FindStringSubmatch(w.letters[len(w.letters)-1].Text)[1], next)
			return err
		}
		old := goodPassword
		for n, renew := range []func(old, next string) error{change, reset} {
			one, two := w.token(ada), w.token(ada)
			w.wants(fault.KindInvalid, renew(old, "short")) // which changes nothing
			_, _, err := w.ActorForToken(ctx, one)
			w.must(err)
			w.wait(time.Minute)
			next := fmt.Sprint("an entirely new one ", n)
			w.must(renew(old, next))
			old = next
			for _, secret := range []string{one, two} {
				_, _, err := w.ActorForToken(ctx, secret)
				w.wants(fault.KindSignIn, err)
			}
			list, err := w.Tokens(ctx, ada.Actor())
			w.must(err)
			for _, ended := range list[:2] {
				if !ended.Revoked.Equal(w.now) {
					t.Errorf("the list says of a token that it ended %s, not %s", ended.Revoked, w.now)
				}
			}
		}
		_, _, err := w.ActorForToken(ctx, hers)
		w.must(err)                                    // somebody else's password is no business of hers
		_, _, err = w.ActorForToken(ctx, w.token(ada)) // and there is life afterwards
		w.must(err)
	})
}

// TestANewPasswordShutsTheDoor: who came in with the old password while it was
// changed has no session afterwards, though theirs was not there to be ended.
func TestANewPasswordShutsTheDoor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, ctx := newTown(t, s), t.Context()
		ada, later := w.join("Ada", "ada@example.com"), time.Now().Add(time.Hour)
		stranger, err := w.SignIn(ctx, ada.Email, goodPassword)
		w.must(err)
		me, err := w.ChangePassword(ctx, ada.Actor(), goodPassword, "an entirely new one")
		w.must(err)
		w.wants(fault.KindSignIn, w.SaveSession(ctx, "stranger", stranger, []byte("{}"), later))
		w.must(w.SaveSession(ctx, "mine", me, []byte("{}"), later))
		for hash, want := range map[string]bool{"stranger": false, "mine": true} {
			if _, found, err := w.Session(ctx, hash, time.Now()); found != want || err != nil {
				t.Errorf("session %s is there: %v, want %v (%v)", hash, found, want, err)
			}
		}
	})
}

// TestOneOldPasswordIsChangedOnce: of two who know it one changes it, and the
// other one, who cannot be told from a thief, is not let past the new one.
func TestOneOldPasswordIsChangedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, ctx := newTown(t, s), t.Context()
		ada := w.join("Ada", "ada@example.com")
		const hands = 2
		failures := make([]error, hands)
		var all sync.WaitGroup
		for n := range hands {
			all.Go(func() {
				_, failures[n] = w.ChangePassword(ctx, ada.Actor(), goodPassword, fmt.Sprint("an entirely new one ", n))
			})
		}
		all.Wait()
		for n, err := range failures {
			if err != nil {
				w.wants(fault.KindInvalid, err)
				continue
			}
			_, err := w.SignIn(ctx, ada.Email, fmt.Sprint("an entirely new one ", n))
			w.must(err)
		}
		if failures[0] == nil && failures[1] == nil {
			t.Error("both changed it")
		}
	})
}

// token is the secret of a new token that may only read.
func (w *town) token(m member.Member) string {
	w.t.Helper()
	_, secret, err := w.MakeToken(w.t.Context(), m.Actor(), market.NewToken{Name: "script", Scopes: []member.Scope{member.ScopeRead}})
	w.must(err)
	return secret
}

func revokeNewest(w *town, m member.Member) error {
	list, err := w.Tokens(w.t.Context(), m.Actor())
	if err != nil {
		return err
	}
	return w.RevokeToken(w.t.Context(), m.Actor(), list[0].ID)
}

func TestSuspension(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, ctx := newTown(t, s), t.Context()
		ada := w.entrant("Ada", "ada@example.com")
		_, secret, err := w.MakeToken(ctx, ada.Actor(), market.NewToken{Name: "b", Scopes: []member.Scope{member.ScopeBuy}})
		w.must(err)
		w.must(w.SaveSession(ctx, "hash", ada, []byte("{}"), time.Now().Add(time.Hour)))
		_, err = w.Suspend(ctx, ada.Actor(), "", ada.ID, "No reason")
		w.wants(fault.KindNotFound, err)
		_, err = w.Suspend(ctx, member.House(), "k1", ada.ID, "Sold what was not theirs")
		w.must(err)
		_, err = w.Suspend(ctx, member.House(), "k1", ada.ID, "Sold what was not theirs")
		w.must(err) // the same request again
		_, err = w.Suspend(ctx, member.House(), "k1", ada.ID, "Another reason")
		w.wants(fault.KindConflict, err)
		if _, found, _ := w.Session(ctx, "hash", time.Now()); found {
			t.Error("a session outlived the suspension")
		}
		_, _, err = w.ActorForToken(ctx, secret)
		w.wants(fault.KindSignIn, err)
		_, err = w.SignIn(ctx, "ada@example.com", goodPassword)
		w.wants(fault.KindForbidden, err)
		// Whoever had shown the password just before comes in as little, and
		// when the login is open again nothing of before opens it.
		w.wants(fault.KindForbidden, w.SaveSession(ctx, "late", ada, []byte("{}"), time.Now().Add(time.Hour)))
		_, err = w.LiftSuspension(ctx, member.House(), "k2", ada.ID)
		w.must(err)
		for _, hash := range []string{"hash", "late"} {
			if _, found, _ := w.Session(ctx, hash, time.Now()); found {
				t.Errorf("the session %q lives again", hash)
			}
		}
		_, _, err = w.ActorForToken(ctx, secret)
		w.wants(fault.KindSignIn, err)
		w.must(w.SaveSession(ctx, "new", ada, []byte("{}"), time.Now().Add(time.Hour)))
		list, err := w.Tokens(ctx, ada.Actor())
		w.must(err)
		if len(list) != 1 || list[0].Revoked.IsZero() {
			t.Errorf("the page of tokens shows %+v", list)
		}
	})
}

func TestFirstOperatorOnlyOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, ctx := newTown(t, s), t.Context()
		old, err := w.SetUp(ctx)
		w.must(err)
		link, err := w.SetUp(ctx)
		w.must(err)
		w.wants(fault.KindExpired, w.CheckSetUp(ctx, old))
		w.wants(fault.KindExpired, w.CheckSetUp(ctx, ""))
		_, err = w.FirstOperator(ctx, link, market.SignUp{Application: member.Application{Name: "O", Email: "o@example.com", Password: goodPassword}})
		w.wants(fault.KindInvalid, err) // a typing mistake does not cost the link
		var won sync.Map
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				in := member.Application{Name: "Olga", Email: fmt.Sprintf("olga%d@example.com", i), Password: goodPassword}
				if m, err := w.FirstOperator(ctx, link, market.SignUp{Application: in}); err == nil && m.Operator {
					won.Store(i, true)
				}
			})
		}
		all.Wait()
		n := 0
		won.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("%d operators came through one link", n)
		}
		if again, err := w.SetUp(ctx); err != nil || again != "" {
			t.Errorf("a house with an operator hands out a link: %q %v", again, err)
		}
	})
}

// TestOneChangeAtOnce: many apply the same change at the same moment. It is one
// version, whoever was first; the others are told that nothing differs.
func TestOneChangeAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		source, _, err := policy.Profile("classic")
		p.must(err)
		changed := strings.Replace(string(source), "max_extension_days: 14", "max_extension_days: 13", 1)
		before, err := p.Editions(t.Context())
		p.must(err)
		applied := crowd(10, func(int) (string, error) {
			_, err := p.ApplyPolicy(t.Context(), p.operator, "", "changed.yaml", changed, time.Time{})
			return "applied", err
		})
		after, err := p.Editions(t.Context())
		p.must(err)
		if applied["applied"] != 1 || len(after) != len(before)+1 {
			t.Errorf("%v, %d versions and then %d", applied, len(before), len(after))
		}
	})
}

func TestPolicyVersions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, ctx := newTown(t, s), t.Context()
		w.must(w.Prepare(ctx))
		first := w.Policy()
		all, err := w.Editions(ctx)
		w.must(err)
		if len(all) != 1 {
			t.Fatalf("a new house has %d policies", len(all))
		}
		changed := regexp.MustCompile(`review_period: *\S+`).ReplaceAllString(all[0].Source, "review_period: 5d")
		_, err = w.ApplyPolicy(ctx, member.House(), "", "same.yaml", all[0].Source, time.Time{})
		w.wants(fault.KindConflict, err)
		_, err = w.ApplyPolicy(ctx, member.House(), "", "past.yaml", changed, w.now.Add(-time.Hour))
		w.wants(fault.KindInvalid, err)
		_, err = w.ApplyPolicy(ctx, w.join("Eve", "eve@example.com").Actor(), "", "x.yaml", changed, time.Time{})
		w.wants(fault.KindNotFound, err)
		next, err := w.ApplyPolicy(ctx, member.House(), "", "next.yaml", changed, w.now.Add(24*time.Hour))
		w.must(err)
		if w.Policy().ID != first.ID || w.PolicyAt(next.Effective).ID != next.ID {
			t.Error("a version works before its time, or not from then on")
		}
		other := market.New(market.Parts{Store: s, Now: func() time.Time { return w.now }})
		if v, err := other.PolicyVersion(ctx, next.ID); err != nil || v.Order.ReviewPeriod.String() != "5d" {
			t.Errorf("another process reads %v %v", v.Order.ReviewPeriod, err)
		}
		_, err = w.PolicyVersion(ctx, ident.Policy("policy_unknown"))
		w.wants(fault.KindNotFound, err)
	})
}

func TestAway(t *testing.T) {
	w, ctx := newTown(t, storetest.SQLite(t)), t.Context()
	me := w.join("Mara", "mara@example.com").Actor()
	_, err := w.GoAway(ctx, me, "", w.now.Add(time.Hour))
	w.wants(fault.KindConflict, err)
	_, err = w.OpenShop(ctx, me, "", member.Shop{Tagline: "Logos with a hand", Skills: []string{"Logo", "logo", " Type  design "}})
	w.must(err)
	m, err := w.GoAway(ctx, me, "k", w.now.Add(48*time.Hour))
	w.must(err)
	if !m.Away(w.now) || len(m.Seller.Skills) != 2 || m.Seller.Skills[1] != "Type design" {
		t.Errorf("seller is %+v", m.Seller)
	}
	if again, err := w.GoAway(ctx, me, "k", w.now.Add(48*time.Hour)); err != nil || again.Version != m.Version {
		t.Errorf("the same form twice: version %d then %d, %v", m.Version, again.Version, err)
	}
	m, err = w.ComeBack(ctx, me, "")
	w.must(err)
	if m.Away(w.now) || m.Seq != 4 {
		t.Errorf("back: away %v, %d events", m.Away(w.now), m.Seq)
	}
}
