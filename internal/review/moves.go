package review

import (
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
)

// Name names a move, as the table, the API and the history spell it.
type Name string

// The closed list of moves.
const (
	MoveWrite   Name = "write"
	MoveAmend   Name = "amend"
	MoveAnswer  Name = "reply"
	MovePick    Name = "offer_sample"
	MoveDrop    Name = "withdraw_sample"
	MoveConsent Name = "answer_sample"
	MoveReport  Name = "report_demand"
	MoveObject  Name = "challenge"
	MoveReopen  Name = "reopen"
	MoveKeep    Name = "keep"
	MoveRemove  Name = "remove"
	MoveRestore Name = "restore"
	MoveTick    Name = "tick"
)

// Move is what somebody wants to do with a pair. The set is closed: only the
// types below are moves.
type Move interface{ Name() Name }

// Draft is what an author typed.
type Draft struct {
	Stars map[string]int `json:"stars"` // by the name of the criterion
	Text  string         `json:"text"`
}

// Evidence is what a report or a challenge rests on.
type Evidence struct {
	Text     string       `json:"text"`
	Files    []ident.File `json:"files,omitempty"`
	Messages []int        `json:"messages,omitempty"` // numbers in the conversation of the two
	Passage  string       `json:"passage,omitempty"`  // words of the review itself
}

// The moves, with what each brings along.
type (
	// Write rates the other party.
	Write struct{ Draft }
	// Amend puts other stars and words in the place of one's own, once.
	Amend struct{ Draft }
	// Answer is the public reply of the one who was rated, and its correction.
	Answer struct{ Text string }
	// Pick offers a delivered file to stand beside the buyer's review. Delivered
	// are the files of the order's deliveries.
	Pick struct {
		File      ident.File
		Delivered []ident.File
	}
	// Drop takes the offered file back.
	Drop struct{}
	// Consent is the buyer's yes or no, which may change.
	Consent struct{ Yes bool }
	// Report says that something was demanded for a good review, or against a bad one.
	Report struct {
		Evidence
		Case ident.Case // that the desk gets
	}
	// Object asks the desk to remove the review about oneself.
	Object struct {
		Reason string
		Evidence
		Case     ident.Case
		DecideBy time.Time
	}
	// Reopen brings a decided challenge before the desk again: an appeal.
	Reopen struct {
		By       Side // whose review
		Case     ident.Case
		DecideBy time.Time
	}
	// Keep ends a challenge without a change. Withdrawn: its maker took it back.
	Keep struct {
		By        Side
		Withdrawn bool
	}
	// Remove puts a tombstone in the place of a review.
	Remove struct {
		By     Side
		Reason string
		Role   string // of the decider, in words
		Case   ident.Case
	}
	// Restore takes a tombstone away.
	Restore struct {
		By   Side
		Role string
		Case ident.Case
	}
	// Tick fires what is due and does nothing else.
	Tick struct{}
)

// Name names the move.
func (Write) Name() Name   { return MoveWrite }
func (Amend) Name() Name   { return MoveAmend }   // Name names the move.
func (Answer) Name() Name  { return MoveAnswer }  // Name names the move.
func (Pick) Name() Name    { return MovePick }    // Name names the move.
func (Drop) Name() Name    { return MoveDrop }    // Name names the move.
func (Consent) Name() Name { return MoveConsent } // Name names the move.
func (Report) Name() Name  { return MoveReport }  // Name names the move.
func (Object) Name() Name  { return MoveObject }  // Name names the move.
func (Reopen) Name() Name  { return MoveReopen }  // Name names the move.
func (Keep) Name() Name    { return MoveKeep }    // Name names the move.
func (Remove) Name() Name  { return MoveRemove }  // Name names the move.
func (Restore) Name() Name { return MoveRestore } // Name names the move.
func (Tick) Name() Name    { return MoveTick }    // Name names the move.

// The events that a pair's life is made of.
const (
	Written        = "review.written"
	Amended        = "review.amended"
	Revealed       = "review.revealed"
	Replied        = "review.replied"
	ReplyEdited    = "review.reply_edited"
	SampleOffered  = "review.sample_offered"
	SampleDropped  = "review.sample_withdrawn"
	SampleAgreed   = "review.sample_agreed"
	SampleRefused  = "review.sample_refused"
	DemandReported = "review.demand_reported"
	Challenged     = "review.challenged"
	Reopened       = "review.challenge_reopened"
	KeptReview     = "review.kept"
	Removed        = "review.removed"
	Restored       = "review.restored"
)

// Kinds lists every kind of event of a pair, in the order of life.
func Kinds() []effect.Kind {
	return []effect.Kind{
		Written, Amended, Revealed, Replied, ReplyEdited, SampleOffered, SampleDropped, SampleAgreed, SampleRefused,
		DemandReported, Challenged, Reopened, KeptReview, Removed, Restored,
	}
}

// The small facts of an event.
const (
	FactBy       = "by"       // whose review it is about: buyer, seller
	FactReason   = "reason"   // of a challenge or a removal, by name
	FactRole     = "role"     // of the decider
	FactCase     = "case"     // that decides
	FactBlind    = "blind"    // "yes": written or amended before the reveal
	FactBoth     = "both"     // "yes" when both are in
	FactVerdict  = "verdict"  // how a challenge ended
	FactUnrated  = "unrated"  // "yes": a demand that came before the rating
	FactMessages = "messages" // numbers, with spaces
	FactPassage  = "passage"  // words of the review that are objected to
	FactStars    = "stars:"   // + name of the criterion
)
