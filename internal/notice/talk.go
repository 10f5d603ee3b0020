package notice

import (
	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/talk"
)

// talkRules are the words about a conversation. Only the first message after
// everything was read goes by letter: the others wait in the same place.
func talkRules() map[effect.Kind][]line {
	return map[effect.Kind][]line{
		talk.Said: {
			{to: other, fits: when("letter", "yes"), title: "{other} wrote to you",
				body: "[“{words}” ][{files} attached. ]You can answer on the page of your conversation."},
			{to: other, quiet: true, title: "{other} wrote to you",
				body: "[“{words}” ][{files} attached. ]It waits with the messages before it."},
		},
		talk.Reported:  silent, // the desk reads reports; the one reported is told of a decision, never of a report
		talk.Upheld:    silent, // the letter of the case says it, to whoever reported it
		talk.Dropped:   silent,
		talk.Closed:    silent, // whoever would answer reads it in place of the box to write in
		talk.Blocked:   silent,
		talk.Unblocked: silent,
	}
}

// knows tells whether somebody has read a message before they could be told of
// it: on its page, while it was open.
func (f Facts) knows(who Person, e effect.Event) bool {
	return e.Kind == talk.Said && f.ReadTo[who.ID] >= e.Detail.Of && e.Detail.Of > 0
}

// OfThread tells which conversation an event happened in.
func OfThread(e effect.Event) (ident.Thread, bool) {
	id := ident.Thread(e.Stream)
	return id, ident.Valid(id)
}
