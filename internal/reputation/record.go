// Package reputation is a seller's record that can be taken elsewhere (rulebook
// section 10.7): their figures with both numbers of each, signed by the house,
// checked by anybody who has the keys of the house.
//
// It owns the Record and its text: a verifiable credential as a JSON web token
// (EdDSA over Ed25519, the header names the key by its thumbprint). The flow:
// the market fills a Record from the fold behind the seller's own page, Sign
// makes the text, Verify reads it again, given the keys and the time, and says
// either what it claims or why it is not to be believed. What the house knows
// about it since (taken back, or followed by a newer one) is a Status and stands
// beside. There is no field for a buyer, so no buyer can get into one.
//
// It is a rules room: no clock, no chance, no network. A seed and an instant
// come in as arguments, and the same record under the same key is the same text.
package reputation

import (
	"errors"
	"slices"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
)

// Record is what a house says about one seller at one moment.
type Record struct {
	ID      ident.Record
	Issuer  string // public address of the house, without a slash at the end
	Issued  time.Time
	Expires time.Time
	Play    bool // made in a rehearsal, where nothing is real

	Seller  Seller
	Level   Level
	Figures []Figure
	Endings []Ended // cancellations by class, those without fault too

	Policy  ident.Policy // whose rules the figures were made by
	Profile string
}

// Seller is who the record is about, as the house shows them to everybody.
type Seller struct {
	Handle, Name string
	Page         string    // address of their public page; the subject of the record
	Since        time.Time // a seller since
}

// Level is where they stand on the ladder; without a name they have none.
type Level struct {
	Name  string    `json:"name"`
	Words string    `json:"words"`
	Since time.Time `json:"since,omitzero"`
}

// Figure is one number with what it was made of.
type Figure struct {
	Name        string    `json:"figure"`
	Words       string    `json:"words"`
	Value       string    `json:"value"` // as the house prints it, never rounded up
	Numerator   int64     `json:"numerator"`
	Denominator int64     `json:"denominator,omitempty"` // absent where nothing is divided
	Unit        string    `json:"unit"`                  // of both: orders, first messages, …
	Excluded    int64     `json:"excluded"`              // looked at and left out
	Since       time.Time `json:"since,omitzero"`        // what is older is not in it; absent for a lifetime
}

// Units that both numbers of a figure are in.
const (
	Orders   = "orders"
	Buyers   = "buyers"
	Days     = "days"
	Messages = "first messages"
	Warnings = "warnings"
	// Stars is that of a mean: the denominator counts reviews, the numerator
	// adds up their stars in parts of which standing.Star make one.
	Stars = "reviews, the numerator in 1/2520 of a star"
)

// FiguresFrom takes the figures of a seller from their sheet: what is under a
// line and what is above, as exact as they are compared.
func FiguresFrom(s standing.Sheet, p policy.Version) []Figure {
	var list []Figure
	for _, f := range standing.All() {
		r := Figure{Name: string(f), Words: f.Name(), Value: s.Text(f, p), Since: utc(s.Since(f))}
		switch f {
		case standing.Completed:
			r.Numerator, r.Unit = int64(s.Completed), Orders
		case standing.UniqueBuyers:
			r.Numerator, r.Unit = int64(s.UniqueBuyers), Buyers
		case standing.Earned:
			r.Numerator, r.Unit = s.Earned, "the smallest unit of "+string(p.Currency)
		case standing.Days:
			r.Numerator, r.Unit = int64(s.Days), Days
		case standing.Rating:
			r.Numerator, r.Denominator, r.Excluded, r.Unit = s.Rating.Sum, int64(s.Rating.N), int64(s.Rating.Removed), Stars
		case standing.Warnings:
			r.Numerator, r.Unit = int64(len(s.Warnings)), Warnings
		case standing.BuyerRecord:
			continue // about what they bought, which is nobody's affair here
		default:
			rate, _ := s.Rate(f)
			r.Numerator, r.Denominator, r.Excluded, r.Unit = int64(rate.For), int64(rate.Counted()), int64(rate.Excluded()), Orders
			if f == standing.Response {
				r.Unit = Messages
			}
		}
		list = append(list, r)
	}
	return list
}

// utc cuts an instant to what a record can say; none stays none.
func utc(at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	return at.UTC().Truncate(time.Second)
}

// Ended is how many of the seller's orders ended in one way without being
// completed, and how many of those count against them.
type Ended struct {
	Class   string `json:"class"`
	Words   string `json:"words"`
	Orders  int64  `json:"orders"`
	Counted int64  `json:"counted"`
}

// check refuses a record that could not be believed.
func (r Record) check() error {
	switch {
	case !ident.Valid(r.ID), r.Issuer == "", r.Seller.Page == "":
		return errors.New("reputation: a record needs an id, an issuer and a seller")
	case r.Issued.IsZero(), !r.Expires.After(r.Issued):
		return errors.New("reputation: a record ends after it was made")
	case slices.ContainsFunc(r.Figures, func(f Figure) bool { return f.Denominator != 0 && f.Unit != Stars && f.Numerator > f.Denominator }):
		return errors.New("reputation: a share is at most the whole")
	}
	return nil
}

// Tally is how many of a seller's orders ended in one way with one mark.
type Tally struct {
	Class policy.Class
	Mark  standing.Mark
	N     int
}

// EndingsFrom adds up what completion was folded from by class, in the order of
// the rulebook; every class is listed, with nothing, too.
func EndingsFrom(tallies []Tally) []Ended {
	list := make([]Ended, 0, len(policy.Classes()))
	for _, class := range policy.Classes() {
		e := Ended{Class: string(class), Words: standing.Label(class)}
		for _, t := range tallies {
			if t.Class != class {
				continue
			}
			e.Orders += int64(t.N)
			if t.Mark == standing.Against {
				e.Counted += int64(t.N)
			}
		}
		list = append(list, e)
	}
	return list
}

// State is what the house says today about a record that it signed.
type State string

// The closed list of states.
const (
	Valid      State = "valid"
	Superseded State = "superseded" // the seller has made a newer one; this one was right
	Revoked    State = "revoked"    // it says more than is true
	Expired    State = "expired"
	Unknown    State = "unknown" // no record of that name was made here
)

// States are all of them.
func States() []State { return []State{Valid, Superseded, Revoked, Expired, Unknown} }

// Status is what has become of a record since it was signed.
type Status struct {
	ID      ident.Record `json:"id"`
	State   State        `json:"state"`
	Issued  time.Time    `json:"issued,omitzero"`
	Expires time.Time    `json:"expires,omitzero"`
	At      time.Time    `json:"at,omitzero"`      // since when it is superseded or revoked
	Reason  string       `json:"reason,omitempty"` // why it was revoked
	Digest  string       `json:"digest,omitempty"` // of its words, SHA-256
}

// Words say it in one sentence.
func (s Status) Words() string {
	switch s.State {
	case Valid:
		return "The house stands by this record."
	case Superseded:
		return "The seller has made a newer record since. What this one says was right when it was made."
	case Revoked:
		return "The house has taken this record back: " + s.Reason
	case Expired:
		return "This record has ended. Ask the seller for a new one."
	default:
		return "This house has made no record of that name."
	}
}

// Correction is something that counted for a seller and does so no longer. A
// record made since then stands on it and is taken back.
type Correction struct {
	Member ident.Member
	Since  time.Time
	Words  string // for the seller, and for whoever checks the record
}

// Corrected tells whether a change of what one order adds to figures is to the
// disadvantage of its seller: was is what it added before, put what it adds anew
// or otherwise, drop what it adds no longer. What is only new is no correction.
func Corrected(was, put, drop []standing.Contribution) (Correction, bool) {
	for _, w := range was {
		same := func(c standing.Contribution) bool { return c.Figure == w.Figure && c.Member == w.Member }
		var now standing.Contribution
		if i := slices.IndexFunc(put, same); i >= 0 {
			now = put[i]
		} else if !slices.ContainsFunc(drop, same) {
			continue
		}
		if w.Figure == standing.Response && w.Mark == standing.Excluded && now.Mark == standing.Against {
			return Correction{w.Member, now.At, "A first message that was left out of it counts against the seller (" + w.Figure.Name() + ")."}, true
		}
		words := ""
		switch {
		case w.Mark != standing.For:
		case w.Figure == standing.Completion, w.Figure == standing.OnTime:
			words = lost(w.Figure, now.Mark)
		case w.Figure == standing.Earned && (now.Mark != standing.For || now.Value < w.Value):
			words = "Money that counted in it was taken back from the seller."
		}
		if words != "" {
			return Correction{w.Member, w.At, words}, true
		}
	}
	return Correction{}, false
}

func lost(f standing.Figure, now standing.Mark) string {
	switch now {
	case standing.For:
		return ""
	case standing.Against:
		return "An order that counted for the seller in it now counts against them (" + f.Name() + ")."
	}
	return "An order that counted for the seller in it does not count any more (" + f.Name() + ")."
}

// RatingCorrected tells whether a review that was removed had held the seller's
// rating up: c is what is left of it, with the stars that it had, and left the mean
// without it. Who loses a bad one has lost nothing.
func RatingCorrected(c standing.Contribution, left standing.Mean) (Correction, bool) {
	if c.Figure != standing.Rating || c.Mark != standing.Excluded {
		return Correction{}, false
	}
	if left.N > 0 && c.Value*int64(left.N) <= left.Sum {
		return Correction{}, false
	}
	return Correction{c.Member, c.At, "A review that had raised the rating in it was removed."}, true
}

// RatingRestored tells whether a review that stands again, after it was away since
// an instant, holds the seller's rating down: with is the mean with it. A record
// made meanwhile says more than is true; one of before does not.
func RatingRestored(c standing.Contribution, away time.Time, with standing.Mean) (Correction, bool) {
	if c.Figure != standing.Rating || c.Mark != standing.For || !c.At.After(with.Since) {
		return Correction{}, false
	}
	if with.N > 1 && c.Value*int64(with.N) >= with.Sum {
		return Correction{}, false
	}
	return Correction{c.Member, away, "A review that was removed when it was made stands again."}, true
}
