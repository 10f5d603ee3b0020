package standing

import (
	"strconv"

	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// Name is the figure as a page calls it.
func (f Figure) Name() string { return names[f].title }

// inSentence is the figure inside a sentence.
func (f Figure) inSentence() string { return names[f].words }

var names = map[Figure]struct{ title, words string }{
	Completed:    {"Orders completed, ever", "completed orders"},
	UniqueBuyers: {"Different buyers", "different buyers"},
	Earned:       {"Earned", "earnings"},
	Days:         {"Days as a seller", "days as a seller"},
	Completion:   {"Completion rate", "completed orders of those that count"},
	OnTime:       {"On time", "deliveries on time"},
	Response:     {"Answered in time", "first messages answered in time"},
	Rating:       {"Rating", "the rating"},
	Warnings:     {"Warnings", "warnings"},
	BuyerRecord:  {"Buyer record", "the buyer record"},
	Approval:     {"A person’s yes", "a person’s yes"},
}

// Label says how an order ended in a few neutral words, for lists. Only a
// mutual ending is ever called one.
func Label(c policy.Class) string {
	switch c {
	case policy.ClassBeforeStart:
		return "before the start"
	case policy.ClassBeforeStartStale:
		return "never started"
	case policy.ClassMutual:
		return "mutual"
	case policy.ClassUnanswered:
		return "unanswered"
	case policy.ClassLate:
		return "late"
	case policy.ClassForced:
		return "decided by the house"
	case policy.ClassChargeback:
		return "payment taken back"
	case policy.ClassModerated:
		return "removed by the house"
	case policy.ClassRefunded:
		return "refunded"
	}
	return string(c)
}

// Why says in one sentence why the contribution is counted, against or left
// out. It names the parties by their roles, so that everybody may read it.
func (c Contribution) Why() string {
	if told := told[c.Rule]; told != "" {
		return told
	}
	story := stories[c.Rule]
	if story == "" {
		story = stories[string(c.Class)]
	}
	if c.Class == policy.ClassForced || c.Class == policy.ClassRefunded {
		story += found[c.Fault]
	}
	if c.Figure == Completion && c.Mark == Excluded && c.Rule == silentBuyer {
		story += " The buyer had been silent through reminders, so it does not count."
	}
	return story
}

// told is what the rules that are no row of the matrix say.
var told = map[string]string{
	RuleCompleted:  "The order was completed.",
	RuleOnTime:     "The first delivery came by the due date.",
	RuleLate:       "The first delivery came after the due date.",
	RulePaid:       "What the order has paid the seller, after commission and refunds.",
	RuleTakenBack:  "The house gave the buyer everything back, so nothing of it was earned.",
	RuleAnswered:   "The first message was answered in time.",
	RuleUnanswered: "The first message was not answered in time.",
	RuleSlow:       "The answer to the first message came after the time for it was over.",
	RuleAway:       "The seller had announced an absence when the message came.",
	RuleSpam:       "The message was reported as spam, and the house has not found otherwise.",
	RuleShut:       "Before the time to answer was over, whoever asked took no more messages, or the house closed their account.",
	RuleReviewed:   "The review is shown.",
	RuleRemoved:    "The review was removed; its tombstone is shown in its place.",
	RuleWarned:     "The house gave a warning.",
	RuleLifted:     "The warning was taken back.",
	RuleEnded:      "The warning has ended.",
}

// silentBuyer is the row that the buyer's silence can excuse.
const silentBuyer = "unanswered/seller"

// stories tell how an ending came, by the row of the matrix.
var stories = map[string]string{
	"before_start":       "The buyer undid the order before it started.",
	"before_start_stale": "The order never started: the answers it needed did not come.",
	"mutual":             "Both sides agreed to end it.",
	"unanswered":         "One side asked to end it and the other did not answer in time.",
	"unanswered/seller":  "The seller asked to end it and the buyer did not answer in time.",
	"unanswered/buyer":   "The buyer asked to end it and the seller did not answer in time.",
	"late":               "The buyer ended it: it was late and nothing had been delivered.",
	"forced":             "The house ended it",
	"chargeback":         "The buyer’s bank took the payment back (a chargeback).",
	"moderated":          "The house removed the gig or an account.",
	"refunded":           "The house gave the buyer everything back after completion",
}

// found finish the story of a decision by whose fault it was.
var found = map[string]string{
	"":         ".",
	"seller":   " and found the fault with the seller.",
	"buyer":    " and found the fault with the buyer.",
	"nobody":   " and found nobody at fault.",
	"platform": " and takes the fault itself.",
}

// Row is one line of the public matrix of endings.
type Row struct {
	policy.ClassEffect
	Name  string // of the row: mutual, unanswered/seller
	Label string
	Came  string // how it came
}

// NoFault tells whether the row never counts against a seller.
func (r Row) NoFault() bool { return r.Seller == policy.EffectNo }

// Matrix is every way for an order to be over without being completed, in the
// order of the policy.
func Matrix(p policy.Version) []Row {
	rows := make([]Row, len(p.Cancellation.Effects))
	for i, e := range p.Cancellation.Effects {
		name := string(e.Class)
		if e.AskedBy != "" {
			name += "/" + string(e.AskedBy)
		}
		came := stories[name]
		if e.Class == policy.ClassForced || e.Class == policy.ClassRefunded {
			came += ", and says whose fault it was."
		}
		rows[i] = Row{ClassEffect: e, Name: name, Label: Label(e.Class), Came: came}
	}
	return rows
}

// OnSeller says what an effect does to a seller's figures.
func (r Row) OnSeller(p policy.Version) string {
	switch r.Seller {
	case policy.EffectNo:
		return "Does not count."
	case policy.EffectYes:
		return "Counts against the completion rate."
	case policy.EffectFaultSeller:
		return "Counts only if the seller is found at fault."
	case policy.EffectUnresponsive:
		return "Counts, unless the cause is “" + resolution.CauseWords(p.Cancellation.UnresponsiveCause, p) + "” and the buyer stayed silent through " +
			count(p.Cancellation.UnresponsiveReminders, "reminder") + " and " + p.Cancellation.UnresponsiveSilence.Words() + "."
	}
	return "Counts only if the buyer is found at fault."
}

// OnBuyer says what an effect does to a buyer's record.
func (r Row) OnBuyer() string {
	switch r.Buyer {
	case policy.EffectNo:
		return "Not noted."
	case policy.EffectFaultBuyer:
		return "Noted only if the buyer is found at fault."
	case policy.EffectFaultSeller:
		return "Noted only if the seller is found at fault."
	}
	return "Noted."
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
