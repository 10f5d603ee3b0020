package market

import (
	"guildhall/internal/desk"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/standing"
	"guildhall/internal/store"
	"guildhall/internal/talk"
)

// ofTalk is what the first message of a conversation adds to figures, by the
// rules under which it was asked.
func (m *Market) ofTalk(t talk.Thread) []standing.Contribution {
	return standing.OfTalk(t.ID, t.First, m.PolicyAt(t.First.At))
}

// askedIn is the conversation with the message that a case is about.
func askedIn(tx *store.Tx, c desk.Case) (talk.Thread, error) {
	id, _ := messageAt(c.Subject.ID)
	return tx.Thread(ident.Thread(id))
}

// weighSpam works out what a finding makes of the question that the case is about.
func (m *Market) weighSpam(tx *store.Tx, who member.Actor, c desk.Case, d desk.Decision, v *verdict) (err error) {
	if d.Spam == "" {
		return nil
	}
	if v.asked, err = askedIn(tx, c); err != nil {
		return err
	}
	agent := member.Actor{Member: who.Member, Role: member.RoleAgent}
	v.judged, v.judgedSet = talk.Judge(m.Now(), v.asked, d.Spam == desk.IsSpam, agent)
	return nil
}

// settleSpam saves it.
func (m *Market) settleSpam(tx *store.Tx, v verdict) error {
	if len(v.judgedSet.Events) == 0 {
		return nil
	}
	return m.saveThread(tx, v.asked.First, v.judged, v.judgedSet)
}

// takeBackReport has a question count again whose report as spam was taken back.
// An appeal that is taken back leaves what was decided.
func (m *Market) takeBackReport(tx *store.Tx, who member.Actor, c desk.Case) error {
	if !c.OwesFinding() {
		return nil
	}
	t, err := askedIn(tx, c)
	if err != nil {
		return err
	}
	next, set := talk.Judge(m.Now(), t, false, member.Actor{Member: who.Member, Role: member.RoleMember})
	return m.saveThread(tx, t.First, next, set)
}
