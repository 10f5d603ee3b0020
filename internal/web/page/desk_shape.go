package page

import (
	"slices"
	"strconv"
	"strings"

	"guildhall/internal/desk"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
)

// DeskProps is an agent's view of a case with what stands in its forms.
type DeskProps struct {
	market.DeskPage
	Me      ident.Member
	Form    Form
	Effect  *market.DecisionPreview // of what stands in the builder, or is proposed
	Problem string
}

func casePeople(r market.CaseRow) string {
	switch {
	case r.Opener != "" && r.Other != "":
		return r.Opener + " and " + r.Other
	case r.Opener == "":
		return "The house, about " + r.Other
	}
	return r.Opener
}

// queueURL is the address of the queue with one thing changed.
func queueURL(f market.QueueFilter) string {
	q := "/desk?state=" + string(f.State)
	if f.Kind != "" {
		q += "&kind=" + string(f.Kind)
	}
	if f.Whose != "" {
		q += "&whose=" + f.Whose
	}
	if f.Late {
		q += "&late=1"
	}
	return q
}

func queueTabs(f market.QueueFilter) []kit.Tab {
	var tabs []kit.Tab
	for _, s := range desk.States() {
		g := f
		g.State = s
		tabs = append(tabs, kit.Tab{Label: map[desk.State]string{
			desk.Waiting: "Waiting", desk.Answered: "Answered", desk.Seconding: "Second look", desk.Decided: "Decided", desk.Closed: "Closed",
		}[s], Href: queueURL(g), NoCount: true, Current: s == f.State})
	}
	return tabs
}

func kindOptions() []kit.Option {
	list := []kit.Option{{Value: "", Label: "Everything"}}
	for _, k := range append(desk.Kinds(), desk.HouseKinds()...) {
		list = append(list, kit.Option{Value: string(k), Label: k.Words()})
	}
	return list
}

func ticked(yes bool) string {
	if yes {
		return "1"
	}
	return ""
}

// name is who stands on a side, for the agent.
func (v DeskProps) name(s desk.Side) string { return v.Names[v.Case.At(s)] }

// orderPage is the order of the case as the agent sees it: as neither party.
func (v DeskProps) orderPage() market.OrderPage {
	p := market.OrderPage{Order: *v.Order, Party: order.Agent, Policy: v.OrderPolicy, Events: v.OrderEvents, Entries: v.Entries, Files: v.Files}
	for _, who := range []*member.Member{v.Opener, v.Other} {
		switch {
		case who == nil:
		case who.ID == v.Order.Buyer:
			p.Buyer = *who
		case who.ID == v.Order.Seller:
			p.Seller = *who
		}
	}
	return p
}

// told is the order's timeline and the conversation in one, newest first.
func (v DeskProps) told(l kit.Local) []kit.Event {
	var list []kit.Event
	if v.Order != nil {
		list = timelineOf(v.orderPage(), l)
	}
	for _, m := range v.Conversation {
		e := kit.Event{Icon: "message-square", Tone: kit.Neutral, Title: v.Names[m.Author] + " wrote", When: m.At, Text: m.Text}
		for _, f := range m.Files {
			e.Files = append(e.Files, kit.File{Name: f.Name, Href: "/files/" + string(f.ID), Size: sizeWords(f.Size), Hash: f.SHA256})
		}
		list = append(list, e)
	}
	slices.SortStableFunc(list, func(a, b kit.Event) int { return b.When.Compare(a.When) })
	for i := range list {
		for j, f := range list[i].Files { // an agent reads files through the case only
			list[i].Files[j].Href = v.files() + strings.TrimPrefix(f.Href, "/files/")
		}
	}
	return list
}

func (v DeskProps) files() string { return "/desk/" + string(v.Case.ID) + "/files/" }

func (v DeskProps) action(verb string) string { return "/desk/" + string(v.Case.ID) + "/" + verb }

// answerButton is the first thing to do only where nobody has to take the case.
func (v DeskProps) answerButton() kit.ButtonKind {
	if v.Case.Agent == "" {
		return kit.SecondButton
	}
	return kit.PrimaryButton
}

// step is the top of a case for its agent.
func (v DeskProps) step(l kit.Local) kit.NextStepProps {
	c := v.Case
	n := kit.NextStepProps{Move: kit.YourMove}
	take := &kit.Action{Label: "Take this case", Post: v.action("take"), Key: v.Form.Key, Icon: "user"}
	back := kit.Action{Label: "Put it back", Post: v.action("put_back"), Key: v.Form.Key, Icon: "undo-2"}
	switch {
	case c.State == desk.Seconding && v.Second:
		n.Say = "A decision that moves much money waits for your yes or no."
	case c.State == desk.Seconding:
		n.Move, n.Who, n.Say = kit.TheirMove, "A second person", "Somebody else at the desk has to agree before anything happens."
	case c.State.Settled():
		n.Move, n.Say = kit.NobodysTurn, "Decided: see the letter in the story below."
		if c.DecidedAt.IsZero() {
			n.Say = "Closed by the person who opened it."
		}
		return n
	case c.Agent == "":
		n.Say, n.Primary = "Nobody works on this case yet.", take
	case !v.Mine:
		n.Move, n.Who, n.Say = kit.TheirMove, v.Names[c.Agent], v.Names[c.Agent]+" works on this case."
		take.Label = "Take it over"
		n.Others = []kit.Action{*take}
	case c.State == desk.Answered:
		n.Move, n.Who, n.Say = kit.TheirMove, "Its people", "You answered. Their words bring it back to the queue; you can decide at any time."
		n.Others = []kit.Action{back}
	default:
		n.Say, n.Others = "It waits for you: answer, or decide.", []kit.Action{back}
	}
	if c.Matter.AppealOf != "" {
		n.Others = append(n.Others, kit.Action{Label: "See the first decision", Href: "/desk/" + string(c.Matter.AppealOf), Icon: "history"})
	}
	if c.AnsweredAt.IsZero() {
		n.Clock = &kit.ClockProps{Label: "First answer", Over: "First answer was due", Due: c.AnswerBy, Local: l, Allows: "The target has passed."}
	}
	return n
}

func replyTo(v DeskProps, f Form) kit.ChoiceProps {
	c := kit.ChoiceProps{Name: "to", Legend: "Who reads it", Value: f.Get("to"), Error: f.Why("to"), Beside: true}
	both := v.Case.Opener != "" && v.Case.Other != ""
	if both {
		c.Options = append(c.Options, kit.Choice{Value: desk.ToBoth, Label: "Both"})
	}
	if v.Case.Opener != "" {
		c.Options = append(c.Options, kit.Choice{Value: desk.ToOpener, Label: v.name(desk.Opener)})
	}
	if v.Case.Other != "" {
		c.Options = append(c.Options, kit.Choice{Value: desk.ToOther, Label: v.name(desk.Across)})
	}
	if c.Value == "" {
		c.Value = c.Options[0].Value
		if both && !v.Case.Kind.Shared() {
			c.Value = desk.ToOpener
		}
	}
	return c
}

// partChoices are what a decision can do to the order.
func partChoices(v DeskProps) []kit.Choice {
	list := []kit.Choice{}
	if o := v.Order; o != nil {
		if !o.State.Ended() {
			list = append(list, kit.Choice{Value: "cancel", Label: "Cancel it", Note: "With whose fault, and how much goes back."})
			if o.Started() {
				list = append(list, kit.Choice{Value: "complete", Label: "Complete it", Note: "The seller is paid."})
			}
		}
		list = append(list, kit.Choice{Value: "refund", Label: "Give a share back", Note: "The order stays as it is; in full only once it is completed."})
		if o.Held() {
			list = append(list, kit.Choice{Value: "release", Label: "Let its clocks run"})
		} else {
			list = append(list, kit.Choice{Value: "hold", Label: "Hold it", Note: "Every clock stands still."})
		}
		list = append(list, kit.Choice{Value: "nothing", Label: "Leave the order alone"})
	}
	if v.Case.OwesFinding() {
		return list
	}
	return append(list, kit.Choice{Value: "dismiss", Label: "Nothing changes", Note: "For nobody, and nothing else below."})
}

// spamChoices are what can be found of a first message that was reported as spam.
func spamChoices(v DeskProps) []kit.Choice {
	list := []kit.Choice{
		{Value: string(desk.IsSpam), Label: "It is spam", Note: "It asked for no answer, so it is left out of the response rate. Warning its writer is up to you."},
		{Value: string(desk.NoSpam), Label: "It is no spam", Note: "It counts for the response rate as if nobody had reported it: answered in time, or not."},
	}
	if v.Case.OwesFinding() {
		return list
	}
	return append(list, kit.Choice{Value: "", Label: "As it was found before"})
}

func faultOptions() []kit.Option {
	var list []kit.Option
	for _, f := range order.Faults() {
		list = append(list, kit.Option{Value: string(f), Label: upper(desk.FaultWords(f))})
	}
	return list
}

func ruleOptions() []kit.Option {
	list := []kit.Option{{Value: "", Label: "Choose"}}
	for _, r := range desk.Rules() {
		list = append(list, kit.Option{Value: r, Label: r})
	}
	return list
}

func sideChoices(v DeskProps) []kit.Choice {
	var list []kit.Choice
	for _, s := range []desk.Side{desk.Opener, desk.Across} {
		if name := v.name(s); name != "" {
			list = append(list, kit.Choice{Value: string(s), Label: name})
		}
	}
	return list
}

// personEffect is what a decision does to one of the people.
type personEffect struct {
	Answer, Note string
	Money        string
	Shifts       []string
	Still        []string
	Until        string
}

func (r personEffect) facts() []kit.Fact {
	facts := []kit.Fact{{Name: "Money", Value: r.Money}}
	if len(r.Shifts)+len(r.Still) == 0 {
		facts = append(facts, kit.Fact{Name: "Figures", Value: "Unchanged."})
	}
	for i, text := range r.Shifts {
		name := "Figures"
		if i > 0 {
			name = ""
		}
		facts = append(facts, kit.Fact{Name: name, Value: text})
	}
	for _, text := range r.Still {
		facts = append(facts, kit.Fact{Name: "Unchanged", Value: text})
	}
	if r.Until != "" {
		facts = append(facts, kit.Fact{Name: "Counts until", Value: r.Until})
	}
	return facts
}

// decisionRows say what a decision does to each of the people.
func decisionRows(e market.DecisionPreview, l kit.Local) []personEffect {
	var list []personEffect
	for _, side := range []desk.Side{desk.Opener, desk.Across} {
		name, known := e.Names[side]
		if !known {
			continue
		}
		row := personEffect{Answer: name, Money: "None moves."}
		id := e.People[side]
		if e.Next != nil {
			row.Note = "the buyer"
			if e.Next.Seller == id {
				row.Note = "the seller"
			}
			row.Money = moneyFor(e, id)
		}
		for _, c := range e.Figures {
			if c.Member != id {
				continue
			}
			if c.Figure == standing.Response && c.Adds.At.After(l.Now) {
				row.Still = append(row.Still, c.Figure.Name()+": the time to answer runs until "+l.At(c.Adds.At)+".")
				continue
			}
			if !c.Moves() {
				row.Still = append(row.Still, stillWords(c))
				continue
			}
			s := shiftOf(c)
			row.Shifts = append(row.Shifts, s.Figure+": "+s.Before+" → "+s.After)
			if until := countsUntil(c, l); until != "" {
				row.Until = until
			}
		}
		for _, level := range e.Levels {
			if level.Member != id {
				continue
			}
			if s := levelShift(level, l); level.Moves() {
				row.Shifts = append(row.Shifts, s.Figure+": "+s.Before+" → "+s.After)
			} else if level.Before != "" {
				row.Still = append(row.Still, "Level stays "+s.After+".")
			}
		}
		if until, ok := e.Warned[side]; ok {
			row.Shifts = append(row.Shifts, "Warned until "+l.At(until))
		}
		if slices.Contains(e.Suspends, side) {
			row.Shifts = append(row.Shifts, "The account is suspended; its sessions and API tokens end at once")
		}
		if lifted, ok := e.Lifted[side]; ok {
			row.Shifts = append(row.Shifts, liftedWords(lifted)...)
		}
		list = append(list, row)
	}
	return list
}

// liftedWords say what lifting takes away, also when there is nothing.
func liftedWords(l market.Lifted) (words []string) {
	if l.Opens {
		words = append(words, "The account is open again, whatever it was suspended for")
	}
	if l.Warnings > 0 {
		words = append(words, countOf(l.Warnings, "warning")+" taken back")
	}
	if len(words) == 0 {
		words = append(words, "Nothing is laid on them that this could lift")
	}
	return words
}

func orderAfter(e market.DecisionPreview) string {
	was, next := e.Was, e.Next
	switch {
	case was.State != next.State && next.State == order.Cancelled:
		end := next.Life.Ending
		words := "Cancelled, " + desk.FaultWords(end.Fault) + "."
		switch {
		case end.Seller && end.Buyer:
			words += " It enters both records."
		case end.Seller:
			words += " It counts against the seller."
		case end.Buyer:
			words += " It is noted in the buyer’s record."
		default:
			words += " It counts against nobody."
		}
		return words
	case was.State != next.State:
		return upper(next.State.Words()) + "."
	case !was.Held() && next.Held():
		return "On hold: every clock stands still."
	case was.Held() && !next.Held():
		return "Its clocks run again."
	}
	return "Stays as it is."
}

// moneyFor says what of the moved money reaches or leaves one of the people.
func moneyFor(e market.DecisionPreview, id ident.Member) string {
	in := e.Amount.Currency
	say := func(minor int64, gets, gives string) []string {
		switch {
		case minor > 0:
			return []string{strings.Replace(gets, "$", money.Of(minor, in).String(), 1)}
		case minor < 0:
			return []string{strings.Replace(gives, "$", money.Of(-minor, in).String(), 1)}
		}
		return nil
	}
	var lines []string
	if id == e.Next.Buyer {
		lines = say(e.Moved[ledger.Refunding(e.Next.ID)], "$ goes back", "$ less is on its way back")
	} else {
		lines = append(lines, say(e.Moved[ledger.Pending(id)], "$ earned, clears later", "$ of what is earned is taken back")...)
		lines = append(lines, say(e.Moved[ledger.Available(id)], "$ more to withdraw", "$ less to withdraw")...)
		lines = append(lines, say(e.Moved[ledger.Receivable(id)], "$ of a debt is settled", "$ is owed to the house")...)
	}
	if len(lines) == 0 {
		return "None moves."
	}
	return strings.Join(lines, "; ") + "."
}

// recordFacts are what the desk sees of one of the people.
func recordFacts(r market.Record, l kit.Local) []kit.Fact {
	var facts []kit.Fact
	for _, rate := range r.Sheet.Rates() {
		facts = append(facts, kit.Fact{Name: rate.Figure.Name(), Value: rateWords(rate)})
	}
	facts = append(facts, kit.Fact{Name: standing.BuyerRecord.Name(), Value: strconv.Itoa(r.Sheet.Record.Noted) + " noted"})
	active := 0
	for _, w := range r.Warnings {
		if w.Active(l.Now) {
			active++
		}
	}
	facts = append(facts, kit.Fact{Name: "Warnings", Value: strconv.Itoa(active) + " active, " + strconv.Itoa(len(r.Warnings)-active) + " ended"})
	if r.Suspended {
		facts = append(facts, kit.Fact{Name: "Account", Value: "Suspended"})
	}
	return append(facts, kit.Fact{Name: "Sold", Value: countsOf(r.Sold)}, kit.Fact{Name: "Bought", Value: countsOf(r.Bought)})
}

// countsOf says how many orders there are, how many of them completed and
// cancelled.
func countsOf(n map[order.Bucket]int) string {
	all := 0
	for b, k := range n {
		if b != order.BucketUnpaid && b != order.BucketAbandoned {
			all += k
		}
	}
	return countOf(all, "order") + ", " + strconv.Itoa(n[order.BucketCompleted]) + " completed, " + strconv.Itoa(n[order.BucketCancelled]) + " cancelled"
}
