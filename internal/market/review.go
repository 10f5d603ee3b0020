package market

import (
	"context"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/review"
)

// ReviewOf loads the reviews of an order for one of its parties. Errors:
// fault.SignIn, fault.NotFound.
func (m *Market) ReviewOf(ctx context.Context, who member.Actor, id ident.Order) (ReviewPage, error) {
	return ReviewPage{}, fault.NotFound(noOrder)
}

// WriteReview rates the other party. Errors: those of review.Decide.
func (m *Market) WriteReview(ctx context.Context, who member.Actor, key Key, id ident.Order, d review.Draft) (ReviewMoved, error) {
	return ReviewMoved{}, fault.NotFound(noOrder)
}

// AmendReview changes one's own review, once. Errors: those of review.Decide.
func (m *Market) AmendReview(ctx context.Context, who member.Actor, key Key, id ident.Order, d review.Draft) (ReviewMoved, error) {
	return ReviewMoved{}, fault.NotFound(noOrder)
}

// ReplyReview answers the review about oneself in public, or corrects the
// answer. Errors: those of review.Decide.
func (m *Market) ReplyReview(ctx context.Context, who member.Actor, key Key, id ident.Order, text string) (ReviewMoved, error) {
	return ReviewMoved{}, fault.NotFound(noOrder)
}

// OfferSample asks the buyer whether a delivered file may stand beside their
// review; the empty file takes the question back. Errors: those of review.Decide.
func (m *Market) OfferSample(ctx context.Context, who member.Actor, key Key, id ident.Order, file ident.File) (ReviewMoved, error) {
	return ReviewMoved{}, fault.NotFound(noOrder)
}

// AnswerSample is the buyer's yes or no to it. Errors: those of review.Decide.
func (m *Market) AnswerSample(ctx context.Context, who member.Actor, key Key, id ident.Order, yes bool) (ReviewMoved, error) {
	return ReviewMoved{}, fault.NotFound(noOrder)
}

// ReportDemand tells the desk that something is demanded for a review. Errors:
// those of review.Decide.
func (m *Market) ReportDemand(ctx context.Context, who member.Actor, key Key, id ident.Order, e review.Evidence) (ReviewMoved, error) {
	return ReviewMoved{}, fault.NotFound(noOrder)
}

// ChallengeReview asks the desk to remove the review about oneself. Errors:
// those of review.Decide.
func (m *Market) ChallengeReview(ctx context.Context, who member.Actor, key Key, id ident.Order, reason string, e review.Evidence) (ReviewMoved, error) {
	return ReviewMoved{}, fault.NotFound(noOrder)
}

// GigReviews lists what buyers said about a gig. Errors: fault.Invalid for a
// broken cursor.
func (m *Market) GigReviews(ctx context.Context, id ident.Gig, f ReviewFilter, after Cursor, most int) (ReviewList, error) {
	return ReviewList{}, nil
}

// SellerReviews lists what buyers said about a seller. Errors: fault.Invalid
// for a broken cursor.
func (m *Market) SellerReviews(ctx context.Context, id ident.Member, f ReviewFilter, after Cursor, most int) (ReviewList, error) {
	return ReviewList{}, nil
}

// BuyerReviews lists what sellers said about a buyer. Errors: fault.Invalid for
// a broken cursor.
func (m *Market) BuyerReviews(ctx context.Context, id ident.Member, f ReviewFilter, after Cursor, most int) (ReviewList, error) {
	return ReviewList{}, nil
}

// GigSums are the counts of several gigs at once, for cards; a gig without any
// is not in it.
func (m *Market) GigSums(ctx context.Context, ids ...ident.Gig) (map[ident.Gig]review.Sums, error) {
	return nil, nil
}

// SellerSums are the counts of what several sellers got from buyers.
func (m *Market) SellerSums(ctx context.Context, ids ...ident.Member) (map[ident.Member]review.Sums, error) {
	return nil, nil
}

// MyReviews is what the actor can still write and what they wrote, newest
// first. Errors: fault.SignIn, fault.Invalid for a broken cursor.
func (m *Market) MyReviews(ctx context.Context, who member.Actor, after Cursor, most int) (MyReviews, error) {
	return MyReviews{}, nil
}
