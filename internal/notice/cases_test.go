package notice

import (
	"testing"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/member"
)

// caseSamples are the events of cases as the desk writes them.
func caseSamples(list map[string]effect.Event, vary func(effect.Kind, string, func(*effect.Event))) {
	for _, k := range desk.Events() {
		e := list[string(k)]
		e.Detail.Facts = map[string]string{
			desk.FactTo: desk.ToBoth, desk.FactRule: "Section 5: an unanswered request to cancel", desk.FactRole: "a support agent",
			desk.FactDoes: "the order is cancelled, nobody’s fault, and everything goes back to the buyer", desk.FactPolicy: "policy_1",
		}
		list[string(k)] = e
	}
	for _, k := range []effect.Kind{member.Warned, member.WarningLifted, member.Suspended} {
		e := list[string(k)]
		e.Detail.Facts = map[string]string{desk.FactRule: "Section 12: payment outside the house"}
		list[string(k)] = e
	}
	vary(desk.Opened, "by the clock", func(e *effect.Event) { e.Role = member.RoleClock })
	vary(desk.Opened, "for the desk alone", func(e *effect.Event) { e.Detail.Facts = map[string]string{desk.FactTo: desk.ToDesk} })
	vary(desk.Said, "by the other party", func(e *effect.Event) { e.Actor = facts.Across.ID })
	vary(desk.Replied, "to the opener", func(e *effect.Event) { e.Detail.Facts = map[string]string{desk.FactTo: desk.ToOpener} })
	vary(desk.Replied, "to the other party", func(e *effect.Event) { e.Detail.Facts = map[string]string{desk.FactTo: desk.ToOther} })
	vary(desk.DecidedCase, "on appeal", func(e *effect.Event) { e.Detail.Until = time.Time{} })
}

func TestWhatIsSaidToTheDeskStaysThere(t *testing.T) {
	f := facts
	f.Policy = classic(t)
	stream := string(ident.New[ident.Case](ident.NewSeeded(1), at))
	for _, k := range desk.Events() {
		to := desk.ToDesk
		if k == desk.DecidedCase || k == desk.Appealed || k == desk.ClosedByTime {
			to = desk.ToOpener
		}
		e := effect.Event{Stream: stream, Seq: 2, At: at, Kind: k, Actor: f.Opener.ID, Detail: effect.Detail{
			Text: "he threatens me", Facts: map[string]string{desk.FactTo: to},
		}}
		for _, n := range For(e, f) {
			if n.To == f.Across.ID {
				t.Errorf("%s tells the other party: %s", k, n.Body)
			}
			if n.To == f.Agent.ID && n.Link != "/desk/"+stream {
				t.Errorf("%s leads the agent to %s", k, n.Link)
			}
		}
	}
}
