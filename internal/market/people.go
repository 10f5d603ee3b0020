package market

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/store"
)

// SignUp is what somebody types to become a member.
type SignUp struct {
	member.Application

	// Hash replaces the password where the caller has hashed it already with
	// HashPassword; the demo gives a thousand people one hash.
	Hash     string
	Operator bool // only set by the set-up of the house
	Agent    bool // only set by an operator's tool
}

// Entrant is a member who has shown their password, or has just chosen it. A
// session is opened with one, and only while that password is in force.
type Entrant struct {
	member.Member
	hash string // of the password
}

// SignUp makes a member. Typing the address and password of an existing account
// gives that account, so that a form sent twice is no error.
// Errors: fault.Invalid beside name, email, password or zone; fault.Busy.
func (m *Market) SignUp(ctx context.Context, in SignUp) (Entrant, error) {
	if in.Hash != "" {
		in.Password = ident.Secret() // checked by whoever hashed it
	}
	new, err := member.New(in.Application)
	if err != nil {
		return Entrant{}, err
	}
	if in.Hash == "" {
		if in.Hash, err = m.HashPassword(ctx, in.Password); err != nil {
			return Entrant{}, err
		}
	}
	now := m.Now()
	new.ID, new.Created = ident.New[ident.Member](m.ids, now), now
	new.Operator, new.Agent = in.Operator, in.Agent
	made, err := m.admit(ctx, new, in.Hash, now)
	if store.IsDuplicate(err, "members.email") {
		return m.known(ctx, in)
	}
	return Entrant{made, in.Hash}, err
}

// known answers a sign-up with an address that has an account.
func (m *Market) known(ctx context.Context, in SignUp) (Entrant, error) {
	if !in.Operator && !in.Agent {
		old, err := m.SignIn(ctx, in.Email, in.Password)
		if err == nil || fault.KindOf(err) != fault.KindInvalid {
			return old, err
		}
	}
	return Entrant{}, fault.Invalid("email", "There is an account with this address already. Sign in, or ask for a new password.")
}

// handles is how many handles are tried before the address gets a random tail
// that nobody else has.
const handles = 6

func (m *Market) admit(ctx context.Context, new member.Member, hash string, now time.Time) (member.Member, error) {
	wanted := member.Handle(new.Name)
	for try := range handles {
		new.Handle = wanted
		if try > 0 || len(wanted) < 2 {
			new.Handle = strings.Trim(wanted+"-"+strings.ToLower(m.ids.Ref()), "-")
		}
		err := m.store.Update(ctx, func(tx *store.Tx) error {
			who, set := happened(new, new.Actor(), now, member.SignedUp, effect.Detail{})
			if err := tx.AddMember(who); err != nil {
				return err
			}
			if err := tx.SetPassword(who.ID, hash, now); err != nil {
				return err
			}
			return tx.Carry(set)
		})
		if err == nil {
			new.Seq++
			return new, nil
		}
		if !store.IsDuplicate(err, "members.handle") {
			return new, err
		}
	}
	return new, fault.Conflict("No free page address was found for this name. Please try another spelling.")
}

// SignIn finds the member of an address and password. An unknown address, a
// wrong password and a suspended account without the right password are refused
// in the same words and after the same time.
// Errors: fault.Invalid beside email; fault.Forbidden when suspended; fault.Busy.
func (m *Market) SignIn(ctx context.Context, email, password string) (Entrant, error) {
	var who Entrant
	err := m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		if who.Member, err = tx.MemberByEmail(member.Email(email)); err != nil {
			return err
		}
		who.hash, err = tx.PasswordHash(who.ID)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return who, err
	}
	if member.TooLong(password) {
		password = ""
	}
	fits, err := m.passwordFits(ctx, password, who.hash)
	switch {
	case err != nil:
		return Entrant{}, err
	case !fits:
		return Entrant{}, fault.Invalid("email", "This address and password do not belong together.")
	case who.Suspended():
		return Entrant{}, refusedEntry(who.Member)
	}
	return who, nil
}

// Member reads a member. Errors: fault.NotFound.
func (m *Market) Member(ctx context.Context, id ident.Member) (member.Member, error) {
	var who member.Member
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		who, err = tx.Member(id)
		return err
	})
	return who, missing(err, "There is no such member.")
}

// MemberByHandle reads a member by the address of their page. Errors: fault.NotFound.
func (m *Market) MemberByHandle(ctx context.Context, handle string) (member.Member, error) {
	var who member.Member
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		who, err = tx.MemberByHandle(handle)
		return err
	})
	return who, missing(err, "There is no such member.")
}

// SetProfile changes what the actor says about themselves.
// Errors: fault.Invalid beside the fields of member.Profile; fault.SignIn.
func (m *Market) SetProfile(ctx context.Context, who member.Actor, key Key, in member.Profile) (member.Member, error) {
	return m.change(ctx, who, member.ScopeManage, key, "set profile", in,
		func(me member.Member, now time.Time) (member.Member, happening, error) {
			next, err := me.SetProfile(in)
			return next, happening{Kind: member.ProfileChanged}, err
		})
}

// SetPicture puts an uploaded picture on the actor's profile; empty takes it
// away. Errors: fault.Invalid beside file unless they uploaded it for that.
func (m *Market) SetPicture(ctx context.Context, who member.Actor, key Key, picture ident.File) (member.Member, error) {
	if picture != "" {
		var f File
		err := m.store.View(ctx, func(tx *store.Tx) (err error) {
			f, err = tx.File(picture)
			return err
		})
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return member.Member{}, err
		}
		if err != nil || !who.Is(f.Owner) || f.Purpose != ForAvatar {
			return member.Member{}, fault.Invalid("file", "Upload the picture first.")
		}
	}
	return m.change(ctx, who, member.ScopeManage, key, "set picture", picture,
		func(me member.Member, now time.Time) (member.Member, happening, error) {
			me.Picture = picture
			return me, happening{Kind: member.ProfileChanged}, nil
		})
}

// SetTheme changes the light that the actor reads by.
func (m *Market) SetTheme(ctx context.Context, who member.Actor, theme member.Theme) (member.Member, error) {
	return m.change(ctx, who, member.ScopeManage, "", "set theme", theme,
		func(me member.Member, now time.Time) (member.Member, happening, error) {
			p := member.Profile{Name: me.Name, About: me.About, Zone: me.Zone, Theme: theme}
			next, err := me.SetProfile(p)
			return next, happening{}, err
		})
}

// OpenShop opens the actor's seller profile, or changes what it says.
// Errors: fault.Invalid beside tagline or skills; fault.SignIn; fault.Forbidden.
func (m *Market) OpenShop(ctx context.Context, who member.Actor, key Key, in member.Shop) (member.Member, error) {
	if err := who.Need(member.ScopeSell); err != nil {
		return member.Member{}, err
	}
	return once(ctx, m, who, key, "open shop", in, func(tx *store.Tx) (member.Member, error) {
		now := m.Now()
		me, err := tx.Member(who.Member)
		if err != nil {
			return me, missing(err, "There is no such member.")
		}
		next, err := me.OpenShop(now, in)
		if err != nil {
			return me, err
		}
		kind := effect.Kind(member.ProfileChanged)
		if me.Seller == nil {
			kind = member.SellerOpened
			if err := m.openStanding(tx, who.Member, now); err != nil {
				return me, err
			}
		}
		return save(tx, next, who, now, happening{Kind: kind})
	})
}

// GoAway stops new orders of the actor's gigs until a moment.
// Errors: fault.Invalid beside until; fault.Conflict without a seller profile.
func (m *Market) GoAway(ctx context.Context, who member.Actor, key Key, until time.Time) (member.Member, error) {
	return m.change(ctx, who, member.ScopeSell, key, "go away", until,
		func(me member.Member, now time.Time) (member.Member, happening, error) {
			next, err := me.GoAway(now, until)
			return next, happening{member.SellerAway, effect.Detail{Until: until}}, err
		})
}

// ComeBack takes orders again.
func (m *Market) ComeBack(ctx context.Context, who member.Actor, key Key) (member.Member, error) {
	return m.change(ctx, who, member.ScopeSell, key, "come back", "",
		func(me member.Member, now time.Time) (member.Member, happening, error) {
			next, err := me.ComeBack()
			return next, happening{Kind: member.SellerBack}, err
		})
}

// Suspend closes a login: its sessions and API tokens end at once.
// Errors: fault.Forbidden unless the actor runs the house; fault.NotFound.
func (m *Market) Suspend(ctx context.Context, who member.Actor, key Key, id ident.Member, why string) (member.Member, error) {
	if err := who.NeedOperator(); err != nil {
		return member.Member{}, err
	}
	input := map[string]string{"member": string(id), "why": why}
	return once(ctx, m, who, key, "suspend", input, func(tx *store.Tx) (member.Member, error) {
		them, err := tx.Member(id)
		if err != nil {
			return them, missing(err, "There is no such member.")
		}
		return m.barred(tx, them, who, why)
	})
}

// barred closes a member's login in the transaction of what it is closed for.
func (m *Market) barred(tx *store.Tx, them member.Member, who member.Actor, why string) (member.Member, error) {
	now := m.Now()
	them, err := them.Bar(now, why)
	if err != nil {
		return them, err
	}
	if err := m.closeDoors(tx, them.ID, who); err != nil {
		return them, err
	}
	return save(tx, them, who, now, happening{member.Suspended, effect.Detail{Text: why}})
}

// closeDoors ends whatever a login has open that is being closed: its sessions,
// its API tokens, which would open again with it, and the questions that others
// could no longer answer. Whoever is coming in meanwhile finds it closed.
func (m *Market) closeDoors(tx *store.Tx, them ident.Member, who member.Actor) error {
	if err := tx.HoldPassword(them); err != nil {
		return err
	}
	if err := tx.DropSessions(them); err != nil {
		return err
	}
	if err := tx.RevokeTokens(them, m.Now()); err != nil {
		return err
	}
	return m.closeQuestions(tx, them, who)
}

// happening is what a change of a member leaves in their stream; an empty kind
// leaves nothing.
type happening struct {
	Kind   effect.Kind
	Detail effect.Detail
}

// change loads the actor, lets decide change them, and saves.
func (m *Market) change(ctx context.Context, who member.Actor, scope member.Scope, key Key, what string, input any,
	decide func(member.Member, time.Time) (member.Member, happening, error),
) (member.Member, error) {
	if err := who.Need(scope); err != nil {
		return member.Member{}, err
	}
	return once(ctx, m, who, key, what, input, func(tx *store.Tx) (member.Member, error) {
		now := m.Now()
		me, err := tx.Member(who.Member)
		if err != nil {
			return me, missing(err, "There is no such member.")
		}
		next, h, err := decide(me, now)
		if err != nil {
			return me, err
		}
		return save(tx, next, who, now, h)
	})
}

// save writes a changed member together with its event.
func save(tx *store.Tx, next member.Member, who member.Actor, now time.Time, h happening) (member.Member, error) {
	var set effect.Set
	if h.Kind != "" {
		next, set = happened(next, who, now, h.Kind, h.Detail)
	}
	version, err := tx.SaveMember(next)
	if err != nil {
		return next, err
	}
	next.Version = version
	return next, tx.Carry(set)
}

// happened numbers an event in the member's stream.
func happened(of member.Member, who member.Actor, now time.Time, kind effect.Kind, d effect.Detail) (member.Member, effect.Set) {
	of.Seq++
	d.Facts = maps.Clone(d.Facts)
	return of, effect.Set{Events: []effect.Event{{
		Stream: string(of.ID), Seq: of.Seq, Kind: kind, At: now,
		Actor: who.Member, Role: who.Role, Detail: d,
	}}}
}

// missing turns "no such row" into a fault.
func missing(err error, text string) error {
	if errors.Is(err, store.ErrNotFound) {
		return fault.NotFound(text)
	}
	return err
}
