package standing

import (
	"time"

	"guildhall/internal/policy"
)

// Pattern is what the collusion guard looks at: how a seller's orders ended
// within the review window.
type Pattern struct {
	Ended   int // completed and cancelled alike
	NoFault int // cancelled, and nothing of it counts against the seller
}

// PatternOf counts the endings among a seller's contributions of the review
// window. The guard asks the store for the same count.
func PatternOf(cs []Contribution, now time.Time, p policy.Version) Pattern {
	var n Pattern
	for _, c := range within(cs, Completion, now.Add(-p.Cancellation.ReviewWindow.D()), now) {
		if n.Ended++; c.Mark == Excluded {
			n.NoFault++
		}
	}
	return n
}

// Unusual tells whether the house should look: the share of endings without
// fault is above the policy's, exactly compared, among enough endings. It is a
// reason to look and never a penalty; no figure reads it.
func (n Pattern) Unusual(p policy.Version) bool {
	const whole = 10_000
	enough := n.Ended > 0 && n.Ended >= p.Cancellation.ReviewFrom
	return enough && int64(n.NoFault)*whole > int64(p.Cancellation.ReviewShare)*int64(n.Ended)
}
