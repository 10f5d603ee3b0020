package help

import (
	"strings"
	"time"

	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/review"
)

// ReviewExample is what Ben and Mara say of each other, decided by review.Decide.
type ReviewExample struct {
	Ended, Until             string // the window
	Given, Overall           string // Ben's stars, and their mean
	Wrote, MaraWrote, Public string
	AmendUntil               string // empty where nothing may be changed
	ReplyUntil, Replied      string // empty where nobody may reply
	EditUntil                string
	Outcomes                 string // endings that are reviewed
	OnlyDelivered            string // that are, if something was delivered
	Criteria, Reasons        string

	Challenged, DecideBy, Removed string
	Reason                        string
	Before, After                 string // means before and after the removal
	Count, Shown                  int
}

// agent is somebody at the support desk.
var agent = member.Actor{Member: "member_ann", Role: member.RoleAgent}

// reviewing is the example's pair on its way.
type reviewing struct {
	p    policy.Version
	o    order.Order
	pair review.Pair
	err  error
}

func (r *reviewing) move(at time.Time, who member.Actor, m review.Move) bool {
	var next review.Pair
	if r.err == nil {
		next, _, r.err = review.Decide(at, r.pair, r.o, who, m, r.p)
	}
	if r.err == nil {
		r.pair = next
	}
	return r.err == nil
}

func playReview(e *Example, l Lived, p policy.Version) error {
	r := reviewing{p: p, o: l.Done, pair: review.New(l.Done, nil, p)}
	x := &e.Review
	x.lists(p)
	x.Ended, x.Until = at(r.o.EndedAt), at(r.pair.Closes(r.o, p))
	if _, _, ok := review.Eligible(r.o, p); !ok {
		return nil // this house does not review what was completed
	}
	stars, names := map[string]int{}, []string{}
	for i, c := range r.pair.Criteria {
		stars[c.Name] = review.MostStars - i%2
		names = append(names, c.Words+" "+string(rune('0'+stars[c.Name])))
	}
	wrote := r.o.EndedAt.Add(26 * time.Hour)
	r.move(wrote, ben, review.Write{Draft: review.Draft{Stars: stars}})
	r.move(wrote.Add(20*time.Hour), mara, review.Write{Draft: review.Draft{Stars: map[string]int{review.OneScore()[0].Name: review.MostStars}}})
	if r.err != nil {
		return r.err
	}
	x.Given, x.Overall = strings.Join(names, ", "), r.pair.ByBuyer.Overall().String()
	x.Wrote, x.MaraWrote, x.Public = at(wrote), at(r.pair.BySeller.At), at(r.pair.RevealedAt)
	x.after(&r)
	return x.challenge(r)
}

// after are the amendment and the reply, where the policy knows them.
func (x *ReviewExample) after(r *reviewing) {
	rules := r.p.Reviews
	if rules.Amend > 0 {
		x.AmendUntil = at(r.pair.ByBuyer.At.Add(rules.Amend.D()))
	}
	if rules.Reply > 0 {
		now := r.pair.RevealedAt.Add(time.Minute)
		if r.move(now, mara, review.Answer{Text: words(r.p)}) {
			x.ReplyUntil, x.Replied = at(r.pair.RevealedAt.Add(rules.Reply.D())), at(now)
			x.EditUntil = at(now.Add(rules.ReplyEdit.D()))
		}
	}
}

// words are as many as a text of this house needs.
func words(p policy.Version) string {
	return strings.Repeat("Thank you for it. ", 1+p.Reviews.MinText/len("Thank you for it. "))
}

// challenge lets Mara challenge what Ben wrote, and the desk remove it: one of
// three reviews of hers.
func (x *ReviewExample) challenge(r reviewing) error {
	now := r.pair.RevealedAt.Add(48 * time.Hour)
	reason := r.p.Reviews.ChallengeReasons[0]
	by := review.DecideBy(now, r.p.Reviews.DecisionDays)
	r.move(now, mara, review.Object{Reason: reason.Name, Case: "case_example", DecideBy: by, Evidence: review.Evidence{Text: words(r.p), Messages: []int{1}}})
	var sums review.Sums
	sums.Add(*r.pair.ByBuyer, 1)
	sums.Add(*r.pair.ByBuyer, 1)
	sums.Add(best(*r.pair.ByBuyer), 1)
	x.Before = sums.Mean().String()
	sums.Add(*r.pair.ByBuyer, -1)
	removed := now.Add(49 * time.Hour)
	r.move(removed, agent, review.Remove{By: review.Buyer, Reason: reason.Name, Role: "a support agent", Case: "case_example"})
	if r.err != nil {
		return r.err
	}
	sums.Add(*r.pair.ByBuyer, 1)
	x.After, x.Count, x.Shown = sums.Mean().String(), sums.Count(), sums.Shown
	x.Challenged, x.DecideBy, x.Removed = at(now), at(r.pair.ByBuyer.Challenge.DecideBy), at(r.pair.ByBuyer.Removal.At)
	x.Reason = reason.Words
	return nil
}

// best is the same review with every star there is.
func best(r review.Review) review.Review {
	stars := make([]review.Star, len(r.Stars))
	for i, s := range r.Stars {
		s.Stars = review.MostStars
		stars[i] = s
	}
	r.Stars = stars
	return r
}

// lists are the closed lists of the policy, in its words.
func (x *ReviewExample) lists(p policy.Version) {
	outcomes := func(list []policy.Ending) string {
		var lines []string
		for _, e := range list {
			lines = append(lines, "- "+review.OutcomeWords(e))
		}
		return strings.Join(lines, "\n")
	}
	x.Outcomes, x.OnlyDelivered = outcomes(p.Reviews.After), outcomes(p.Reviews.AfterDelivery)
	var criteria, reasons []string
	for _, c := range p.Reviews.Criteria {
		criteria = append(criteria, "- "+c.Words)
	}
	for _, c := range p.Reviews.ChallengeReasons {
		reasons = append(reasons, "- "+c.Words)
	}
	x.Criteria, x.Reasons = strings.Join(criteria, "\n"), strings.Join(reasons, "\n")
}
