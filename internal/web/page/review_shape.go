package page

import (
	"strconv"
	"strings"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/talk"
	"guildhall/internal/web/kit"
)

// ReviewProps is the page of one order's reviews with what stands in its form.
type ReviewProps struct {
	market.ReviewPage
	Form   Form
	Talked []talk.Message // what the two wrote last, to choose evidence from
}

// starWords are what one star, two stars and so on say.
var starWords = []string{"Bad", "Poor", "Fair", "Good", "Very good"}

func (v ReviewProps) path() string { return reviewPath(v.ReviewPage) }

func (v ReviewProps) at(m review.Name) string { return v.path() + "/" + string(m) }

func reviewPath(v market.ReviewPage) string { return "/orders/" + string(v.Order.ID) + "/review" }

// other is the party across the table.
func (v ReviewProps) other() member.Member {
	if v.Side == review.Buyer {
		return v.Seller
	}
	return v.Buyer
}

// crumbs lead to the reviews, and on to a page behind one of their buttons.
func (v ReviewProps) crumbs(last string) []kit.Link {
	list := []kit.Link{{Label: "Purchases", Href: "/purchases"}}
	if v.Side == review.Seller {
		list[0] = kit.Link{Label: "Sales", Href: "/sales"}
	}
	list = append(list, kit.Link{Label: "Order #" + v.Order.Ref, Href: "/orders/" + string(v.Order.ID)}, kit.Link{Label: "Reviews", Href: v.path()})
	if last != "" {
		list = append(list, kit.Link{Label: last})
	}
	return list
}

func (v ReviewProps) lead() string { return sentence(v.Order.Title) + " · with " + v.other().Name }

// outcomeBadge says how an order ended, as its reviews print it.
func outcomeBadge(end policy.Ending) kit.State {
	s := kit.State{Tone: kit.Neutral, Icon: "circle-x", Text: review.OutcomeWords(end)}
	if end == policy.EndingCompleted {
		s.Tone, s.Icon = kit.Good, "circle-check"
	}
	return s
}

// step is the top of the page.
func (v ReviewProps) step(l kit.Local) kit.NextStepProps {
	n := kit.NextStepProps{Move: kit.NobodysTurn, Heading: "Where it stands", Say: said(v.Step.Says, v.other().Name, v.Step.Until, l)}
	if _, may := v.May(review.MoveWrite); may {
		n.Move, n.Heading = kit.YourMove, "You can write"
	}
	if !v.Pair.Revealed() && v.Eligible && l.Now.Before(v.ClosesAt) {
		other := v.other()
		n.Clock = &kit.ClockProps{Label: "The window closes", Due: v.ClosesAt, Local: l, OtherName: other.Name, OtherZone: other.Location()}
	}
	return n
}

// blind says who sees what, and when.
func (v ReviewProps) blind(l kit.Local) string {
	return "Nobody but you sees it before " + v.other().Name + " has written, too, or before " + l.At(v.ClosesAt) + ". Support does not see it either."
}

// writeHint says what a good text holds and its bounds.
func writeHint(v ReviewProps) string {
	hint := "What would have helped you to know before?"
	if v.Side == review.Seller {
		hint = "What should others know who work with " + v.Buyer.Name + "?"
	}
	if least := v.Policy.Reviews.MinText; least > 1 {
		hint += " At least " + strconv.Itoa(least) + " characters, or none at all."
	}
	return hint
}

// writeFields are the fields of the form in their order, for the summary of faults.
func (v ReviewProps) writeFields() []string {
	var list []string
	for _, c := range v.Asked {
		list = append(list, "stars."+c.Name)
	}
	return append(list, "text")
}

// WordsFilled is a form filled from what was written before.
func WordsFilled(w review.Words) []string {
	pairs := []string{"text", w.Text}
	for _, s := range w.Stars {
		pairs = append(pairs, "stars."+s.Name, strconv.Itoa(s.Stars))
	}
	return pairs
}

// starField asks for the stars of one criterion.
func starField(c policy.Criterion, f Form) kit.StarProps {
	name := "stars." + c.Name
	return kit.StarProps{Name: name, Legend: c.Words, Value: f.Get(name), Error: f.Why(name), Words: starWords}
}

// measure is one measured instant with its name.
type measure struct {
	Name string
	At   time.Time
}

// moments are what the clocks say about the start of an order.
func moments(m review.Measured) []measure {
	list := []measure{{"Paid", m.PaidAt}, {"Requirements in", m.AnsweredAt}, {"Started", m.StartedAt}}
	kept := list[:0]
	for _, one := range list {
		if !one.At.IsZero() {
			kept = append(kept, one)
		}
	}
	return kept
}

// others are the buttons beside the form, in the order the rules give them.
func (v ReviewProps) others() []review.Option {
	var list []review.Option
	for _, o := range v.Options {
		if o.Move != review.MoveWrite {
			list = append(list, o)
		}
	}
	return list
}

// optionSays is what pressing a button will do.
func (v ReviewProps) optionSays(o review.Option, l kit.Local) string {
	return said(o.Says, v.other().Name, o.Until, l)
}

// closedWords stand in the place of the other side's review while it is closed.
func (v ReviewProps) closedWords(l kit.Local) string {
	name := v.other().Name
	switch {
	case v.TheirsIn && !v.Pair.Revealed():
		return name + " has written. It opens as soon as yours is in, or on " + l.At(v.ClosesAt) + "."
	case v.Pair.Revealed() || !v.ClosesAt.IsZero() && !l.Now.Before(v.ClosesAt):
		return "Window closed, no review. " + name + " could write one until " + l.At(v.ClosesAt) + "."
	case !v.Eligible:
		return ""
	}
	return name + " has not written yet. They can until " + l.At(v.ClosesAt) + "."
}

// facts are the frame of the reviews.
func (v ReviewProps) facts(l kit.Local) []kit.Fact {
	var facts []kit.Fact
	if v.Outcome != "" {
		facts = append(facts, kit.Fact{Name: "The order", Value: review.OutcomeWords(v.Outcome)}, kit.Fact{Name: "Ended", Value: l.At(v.Order.EndedAt)})
	}
	if v.Eligible && !v.Pair.Revealed() {
		name := "Window until"
		if !l.Now.Before(v.ClosesAt) {
			name = "Window closed"
		}
		facts = append(facts, kit.Fact{Name: name, Value: l.At(v.ClosesAt)})
	}
	if v.Pair.Revealed() {
		facts = append(facts, kit.Fact{Name: "Public since", Value: l.At(v.Pair.RevealedAt)})
	}
	return facts
}

// tombWords say what stands in the place of a removed review.
func tombWords(r review.Removal, reason string, l kit.Local) string {
	return "A review stood here. It was removed on " + l.Day(r.At) + ": " + reason + ". Decided by " + r.Role + "."
}

// amendedWords say that a review was changed.
func amendedWords(r review.Review, l kit.Local) string {
	return "Changed on " + l.Day(r.At) + " · see what was written first"
}

// challengeWords is the label of a review that is looked at.
func challengeWords(c review.Challenge, l kit.Local) string {
	words := "Under challenge since " + l.Day(c.At)
	if !c.DecideBy.IsZero() {
		words += ", decided by " + l.Day(c.DecideBy)
	}
	return words
}

// verdictWords say how a challenge ended, to the two parties.
func verdictWords(c review.Challenge, l kit.Local) string {
	at := " on " + l.Day(c.EndedAt)
	switch c.Verdict {
	case review.Kept:
		return "The challenge was decided" + at + ": the review stays as it is."
	case review.Taken:
		return "The challenge was decided" + at + ": the review is removed."
	case review.Dropped:
		return "The challenge was taken back" + at + "."
	}
	return ""
}

// replyWords head a reply.
func replyWords(name string, r review.Reply, l kit.Local) string {
	words := name + " replied on " + l.Day(r.At)
	if !r.EditedAt.IsZero() {
		words += ", changed since"
	}
	return words
}

// sampleWords say where a work sample stands, to the two parties.
func (v ReviewProps) sampleWords(l kit.Local) string {
	if v.Sample == nil || v.Pair.ByBuyer == nil || v.Pair.ByBuyer.Sample == nil {
		return ""
	}
	s, buyer := v.Pair.ByBuyer.Sample, v.Buyer.Name
	if v.Side == review.Buyer {
		buyer = "you"
	}
	switch {
	case s.Shown():
		return "Everybody sees it beside the review, since " + l.Day(s.AgreedAt) + "."
	case !s.RefusedAt.IsZero():
		return "Not shown: " + buyer + " said no on " + l.Day(s.RefusedAt) + "."
	}
	return "Offered on " + l.Day(s.OfferedAt) + ". Nobody sees it before " + buyer + agrees(v.Side) + "."
}

func agrees(s review.Side) string {
	if s == review.Buyer {
		return " agree"
	}
	return " agrees"
}

func marketFile(f market.File) kit.File {
	return kit.File{Name: f.Name, Href: "/files/" + string(f.ID), Size: sizeWords(f.Size), Hash: f.SHA256}
}

// sampleChoices are the delivered files that may be offered.
func (v ReviewProps) sampleChoices() []kit.Choice {
	var list []kit.Choice
	for _, f := range v.Samples {
		list = append(list, kit.Choice{Value: string(f.ID), Label: f.Name, Aside: sizeWords(f.Size)})
	}
	return list
}

// messageChoices are the newest messages of the two, newest first.
func (v ReviewProps) messageChoices(l kit.Local) []kit.Choice {
	var list []kit.Choice
	for i := len(v.Talked) - 1; i >= 0; i-- {
		m := v.Talked[i]
		name := v.other().Name
		if m.Author != v.other().ID {
			name = "You"
		}
		list = append(list, kit.Choice{Value: strconv.Itoa(m.No), Label: name + ", " + l.At(m.At), Note: excerpt(m.Text)})
	}
	return list
}

// excerpt is the beginning of a text, on one line.
func excerpt(text string) string {
	const most = 160
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// reasonChoices are why a review may be challenged.
func (v ReviewProps) reasonChoices() []kit.Choice {
	var list []kit.Choice
	for _, c := range v.Policy.Reviews.ChallengeReasons {
		list = append(list, kit.Choice{Value: c.Name, Label: c.Words})
	}
	return list
}

// challengeNext says what comes of a challenge, with the policy's numbers.
func (v ReviewProps) challengeNext(l kit.Local) []string {
	by := review.DecideBy(l.Now, v.Policy.Reviews.DecisionDays)
	list := []string{
		"Asking can never earn you a warning, whatever is decided.",
		"“Under challenge” stands on the review at once, for everybody.",
		"The house attaches the order’s own record: what was asked, refused and rated, and when.",
		v.other().Name + " is told, reads what you write here and can tell their side.",
		"Somebody at support decides by " + l.At(by) + ", with the reason. Sent today, that is " + working(v.Policy.Reviews.DecisionDays) + ".",
		"If it is removed, a note with the date and the reason stays in its place. Nobody can change its words or stars.",
	}
	if d := v.Policy.Desk.Appeal; d > 0 {
		list = append(list, "Either of you can appeal once within "+d.Words()+"; somebody else decides that.")
	}
	return list
}

func working(n int) string {
	if n == 1 {
		return "one working day"
	}
	return strconv.Itoa(n) + " working days"
}

// demandNext says what comes of a report.
func (v ReviewProps) demandNext() []string {
	return []string{
		"It goes to support as a case of yours and is answered like any other.",
		v.other().Name + " is not told that you reported it, unless support decides something about them.",
		"Should you challenge a review later, support reads it again, with the moment you sent it, before or after a rating.",
		"It changes nothing about the order, its money or anybody’s figures by itself.",
	}
}

// replyAdvice is how a reply helps.
func replyAdvice() []string {
	return []string{
		"Write for those who read it before they order, more than for the one who wrote.",
		"Say in a sentence or two what happened and what you do about it now.",
		"Leave out names, prices and whatever is private.",
		"A short thank-you is a good reply, too.",
	}
}

// nameOf is the name of either party.
func (v ReviewProps) nameOf(m ident.Member) string {
	if m == v.Seller.ID {
		return v.Seller.Name
	}
	return v.Buyer.Name
}

func starCount(n int) string { return strconv.Itoa(n) }

// eachStar is what each criterion got, on one line.
func eachStar(w review.Words) string {
	parts := make([]string, len(w.Stars))
	for i, s := range w.Stars {
		parts[i] = s.Asked + " " + strconv.Itoa(s.Stars)
	}
	return strings.Join(parts, " · ")
}

func demandWords(d review.Demand, l kit.Local) string {
	words := "Reported on " + l.At(d.At)
	if d.Unrated {
		return words + ", before the other side had written a review."
	}
	return words + "."
}

// besideVerb is the link beside an order.
func (v ReviewProps) besideVerb() string {
	if opt, may := v.May(review.MoveWrite); may {
		return opt.Verb
	}
	if v.Mine == nil && v.Theirs == nil {
		return "How reviews of this order stand"
	}
	return "See the reviews"
}

// withReview makes writing a review the order's one button where nothing else is.
func withReview(n kit.NextStepProps, v *market.ReviewPage) kit.NextStepProps {
	if v == nil || n.Primary != nil {
		return n
	}
	if opt, may := v.May(review.MoveWrite); may {
		n.Primary = &kit.Action{Label: opt.Verb, Icon: "star", Href: reviewPath(*v) + "#write"}
	}
	return n
}
