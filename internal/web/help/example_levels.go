package help

import (
	"fmt"
	"strconv"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
)

// LevelExample is a seller on the first level of the ladder whose answers fall
// below what it asks for, evaluated as every seller is.
type LevelExample struct {
	Has bool // the house has a level that asks for answers

	Level, Required string
	Before, After   string // their share of answers, before and after the slip
	Warned, Ends    string
	Mend            string // answers that bring it back now
	Until           string // when that number changes
}

func playLevels(e *Example, _ Lived, p policy.Version) error {
	if len(p.Standing.Levels) == 0 || p.Standing.Levels[0].Response == 0 {
		return nil
	}
	level := p.Standing.Levels[0]
	past := steady(level, p)
	st, _ := standing.Evaluate(monday, standing.State{Member: mara.Member}, past.Sheet(monday, p), p)
	if st.Level != level.Name {
		return nil
	}
	before := past.Sheet(monday, p).Response
	slip := monday.Add(time.Minute)
	after := before
	for after.Meets(level.Response) {
		past.Lines = append(past.Lines, entry(standing.Response, standing.Against, len(past.Lines), slip))
		after = past.Sheet(slip, p).Response
	}
	st, _ = standing.Evaluate(slip, st, past.Sheet(slip, p), p)
	back := standing.Recover(past, slip, standing.Response, level, p)
	e.Level = LevelExample{
		Has: true, Level: level.Words, Required: level.Response.String(), Before: before.String(), After: after.String(),
		Warned: at(slip), Ends: at(st.DemotesAt), Mend: plural(back.Now(), "first message"),
	}
	if until := back.Until(); !until.IsZero() {
		e.Level.Until = at(until)
	}
	return nil
}

// steady is a past that is all that a level asks for, and not much more.
func steady(l policy.Level, p policy.Version) standing.Past {
	const answers = 20
	past := standing.Past{From: monday.Add(-time.Duration(l.Days+1) * 24 * time.Hour)}
	n := max(l.Completed, l.UniqueBuyers, 1)
	for i := range n {
		when := monday.Add(-p.Standing.Window.D() / 2).Add(time.Duration(i) * time.Minute)
		for _, f := range []standing.Figure{standing.Completion, standing.OnTime, standing.Earned, standing.Rating} {
			c := entry(f, standing.For, i, when)
			switch f {
			case standing.Earned:
				c.Value = int64(l.Earned)/int64(n) + 1
			case standing.Rating:
				c.Value = 5 * standing.Star
			}
			past.Lines = append(past.Lines, c)
		}
	}
	for i := range answers {
		past.Lines = append(past.Lines, entry(standing.Response, standing.For, i, monday.Add(-p.Standing.Window.D()/3).Add(time.Duration(i)*time.Hour)))
	}
	return past
}

func entry(f standing.Figure, m standing.Mark, i int, when time.Time) standing.Contribution {
	id := fmt.Sprintf("%s_%04d", f, i)
	return standing.Contribution{
		Figure: f, Member: mara.Member, Subject: id, Order: ident.Order(id), Peer: ident.Member("member_" + strconv.Itoa(i)), At: when, Mark: m,
	}
}
