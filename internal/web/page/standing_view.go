package page

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"guildhall/internal/market"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
)

// StandingView is somebody's standing as its reader sees it: its owner, or a
// helper whom they gave a link.
type StandingView struct {
	market.Standing
	Stars  review.Sums // of all reviews ever
	Base   string      // address of the page, under which its lists stand
	Shared bool        // through a link: it names no buyer and leads to no order
	Fresh  string      // address of a link that was just made; shown this once
	Key    string      // of the forms
}

// figure is the list behind a number.
func (v StandingView) figure(f standing.Figure, m standing.Mark) string {
	href := v.Base + "/" + string(f)
	if m != "" {
		href += "?mark=" + string(m)
	}
	return href
}

func (v StandingView) why(level string) string { return v.Base + "/why/" + url.PathEscape(level) }

// held is the rung that the seller stands on, next the one above.
func (v StandingView) held() *market.Rung { return v.rung(v.State.Level) }

func (v StandingView) rung(name string) *market.Rung {
	if i := v.place(name); i >= 0 {
		return &v.Ladder[i]
	}
	return nil
}

func (v StandingView) next() *market.Rung {
	if i := v.place(v.State.Level); i+1 < len(v.Ladder) {
		return &v.Ladder[i+1]
	}
	return nil
}

// place is where a level stands on the ladder, -1 for none.
func (v StandingView) place(name string) int {
	return slices.IndexFunc(v.Ladder, func(r market.Rung) bool { return r.Name == name })
}

// levelCalled is a level as people call it.
func levelCalled(p policy.Version, name string) string {
	if name == "" {
		return "no level"
	}
	return standing.LevelWords(p, name)
}

func (v StandingView) level() string {
	if v.State.Level == "" {
		return "No level yet"
	}
	return levelCalled(v.Policy, v.State.Level)
}

func metOf(r market.Rung) (met int) {
	for _, q := range r.Requirements {
		if q.Met {
			met++
		}
	}
	return met
}

// firstToDo is the requirement to begin with: the first that is missing and can
// be met by doing something.
func firstToDo(r market.Rung) (standing.Requirement, bool) {
	var waits *standing.Requirement
	for i, q := range r.Requirements {
		switch {
		case q.Met:
		case q.Figure == standing.Days || q.Figure == standing.Approval || q.Figure == standing.Warnings:
			if waits == nil {
				waits = &r.Requirements[i]
			}
		default:
			return q, true
		}
	}
	if waits == nil {
		return standing.Requirement{}, false
	}
	return *waits, true
}

// standsSays is where the seller stands, in a sentence, and what comes next.
func standsSays(v StandingView, l kit.Local) (say, more string) {
	held, next := v.held(), v.next()
	switch {
	case v.Suspended:
		return "Your account is suspended, so no level is shown to anybody.", "Your figures go on being counted. They stand below."
	case !v.State.DemotesAt.IsZero() && held != nil:
		return "Your figures are below " + held.Words + ". The level ends on " + l.At(v.State.DemotesAt) + " your time, unless they are back before then.",
			lacking(*held) + " As soon as all is met again the warning is over; nobody has to be asked."
	case v.State.Ready != "" && v.State.Declined.Level == v.State.Ready:
		return "Everything that " + levelCalled(v.Policy, v.State.Ready) + " asks of your figures is met. The house looked at your work and has not said yes for now.",
			"It said " + l.In(v.State.Declined.At) + ": " + v.State.Declined.Why + " It can say yes later."
	case v.State.Ready != "":
		return "Everything that " + levelCalled(v.Policy, v.State.Ready) + " asks of your figures is met. Now somebody of the house looks at your work.",
			"They were asked " + l.In(v.State.ReadyAt) + ". You are told as soon as they have answered; there is nothing to do."
	case next == nil:
		return "There is no higher level here. What you have done is all there is to do.", ""
	}
	say = countMet(*next)
	if todo, ok := firstToDo(*next); ok {
		more = "First: " + midway(todo.Todo)
	}
	return say, more
}

func countMet(r market.Rung) string {
	n := len(r.Requirements)
	switch met := metOf(r); met {
	case n:
		return "All of what " + r.Words + " asks for is met."
	case 0:
		return "None of the " + strconv.Itoa(n) + " things that " + r.Words + " asks for is met yet."
	default:
		return strconv.Itoa(met) + " of the " + strconv.Itoa(n) + " things that " + r.Words + " asks for are met."
	}
}

// lacking say what a level asks for and is not met, each with what it is.
func lacking(r market.Rung) string {
	var list []string
	for _, q := range r.Requirements {
		if !q.Met {
			list = append(list, q.Figure.Name()+": "+q.Mine+", asked for "+q.Required+".")
		}
	}
	return strings.Join(list, " ")
}

// nextLook says when the level is looked at again.
func nextLook(v StandingView, l kit.Local) string {
	always := "whenever an order, an answer or a review changes a figure"
	if v.Next.IsZero() {
		return "Checked at once " + always + ". Time alone changes nothing as things are."
	}
	return "Checked at once " + always + "; by the clock alone not before " + l.At(v.Next) + " your time."
}

// fallsAtTheEarliest is what protects a level that is held.
func fallsAtTheEarliest(v StandingView, l kit.Local) string {
	if v.State.Level == "" || !v.State.DemotesAt.IsZero() {
		return ""
	}
	return "A level never falls at once. If your figures went below it today, it would stay until " + l.Day(standing.DemotionDay(l.Now, v.Policy)) + " at the least."
}

// threshold is what a rung asks of a share; zero for nothing.
func threshold(r *market.Rung, f standing.Figure) policy.Percent {
	if r == nil {
		return 0
	}
	switch f {
	case standing.Completion:
		return r.Completion
	case standing.OnTime:
		return r.OnTime
	case standing.Response:
		return r.Response
	}
	return 0
}

// Risk is one thing to keep an eye on.
type Risk struct {
	Tone  kit.Tone
	Title string
	Text  string
	Link  kit.Link
}

// closeBy is from how few further misses on a figure is worth a line.
const closeBy = 2

// risks are what can cost the level, or a figure that it needs, the nearest first.
func risks(v StandingView, l kit.Local) []Risk {
	var list []Risk
	for _, w := range v.Warnings {
		list = append(list, Risk{kit.Warn, "A warning stands", "Until " + l.At(w.Until) + " your time it keeps you from levels that ask for none.", kit.Link{Label: "See your warnings", Href: v.figure(standing.Warnings, "")}})
	}
	for _, r := range v.Rates() {
		if risk, ok := thin(v, r); ok {
			list = append(list, risk)
		}
	}
	for _, s := range v.Forecast {
		for _, c := range s.Comes {
			if c.Rule == standing.RuleUnanswered && c.At.After(l.Now) && len(list) < 6 {
				list = append(list, unanswered(v, c, l))
			}
		}
		if s.Moved && s.State.Level != v.State.Level && v.place(s.State.Level) < v.place(v.State.Level) {
			break
		}
	}
	return list
}

// focus is the rung that matters now: the one that is about to be lost, else
// the next one.
func (v StandingView) focus() *market.Rung {
	if !v.State.DemotesAt.IsZero() {
		return v.held()
	}
	return v.next()
}

// thin is a share that is met with little to spare.
func thin(v StandingView, r standing.Rate) (Risk, bool) {
	need := threshold(v.held(), r.Figure)
	if need == 0 || !r.Enforced || !r.Meets(need) {
		return Risk{}, false
	}
	for n := 1; n <= closeBy; n++ {
		worse := v.Worse(r.Figure, n)
		if worse.Meets(need) {
			continue
		}
		what := "One more against makes it "
		if n > 1 {
			what = strconv.Itoa(n) + " more against make it "
		}
		return Risk{kit.Warn, r.Figure.Name() + ": near what " + v.level() + " asks for", what + rateWords(worse) + ", and " + v.level() + " asks for " + spaced(need) + ".", kit.Link{Label: "See what counts", Href: v.figure(r.Figure, "")}}, true
	}
	return Risk{}, false
}

func unanswered(v StandingView, c standing.Contribution, l kit.Local) Risk {
	r := Risk{Tone: kit.Warn, Title: "A first message waits for an answer", Text: "Without one by " + l.At(c.At) + " your time it counts against your answers."}
	if !v.Shared && c.Subject != "" {
		r.Link = kit.Link{Label: "Answer it", Href: "/messages/" + c.Subject}
	}
	return r
}

// spaced writes a threshold as shares are written.
func spaced(p policy.Percent) string { return strings.TrimSuffix(p.String(), "%") + " %" }

// untilWords say when something leaves its figure.
func untilWords(f market.Figures, c standing.Contribution, l kit.Local) string {
	until := standing.Leaving(c, f.Policy)
	switch {
	case c.Mark == standing.Excluded, until.IsZero():
		return ""
	case c.At.After(l.Now):
		return " · counts from then on, unless it is answered"
	case until.Before(l.Now):
		return " · still counts, while there are few"
	}
	if r, share := f.Rate(c.Figure); share && (r.Reached || !r.Enforced) {
		return " · counts until " + l.Day(until) + fewUntil(c.At.Add(f.Policy.Standing.ReachBack.D()), l)
	}
	return " · counts until " + l.Day(until)
}

// warnedUntil says until when a warning stands, or stood.
func warnedUntil(w market.Warning, l kit.Local) string {
	switch {
	case w.Active(l.Now):
		return " · stands until " + l.At(w.Until)
	case !w.Lifted.IsZero():
		return " · taken back " + l.Day(w.Lifted)
	}
	return " · ended " + l.Day(w.Until)
}

// letterWords lead to the decision that a warning came with.
func letterWords(w market.Warning, l kit.Local) string {
	if w.Active(l.Now) {
		return "Read the letter and see how to appeal"
	}
	return "Read the letter"
}

// whose is the start of what is said to somebody who looks at another's page.
func sharedSays(v StandingView, l kit.Local) string {
	return "This is the standing of " + v.Seller.Name + ", through a link that they made. It can be read and not changed, and it closes on " + l.At(v.Expires) +
		" your time. “You” on this page is " + v.Seller.Name + ". Orders and the names of buyers are left out."
}

func historyEvents(v StandingView) []kit.Event {
	var list []kit.Event
	for _, e := range v.History {
		ev := kit.Event{When: e.At, Icon: "medal", Tone: kit.Brass}
		name := levelCalled(v.Policy, e.To)
		switch e.Kind {
		case standing.LevelPromoted:
			ev.Title = "You reached " + name
		case standing.LevelWarned:
			ev.Icon, ev.Tone, ev.Title = "triangle-alert", kit.Warn, "Your figures fell below "+name
			if missing := e.Detail.Facts["missing"]; missing != "" {
				ev.Text = "Missing: " + missing + "."
			}
		case standing.LevelRecovered:
			ev.Icon, ev.Tone, ev.Title = "circle-check", kit.Good, "Your figures met "+name+" again, and the warning was over"
		case standing.LevelDemoted:
			ev.Icon, ev.Tone, ev.Title = "history", kit.Neutral, levelCalled(v.Policy, e.From)+" ended; from then on "+name
		case standing.LevelReady:
			ev.Icon, ev.Tone, ev.Title = "hourglass", kit.Lapis, "The house was asked about "+name
		case standing.LevelApproved:
			ev.Title, ev.Text = "The house said yes to "+name, e.Detail.Text
		case standing.LevelDeclined:
			ev.Icon, ev.Tone, ev.Title, ev.Text = "circle-dashed", kit.Neutral, "The house said not yet to "+name, e.Detail.Text
		default:
			continue
		}
		list = append(list, ev)
	}
	return list
}

// sinceWords is since when a level is held.
func sinceWords(v StandingView, l kit.Local) string {
	switch {
	case v.State.Level != "" && !v.State.Since.IsZero():
		return "since " + l.Day(v.State.Since)
	case !v.From.IsZero():
		return "selling since " + l.Day(v.From)
	}
	return ""
}
