package market

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/review"
	"guildhall/internal/store"
)

// ReportDemand tells the desk that something is demanded for a review, the
// moment it is. The other side is not told. Errors: those of review.Decide.
func (m *Market) ReportDemand(ctx context.Context, who member.Actor, key Key, id ident.Order, e review.Evidence) (ReviewMoved, error) {
	return m.reviewing(ctx, who, key, id, review.Report{Evidence: e}, func(tx *store.Tx, r reviewed) (ReviewMoved, error) {
		draft := desk.Draft{Kind: desk.Breach, Subject: CaseSubjectOrder(id)}
		return m.reviewCase(tx, who, r, e, draft, func(c ident.Case, _ time.Time) review.Move {
			return review.Report{Evidence: e, Case: c}
		})
	})
}

// ChallengeReview asks the desk to remove the review about oneself. Errors:
// those of review.Decide.
func (m *Market) ChallengeReview(ctx context.Context, who member.Actor, key Key, id ident.Order, reason string, e review.Evidence) (ReviewMoved, error) {
	input := review.Object{Reason: reason, Evidence: e}
	return m.reviewing(ctx, who, key, id, input, func(tx *store.Tx, r reviewed) (ReviewMoved, error) {
		about := review.Side(r.order.PartyOf(who)).Other()
		draft := desk.Draft{
			Kind: desk.Challenge, Filed: who.Member,
			Subject: desk.Subject{About: desk.AboutReview, ID: review.Ref{Pair: r.pair.ID, By: about}.String()},
		}
		return m.reviewCase(tx, who, r, e, draft, func(c ident.Case, by time.Time) review.Move {
			return review.Object{Reason: reason, Evidence: e, Case: c, DecideBy: by}
		})
	})
}

// reviewCase makes a move that the desk has to look at, and opens its case with
// the record that the house compiles.
func (m *Market) reviewCase(tx *store.Tx, who member.Actor, r reviewed, e review.Evidence, d desk.Draft,
	move func(ident.Case, time.Time) review.Move,
) (ReviewMoved, error) {
	now := m.Now()
	d.ID = ident.New[ident.Case](m.ids, now)
	d.Ref, d.Order, d.Label = ident.RefOf(d.ID), r.order.ID, r.order.Title
	d.Other = r.order.Other(r.order.PartyOf(who))
	if d.Kind == desk.Challenge {
		d.DecideBy = review.DecideBy(now, r.policy.Reviews.DecisionDays)
	}
	next, set, err := review.Decide(now, r.pair, r.order, who, move(d.ID, d.DecideBy), r.policy)
	if err != nil {
		return ReviewMoved{}, err
	}
	quotes, err := quotedMessages(tx, r.order, e.Messages)
	if err != nil {
		return ReviewMoved{}, err
	}
	if d.Record, d.Kept, err = m.reviewRecord(tx, r, set, e, quotes); err != nil {
		return ReviewMoved{}, err
	}
	c, more, err := desk.Open(now, d, desk.Words{Text: e.Text, Files: e.Files}, who, m.Policy())
	if err != nil {
		return ReviewMoved{}, err
	}
	if err := attachEvidence(tx, who, r.order.ID, c.ID, e.Files); err != nil {
		return ReviewMoved{}, err
	}
	names := map[ident.Member]string{}
	if err := nameAll(tx, names, c.Opener, c.Other); err != nil {
		return ReviewMoved{}, err
	}
	if err := tx.AddCase(c, r.order.Ref, r.order.Title, names[c.Opener], names[c.Other]); err != nil {
		return ReviewMoved{}, err
	}
	if err := tx.Carry(more); err != nil {
		return ReviewMoved{}, err
	}
	moved := movedReview(next)
	moved.Case = c.ID
	return moved, m.saveReview(tx, r, next, set)
}

// reviewRecord is what the house attaches: the clocks, the requests and when each
// side rated, the messages that were named as evidence; and, for the desk alone,
// the demands that either side reported.
func (m *Market) reviewRecord(tx *store.Tx, r reviewed, now effect.Set, e review.Evidence, quotes []string) (record, kept string, err error) {
	told, err := tx.Events(string(r.order.ID))
	if err != nil {
		return "", "", err
	}
	rated, err := tx.Events(string(r.pair.ID))
	if err != nil {
		return "", "", err
	}
	record, kept = review.Record(review.Timeline(r.order, slices.Concat(told, rated, now.Events)))
	if e.Passage != "" {
		quotes = append(quotes, "The words of the review that are challenged: “"+member.Text(e.Passage)+"”")
	}
	return strings.Join(append([]string{record}, quotes...), "\n"), kept, nil
}

// quotedMessages quotes messages of the parties' conversation as they were sent.
func quotedMessages(tx *store.Tx, o order.Order, numbers []int) ([]string, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	missingMessage := fault.Invalid("messages", "One of the messages is not in your conversation.")
	thread, err := tx.ThreadOf(o.Buyer, o.Seller)
	if errors.Is(err, store.ErrNotFound) {
		return nil, missingMessage
	}
	if err != nil {
		return nil, err
	}
	quotes := make([]string, len(numbers))
	for i, no := range numbers {
		msg, err := tx.Message(thread, no)
		if errors.Is(err, store.ErrNotFound) {
			return nil, missingMessage
		}
		if err != nil {
			return nil, err
		}
		from := "the buyer"
		if msg.Author == o.Seller {
			from = "the seller"
		}
		said := strings.ReplaceAll(msg.Text, "\n", " / ") // each line of a record is the house's own
		quotes[i] = fmt.Sprintf("Message %d, %s UTC, from %s: “%s”", no, msg.At.UTC().Format("2006-01-02 15:04"), from, said)
	}
	return quotes, nil
}

// attachEvidence hands files to a case. What was handed in for the order before
// is read there already and stays where it is.
func attachEvidence(tx *store.Tx, who member.Actor, o ident.Order, c ident.Case, files []ident.File) error {
	var fresh []ident.File
	for _, id := range files {
		f, err := tx.File(id)
		if errors.Is(err, store.ErrNotFound) {
			return fault.Invalid("files", "One of the files is not there. Please attach it again.")
		}
		if err != nil {
			return err
		}
		if f.Subject != string(o) {
			fresh = append(fresh, id)
		}
	}
	return attachToCase(tx, who, c, fresh)
}

// aboutReview loads the review that a case is about; ok tells whether it is
// about one.
func (m *Market) aboutReview(ctx context.Context, tx *store.Tx, c desk.Case) (r reviewed, by review.Side, ok bool, err error) {
	if c.Subject.About != desk.AboutReview {
		return r, "", false, nil
	}
	ref, ok := review.ParseRef(c.Subject.ID)
	if !ok {
		return r, "", false, fmt.Errorf("market: case %s is about %q", c.ID, c.Subject.ID)
	}
	o, err := tx.Order(review.OrderOf(ref.Pair))
	if err != nil {
		return r, "", false, err
	}
	r, err = m.pairOf(ctx, tx, o)
	return r, ref.By, true, err
}

// Rated is what a decision does to a review and to the counts of who was rated.
type Rated struct {
	By        review.Side
	Of        ident.Member
	Gig       ident.Gig // of a buyer's review
	Removed   bool
	Restored  bool
	Was, Then review.Sums // of the member
}

// weighReview works out what a decision does to the review its case is about:
// removed, restored, or, where it says nothing of it, kept.
func (m *Market) weighReview(ctx context.Context, tx *store.Tx, who member.Actor, c desk.Case, d desk.Decision, v *verdict) error {
	r, by, ok, err := m.aboutReview(ctx, tx, c)
	if err != nil || !ok {
		return err
	}
	var mv review.Move
	role := desk.DecidedBy(who, c.State == desk.Seconding)
	switch one := r.pair.Get(by); {
	case d.RemoveReview != "":
		mv = review.Remove{By: by, Reason: d.RemoveReview, Role: role, Case: c.ID}
	case d.RestoreReview:
		mv = review.Restore{By: by, Role: role, Case: c.ID}
	case one == nil || !one.Challenged():
		return nil
	default:
		mv = review.Keep{By: by}
	}
	v.reviewed = r
	if v.review, v.reviewSet, err = review.Decide(m.Now(), r.pair, r.order, who, mv, r.policy); err != nil {
		return atField(err, "reason", "remove_review")
	}
	of := r.pair.Member(by.Other())
	rated := &Rated{By: by, Of: of, Removed: d.RemoveReview != "", Restored: d.RestoreReview}
	as := store.RatedBuyer
	if by == review.Buyer {
		rated.Gig, as = r.pair.Gig, store.RatedSeller
	}
	if rated.Was, err = tx.ReviewSums(string(of), as); err != nil {
		return err
	}
	rated.Then = rated.Was
	rated.Then.Add(*r.pair.Get(by), -1)
	rated.Then.Add(*v.review.Get(by), 1)
	v.shown.Rated = rated
	return nil
}

// atField moves the reason beside another field of a form.
func atField(err error, from, to string) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Fields[from] != "" {
		return fault.Invalid(to, f.Fields[from])
	}
	return err
}

// settleReview saves what a decision did to a review.
func (m *Market) settleReview(tx *store.Tx, v verdict) error {
	return m.saveReview(tx, v.reviewed, v.review, v.reviewSet)
}

// followCase tells the review that its case ended or began anew without a
// decision: its maker withdrew it, or somebody appealed.
func (m *Market) followCase(ctx context.Context, tx *store.Tx, who member.Actor, c desk.Case, move func(review.Side) review.Move) error {
	r, by, ok, err := m.aboutReview(ctx, tx, c)
	if err != nil || !ok {
		return err
	}
	_, err = m.decideReview(tx, who, r, move(by))
	return err
}
