package market

import (
	"context"
	"time"

	"guildhall/internal/member"
	"guildhall/internal/store"
)

// HelpCount is what readers said about one edition of a help article.
type HelpCount = store.HelpCount

// HelpVote counts whether a help article answered somebody's question. It is
// counted, not attributed: nobody is remembered by it.
func (m *Market) HelpVote(ctx context.Context, article string, revised time.Time, answered bool) error {
	return m.store.Update(ctx, func(tx *store.Tx) error {
		return tx.AddHelpVote(article, revised.Format(time.DateOnly), answered)
	})
}

// HelpVotes are the counts by article and the day its words last changed.
// Errors: fault.NotFound for anyone but an operator.
func (m *Market) HelpVotes(ctx context.Context, who member.Actor) (list []HelpCount, err error) {
	if err := who.NeedOperator(); err != nil {
		return nil, err
	}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		list, err = tx.HelpVotes()
		return err
	})
	return list, err
}
