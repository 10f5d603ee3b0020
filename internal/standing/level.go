package standing

import (
	"strings"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

// The events in the stream of a seller's level.
const (
	LevelPromoted  effect.Kind = "level.promoted"
	LevelWarned    effect.Kind = "level.warned"    // below the level; it falls on a day that is told
	LevelRecovered effect.Kind = "level.recovered" // met again before that day
	LevelDemoted   effect.Kind = "level.demoted"
	LevelReady     effect.Kind = "level.ready" // all is met but a person's yes
	LevelApproved  effect.Kind = "level.approved"
	LevelDeclined  effect.Kind = "level.declined"
)

// FactApproval is "yes" where a level fell that does not come back without a
// person's yes.
const FactApproval = "approval"

// Kinds lists every kind of event here.
func Kinds() []effect.Kind {
	return []effect.Kind{LevelPromoted, LevelWarned, LevelRecovered, LevelDemoted, LevelReady, LevelApproved, LevelDeclined}
}

// Word is what a person of the house said about somebody's way to a level.
type Word struct {
	Level string       `json:"level,omitempty"`
	By    ident.Member `json:"by,omitempty"`
	At    time.Time    `json:"at,omitzero"`
	Why   string       `json:"why,omitempty"`
}

// State is where a seller stands on the ladder.
type State struct {
	Member      ident.Member
	Level       string    // name in the policy; empty for none
	Since       time.Time // they have it since then; zero for none ever
	WarnedAt    time.Time // their figures are below it since then
	DemotesAt   time.Time // and it falls then, unless they recover
	Ready       string    // the level for which only a person's yes is missing
	ReadyAt     time.Time
	Approved    Word // stands as long as the level is held
	Declined    Word // stands until the level is asked for anew
	EvaluatedAt time.Time
	NextAt      time.Time // when time alone changes it; zero for never
	Seq         int       // number of the last event
	Version     int
}

// Stream is the name under which a seller's level remembers what happened.
func Stream(m ident.Member) string {
	return "standing_" + strings.TrimPrefix(string(m), "member_")
}

// Seller is whose level a stream is about.
func Seller(stream string) (ident.Member, bool) {
	rest, ok := strings.CutPrefix(stream, "standing_")
	return ident.Member("member_" + rest), ok
}

// place is where a level stands on the ladder, -1 for none and for one that the
// policy does not know any more.
func place(p policy.Version, name string) int { return placeOf(&p, name) }

func placeOf(p *policy.Version, name string) int {
	for i := range p.Standing.Levels {
		if p.Standing.Levels[i].Name == name {
			return i
		}
	}
	return -1
}

// LevelWords is a level as people call it; empty for none.
func LevelWords(p policy.Version, name string) string {
	if i := place(p, name); i >= 0 {
		return p.Standing.Levels[i].Words
	}
	return name
}

func nameAt(p *policy.Version, i int) string {
	if i < 0 {
		return ""
	}
	return p.Standing.Levels[i].Name
}

// Evaluate is the one function that moves a level. Somebody whose figures carry
// a higher one has it at once, even several steps up. Somebody below their own
// is warned first, and falls on the policy's day of the month after the notice,
// to what they carry then; meeting it again before that day ends the warning.
func Evaluate(now time.Time, st State, s Sheet, p policy.Version) (State, effect.Set) {
	return evaluate(now, st, &s, &p)
}

func evaluate(now time.Time, st State, s *Sheet, p *policy.Version) (State, effect.Set) {
	e := evaluation{now: now, st: st, p: p}
	e.st.EvaluatedAt = now
	met, held := highest(s, p.Standing.Levels, st.Approved.Level), placeOf(p, st.Level)
	switch {
	case met > held:
		e.rise(met)
	case met == held && (held >= 0 || st.Level == ""):
		e.recover()
	case st.DemotesAt.IsZero():
		e.warn(held, s)
	case !now.Before(st.DemotesAt):
		e.fall(met)
	}
	e.ask(met, s)
	return e.st, e.set
}

type evaluation struct {
	now time.Time
	st  State
	p   *policy.Version
	set effect.Set
}

func (e *evaluation) happen(kind effect.Kind, who member.Actor, from, to string, d effect.Detail) {
	e.st.Seq++
	e.set.Events = append(e.set.Events, effect.Event{
		Stream: Stream(e.st.Member), Seq: e.st.Seq, Kind: kind, At: e.now, Actor: who.Member, Role: who.Role, From: from, To: to, Detail: d,
	})
}

func (e *evaluation) rise(to int) {
	from := e.st.Level
	e.st.Level, e.st.Since = nameAt(e.p, to), e.now
	e.st.WarnedAt, e.st.DemotesAt = time.Time{}, time.Time{}
	e.happen(LevelPromoted, member.Clock(), from, e.st.Level, effect.Detail{Facts: e.facts(e.st.Level)})
}

func (e *evaluation) recover() {
	if e.st.WarnedAt.IsZero() {
		return
	}
	e.st.WarnedAt, e.st.DemotesAt = time.Time{}, time.Time{}
	e.happen(LevelRecovered, member.Clock(), e.st.Level, e.st.Level, effect.Detail{Facts: e.facts(e.st.Level)})
}

func (e *evaluation) warn(held int, s *Sheet) {
	e.st.WarnedAt, e.st.DemotesAt = e.now, DemotionDay(e.now, *e.p)
	facts := e.facts(e.st.Level)
	if held >= 0 {
		facts["missing"] = strings.Join(unmet(e.p.Standing.Levels[held], *s), ", ")
	}
	e.happen(LevelWarned, member.Clock(), e.st.Level, e.st.Level, effect.Detail{Until: e.st.DemotesAt, Facts: facts})
}

func (e *evaluation) fall(to int) {
	from := e.st.Level
	e.st.Level, e.st.Since = nameAt(e.p, to), e.now
	e.st.WarnedAt, e.st.DemotesAt = time.Time{}, time.Time{}
	if placeOf(e.p, e.st.Approved.Level) > to {
		e.st.Approved = Word{}
	}
	facts := e.facts(from)
	facts["now"] = LevelWords(*e.p, e.st.Level)
	if i := placeOf(e.p, from); i >= 0 && e.p.Standing.Levels[i].Approval {
		facts[FactApproval] = "yes"
	}
	e.happen(LevelDemoted, member.Clock(), from, e.st.Level, effect.Detail{Facts: facts})
}

// ask notes for which level only a person's yes is missing.
func (e *evaluation) ask(met int, s *Sheet) {
	ready := ""
	for i := len(e.p.Standing.Levels) - 1; i > met; i-- {
		if l := &e.p.Standing.Levels[i]; l.Approval && l.Name != e.st.Approved.Level && meets(l, s) {
			ready = l.Name
			break
		}
	}
	if ready == e.st.Ready {
		return
	}
	e.st.Ready, e.st.ReadyAt = ready, time.Time{}
	if ready == "" {
		return
	}
	e.st.ReadyAt, e.st.Declined = e.now, Word{}
	e.happen(LevelReady, member.Clock(), e.st.Level, ready, effect.Detail{Facts: e.facts(ready)})
}

func (e *evaluation) facts(level string) map[string]string {
	return map[string]string{"level": LevelWords(*e.p, level)}
}

// DemotionDay is when a level falls that is warned now: the first of the
// policy's days of the month that is not before the end of the notice.
func DemotionDay(now time.Time, p policy.Version) time.Time {
	earliest := now.Add(p.Standing.DemotionNotice.D()).UTC()
	at := time.Date(earliest.Year(), earliest.Month(), p.Standing.DemotionDay, 0, 0, 0, 0, time.UTC)
	if at.Before(earliest) {
		at = at.AddDate(0, 1, 0)
	}
	return at
}

// Approve is a person's yes to the level that waits for it; it takes effect at
// once. Errors: fault.Conflict when no level waits, fault.Invalid beside why.
func Approve(now time.Time, st State, s Sheet, who member.Actor, why string, p policy.Version) (State, effect.Set, error) {
	why, err := mayAnswer(st, why)
	if err != nil {
		return st, effect.Set{}, err
	}
	e := evaluation{now: now, st: st, p: &p}
	e.st.Approved, e.st.Declined = Word{st.Ready, who.Member, now, why}, Word{}
	e.happen(LevelApproved, who, st.Level, st.Ready, effect.Detail{Text: why, Facts: e.facts(st.Ready)})
	next, more := Evaluate(now, e.st, s, p)
	e.set.Add(more)
	return next, e.set, nil
}

// Decline is a person's no for now. The level is asked for anew when its figures
// were lost and are met again, and a yes can follow at any time before.
// Errors: those of Approve.
func Decline(now time.Time, st State, who member.Actor, why string, p policy.Version) (State, effect.Set, error) {
	why, err := mayAnswer(st, why)
	if err != nil {
		return st, effect.Set{}, err
	}
	e := evaluation{now: now, st: st, p: &p}
	e.st.Declined = Word{st.Ready, who.Member, now, why}
	e.happen(LevelDeclined, who, st.Level, st.Ready, effect.Detail{Text: why, Facts: e.facts(st.Ready)})
	return e.st, e.set, nil
}

func mayAnswer(st State, why string) (string, error) {
	if st.Ready == "" {
		return "", fault.Conflict("No level of this seller waits for a person’s yes.")
	}
	if why = member.Text(why); why == "" {
		return "", fault.Invalid("why", "Say why, in words that the seller will read.")
	}
	return why, nil
}
