package notice

import (
	"guildhall/internal/effect"
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
}
