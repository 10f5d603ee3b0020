package resolution

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"guildhall/internal/money"
	"guildhall/internal/policy"
)

// Verb is what a kind asks for, as a button and a heading say it.
func (k Kind) Verb() string {
	switch k {
	case Cancel:
		return "Ask to cancel"
	case Extend:
		return "Ask for more time"
	case AddExtra:
		return "Ask to add work"
	case Discount:
		return "Ask for a partial refund"
	case Swap:
		return "Ask to swap"
	}
	return ""
}

// For is what a kind asks of the other side, seen by whoever asks.
func (k Kind) For(by policy.Party) string {
	switch {
	case k == Discount && by == policy.PartySeller:
		return "Offer a partial refund"
	case k == Extend && by == policy.PartyBuyer:
		return "Offer more time"
	case k == AddExtra && by == policy.PartySeller:
		return "Offer more work"
	case k == Swap && by == policy.PartySeller:
		return "Offer a swap"
	}
	return k.Verb()
}

// About names what a kind asks for, to be read after "to".
func (k Kind) About() string {
	switch k {
	case Cancel:
		return "cancel"
	case Extend:
		return "move the due date"
	case AddExtra:
		return "add work"
	case Discount:
		return "refund a part"
	}
	return "swap the order"
}

// Asks is what the proposal wants, to be read after "asks" or "asked".
func (a Proposal) Asks(c money.Currency, p policy.Version) string {
	switch a.Kind {
	case Cancel:
		back := "everything goes back to the buyer"
		if a.Share < money.Whole {
			back = policy.Percent(a.Share).String() + " goes back to the buyer"
		}
		return "to cancel the order (" + within(CauseWords(a.Cause, p)) + "); " + back
	case Extend:
		more := strings.Replace(days(a.Days), " ", " more ", 1)
		return "to give the delivery " + more
	case AddExtra:
		text := "to add “" + a.Extra + "” as a gift"
		if a.Price > 0 {
			text = "to add “" + a.Extra + "” for " + money.Of(a.Price, c).String()
		}
		if a.Days > 0 {
			text += " and " + days(a.Days)
		}
		return text
	case Discount:
		return "for " + policy.Percent(a.Share).String() + " to go back to the buyer while the order goes on"
	case Swap:
		return "to put “" + a.Into.Quote.Title + "” for " + a.Into.Quote.Total.String() + " in its place"
	}
	return ""
}

// within is a sentence's beginning inside another sentence; what is written in
// capitals stays so.
func within(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if second, _ := utf8.DecodeRuneInString(text[size:]); unicode.IsUpper(second) {
		return text
	}
	return string(unicode.ToLower(first)) + text[size:]
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return strconv.Itoa(n) + " days"
}

// Agreeing finishes "Agree …" on a button.
func (k Kind) Agreeing() string {
	switch k {
	case Cancel:
		return "to cancel"
	case Extend:
		return "to more time"
	case AddExtra:
		return "to the added work"
	case Discount:
		return "to the partial refund"
	}
	return "to the swap"
}
