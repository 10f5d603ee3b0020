package page

import (
	"strconv"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
)

// shortRecord is the honest short form of a seller's standing, as everybody
// sees it: each share with what it is a share of.
func shortRecord(s market.PublicStanding) []kit.Fact {
	facts := []kit.Fact{{Name: "Completed", Value: countOf(s.Completed, "order")}}
	if s.Rating.LifeN > 0 {
		facts = append(facts, kit.Fact{Name: "Rating", Value: publicRating(s.Rating)})
	}
	window := s.Policy.Standing.Window.Words()
	for _, r := range []standing.Rate{s.Completion, s.OnTime, s.Response} {
		if r.Counted() == 0 {
			continue
		}
		value := r.String() + " · " + strconv.Itoa(r.For) + " of " + strconv.Itoa(r.Counted())
		switch {
		case !r.Enforced:
			value += ", too few to say much"
		case !r.Reached:
			value += " in " + window
		}
		facts = append(facts, kit.Fact{Name: publicName[r.Figure], Value: value})
	}
	return facts
}

var publicName = map[standing.Figure]string{
	standing.Completion: "Completion rate", standing.OnTime: "On time", standing.Response: "Answers in time",
}

// publicRating counts reviews as every other view does, removed ones among
// them, and says of how many the mean is.
func publicRating(m standing.Mean) string {
	text := m.Lifetime() + " · " + countOf(m.LifeN+m.LifeGone, "review")
	if m.LifeGone > 0 {
		text += ", " + strconv.Itoa(m.LifeGone) + " of them removed"
	}
	if m.N != m.LifeN {
		text += "; " + m.String() + " of the newest " + strconv.Itoa(m.N)
	}
	return text
}

// newHere tells whether a seller has nothing to show yet.
func newHere(s market.PublicStanding) bool { return s.Completed == 0 && s.Completion.Counted() == 0 }

// Known is what lists know of gigs beside what the gigs say of themselves.
type Known struct {
	Levels  map[ident.Member]market.Badge
	Ratings map[ident.Gig]review.Sums
}

// About is what everybody may know of a seller beside their own words.
type About struct {
	Known
	Stands *market.PublicStanding // nil for somebody who does not sell
}

// recordSums is a buyer's record in a sentence.
func recordSums(h market.BuyerHistory, l kit.Local) string {
	if h.Orders == 0 {
		return h.Buyer.Name + " has not ordered here before. Everybody begins so."
	}
	text := countOf(h.Orders, "order") + " so far, " + strconv.Itoa(h.Completed) + " completed"
	if h.Noted == 0 {
		return text + ". Nothing is noted since " + l.Day(h.Since) + "."
	}
	return text + ". " + countOf(h.Noted, "ending") + " noted since " + l.Day(h.Since) + "."
}

func recordWay(r market.BuyerRow, p policy.Version) string {
	text := sentence(standing.Label(r.Class))
	if r.Cause != "" {
		text += ": " + causeOf(r.Cause, p)
	}
	return text
}

func recordPath(handle string) string { return "/members/" + handle + "/record" }
