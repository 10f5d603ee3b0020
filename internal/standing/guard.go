package standing

import (
	"strconv"

	"guildhall/internal/policy"
)

// Pattern is what the collusion guard looks at: how a seller's orders ended
// within the review window.
type Pattern struct {
	Ended   int // completed and cancelled alike
	NoFault int // cancelled, and nothing of it counts against the seller
}

// PatternFrom reads the pattern off the counts of a seller's contributions to
// completion within cancellation.review_window: every ending is one of them.
func PatternFrom(marks map[Mark]int) Pattern {
	return Pattern{Ended: marks[For] + marks[Against] + marks[Excluded], NoFault: marks[Excluded]}
}

// Unusual tells whether the house should look: the share of endings without
// fault is above the policy's, exactly compared, among enough endings. It is a
// reason to look and never a penalty; no figure reads it.
func (n Pattern) Unusual(p policy.Version) bool {
	const whole = 10_000
	enough := n.Ended > 0 && n.Ended >= p.Cancellation.ReviewFrom
	return enough && int64(n.NoFault)*whole > int64(p.Cancellation.ReviewShare)*int64(n.Ended)
}

// Words tell the house why it is asked to look.
func (n Pattern) Words(p policy.Version) string {
	return strconv.Itoa(n.NoFault) + " of the " + count(n.Ended, "order") + " of this seller that ended in the last " + p.Cancellation.ReviewWindow.Words() +
		" were cancelled without counting against the seller. Above " + p.Cancellation.ReviewShare.String() +
		" the house looks at how they ended. This is no penalty: no figure reads it."
}
