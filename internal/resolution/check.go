package resolution

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"guildhall/internal/fault"
	"guildhall/internal/money"
	"guildhall/internal/policy"
)

// Check tells whether a proposal says what its kind needs, and returns it
// trimmed to that. Errors: fault.Invalid beside the fields.
func Check(a Proposal, p policy.Version) (Proposal, error) {
	bad := fault.Fields{}
	out := Proposal{Kind: a.Kind, Reason: strings.TrimSpace(a.Reason)}
	bad.Need(out.Reason != "", "reason", "Please write a few words, so that the other side understands.")
	bad.Need(utf8.RuneCountInString(out.Reason) <= p.Limits.TextRunes, "reason", "Please keep it under "+strconv.Itoa(p.Limits.TextRunes)+" characters.")
	switch a.Kind {
	case Cancel:
		out.Cause, out.Share = a.Cause, a.Share
		bad.Need(KnownCause(a.Cause, p), "cause", "Choose the cause that fits best.")
		bad.Need(a.Share >= 0 && a.Share <= money.Whole, "share", "Choose between 0 % and 100 %.")
	case Extend:
		out.Days = a.Days
		bad.Need(a.Days >= 1 && a.Days <= p.Requests.MaxExtensionDays, "days", "Choose between 1 and "+strconv.Itoa(p.Requests.MaxExtensionDays)+" days.")
	case AddExtra:
		out.Extra, out.Price, out.Days = strings.TrimSpace(a.Extra), a.Price, a.Days
		bad.Need(out.Extra != "" && utf8.RuneCountInString(out.Extra) <= maxExtra, "extra", "Name the work in at most "+strconv.Itoa(maxExtra)+" characters.")
		highest := int64(p.Money.MaxPrice)
		bad.Need(a.Price >= 0 && a.Price <= highest, "price", "Choose a price up to "+money.Of(highest, p.Currency).String()+"; nothing makes it a gift.")
		bad.Need(a.Days >= 0 && a.Days <= p.Requests.MaxExtensionDays, "days", "Choose at most "+strconv.Itoa(p.Requests.MaxExtensionDays)+" days.")
	case Discount:
		out.Share = a.Share
		bad.Need(a.Share >= 1 && a.Share <= p.Requests.MaxDiscountPercent.BP(), "share", "Choose a share up to "+p.Requests.MaxDiscountPercent.String()+".")
	case Swap:
		out.Into = a.Into
		bad.Need(a.Into != nil, "into", "Choose what comes in its place.")
	default:
		bad.Need(false, "kind", "Choose what you ask for.")
	}
	return out, bad.Err()
}

// maxExtra bounds the name of added work, in characters: it becomes a line of
// the agreement.
const maxExtra = 120

// KnownCause tells whether the closed list of the policy has the cause.
func KnownCause(name string, p policy.Version) bool {
	return slices.ContainsFunc(p.Cancellation.Causes, func(c policy.Cause) bool { return c.Name == name })
}

// CauseWords are the plain words of a cause; the name itself for one that the
// policy no longer has.
func CauseWords(name string, p policy.Version) string {
	i := slices.IndexFunc(p.Cancellation.Causes, func(c policy.Cause) bool { return c.Name == name })
	if i < 0 {
		return name
	}
	return p.Cancellation.Causes[i].Words
}
