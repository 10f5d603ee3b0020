package review

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/member"
)

var zero time.Time

func report(t *turn, m Move) error {
	side, e := t.side(), m.(Report)
	closes := t.p.Closes(t.o, t.rules)
	switch {
	case t.o.PaidAt.IsZero():
		return fault.Conflict("This order was never paid.")
	case t.p.DemandBy(side) != nil:
		return fault.Conflict("You have reported a demand in this order already. Tell support what else happens: in its case while that is open, and from the page of the order afterwards.")
	case t.p.Revealed():
		return fault.Conflict("The reviews are out: challenge the review instead.")
	case !closes.IsZero() && !t.now.Before(closes):
		return fault.Expired(windowOver)
	}
	text := member.Text(e.Text)
	bad := fault.Fields{}
	if err := t.words(text); err != nil {
		return err
	}
	t.evidence(bad, e.Evidence)
	if err := bad.Err(); err != nil {
		return err
	}
	d := Demand{By: side, Text: text, Messages: e.Messages, Files: e.Files, At: t.now, Unrated: t.p.Get(side.Other()) == nil, Case: e.Case}
	t.p.Demands = append(t.p.Demands, d)
	facts := map[string]string{FactBy: string(side), FactCase: string(e.Case)}
	if d.Unrated {
		facts[FactUnrated] = "yes"
	}
	if len(e.Messages) > 0 {
		facts[FactMessages] = numbers(e.Messages)
	}
	t.happen(DemandReported, effect.Detail{Text: text, Files: e.Files, Facts: facts})
	return nil
}

func (t *turn) evidence(bad fault.Fields, e Evidence) {
	most := t.rules.Limits.FilesPerPost
	bad.Need(len(e.Files) <= most, "files", fmt.Sprintf("At most %d files at once.", most))
	bad.Need(len(e.Messages) <= mostMessages, "messages", fmt.Sprintf("At most %d messages.", mostMessages))
	bad.Need(!slices.ContainsFunc(e.Messages, func(n int) bool { return n < 1 }), "messages", "Choose messages of your conversation.")
}

// mostMessages keeps evidence something that a person can read.
const mostMessages = 20

func object(t *turn, m Move) error {
	r, err := t.about()
	if err != nil {
		return err
	}
	if r.Challenge != nil {
		return fault.Conflict("This review was challenged already.")
	}
	e, side := m.(Object), t.side()
	bad := fault.Fields{}
	bad.Need(KnownReason(e.Reason, t.rules), "reason", "Choose the reason that fits.")
	text, passage := member.Text(e.Text), member.Text(e.Passage)
	if n := utf8.RuneCountInString(text); n < max(1, t.rules.Reviews.MinText) || n > t.rules.Limits.TextRunes {
		bad.Need(false, "text", fmt.Sprintf("Say what is wrong, in %d to %d characters.", max(1, t.rules.Reviews.MinText), t.rules.Limits.TextRunes))
	}
	t.evidence(bad, e.Evidence)
	bad.Need(passage == "" || strings.Contains(r.Text, passage), "passage", "These words are not in the review.")
	some := len(e.Files) > 0 || len(e.Messages) > 0 || passage != "" || t.p.DemandBy(side) != nil
	bad.Need(some, "evidence", "Add at least one piece of evidence: a file, a message, or the words of the review that are wrong.")
	if err := bad.Err(); err != nil {
		return err
	}
	r.Challenge = &Challenge{Reason: e.Reason, Case: e.Case, At: t.now, DecideBy: e.DecideBy, Open: true}
	facts := map[string]string{FactBy: string(r.By), FactReason: e.Reason, FactCase: string(e.Case)}
	if len(e.Messages) > 0 {
		facts[FactMessages] = numbers(e.Messages)
	}
	if passage != "" {
		facts[FactPassage] = passage
	}
	t.happen(Challenged, effect.Detail{Text: text, Files: e.Files, Until: e.DecideBy, Facts: facts})
	return nil
}

func reopen(t *turn, m Move) error {
	move := m.(Reopen)
	r := t.p.Get(move.By)
	if r == nil || r.Challenge == nil || r.Challenge.Open || r.Challenge.Verdict == Undecided || r.Challenge.Verdict == Dropped {
		return fault.Conflict("There is no decision about this review yet.")
	}
	c := r.Challenge
	c.Open, c.Case, c.DecideBy = true, move.Case, move.DecideBy
	t.happen(Reopened, effect.Detail{Until: c.DecideBy, Facts: map[string]string{FactBy: string(r.By), FactCase: string(c.Case)}})
	return nil
}

func keep(t *turn, m Move) error {
	move := m.(Keep)
	r := t.p.Get(move.By)
	if r == nil || !r.Challenged() {
		return fault.Conflict("This review is not under challenge.")
	}
	_, agent := t.p.SideOf(t.who.Member)
	if agent = !agent; agent == move.Withdrawn {
		return fault.Forbidden("This is not yours to do.")
	}
	verdict := Kept
	switch {
	case r.Removal != nil:
		verdict = Taken
	case move.Withdrawn && r.Challenge.Verdict == Undecided:
		verdict = Dropped
	}
	t.close(r, verdict)
	t.happen(KeptReview, effect.Detail{Facts: map[string]string{
		FactBy: string(r.By), FactCase: string(r.Challenge.Case), FactVerdict: string(verdict),
	}})
	return nil
}

func remove(t *turn, m Move) error {
	move := m.(Remove)
	r := t.p.Get(move.By)
	switch {
	case r == nil || !t.p.Revealed():
		return fault.Conflict("There is no review here that everybody can read.")
	case r.Removal != nil:
		return fault.Conflict("This review is removed already.")
	case !KnownReason(move.Reason, t.rules):
		return fault.Invalid("reason", "Choose the reason that fits.")
	}
	r.Removal = &Removal{At: t.now, Reason: move.Reason, Role: move.Role, Case: move.Case}
	t.close(r, Taken)
	t.decided(Removed, *r.Removal, r.By)
	return nil
}

func restore(t *turn, m Move) error {
	move := m.(Restore)
	r := t.p.Get(move.By)
	if r == nil || r.Removal == nil {
		return fault.Conflict("This review is not removed.")
	}
	was := *r.Removal
	was.Role, was.Case = move.Role, move.Case
	r.Removal = nil
	t.close(r, Kept)
	t.decided(Restored, was, r.By)
	return nil
}

func (t *turn) decided(kind effect.Kind, r Removal, by Side) {
	t.happen(kind, effect.Detail{Facts: map[string]string{
		FactBy: string(by), FactReason: r.Reason, FactRole: r.Role, FactCase: string(r.Case),
	}})
}

func (t *turn) close(r *Review, v Verdict) {
	if c := r.Challenge; c != nil {
		c.Open, c.Verdict, c.EndedAt = false, v, t.now
	}
}

// numbers writes message numbers for a fact.
func numbers(list []int) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, " ")
}
