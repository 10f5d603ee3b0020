package page

import (
	"strconv"

	"guildhall/internal/market"
	"guildhall/internal/needs"
	"guildhall/internal/web/kit"
)

func needHref(n market.Needed) string {
	switch n.About {
	case market.AboutOffer:
		return "/offers/" + n.ID
	case market.AboutCase:
		return "/cases/" + n.ID
	}
	return "/orders/" + n.ID
}

func needsCount(n market.Needs) string {
	if n.More {
		return strconv.Itoa(len(n.List)) + "+"
	}
	return strconv.Itoa(len(n.List))
}

var needLabels = map[needs.Kind]string{
	needs.Answer: "Answer", needs.Pay: "Pay", needs.Offer: "Ends", needs.Look: "Completes", needs.Deliver: "Due",
	needs.Revise: "Expected", needs.Stale: "Refunded", needs.Late: "May be cancelled", needs.Brief: "May be ended",
}

// overLabels say what has been possible, or was expected, since an instant past.
var overLabels = map[needs.Kind]string{
	needs.Late: "May be cancelled since", needs.Revise: "Was expected",
}

// needTitle says what a need is about, and with whom.
func needTitle(n market.Needed) string {
	if n.About == market.AboutCase {
		return sentence(n.Title)
	}
	return sentence(n.Title) + " · with " + n.Other
}

// needClock is the row's clock; nil where nothing is lost by waiting.
func needClock(n market.Needed, l kit.Local) *kit.ClockProps {
	if n.At.IsZero() {
		return nil
	}
	return &kit.ClockProps{Label: needLabels[n.Kind], Due: n.At, Local: l, Compact: true}
}
