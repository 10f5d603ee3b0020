package page

import (
	"strconv"

	"guildhall/internal/effect"
	"guildhall/internal/job"
	"guildhall/internal/member"
	"guildhall/internal/notice"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/talk"
	"guildhall/internal/web/kit"
)

// day is the notices of one day of the reader's.
type day struct {
	name    string
	notices []notice.Notice
}

func daysOf(list []notice.Notice, l kit.Local) []day {
	var days []day
	for _, n := range list {
		name := l.Day(n.At)
		if len(days) == 0 || days[len(days)-1].name != name {
			days = append(days, day{name: name})
		}
		last := &days[len(days)-1]
		last.notices = append(last.notices, n)
	}
	return days
}

func noticesLead(v NoticesProps) string {
	switch v.Unread {
	case 0:
		return "You have read everything."
	case 1:
		return "1 is unread. Opening a notice leads to its page and marks it as read."
	}
	return strconv.Itoa(v.Unread) + " are unread. Opening a notice leads to its page and marks it as read."
}

// newest leads back to the first page from every other.
func newest(v NoticesProps) string {
	if v.First {
		return ""
	}
	return "/notices"
}

func noticeProps(n notice.Notice, l kit.Local) kit.NoticeProps {
	f := faceOf(n.Kind)
	return kit.NoticeProps{
		Href: "/notices/" + string(n.ID), Icon: f.icon, Tone: f.tone, Text: notice.Say(n.TitleParts(), l.At),
		Body: noticeBody(n, l), When: n.At, Unread: n.Read.IsZero(),
	}
}

// face is the sign of a kind of notice.
type face struct {
	icon string
	tone kit.Tone
}

var faces = map[effect.Kind]face{
	offer.Made:               {"hand-coins", kit.Lapis},
	offer.DeclinedOffer:      {"circle-x", kit.Neutral},
	offer.WithdrawnOffer:     {"undo-2", kit.Neutral},
	offer.RanOut:             {"timer-off", kit.Neutral},
	order.Paid:               {"shopping-bag", kit.Lapis},
	order.PaymentReturned:    {"undo-2", kit.Warn},
	order.RequirementsIn:     {"clipboard-list", kit.Lapis},
	order.RequirementsWaived: {"play", kit.Lapis},
	order.ProgressShown:      {"activity", kit.Neutral},
	order.Commented:          {"message-square", kit.Neutral},
	order.DelayNoticed:       {"clock", kit.Warn},
	order.DeliveredWork:      {"package-check", kit.Lapis},
	order.ReviewExtended:     {"hourglass", kit.Neutral},
	order.RevisionAsked:      {"repeat", kit.Lapis},
	order.Accepted:           {"circle-check", kit.Good},
	order.CompletedByTime:    {"circle-check", kit.Good},
	order.Undone:             {"circle-x", kit.Neutral},
	order.CancelledLate:      {"circle-x", kit.Neutral},
	order.CancelledStale:     {"circle-x", kit.Neutral},
	order.RefundedStale:      {"circle-x", kit.Neutral},
	order.Lapsed:             {"circle-x", kit.Neutral},
	order.Cleared:            {"wallet", kit.Good},
	order.RefundOnItsWay:     {"undo-2", kit.Good},
	order.RefundWaits:        {"landmark", kit.Warn},
	order.RefundByBank:       {"landmark", kit.Good},
	order.PutOnHold:          {"pause", kit.Warn},
	order.TakenOffHold:       {"play", kit.Lapis},
	order.RemindRequirements: {"timer", kit.Warn},
	order.RemindDue:          {"timer", kit.Warn},
	order.DuePassed:          {"timer-off", kit.Warn},
	order.LateCancelOpen:     {"timer-off", kit.Warn},
	order.RemindRevision:     {"timer", kit.Warn},
	order.RemindCompletion:   {"timer", kit.Warn},

	order.RequestAsked:        {"handshake", kit.Lapis},
	order.RequestAgreed:       {"check", kit.Good},
	order.RequestDeclined:     {"x", kit.Neutral},
	order.RequestWithdrawn:    {"undo-2", kit.Neutral},
	order.RequestExpired:      {"timer-off", kit.Neutral},
	order.RequestToDesk:       {"gavel", kit.Warn},
	order.RequestPaid:         {"credit-card", kit.Good},
	order.RemindRequest:       {"timer", kit.Warn},
	order.ClocksRunOn:         {"play", kit.Warn},
	order.DueMoved:            {"calendar", kit.Lapis},
	order.ExtraAdded:          {"plus", kit.Good},
	order.PartRefunded:        {"percent", kit.Neutral},
	order.Swapped:             {"repeat", kit.Lapis},
	order.Nudged:              {"bell", kit.Warn},
	order.CauseSaid:           {"tag", kit.Neutral},
	order.CancelledMutual:     {"circle-x", kit.Neutral},
	order.CancelledUnanswered: {"circle-x", kit.Warn},
	order.ForcedCancel:        {"gavel", kit.Warn},
	order.ForcedComplete:      {"gavel", kit.Good},
	order.RefundedInFull:      {"gavel", kit.Warn},
	order.ModeratedAway:       {"ban", kit.Warn},
	order.DisputeOpened:       {"landmark", kit.Warn},
	order.DisputeWasWon:       {"landmark", kit.Good},
	order.DisputeWasLost:      {"landmark", kit.Bad},

	talk.Said:              {"message-square", kit.Lapis},
	member.SignedUp:        {"handshake", kit.Lapis},
	member.PasswordChanged: {"lock", kit.Warn},
	member.TokenMade:       {"key", kit.Warn},
	member.SellerOpened:    {"hammer", kit.Lapis},
	member.Suspended:       {"ban", kit.Bad},
}

func faceOf(k effect.Kind) face {
	if f, ok := faces[k]; ok {
		return f
	}
	return face{"bell", kit.Neutral}
}

// jobWords names an errand for the operator.
func jobWords(j job.Job) string {
	switch j.Kind {
	case "letter":
		return "Send a letter"
	case "refund":
		return "Ask the provider for a refund"
	case "refunds":
		return "Ask the provider for what waited for a bank"
	case "refunded":
		return "Ask the provider what became of a refund"
	case "paid_out":
		return "Ask the provider what became of a withdrawal"
	case "payment":
		return "Ask the provider about a payment without an answer"
	case "reset_password":
		return "Send a letter that sets a new password"
	}
	return string(j.Kind)
}

func tries(j job.Job) string {
	switch j.Attempts {
	case 0:
		return "Not tried yet"
	case 1:
		return "Tried once"
	}
	return "Tried " + strconv.Itoa(j.Attempts) + " times"
}
