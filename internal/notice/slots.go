package notice

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"guildhall/internal/effect"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// slots knows what stands in each slot of one notice.
type slots struct {
	e          effect.Event
	f          Facts
	to, across Person
}

// Lengths that keep a title one line and a quotation a glance, in characters.
const (
	nameRunes  = 30
	titleRunes = 60
	quoteRunes = 240
)

func (s slots) slot(name string) Slot {
	d := s.e.Detail
	switch name {
	case "ref":
		return text(s.f.Ref)
	case "title":
		return text(cut(capital(s.f.Title), titleRunes))
	case "other":
		return text(cut(s.across.Name, nameRunes))
	case "self":
		return text(cut(s.f.Self.Name, nameRunes))
	case "words":
		return text(cut(strings.Join(strings.Fields(d.Text), " "), quoteRunes))
	case "facts":
		return text(strings.Join(strings.Fields(d.Text), " ")) // of a letter: whole
	case "rule", "does", "role", "level", "missing", "now", "left":
		return text(d.Facts[name])
	case "version":
		return text(d.Facts["policy"])
	case "files":
		return counted(len(d.Files), "file is", "files are")
	case "lines":
		return text(numbers(d.Lines))
	case "amount":
		return Slot{Money: money.Of(d.Amount, s.f.Currency)}
	case "back": // an amount, unless it is nothing
		if d.Amount == 0 {
			return Slot{}
		}
		return Slot{Money: money.Of(d.Amount, s.f.Currency)}
	case "method":
		if d.Facts["method"] == "" {
			return text("where it came from")
		}
		return text(d.Facts["method"])
	}
	if at, ok := s.instant(name); ok {
		return Slot{At: at}
	}
	return text(s.ruled(name))
}

// instant is a slot that the reader's zone decides how to write.
func (s slots) instant(name string) (time.Time, bool) {
	until, p := s.e.Detail.Until, s.f.Policy
	switch name {
	case "until":
		return until, true
	case "next": // a deadline, unless it is past
		if until.After(s.e.At) {
			return until, true
		}
		return time.Time{}, true
	case "late_from":
		return until.Add(p.Order.LateCancel.D()), true
	case "stale_cancel":
		return s.e.At.Add(p.Order.StaleCancel.D()), true
	case "stale_refund":
		return s.e.At.Add(p.Order.StaleRefund.D()), true
	}
	return time.Time{}, false
}

// ruled is a slot whose words follow from the policy.
func (s slots) ruled(name string) string {
	p := s.f.Policy
	switch name {
	case "stood":
		d, err := policy.ParseDuration(s.e.Detail.Facts["stood"])
		if err != nil || d == 0 {
			return ""
		}
		return d.Words()
	case "late_span":
		return p.Order.LateCancel.Words()
	case "seller_effect":
		return s.effectWords(order.Seller)
	case "stale_effect":
		return order.EffectOn(order.Seller, policy.ClassBeforeStartStale, p)
	case "buyer_effect":
		return s.effectWords(order.Buyer)
	}
	return s.asked(name)
}

// asked is a slot about a request, or about what came of one.
func (s slots) asked(name string) string {
	d, p := s.e.Detail, s.f.Policy
	side := order.Seller
	if s.to.ID == s.f.Buyer.ID {
		side = order.Buyer
	}
	switch name {
	case "asks", "taken", "paid", "excused":
		return d.Facts[name]
	case "rest": // of a share, in words: what the other side earns is no number for the buyer
		return restWords(d)
	case "before":
		return cut(d.Facts[name], titleRunes)
	case "again":
		if d.Facts["again"] == "yes" {
			return "You can ask again, or ask support for help."
		}
		return "You can ask support for help."
	case "cause":
		return resolution.CauseWords(d.Facts["cause"], p)
	case "fault":
		return faultWords(order.Fault(d.Facts["fault"]), side, cut(s.across.Name, nameRunes))
	case "silence":
		return order.Silence(d.Facts["silence"]).Says(side)
	case "silence_effect":
		if d.Facts["silence"] == string(order.SilenceCancels) {
			return order.EffectFrom(side, policy.ClassUnanswered, policy.Party(d.Facts["by"]), p)
		}
	case "seller_pause":
		return p.Requests.SellerPause.Words()
	case "chargeback_seller":
		return order.EffectOn(order.Seller, policy.ClassChargeback, p)
	case "chargeback_buyer":
		return order.EffectOn(order.Buyer, policy.ClassChargeback, p)
	}
	return ""
}

func restWords(d effect.Detail) string {
	switch {
	case d.Facts["paid"] == "":
		return ""
	case d.Amount == 0:
		return "The payment"
	}
	return "The rest"
}

func text(s string) Slot { return Slot{Text: s} }

func counted(n int, one, many string) Slot {
	switch n {
	case 0:
		return Slot{}
	case 1:
		return text("1 " + one)
	}
	return text(strconv.Itoa(n) + " " + many)
}

func numbers(list []int) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}

func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}

// capital begins a gig's title as pages show it: it is written to go on after
// “I will …”.
func capital(s string) string {
	if first, size := utf8.DecodeRuneInString(s); size > 0 {
		return string(unicode.ToUpper(first)) + s[size:]
	}
	return s
}
