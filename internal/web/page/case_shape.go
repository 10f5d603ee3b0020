package page

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/desk"
	events "guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/policy"
	"guildhall/internal/web/kit"
)

// NewCaseProps is what a question to the desk would be linked to.
type NewCaseProps struct {
	About   string // as the address has it
	Subject desk.Subject
	Label   string
	Policy  policy.Version
}

// linkedTo says what a new case will be linked to.
func (v NewCaseProps) linkedTo() string {
	switch v.Subject.About {
	case desk.AboutOrder:
		return "your order “" + sentence(v.Label) + "”. Support sees the order and the conversation of its two parties, and each look is shown to both of you"
	case desk.AboutMessage:
		return "a message you were sent. Support sees the conversation, and each look is shown to both of you"
	case desk.AboutOffer:
		return "the offer “" + v.Label + "”"
	case desk.AboutGig:
		return "the gig “" + sentence(v.Label) + "”"
	case desk.AboutPage:
		return "the page " + v.Label
	}
	return ""
}

func caseKinds(about desk.About) []kit.Choice {
	var list []kit.Choice
	for _, k := range desk.Kinds() {
		if (k == desk.Cancel || k == desk.Challenge) && about != desk.AboutOrder {
			continue
		}
		list = append(list, kit.Choice{Value: string(k), Label: k.Words(), Note: kindNote(k, about)})
	}
	return list
}

// kindNote says who reads such a case.
func kindNote(k desk.Kind, about desk.About) string {
	switch {
	case about == desk.AboutNothing || about == desk.AboutPage:
		return ""
	case k == desk.Challenge:
		return "To have a review removed, challenge it on the order’s page of reviews: that attaches the record and names the day of the decision."
	case k.Shared():
		return "The other party reads it, too, and can tell their side."
	}
	return "Only support reads it, unless it leads to a decision about the other party."
}

func caseState(c desk.Case) kit.State {
	s := kit.State{Text: c.State.Words()}
	switch c.State {
	case desk.Waiting:
		s.Tone, s.Icon = kit.Lapis, "hourglass"
		if c.Overdue && c.AnsweredAt.IsZero() {
			s.Tone, s.Icon, s.Text = kit.Warn, "timer-off", "First answer overdue"
		}
	case desk.Answered:
		s.Tone, s.Icon = kit.Good, "message-square"
	case desk.Seconding:
		s.Tone, s.Icon = kit.Warn, "users"
	case desk.Decided:
		s.Tone, s.Icon = kit.Neutral, "gavel"
	default:
		s.Tone, s.Icon = kit.Neutral, "archive"
	}
	return s
}

func caseTitle(c desk.Case) string {
	if c.Matter.AppealOf != "" {
		return "Appeal: " + strings.ToLower(c.Kind.Words()[:1]) + c.Kind.Words()[1:]
	}
	return c.Kind.Words()
}

// caseSub is the quieter line of a case in a list.
func caseSub(r market.CaseRow) string {
	parts := []string{"#" + r.Case.Ref}
	switch {
	case r.OrderRef != "":
		parts = append(parts, "order #"+r.OrderRef)
	case r.Case.Subject.About == desk.AboutPage:
		parts = append(parts, r.Case.Subject.ID)
	case r.Case.Matter.Title != "":
		parts = append(parts, sentence(r.Case.Matter.Title))
	}
	return strings.Join(parts, " · ")
}

func answerClock(c desk.Case, l kit.Local) *kit.ClockProps {
	if !c.AnsweredAt.IsZero() || c.State.Settled() {
		return nil
	}
	return &kit.ClockProps{Label: "First answer", Over: "First answer was due", Due: c.AnswerBy, Local: l, Compact: true}
}

// caseNote stands in the clock's place.
func caseNote(c desk.Case, l kit.Local) string {
	switch {
	case c.State == desk.Decided && c.Matter.AppealOf == "":
		return "Appeal until " + l.Day(c.AppealUntil)
	case !c.ClosedAt.IsZero():
		return "Closed " + l.Day(c.ClosedAt)
	}
	return "Opened " + l.Day(c.OpenedAt)
}

// caseStep is the top of a case for one of its people.
func caseStep(v market.CasePage, l kit.Local) kit.NextStepProps {
	c := v.Case
	n := kit.NextStepProps{Move: kit.TheirMove, Who: "Support"}
	switch c.State {
	case desk.Waiting:
		n.Say = "Support has your words and looks at it."
		if c.AnsweredAt.IsZero() {
			n.Say = "Support answers by " + l.At(c.AnswerBy) + "."
			if l.Now.After(c.AnswerBy) {
				n.Say = "Support has not answered yet, and is late."
			}
			n.Clock = &kit.ClockProps{Label: "First answer", Over: "First answer was due", Due: c.AnswerBy, Local: l, Allows: "It stands at the head of the queue now. You need not do anything."}
		}
		n.More = "Nothing about your order or your money changes before you hear from us."
	case desk.Answered:
		n.Move, n.Say = kit.YourMove, "Support has answered. Write below if something is missing or not right."
		n.More = "There is no time limit. If a decision is needed, support makes it and you both get a letter."
	case desk.Seconding:
		n.Say = "A second person at support looks at it before anything happens."
		n.More = "Decisions that move much money are never made by one person alone."
	case desk.Decided:
		n.Move, n.Say = kit.NobodysTurn, "This case is decided: see the letter below."
		if v.Appeals {
			n.More = "If you do not agree you can appeal until " + l.At(c.AppealUntil) + ". Somebody who had no part in the decision then looks at it again."
			n.Others = append(n.Others, kit.Action{Label: "Appeal against it", Href: "/cases/" + string(c.ID) + "/appeal", Icon: "scale"})
		}
	default:
		n.Move, n.Say = kit.NobodysTurn, "This case is closed."
		if c.Matter.Appeal != "" {
			n.Say = "This case goes on in an appeal."
			if v.InAppeal {
				n.Primary = &kit.Action{Label: "See the appeal", Href: "/cases/" + string(c.Matter.Appeal)}
			}
		}
	}
	if c.Matter.AppealOf != "" {
		n.Others = append(n.Others, kit.Action{Label: "See the first decision", Href: "/cases/" + string(c.Matter.AppealOf), Icon: "history"})
	}
	return n
}

// caseLetter is the decision of a case, if there is one.
func caseLetter(lines []events.Event) (events.Event, bool) {
	for _, e := range lines {
		if e.Kind == desk.DecidedCase {
			return e, true
		}
	}
	return events.Event{}, false
}

func letterFacts(e events.Event, l kit.Local) []kit.Fact {
	f := e.Detail.Facts
	facts := []kit.Fact{
		{Name: "Decided", Value: upper(f[desk.FactDoes]) + "."},
		{Name: "The rule", Value: f[desk.FactRule]},
		{Name: "What was found", Value: e.Detail.Text},
		{Name: "Decided by", Value: upper(f[desk.FactRole]) + ", " + l.At(e.At)},
		{Name: "Version of the rules", Body: versionLink(f[desk.FactPolicy])},
	}
	if e.Detail.Until.IsZero() {
		return append(facts, kit.Fact{Name: "Appeal", Value: "This was the appeal: it is the last word of the house."})
	}
	return append(facts, kit.Fact{Name: "Appeal", Value: "Until " + l.At(e.Detail.Until) + ", to somebody who had no part in it"})
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// caseStory is what was said and done in a case, newest first. me is the reader,
// files where theirs are served.
func caseStory(c desk.Case, lines []events.Event, names map[ident.Member]string, held map[ident.File]market.File, me ident.Member, files string, l kit.Local) []kit.Event {
	list := make([]kit.Event, 0, len(lines))
	for i := len(lines) - 1; i >= 0; i-- {
		e := lines[i]
		k := kit.Event{When: e.At, Text: e.Detail.Text, Title: caseLine(c, e, names, me)}
		k.Icon, k.Tone = caseIcon(e.Kind)
		if e.Kind == desk.DecidedCase || e.Kind == desk.Proposed {
			k.Text = upper(e.Detail.Facts[desk.FactDoes]) + ".\n" + e.Detail.Text
		}
		if record, kept := e.Detail.Facts[desk.FactRecord], e.Detail.Facts[desk.FactKept]; record+kept != "" {
			k.Body = attached(recordWords(record, l), recordWords(kept, l))
		}
		for _, id := range e.Detail.Files {
			f := held[id]
			k.Files = append(k.Files, kit.File{Name: f.Name, Href: files + string(id), Size: sizeWords(f.Size), Hash: f.SHA256})
		}
		list = append(list, k)
	}
	return list
}

// recordAt finds the instants that the house wrote into a record. What somebody
// said stands further on in a line.
var recordAt = regexp.MustCompile(`(?m)^(Message \d+, |Level: [^,\n]+, which ends on |)(\d{4}-\d\d-\d\d \d\d:\d\d) UTC( · the (?:buyer|seller|desk|bank|clock) · |, from the | unless )`)

// recordWords is a record with its instants in the reader's zone, as all others
// on the page.
func recordWords(record string, l kit.Local) string {
	return recordAt.ReplaceAllStringFunc(record, func(line string) string {
		part := recordAt.FindStringSubmatch(line)
		at, err := time.Parse("2006-01-02 15:04", part[2])
		if err != nil {
			return line
		}
		return part[1] + l.At(at) + part[3]
	})
}

func caseIcon(k events.Kind) (string, kit.Tone) {
	switch k {
	case desk.Opened:
		return "circle-help", kit.Lapis
	case desk.Said:
		return "message-square", kit.Neutral
	case desk.Replied:
		return "send", kit.Good
	case desk.Noted:
		return "pencil", kit.Brass
	case desk.Taken, desk.Left:
		return "user", kit.Neutral
	case desk.FirstOverdue, desk.DecisionLate:
		return "timer-off", kit.Warn
	case desk.Proposed:
		return "users", kit.Warn
	case desk.SecondRefused:
		return "undo-2", kit.Warn
	case desk.DecidedCase:
		return "gavel", kit.Good
	case desk.Appealed:
		return "scale", kit.Warn
	}
	return "archive", kit.Neutral
}

// caseLine says in a title who did what.
func caseLine(c desk.Case, e events.Event, names map[ident.Member]string, me ident.Member) string {
	who := names[e.Actor]
	if e.Actor == me {
		who = "You"
	}
	if _, party := c.SideOf(e.Actor); !party && e.Actor != "" && e.Actor != me {
		who += " of support"
	}
	switch e.Kind {
	case desk.Opened:
		if e.Actor == "" {
			return "The house opened this case"
		}
		return who + " asked support"
	case desk.Said:
		return who + " wrote"
	case desk.Replied:
		return who + " answered" + readers(c, e, names, me)
	case desk.Noted:
		return who + " noted for the desk"
	case desk.Taken:
		if from := e.Detail.Facts["from"]; from != "" {
			return who + " took the case over"
		}
		return who + " took the case"
	case desk.Left:
		return who + " put the case back"
	case desk.FirstOverdue:
		return "The time for the first answer is over"
	case desk.DecisionLate:
		return "The time for the decision is over"
	case desk.Proposed:
		return who + " proposed a decision"
	case desk.SecondRefused:
		return who + " did not agree"
	case desk.DecidedCase:
		return "Decided by " + e.Detail.Facts[desk.FactRole]
	case desk.Appealed:
		return who + " appealed"
	case desk.WithdrawnCase:
		return who + " closed the case"
	}
	return "Nobody appealed: the decision stands"
}

// readers tells the desk to whom an answer went.
func readers(c desk.Case, e events.Event, names map[ident.Member]string, me ident.Member) string {
	if c.Opener == me || c.Other == me {
		return ""
	}
	switch e.Detail.Facts[desk.FactTo] {
	case desk.ToOpener:
		return ", to " + names[c.Opener] + " alone"
	case desk.ToOther:
		return ", to " + names[c.Other] + " alone"
	}
	return ""
}

// looksOf gathers looks that belong together into sentences, newest first.
func looksOf(looks []market.Look, l kit.Local) []string {
	type group struct {
		agent string
		from  time.Time
		n     map[string]int // how often what was read
	}
	var groups []group
	for _, k := range looks {
		last := len(groups) - 1
		if last < 0 || groups[last].agent != k.Agent || groups[last].from.Sub(k.At) > time.Hour {
			groups = append(groups, group{agent: k.Agent, from: k.At, n: map[string]int{}})
			last++
		}
		groups[last].n[k.What]++
	}
	list := make([]string, len(groups))
	for i, g := range groups {
		var what []string
		for _, w := range slices.Sorted(maps.Keys(g.n)) {
			if n := g.n[w]; n > 1 {
				w += " (" + strconv.Itoa(n) + " times)"
			}
			what = append(what, w)
		}
		list[i] = l.At(g.from) + ": " + g.agent + " read " + strings.Join(what, " and ")
	}
	return list
}

// shutSays tells somebody at the door how they are heard about their suspension.
func shutSays(v market.Shut, l kit.Local) string {
	const letter = " What comes of it is sent to you by letter."
	switch {
	case v.Voice == market.MayAsk:
		return "The people who run the house did this themselves, so nobody at support has looked at it yet. Write what they should know, and somebody does." + letter
	case v.Voice == market.MayAppeal:
		return "You can appeal until " + l.At(v.Case.AppealUntil) + " (UTC). Somebody at support who had no part in the decision then looks at it again." + letter
	case v.Case.Matter.AppealOf != "":
		return "An appeal against the decision is open, so somebody at support who had no part in it looks at it again. What you write here is read with it. There is one appeal for everybody concerned." + letter
	}
	return "Support looks at it in case #" + v.Case.Ref + ". What you write here is read with it." + letter
}

func shutLabel(v market.Shut) string {
	if v.Voice == market.MayAdd {
		return "What should they know as well?"
	}
	return "What is not right about it?"
}

func shutVerb(v market.Shut) string {
	switch v.Voice {
	case market.MayAsk:
		return "Ask support to look at it"
	case market.MayAppeal:
		return "Appeal against this decision"
	}
	return "Send this to support"
}

func queryEscape(s string) string { return url.QueryEscape(s) }
