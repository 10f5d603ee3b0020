package page

import (
	"strconv"

	"guildhall/internal/review"
)

// moveFields are the fields behind a button in their order, for the summary of faults.
func (v ReviewProps) moveFields(m review.Name) []string {
	if m == review.MoveAmend {
		return v.writeFields()
	}
	return []string{"file", "reason", "text", "evidence", "passage", "messages", "files"}
}

// carries tells whether files come with a form.
func (v ReviewProps) carries(m review.Name) bool {
	return m == review.MoveReport || m == review.MoveObject
}

// confirmVerb repeats the verb with what follows.
func (v ReviewProps) confirmVerb(o review.Option) string {
	switch o.Move {
	case review.MoveAmend:
		return "Change your review · this once"
	case review.MoveAnswer:
		return o.Verb + " · everybody reads it"
	case review.MovePick:
		return "Ask " + v.Buyer.Name + " about this file"
	case review.MoveReport:
		return "Report it to support"
	case review.MoveObject:
		return "Challenge this review · support decides"
	}
	return o.Verb
}

// shown tells whether the work sample stands beside the review now.
func (v ReviewProps) shown() bool {
	return v.Pair.ByBuyer != nil && v.Pair.ByBuyer.Sample.Shown()
}

func (v ReviewProps) textHint() string {
	return "At least " + strconv.Itoa(max(1, v.Policy.Reviews.MinText)) + " characters."
}

func (v ReviewProps) filesHint() string {
	l := v.Policy.Limits
	return "Up to " + strconv.Itoa(l.FilesPerPost) + " files of " + sizeWords(l.UploadBytes) + " each. Screenshots help."
}

func (v ReviewProps) messagesVerb() string {
	return "Choose from your newest messages with " + v.other().Name
}
