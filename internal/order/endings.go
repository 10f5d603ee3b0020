package order

import (
	"slices"

	"guildhall/internal/policy"
)

// EffectOn says what an ending of a class does to the figures of the reader's
// own side, by the matrix of rulebook section 6; nothing where it is not
// settled by the class alone.
func EffectOn(side Party, c policy.Class, p policy.Version) string {
	row := effectOf(c, p)
	switch {
	case side == Seller && row.Seller == policy.EffectNo:
		return "It has no effect on your figures."
	case side == Seller && row.Seller == policy.EffectYes:
		return "It counts in your completion rate as an order that was not completed."
	case side == Buyer && row.Buyer == policy.EffectNo:
		return "It has no effect on your record."
	case side == Buyer && row.Buyer == policy.EffectYes:
		return "It is noted in your record as a buyer."
	}
	return ""
}

// EffectOnSeller says the same to the buyer who is about to end an order.
func EffectOnSeller(c policy.Class, p policy.Version) string {
	switch effectOf(c, p).Seller {
	case policy.EffectNo:
		return "It has no effect on the seller."
	case policy.EffectYes:
		return "It counts against the seller's completion rate."
	}
	return ""
}

func effectOf(c policy.Class, p policy.Version) policy.ClassEffect {
	i := slices.IndexFunc(p.Cancellation.Effects, func(e policy.ClassEffect) bool { return e.Class == c })
	if i < 0 {
		return policy.ClassEffect{}
	}
	return p.Cancellation.Effects[i]
}
