package gig

import (
	"errors"
	"maps"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

// Move is one thing that can be done to a gig as a whole.
type Move string

// The closed list of moves.
const (
	MovePublish Move = "publish" // draft → active
	MovePause   Move = "pause"   // active → paused; running orders go on
	MoveResume  Move = "resume"  // paused → active
	MoveDelete  Move = "delete"  // any → deleted, for ever
)

// The closed list of what happens to a gig. Each version of a gig has exactly
// one event, so an event's number is the version that it made.
const (
	EventCreated   effect.Kind = "gig_created"
	EventSaved     effect.Kind = "gig_saved"
	EventPublished effect.Kind = "gig_published"
	EventPaused    effect.Kind = "gig_paused"
	EventResumed   effect.Kind = "gig_resumed"
	EventDeleted   effect.Kind = "gig_deleted"
	EventImported  effect.Kind = "gig_imported"
)

// Kinds lists every kind of event of a gig. All are silent: the one who acts sees the page.
func Kinds() []effect.Kind {
	return []effect.Kind{EventCreated, EventSaved, EventPublished, EventPaused, EventResumed, EventDeleted, EventImported}
}

// moves is the whole life of a gig: from where each move may start, where it
// ends, what it is called afterwards.
var moves = map[Move]struct {
	from  []State
	to    State
	event effect.Kind
	words string
}{
	MovePublish: {[]State{StateDraft}, StateActive, EventPublished, "Only a draft can be published."},
	MovePause:   {[]State{StateActive}, StatePaused, EventPaused, "Only a gig that is for sale can be paused."},
	MoveResume:  {[]State{StatePaused}, StateActive, EventResumed, "Only a paused gig can be put back on sale."},
	MoveDelete:  {[]State{StateDraft, StateActive, StatePaused}, StateDeleted, EventDeleted, "This gig is already deleted."},
}

// New makes the draft of a gig. Errors: fault.Forbidden for whoever has no
// seller profile, fault.Invalid when malformed.
func New(now time.Time, id ident.Gig, who member.Actor, category ident.Category, b Body, p policy.Version) (Gig, effect.Set, error) {
	if !who.Seller || !who.May(member.ScopeSell) {
		return Gig{}, effect.Set{}, fault.Forbidden("Open a seller profile first, then you can offer gigs.")
	}
	b = tidy(b)
	if err := CheckDraft(b, p); err != nil {
		return Gig{}, effect.Set{}, err
	}
	g := Gig{ID: id, Seller: who.Member, Category: category, State: StateDraft, Slug: Slug(b.Title, id),
		Created: now, Updated: now, Version: 1, Body: b}
	return g, g.happened(now, who, EventCreated, ""), nil
}

// Save puts a new body into a gig. A draft may be incomplete; what is listed
// must stay publishable, so that no buyer ever meets half a gig. The slug
// follows the title until the first publication and then stays for ever.
// Errors: fault.Forbidden, fault.NotFound, fault.Invalid.
func Save(now time.Time, g Gig, who member.Actor, category ident.Category, b Body, p policy.Version) (Gig, effect.Set, error) {
	if err := g.mayChange(who); err != nil {
		return g, effect.Set{}, err
	}
	next := g
	next.Body, next.Category = tidy(b), category
	next.Updated, next.Version = now, g.Version+1
	var err error
	if g.State == StateDraft {
		next.Slug = Slug(next.Title, g.ID)
		err = CheckDraft(next.Body, p)
	} else {
		err = next.complete(p)
	}
	if err != nil {
		return g, effect.Set{}, err
	}
	return next, next.happened(now, who, EventSaved, g.State), nil
}

// Decide makes one move. Errors: fault.Forbidden for anyone but the seller and
// the house, fault.Conflict when the state does not allow it, fault.Invalid
// when what would be listed is not publishable.
func Decide(now time.Time, g Gig, who member.Actor, m Move, p policy.Version) (Gig, effect.Set, error) {
	if err := g.mayChange(who); err != nil {
		return g, effect.Set{}, err
	}
	row, known := moves[m]
	if !known {
		return g, effect.Set{}, fault.Invalid("move", "Choose what to do with the gig.")
	}
	allowed := false
	for _, s := range row.from {
		allowed = allowed || s == g.State
	}
	if !allowed {
		return g, effect.Set{}, fault.Conflict(row.words)
	}
	if row.to == StateActive {
		if err := g.complete(p); err != nil {
			return g, effect.Set{}, err
		}
	}
	from := g.State
	g.State, g.Updated, g.Version = row.to, now, g.Version+1
	return g, g.happened(now, who, row.event, from), nil
}

// complete tells whether the gig may stand before buyers.
func (g Gig) complete(p policy.Version) error {
	bad := fault.Fields{}
	bad.Need(g.Category != "", "category", "Choose a category.")
	var e *fault.Error
	if err := Check(g.Body, p); errors.As(err, &e) {
		maps.Copy(bad, e.Fields)
	}
	return bad.Err()
}

// Listed tells whether buyers find the gig.
func (g Gig) Listed() bool { return g.State == StateActive }

// SeenBy tells whether the actor may look at the gig: everybody while it is
// listed or paused, its seller and the house before that, nobody once deleted.
func (g Gig) SeenBy(who member.Actor) bool {
	switch g.State {
	case StateActive, StatePaused:
		return true
	case StateDraft:
		return who.Is(g.Seller) && who.May(member.ScopeRead)
	default:
		return false
	}
}

// mayChange answers a stranger as if the draft did not exist.
func (g Gig) mayChange(who member.Actor) error {
	switch {
	case g.State == StateDeleted:
		return fault.NotFound("There is no such gig.")
	case who.Role == member.RoleOperator, who.Is(g.Seller) && who.May(member.ScopeSell):
		return nil
	case g.SeenBy(who):
		return fault.Forbidden("Only its seller can change this gig.")
	default:
		return fault.NotFound("There is no such gig.")
	}
}

func (g Gig) happened(now time.Time, who member.Actor, kind effect.Kind, from State) effect.Set {
	return effect.Set{Events: []effect.Event{{
		Stream: string(g.ID), Seq: g.Version, Kind: kind, At: now, Actor: who.Member, Role: who.Role,
		From: string(from), To: string(g.State),
	}}}
}
