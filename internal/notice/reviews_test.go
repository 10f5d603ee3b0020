package notice

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/review"
)

// reviewSamples are the events of reviews as their room writes them.
func reviewSamples(list map[string]effect.Event, vary func(effect.Kind, string, func(*effect.Event))) {
	of := func(k effect.Kind, actor ident.Member, given map[string]string) {
		e := list[string(k)]
		e.Actor, e.Detail.Facts = actor, given
		list[string(k)] = e
	}
	blind := map[string]string{review.FactBy: "buyer", review.FactBlind: "yes"}
	of(review.Written, facts.Buyer.ID, blind)
	of(review.Amended, facts.Buyer.ID, blind)
	of(review.Revealed, "", map[string]string{review.FactBoth: "yes"})
	of(review.Replied, facts.Seller.ID, map[string]string{review.FactBy: "buyer"})
	of(review.ReplyEdited, facts.Seller.ID, map[string]string{review.FactBy: "buyer"})
	vary(review.Written, "as the second", func(e *effect.Event) {
		e.Detail.Facts = map[string]string{review.FactBy: "buyer", review.FactBlind: "yes", review.FactBoth: "yes"}
	})
	vary(review.Amended, "in public", func(e *effect.Event) { e.Detail.Facts = map[string]string{review.FactBy: "buyer"} })
	vary(review.Revealed, "the buyer’s alone", func(e *effect.Event) { e.Detail.Facts = map[string]string{review.FactBy: "buyer"} })
	vary(review.Revealed, "the seller’s alone", func(e *effect.Event) { e.Detail.Facts = map[string]string{review.FactBy: "seller"} })
}

// TestNothingBlindIsTold: before the reveal the other side learns that there is
// a review, never a word or a star of it.
func TestNothingBlindIsTold(t *testing.T) {
	f := facts
	f.Policy = classic(t)
	stream := string(ident.New[ident.Review](ident.NewSeeded(1), at))
	for _, k := range review.Kinds() {
		e := effect.Event{Stream: stream, Seq: 1, At: at, Kind: k, Actor: f.Buyer.ID, Detail: effect.Detail{
			Text: "He was rude", Until: until, Facts: map[string]string{review.FactBy: "buyer", review.FactBlind: "yes", review.FactStars + "fulfilment": "1"},
		}}
		for _, n := range For(e, f) {
			said := fmt.Sprint(Say(n.TitleParts(), time.Time.String), Say(n.BodyParts(), time.Time.String))
			if k != review.Replied && k != review.ReplyEdited && (strings.Contains(said, "rude") || strings.Contains(said, "star")) {
				t.Errorf("%s tells %s: %s", k, n.To, said)
			}
			if !strings.HasPrefix(n.Link, "/orders/order_") || !strings.HasSuffix(n.Link, "/review") {
				t.Errorf("%s leads to %s", k, n.Link)
			}
		}
	}
}
