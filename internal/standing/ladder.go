package standing

import (
	"strconv"
	"strings"

	"guildhall/internal/policy"
)

// Approval is the row of a person's yes among the requirements of a level. It
// is no figure: nothing is folded for it.
const Approval Figure = "approval"

// Requirement is one row of the answer to "why am I not Level 1?".
type Requirement struct {
	Figure   Figure
	Required string
	Mine     string
	Missing  string // empty where nothing is
	Todo     string // what to do about it; where it is met, what to know
	Met      bool
	Enforced bool // false for a share of which too little counts: it is not held against anybody
}

// demand is one row of the table of what a level can ask for. Promotion and
// demotion read met, the page reads says: one table.
type demand struct {
	figure Figure
	asked  func(*policy.Level) bool
	met    func(*policy.Level, *Sheet) bool
	says   func(policy.Level, Sheet, policy.Version) Requirement
}

// demands is the table, in the order in which figures are shown.
var demands = []demand{
	{Days, func(l *policy.Level) bool { return l.Days > 0 }, func(l *policy.Level, s *Sheet) bool { return s.Days >= l.Days }, saysDays},
	{Completed, func(l *policy.Level) bool { return l.Completed > 0 }, func(l *policy.Level, s *Sheet) bool { return s.Completed >= l.Completed }, saysCompleted},
	{UniqueBuyers, func(l *policy.Level) bool { return l.UniqueBuyers > 0 }, func(l *policy.Level, s *Sheet) bool { return s.UniqueBuyers >= l.UniqueBuyers }, saysBuyers},
	{Earned, func(l *policy.Level) bool { return l.Earned > 0 }, func(l *policy.Level, s *Sheet) bool { return s.Earned >= int64(l.Earned) }, saysEarned},
	ofRate(Completion),
	ofRate(OnTime),
	ofRate(Response),
	{Rating, func(l *policy.Level) bool { return l.Rating > 0 }, func(l *policy.Level, s *Sheet) bool { return s.Rating.Meets(l.Rating) }, saysRating},
	{Warnings, func(l *policy.Level) bool { return l.NoWarnings }, func(_ *policy.Level, s *Sheet) bool { return len(s.Warnings) == 0 }, saysWarnings},
}

func ofRate(f Figure) demand {
	return demand{
		f,
		func(l *policy.Level) bool { return asks(l, f) > 0 },
		func(l *policy.Level, s *Sheet) bool {
			r := s.rate(f)
			return !r.Enforced || r.Meets(asks(l, f))
		},
		func(l policy.Level, s Sheet, p policy.Version) Requirement { return saysRate(f, l, s, p) },
	}
}

// asks is the threshold of a level for a share.
func asks(l *policy.Level, f Figure) policy.Percent {
	switch f {
	case Completion:
		return l.Completion
	case OnTime:
		return l.OnTime
	default:
		return l.Response
	}
}

// Meets tells whether the figures are all that a level asks for; a person's yes
// is not among the figures. A share that is not enforced yet is never held
// against anybody.
func Meets(l policy.Level, s Sheet) bool {
	return meets(&l, &s)
}

// meets is asked for hundreds of instants when somebody looks ahead, so nothing
// is copied for it.
func meets(l *policy.Level, s *Sheet) bool {
	for i := range demands {
		if d := &demands[i]; d.asked(l) && !d.met(l, s) {
			return false
		}
	}
	return true
}

// highest is the place on the ladder that the figures carry, -1 for none.
// approved names the level that a person has said yes to, if any has.
func highest(s *Sheet, levels []policy.Level, approved string) int {
	for i := len(levels) - 1; i >= 0; i-- {
		if l := &levels[i]; (!l.Approval || l.Name == approved) && meets(l, s) {
			return i
		}
	}
	return -1
}

// Requirements answers why somebody is not, or is, at a level: all that it asks
// for, in the order of the figures, with what is missing and what to do.
func Requirements(l policy.Level, s Sheet, p policy.Version, st State) []Requirement {
	var list []Requirement
	for _, d := range demands {
		if !d.asked(&l) {
			continue
		}
		r := d.says(l, s, p)
		r.Figure, r.Met = d.figure, d.met(&l, &s)
		if d.figure != Completion && d.figure != OnTime && d.figure != Response {
			r.Enforced = true
		}
		if r.Met {
			r.Missing = ""
			if r.Enforced {
				r.Todo = ""
			}
		}
		list = append(list, r)
	}
	if l.Approval {
		list = append(list, saysApproval(l, s, st))
	}
	return list
}

// unmet are the names of what keeps somebody from a level, for a sentence.
func unmet(l policy.Level, s Sheet) []string {
	var names []string
	for _, d := range demands {
		if d.asked(&l) && !d.met(&l, &s) {
			names = append(names, d.figure.inSentence())
		}
	}
	return names
}

func saysDays(l policy.Level, s Sheet, _ policy.Version) Requirement {
	r := Requirement{Required: count(l.Days, "day"), Mine: count(s.Days, "day"), Missing: count(l.Days-s.Days, "day")}
	r.Todo = "Nothing but wait: they pass by themselves."
	return r
}

func saysCompleted(l policy.Level, s Sheet, _ policy.Version) Requirement {
	missing := count(l.Completed-s.Completed, "order")
	return Requirement{
		Required: count(l.Completed, "order"), Mine: count(s.Completed, "order"), Missing: missing,
		Todo: "Complete " + strings.Replace(missing, " ", " more ", 1) + ". An order counts once it is completed, with or without a review.",
	}
}

func saysBuyers(l policy.Level, s Sheet, _ policy.Version) Requirement {
	missing := count(l.UniqueBuyers-s.UniqueBuyers, "buyer")
	return Requirement{
		Required: count(l.UniqueBuyers, "different buyer"), Mine: count(s.UniqueBuyers, "buyer"), Missing: missing,
		Todo: "Complete orders for " + missing + " who have not bought from you before.",
	}
}

func saysEarned(l policy.Level, s Sheet, p policy.Version) Requirement {
	missing := policy.Price(int64(l.Earned) - s.Earned).In(p.Currency).String()
	return Requirement{
		Required: l.Earned.In(p.Currency).String(), Mine: s.Text(Earned, p), Missing: missing,
		Todo: "Earn " + missing + " more. It is what orders paid you, after commission and refunds.",
	}
}

func saysRate(f Figure, l policy.Level, s Sheet, p policy.Version) Requirement {
	least := asks(&l, f)
	rate, _ := s.Rate(f)
	r := Requirement{Required: "at least " + percent(least), Mine: rate.fraction(), Enforced: rate.Enforced}
	if !rate.Enforced {
		r.Todo = "Not held against you: fewer than " + strconv.Itoa(p.Standing.EnforceFrom) + " count so far."
		return r
	}
	n := s.inARow(rate, least)
	if n < 0 {
		r.Missing = "none may be against"
		r.Todo = "Wait until those against have left the window."
		return r
	}
	r.Missing = strconv.Itoa(n) + " more in a row"
	switch f {
	case Completion:
		r.Todo = "Complete the next " + count(n, "order") + ", or wait until those against have left the window."
	case OnTime:
		r.Todo = "Deliver the next " + count(n, "order") + " on time, or wait until those against have left the window."
	default:
		r.Todo = "Answer the next " + count(n, "first message") + " within " + p.Standing.Response.Words() + ", or wait until those against have left the window."
	}
	return r
}

// inARow is the fewest further ones with which a share meets a threshold, as the
// way back finds it: while a window reaches back, each lets an old one out of it.
func (s Sheet) inARow(r Rate, least policy.Percent) int {
	if s.fold == nil {
		return inARow(r, least)
	}
	return s.fold.needRate(r.Figure, least, s.At)
}

// inARow is the fewest further ones, all of them for, with which a rate meets a
// threshold if nothing leaves; -1 where no number is enough.
func inARow(r Rate, least policy.Percent) int {
	const whole = 10_000
	short := int64(least)*int64(r.Counted()) - int64(r.For)*whole
	switch {
	case short <= 0:
		return 0
	case least >= whole:
		return -1
	}
	return int(ceil(short, whole-int64(least)))
}

func ceil(a, b int64) int64 { return (a + b - 1) / b }

func saysRating(l policy.Level, s Sheet, p policy.Version) Requirement {
	r := Requirement{Required: "at least " + l.Rating.String(), Mine: s.Text(Rating, p)}
	n := inStars(s.Rating, l.Rating)
	switch {
	case s.Rating.N == 0:
		r.Missing, r.Todo = "a first review", "Complete an order that its buyer rates."
	case n < 0:
		r.Missing, r.Todo = "nothing but five stars", "Wait until the others have left the window."
	default:
		r.Missing = count(n, "five-star review")
		r.Todo = "The next " + count(n, "review") + ", all with five stars, would do."
	}
	return r
}

// inStars is the same for a mean, in five-star reviews.
func inStars(m Mean, least policy.Rating) int {
	const whole, most = 100, 5
	short := int64(least)*Star*int64(m.N) - m.Sum*whole
	switch {
	case m.N == 0:
		return 1
	case short <= 0:
		return 0
	case least >= most*whole:
		return -1
	}
	return int(ceil(short, Star*(most*whole-int64(least))))
}

func saysWarnings(_ policy.Level, s Sheet, _ policy.Version) Requirement {
	return Requirement{
		Required: "no warning", Mine: count(len(s.Warnings), "warning"), Missing: "the end of " + count(len(s.Warnings), "warning"),
		Todo: "Wait: each warning ends by itself, and an appeal can end it sooner.",
	}
}

func saysApproval(l policy.Level, s Sheet, st State) Requirement {
	r := Requirement{Figure: Approval, Required: "a person’s yes", Mine: "not yet", Missing: "a person’s yes", Enforced: true}
	switch {
	case st.Approved.Level == l.Name:
		r.Mine, r.Missing, r.Met = "given", "", true
	case st.Declined.Level == l.Name:
		r.Mine = "declined"
		r.Todo = "The house said: " + st.Declined.Why + " It can say yes later."
	case Meets(l, s):
		r.Mine, r.Todo = "asked for", "Nothing: the house has been asked and looks at your work."
	default:
		r.Todo = "Nothing yet: the house is asked by itself once everything else is met."
	}
	return r
}

// percent writes a threshold as rates are printed.
func percent(p policy.Percent) string {
	text := p.String()
	return text[:len(text)-1] + " %"
}
