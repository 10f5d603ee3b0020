package page

import (
	"slices"

	"guildhall/internal/desk"
	"guildhall/internal/market"
	"guildhall/internal/review"
	"guildhall/internal/web/kit"
)

// reviewHead says whose review it is, and whether the case is about it.
func (v DeskProps) reviewHead(by review.Side) string {
	head := "By " + v.Names[v.Review.Member(by)] + ", the " + string(by)
	if by == v.ReviewBy {
		head += ": this case is about it"
	}
	return head
}

func (v DeskProps) measured(by review.Side) review.Measured {
	if by == review.Buyer {
		return review.MeasuredStart(*v.Order)
	}
	return review.Measured{}
}

// removed tells whether a tombstone stands where the case's review stood.
func (v DeskProps) removed() bool {
	if v.Review == nil {
		return false
	}
	r := v.Review.Get(v.ReviewBy)
	return r != nil && r.Removal != nil
}

func removeOptions(v DeskProps) []kit.Option {
	list := []kit.Option{{Value: "", Label: "No, it stays as it is"}}
	for _, c := range v.OrderPolicy.Reviews.ChallengeReasons {
		list = append(list, kit.Option{Value: c.Name, Label: c.Words})
	}
	return list
}

// punishable are the people of a case who may be warned: never whoever
// challenged a review.
func punishable(v DeskProps) []kit.Choice {
	list := sideChoices(v)
	if v.Case.Matter.Filed == "" {
		return list
	}
	return slices.DeleteFunc(list, func(c kit.Choice) bool { return v.Case.At(desk.Side(c.Value)) == v.Case.Matter.Filed })
}

// ratedWords say what a decision does to a review and to what is counted.
func ratedWords(r market.Rated) string {
	what := "It stays as it is"
	switch {
	case r.Removed:
		what = "It is removed"
	case r.Restored:
		what = "It stands again"
	}
	if r.Was == r.Then {
		return what + "."
	}
	return what + ": " + meanWords(r.Was) + " → " + meanWords(r.Then) + "."
}

func meanWords(s review.Sums) string {
	return s.Mean().String() + " (" + countWords(s) + ")"
}
