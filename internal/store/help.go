package store

import "guildhall/internal/store/db"

// HelpCount is what readers said about one edition of a help article.
type HelpCount struct {
	Article  string
	Revised  string // the day its words last changed, 2006-01-02
	Answered int
	Missed   int
}

// AddHelpVote counts one reader's answer.
func (tx *Tx) AddHelpVote(article, revised string, answered bool) error {
	p := db.HelpVoteParams{Article: article, Revised: revised}
	if answered {
		p.Answered = 1
	} else {
		p.Missed = 1
	}
	return tx.q.HelpVote(tx.ctx, p)
}

// HelpVotes lists the counts of every edition that somebody voted on.
func (tx *Tx) HelpVotes() ([]HelpCount, error) {
	rows, err := tx.q.HelpVotes(tx.ctx)
	return rowsOf(rows, func(r db.HelpVote) HelpCount {
		return HelpCount{Article: r.Article, Revised: r.Revised, Answered: int(r.Answered), Missed: int(r.Missed)}
	}), err
}
