package notice

import (
	"strings"
	"testing"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
)

// levelSamples are what can happen to somebody's level.
func levelSamples(list map[string]effect.Event, vary func(effect.Kind, string, func(*effect.Event))) {
	for _, k := range standing.Kinds() {
		e := list[string(k)]
		e.Detail.Facts = map[string]string{"level": "Level 2"}
		list[string(k)] = e
	}
	vary(standing.LevelWarned, "with what is missing", func(e *effect.Event) {
		e.Detail.Facts = map[string]string{"level": "Level 2", "missing": "deliveries on time, the rating"}
	})
	vary(standing.LevelDemoted, "to a lower one", func(e *effect.Event) {
		e.Detail.Facts = map[string]string{"level": "Level 2", "now": "Level 1"}
	})
	vary(standing.LevelDemoted, "from one that needs a yes", func(e *effect.Event) {
		e.Detail.Facts = map[string]string{"level": "Top", "now": "Level 2", standing.FactApproval: "yes"}
	})
	vary(standing.LevelDemoted, "from one that needs a yes to none", func(e *effect.Event) {
		e.Detail.Facts = map[string]string{"level": "Top", standing.FactApproval: "yes"}
	})
}

// TestALostLevelThatNeedsAYes: the level that a person gave does not come back by
// itself, and nobody is told that it does.
func TestALostLevelThatNeedsAYes(t *testing.T) {
	p := policy.Default("policy_classic", time.Unix(0, 0))
	now := time.Date(2026, 4, 15, 0, 0, 0, 0, time.UTC)
	for level, byItself := range map[string]bool{"level_2": true, "top": false} {
		st := standing.State{
			Member: "member_mara", Level: level, Approved: standing.Word{Level: "top", By: "member_ada"},
			WarnedAt: now.AddDate(0, 0, -20), DemotesAt: now,
		}
		_, set := standing.Evaluate(now, st, standing.Sheet{At: now}, p)
		if len(set.Events) != 1 || set.Events[0].Kind != standing.LevelDemoted {
			t.Fatalf("%s: %+v", level, set.Events)
		}
		told := For(set.Events[0], Facts{Self: Person{ID: "member_mara", Name: "Mara"}, Policy: p})
		if len(told) != 1 {
			t.Fatalf("%s: told %d times", level, len(told))
		}
		if got := strings.Contains(told[0].Body, "returns the moment it is there"); got != byItself {
			t.Errorf("%s: %s", level, told[0].Body)
		}
	}
}
