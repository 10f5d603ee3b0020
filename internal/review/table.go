package review

import (
	"guildhall/internal/order"
)

// Row is one line of the table: who may make which move, what else must hold,
// and what comes of it.
type Row struct {
	Move   Name
	By     []order.Party
	Guard  string // in words; the code is in do
	Result string
	do     func(*turn, Move) error
}

// Table is every move there is. None of them gives anybody but the author a
// hand on stars or words.
func Table() []Row {
	parties := []order.Party{order.Buyer, order.Seller}
	agent := []order.Party{order.Agent}
	return []Row{
		{MoveWrite, parties, "the order may be reviewed, the window is open, not yet written", "waits closed; both are revealed once both are in", write},
		{MoveAmend, parties, "one's own, once, in time, not removed", "other stars and words; the earlier ones stay in the history", amend},
		{MoveAnswer, parties, "a revealed review about oneself, once, in time; its correction in time", "a public reply", answer},
		{MovePick, []order.Party{order.Seller}, "the buyer's revealed review; a file that was delivered", "the buyer is asked", pick},
		{MoveDrop, []order.Party{order.Seller}, "a file was offered", "no sample any more", drop},
		{MoveConsent, []order.Party{order.Buyer}, "a file was offered", "shown to everybody, or to nobody", consent},
		{MoveReport, parties, "paid, nothing revealed, the window not over, once for each side", "kept as a fact; a case for the desk", report},
		{MoveObject, parties, "a revealed review about oneself, once; a reason of the list and evidence", "under challenge; a case for the desk", object},
		{MoveReopen, parties, "a challenge that was decided", "under challenge again; an appeal", reopen},
		{MoveKeep, append(parties, order.Agent), "an open challenge; its maker takes it back, or the desk decides", "the review stays as it is", keep},
		{MoveRemove, agent, "revealed; a reason of the list", "a tombstone stands in its place", remove},
		{MoveRestore, agent, "removed", "it stands again as it was", restore},
		{MoveTick, []order.Party{order.Clock}, "", "reveals what is in once the window is over", func(*turn, Move) error { return nil }},
	}
}

var table = func() map[Name]Row {
	rows := map[Name]Row{}
	for _, r := range Table() {
		rows[r.Move] = r
	}
	return rows
}()
