package review_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/review"
)

// TestWalk makes random moves by everybody at random moments and checks after
// each of them what must hold always.
func TestWalk(t *testing.T) {
	books := []policy.Version{rulebook(t, "classic"), rulebook(t, "modern")}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(books).Draw(t, "rulebook")
		w := &walk{T: t, p: p, now: dawn, o: ended(rapid.SampledFrom([]string{"completed", "late", "mutual", "mutual_delivered", "running"}).Draw(t, "how"), dawn)}
		w.pair = review.New(w.o, nil, p)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			w.step()
		}
	})
}

type walk struct {
	*rapid.T
	p    policy.Version
	o    order.Order
	pair review.Pair
	now  time.Time
	last time.Time
	sums review.Sums
}

func (w *walk) step() {
	w.now = w.now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 3600, 23 * 3600, 6 * 86400, 15 * 86400}).Draw(w.T, "passes")) * time.Second)
	if w.o.State == order.InProgress && rapid.IntRange(0, 3).Draw(w.T, "ends") == 0 {
		w.o = ended("completed", w.now)
	}
	name := rapid.SampledFrom([]string{"ben", "mara", "ben", "mara", "ada", "clock", "eve", "bank", "guest"}).Draw(w.T, "who")
	who, mv := cast[name], w.move()
	may := review.Options(w.now, w.pair, w.o, who, w.p)
	next, set, err := review.Decide(w.now, w.pair, w.o, who, mv, w.p)
	w.buttons(may, mv, err)
	if err != nil {
		if fault.KindOf(err) == "" || len(set.Events) > 0 || !reflect.DeepEqual(next, w.pair) {
			w.Fatalf("refused with %v, %d events", err, len(set.Events))
		}
		return
	}
	if side, party := w.pair.SideOf(who.Member); !party && who.Role == member.RoleMember {
		w.Fatalf("%s, who is nobody here, made the move %s (%s)", name, mv.Name(), side)
	}
	w.events(set)
	w.hands(who, next)
	w.times(w.pair, next)
	for _, by := range review.Sides() {
		if r := w.pair.Get(by); r != nil && w.pair.Revealed() {
			w.sums.Add(*r, -1)
		}
		if r := next.Get(by); r != nil && next.Revealed() {
			w.sums.Add(*r, 1)
		}
	}
	w.pair = next
	w.counts()
	w.blind()
}

func (w *walk) move() review.Move {
	by := rapid.SampledFrom(review.Sides()).Draw(w.T, "whose")
	stars := fmt.Sprint(rapid.IntRange(1, 5).Draw(w.T, "stars"))
	if rapid.Bool().Draw(w.T, "buyer's form") {
		stars += "/3/" + stars
	}
	text := "Words number " + fmt.Sprint(rapid.IntRange(0, 9999).Draw(w.T, "words"))
	e := review.Evidence{Text: text, Messages: []int{1}}
	return rapid.SampledFrom([]review.Move{
		review.Write{Draft: draft(stars, text)}, review.Write{Draft: draft(stars, text)}, review.Amend{Draft: draft(stars, text)}, review.Answer{Text: text},
		review.Pick{File: "file_1", Delivered: []ident.File{"file_1"}}, review.Drop{}, review.Consent{Yes: true}, review.Consent{},
		review.Report{Evidence: e}, review.Object{Reason: "extortion", Evidence: e}, review.Reopen{By: by}, review.Keep{By: by}, review.Keep{By: by, Withdrawn: true},
		review.Remove{By: by, Reason: "privacy"}, review.Restore{By: by}, review.Tick{},
	}).Draw(w.T, "move")
}

// buttons: what has a button is not refused for the state it is in, and what
// has none is refused.
func (w *walk) buttons(may []review.Option, mv review.Move, err error) {
	switch mv.Name() {
	case review.MoveWrite, review.MoveAmend, review.MoveAnswer, review.MoveReport, review.MoveObject, review.MoveDrop:
		kind := fault.KindOf(err)
		if button := has(may, mv.Name()); button != (err == nil || kind == fault.KindInvalid) && !(kind == fault.KindInvalid && !button) {
			w.Fatalf("%s: button %v, answer %v", mv.Name(), button, err)
		}
	}
}

func (w *walk) events(set effect.Set) {
	for i, e := range set.Events {
		if e.Seq != w.pair.Seq+i+1 || e.At.Before(w.last) || e.At.After(w.now) || len(set.Entries) > 0 {
			w.Fatalf("event %d %s at %v after %v", e.Seq, e.Kind, e.At, w.last)
		}
		w.last = e.At
	}
}

// hands: nobody but its author changes a word or a star, and nobody but the
// desk removes.
func (w *walk) hands(who member.Actor, next review.Pair) {
	for _, by := range review.Sides() {
		was, r := w.pair.Get(by), next.Get(by)
		if was != nil && r == nil {
			w.Fatal("a review is gone")
		}
		if r == nil {
			continue
		}
		author := who.Is(next.Member(by))
		if (was == nil || !reflect.DeepEqual(was.Words, r.Words) || len(was.Earlier) != len(r.Earlier)) && !author {
			w.Fatalf("%s changed the %s's words", who.Role, by)
		}
		if was != nil && len(was.Earlier) == 1 && !reflect.DeepEqual(was.Words, r.Words) {
			w.Fatal("amended twice")
		}
		if gone := was != nil && was.Removal != nil; gone != (r.Removal != nil) && who.Role != member.RoleAgent {
			w.Fatalf("%s touched the tombstone", who.Role)
		}
		if r.Author != next.Member(by) || r.Of != next.Member(by.Other()) || r.By != by {
			w.Fatal("a review of the wrong people")
		}
	}
}

// times: the reveal comes with the second review or with the window's end, and
// every word within its time.
func (w *walk) times(was, next review.Pair) {
	if was.Revealed() && !was.RevealedAt.Equal(next.RevealedAt) {
		w.Fatal("revealed twice")
	}
	ends := next.ClosesAt
	if both := next.ByBuyer != nil && next.BySeller != nil; next.Revealed() {
		if !both && !next.RevealedAt.Equal(ends) || both && next.RevealedAt.After(ends) {
			w.Fatalf("revealed at %v, the window ends at %v, both %v", next.RevealedAt, ends, both)
		}
	} else if both || (next.ByBuyer != nil || next.BySeller != nil) && !w.now.Before(ends) {
		w.Fatalf("still closed at %v, the window ends at %v, both %v", w.now, ends, both)
	}
	for _, by := range review.Sides() {
		r := next.Get(by)
		if r == nil {
			continue
		}
		if !r.FirstAt().Before(ends) || r.FirstAt().Before(w.o.EndedAt) || r.At.After(r.FirstAt().Add(w.p.Reviews.Amend.D())) {
			w.Fatalf("words at %v and %v, the window ends at %v", r.FirstAt(), r.At, ends)
		}
		if r.Reply == nil {
			continue
		}
		if !r.Reply.At.Before(next.RevealedAt.Add(w.p.Reviews.Reply.D())) || r.Reply.EditedAt.After(r.Reply.At.Add(w.p.Reviews.ReplyEdit.D())) {
			w.Fatalf("a reply at %v, changed at %v", r.Reply.At, r.Reply.EditedAt)
		}
	}
}

// counts: what was counted step by step is what a recount finds, and shown and
// removed together are all that was ever revealed.
func (w *walk) counts() {
	var again review.Sums
	n := 0
	for _, by := range review.Sides() {
		if r := w.pair.Get(by); r != nil && w.pair.Revealed() {
			again.Add(*r, 1)
			n++
		}
	}
	rows := 0
	for _, row := range again.Rows {
		rows += row
	}
	if again != w.sums || again.Count() != n || rows != again.Shown {
		w.Fatalf("counted %+v, there are %+v", w.sums, again)
	}
}

// blind: before the reveal nobody but its author reads a review; after it
// nobody but the author sees the words of a removed one.
func (w *walk) blind() {
	for _, name := range []string{"ben", "mara", "eve", "ada", "guest"} {
		who := cast[name].Member
		seen := w.pair.AsOf(w.now).Seen(who)
		for _, by := range review.Sides() {
			r := seen.Get(by)
			if r == nil || w.pair.Member(by) == who {
				continue
			}
			if !w.pair.AsOf(w.now).Revealed() {
				w.Fatalf("%s sees the %s's before its time", name, by)
			}
			if r.Removal != nil && (r.Text != "" || len(r.Stars) > 0 || len(r.Earlier) > 0 || r.Reply != nil) {
				w.Fatalf("%s reads a removed one", name)
			}
		}
		for _, d := range seen.Demands {
			if w.pair.Member(d.By) != who {
				w.Fatalf("%s reads what the %s reported", name, d.By)
			}
		}
	}
	judged := w.pair.AsOf(w.now).Judged()
	for _, by := range review.Sides() {
		if r := judged.Get(by); r != nil && !judged.Revealed() && (r.Text != "" || len(r.Stars) > 0 || len(r.Earlier) > 0) {
			w.Fatalf("the desk reads the %s's before its time", by)
		}
	}
}

// TestDecideLeavesItsArgumentAlone: a pair that was handed in is the same after
// any move, whatever came of it.
func TestDecideLeavesItsArgumentAlone(t *testing.T) {
	p := rulebook(t, "classic")
	o := ended("completed", dawn)
	pair := review.New(o, nil, p)
	for i, s := range []struct {
		who member.Actor
		mv  review.Move
	}{
		{mara, review.Report{Evidence: review.Evidence{Text: "She wants it for nothing."}}}, {ben, review.Write{Draft: draft("2/2/2", "It was all so rude.")}}, {mara, review.Write{Draft: draft("5", "")}},
		{ben, review.Amend{Draft: draft("1/1/1", "It was all so rude, really.")}}, {mara, review.Answer{Text: "I am sorry to hear it."}}, {mara, review.Answer{Text: "I am sorry to hear that."}},
		{mara, review.Pick{File: "f", Delivered: []ident.File{"f"}}}, {ben, review.Consent{Yes: true}}, {mara, review.Object{Reason: "privacy", Evidence: review.Evidence{Text: "See what it says.", Passage: "so rude"}}},
		{ada, review.Remove{By: review.Buyer, Reason: "privacy"}}, {ben, review.Reopen{By: review.Buyer}}, {ada, review.Restore{By: review.Buyer}},
	} {
		before := fmt.Sprintf("%+v %+v %+v", pair, deep(pair.ByBuyer), deep(pair.BySeller))
		next, _, err := review.Decide(dawn.Add(time.Duration(i)*time.Minute), pair, o, s.who, s.mv, p)
		if err != nil {
			t.Fatalf("%s: %v", s.mv.Name(), err)
		}
		if after := fmt.Sprintf("%+v %+v %+v", pair, deep(pair.ByBuyer), deep(pair.BySeller)); after != before {
			t.Errorf("%s changed its argument:\n%s\n%s", s.mv.Name(), before, after)
		}
		pair = next
	}
}

// deep is a review with what it points at.
func deep(r *review.Review) []any {
	if r == nil {
		return nil
	}
	list := []any{r.Words, r.Earlier}
	if r.Reply != nil {
		list = append(list, *r.Reply)
	}
	if r.Sample != nil {
		list = append(list, *r.Sample)
	}
	if r.Challenge != nil {
		list = append(list, *r.Challenge)
	}
	if r.Removal != nil {
		list = append(list, *r.Removal)
	}
	return list
}
