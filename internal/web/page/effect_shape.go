package page

import (
	"strconv"
	"strings"
	"time"

	"guildhall/internal/market"
	"guildhall/internal/order"
	"guildhall/internal/resolution"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
)

// effectOf is a preview as a card: one row for each possible answer.
func effectOf(v market.OrderPage, w market.Preview, l kit.Local) kit.EffectProps {
	e := kit.EffectProps{Heading: "What each answer means"}
	if len(w.Rows) == 1 {
		e.Heading = "What it means"
	}
	for i, row := range w.Rows {
		mine := w.Move != order.MoveAsk && w.Move != order.MoveCounter
		e.Rows = append(e.Rows, effectRow(v, w, row, mine, i, l))
	}
	return e
}

func effectRow(v market.OrderPage, w market.Preview, row order.Foreseen, mine bool, i int, l kit.Local) kit.EffectRow {
	answer, note := answerWords(v, w, row, mine, l)
	says, until := row.Says(w.Order)
	out := kit.EffectRow{Answer: answer, Note: note, Order: foreseenWords(v, says, until, l)}
	if counts := row.Counts(); counts != "" {
		out.Order += " " + foreseenWords(v, counts, time.Time{}, l)
	}
	if flow, err := row.Flow(w.Policy); err == nil {
		out.Money = foreseenWords(v, strings.ReplaceAll(flow.Says(v.Party), "{method}", row.After.Methods()), time.Time{}, l)
	}
	me := w.Order.Buyer
	if v.Party == order.Seller {
		me = w.Order.Seller
	}
	for _, c := range w.Figures[i] {
		if c.Member != me {
			continue
		}
		if c.Moves() {
			out.Figures = append(out.Figures, shiftOf(c))
			if until := countsUntil(c, l); until != "" {
				out.Until = until
			}
		} else {
			out.Still = append(out.Still, stillWords(c))
		}
	}
	if level := w.Levels[i]; v.Party == order.Seller && level.Moves() {
		out.Figures = append(out.Figures, levelShift(level, l))
	} else if v.Party == order.Seller && level.Before != "" {
		out.Still = append(out.Still, "Level stays "+levelWords(level, 1, l)+".")
	}
	return out
}

// levelShift is a seller's level before and after, with the day on which it
// falls unless the figures recover.
func levelShift(c standing.LevelChange, l kit.Local) kit.Shift {
	s := kit.Shift{Figure: "Level", Before: levelWords(c, 0, l), After: levelWords(c, 1, l), Tone: kit.Good}
	if !c.Demotes[1].IsZero() && c.Demotes[0].IsZero() {
		s.Tone = kit.Warn
	}
	return s
}

func levelWords(c standing.LevelChange, i int, l kit.Local) string {
	words := c.Words[i]
	if words == "" {
		words = "none"
	}
	if at := c.Demotes[i]; !at.IsZero() {
		words += ", at risk on " + l.Day(at)
	}
	if i == 1 && c.Ready != "" {
		words += ", with all figures for the next one"
	}
	return words
}

// foreseenWords puts names and the instant into a sentence of the rules.
func foreseenWords(v market.OrderPage, text string, until time.Time, l kit.Local) string {
	return strings.NewReplacer("{buyer}", named(v, order.Buyer, "you"), "{seller}", named(v, order.Seller, "you"),
		"{other}", other(v).Name, "{until}", l.At(until)).Replace(text)
}

// answerWords name the answer of a row, and when it comes. The silence of a row
// may be the reader's own.
func answerWords(v market.OrderPage, w market.Preview, row order.Foreseen, mine bool, l kit.Local) (answer, note string) {
	name := other(v).Name
	switch row.Reply {
	case order.WhenAccepted:
		if owed := row.After.Life.More; len(owed) > len(w.Order.Life.More) {
			paid := owed[len(owed)-1].Amount.String()
			if v.Party == order.Seller {
				return name + " accepts", "and pays " + paid
			}
			return name + " accepts", "and you pay " + paid
		}
		return name + " accepts", ""
	case order.WhenDeclined:
		return name + " declines", ""
	case order.WhenSilent:
		note = "until " + l.At(row.At) + " your time"
		if mine {
			return "You do not answer", note
		}
		return name + " does not answer", note
	}
	if words, ok := doing[w.Move]; ok {
		return words, "now"
	}
	return "You do it", "now"
}

// doing names the row of what takes effect at once.
var doing = map[order.Name]string{
	order.MoveAccept: "You accept", order.MoveUndo: "You undo it", order.MoveCancelLate: "You cancel", order.MoveCancelStale: "You cancel",
	order.MoveWaive: "You start", order.MoveAgree: "You agree", order.MoveDecline: "You decline", order.MoveWithdraw: "You withdraw it",
	order.MoveRevise: "You ask for a revision", order.MoveDeliver: "You deliver",
}

func shiftOf(c standing.Change) kit.Shift {
	if c.Figure == standing.BuyerRecord {
		s := kit.Shift{Figure: "Noted endings", Before: strconv.Itoa(c.Noted[0]), After: strconv.Itoa(c.Noted[1]), Tone: kit.Neutral}
		if c.Noted[1] > c.Noted[0] {
			s.Tone = kit.Warn
		}
		return s
	}
	s := kit.Shift{Figure: c.Figure.Name(), Before: c.Says[0], After: c.Says[1], Tone: kit.Good}
	if c.Adds.Mark == standing.Against || c.Was == standing.For && c.Adds.Mark != standing.For {
		s.Tone = kit.Warn
	}
	return s
}

// rateWords is a rate with its fraction, so that a change in it is seen also
// where the percentage stays.
func rateWords(r standing.Rate) string {
	if r.Counted() == 0 {
		return r.String()
	}
	return r.String() + " (" + strconv.Itoa(r.For) + " of " + strconv.Itoa(r.Counted()) + ")"
}

func stillWords(c standing.Change) string {
	text := c.Figure.Name() + ": "
	if c.Figure == standing.BuyerRecord {
		text = "Noted endings stay " + strconv.Itoa(c.Noted[0]) + ": "
	} else if c.Says[0] != "none yet" {
		text = c.Figure.Name() + " stays " + c.Says[0] + ": "
	}
	why := c.Adds.Why()
	if why == "" {
		return strings.TrimSuffix(text, ": ") + "."
	}
	return text + strings.ToLower(why[:1]) + why[1:]
}

// countsUntil is when a row's effect leaves the figures.
func countsUntil(c standing.Change, l kit.Local) string {
	switch {
	case c.Until.IsZero():
		return ""
	case c.Lingers():
		return l.Day(c.Until) + fewUntil(c.Latest, l)
	}
	return l.Day(c.Until)
}

// fewUntil is how long something stays where few things count.
func fewUntil(latest time.Time, l kit.Local) string {
	return "; while few count, at most until " + l.Day(latest)
}

// Foretold is the move whose effect stands before a button's form, for a form
// that is not typed yet; nil where nothing can be hurt. What is typed later
// changes words only, never the effect.
func Foretold(v market.OrderPage, m order.Name) order.Move {
	o := v.Order
	no := 0
	if o.Life.Request != nil {
		no = o.Life.Request.No
	}
	const later = "…"
	switch m {
	case order.MoveAccept:
		return order.Accept{}
	case order.MoveUndo:
		return order.Undo{}
	case order.MoveCancelLate:
		return order.CancelLate{}
	case order.MoveCancelStale:
		return order.CancelStale{}
	case order.MoveWaive:
		return order.Waive{}
	case order.MoveAgree:
		return order.Agree{No: no}
	case order.MoveDecline:
		return order.Decline{No: no}
	case order.MoveWithdraw:
		return order.Withdraw{No: no}
	case order.MoveRevise:
		if o.RevisionsLeft() == 0 && len(o.Agreement.Questions) > 0 {
			return order.Revise{Text: later, Fault: true, Lines: []int{1}}
		}
		if o.RevisionsLeft() > 0 {
			return order.Revise{Text: later}
		}
	case order.MoveDeliver:
		return order.Deliver{Text: later}
	}
	return nil
}

// confirmRequest repeats what is asked with its consequence.
func confirmRequest(v market.OrderPage, r Request, l kit.Local) string {
	verb := r.Title(v)
	for _, row := range r.Preview.Rows {
		if row.Reply != order.WhenAccepted {
			continue
		}
		flow, err := row.Flow(r.Preview.Policy)
		if err != nil {
			return verb
		}
		switch {
		case !flow.Back.IsZero():
			return verb + " · " + flow.Back.String() + " back if accepted"
		case !flow.Charged.IsZero():
			return verb + " · " + flow.Charged.String() + " more if accepted"
		case r.Kind == resolution.Cancel:
			return verb + " · nothing back if accepted"
		case r.Kind == resolution.Extend:
			return verb + " · due " + l.Day(row.After.DueAt) + " if accepted"
		}
	}
	return verb
}

// answerVerb repeats Agree with its consequence.
func answerVerb(v market.OrderPage, w *market.Preview) string {
	r := v.Order.Life.Request
	if w == nil || r == nil || len(w.Rows) == 0 {
		return "Agree"
	}
	flow, err := w.Rows[0].Flow(w.Policy)
	switch {
	case err != nil:
		return "Agree"
	case r.Proposal.Kind == resolution.Cancel:
		return "Agree to cancel · " + flow.Back.String() + " back"
	case !flow.Charged.IsZero() && v.Party == order.Buyer:
		return "Agree · pay " + flow.Charged.String() + " next"
	case !flow.Charged.IsZero():
		return "Agree · " + other(v).Name + " pays " + flow.Charged.String()
	case !flow.Back.IsZero():
		return "Agree · " + flow.Back.String() + " back"
	}
	return "Agree " + r.Proposal.Kind.Agreeing()
}
