package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
)

type queueIn struct {
	Page
	State desk.State `query:"state" enum:"waiting,answered,seconding,decided,closed" default:"waiting"`
	Kind  desk.Kind  `query:"kind" enum:"cancel,challenge,breach,level,payment,other,unheard,blameless"`
	Whose string     `query:"whose" enum:"mine,nobody" doc:"Absent for everybody's."`
	Late  bool       `query:"late" doc:"Only where the target of the first answer has passed."`
	Words string     `query:"words" maxLength:"100" doc:"Part of the ref, the order or a name."`
}

// Share is a part of the whole in hundredths of a percent.
type Share = money.BasisPoints

// EndingPart is a share that goes back, and whose fault it is.
type EndingPart struct {
	Fault order.Fault `json:"fault" enum:"seller,buyer,nobody,platform"`
	Cause string      `json:"cause,omitempty" maxLength:"60" doc:"Of a cancellation: one of the rulebook's list."`
	Share Share       `json:"share" minimum:"0" maximum:"10000" doc:"Hundredths of a percent that go back to the buyer."`
}

// Decision is one bundle: everything in it happens, or nothing does.
type Decision struct {
	Cancel   *EndingPart  `json:"cancel,omitempty" doc:"End the order."`
	Refund   *EndingPart  `json:"refund,omitempty" doc:"Give a share back, of a running or a completed order."`
	Complete bool         `json:"complete,omitempty"`
	Hold     string       `json:"hold,omitempty" maxLength:"1000" doc:"Let every clock stand; the reason that both parties see."`
	Release  bool         `json:"release,omitempty"`
	Warn     []desk.Side  `json:"warn,omitempty" maxItems:"2" enum:"opener,other"`
	Suspend  []desk.Side  `json:"suspend,omitempty" maxItems:"2" enum:"opener,other"`
	Lift     []desk.Side  `json:"lift,omitempty" maxItems:"2" enum:"opener,other" doc:"End a suspension and take back the warning of this case, or of the one appealed against."`
	Dismiss  bool         `json:"dismiss,omitempty" doc:"Nothing changes."`
	Spam     desk.Finding `json:"spam,omitempty" enum:"spam,no_spam" doc:"What is found of the first message that the case is about, where its question is true: spam is left out of the seller's response rate, what is none counts as if nobody had reported it."`
	Remove   string       `json:"remove_review,omitempty" maxLength:"60" doc:"Put a tombstone in the place of the review that the case is about: one of the policy's reasons, by name."`
	Restore  bool         `json:"restore_review,omitempty" doc:"Let a removed review stand again; on an appeal."`
	Rule     string       `json:"rule" maxLength:"1000" doc:"The rule it rests on."`
	Facts    string       `json:"facts" maxLength:"100000" doc:"What was found, in words that both parties read."`
}

func (d Decision) decision() desk.Decision {
	return desk.Decision{
		Cancel: (*desk.Ending)(d.Cancel), Refund: (*desk.Ending)(d.Refund), Complete: d.Complete, Hold: d.Hold, Release: d.Release,
		Warn: d.Warn, Suspend: d.Suspend, Lift: d.Lift, Dismiss: d.Dismiss, Rule: d.Rule, Facts: d.Facts,
		RemoveReview: d.Remove, RestoreReview: d.Restore, Spam: d.Spam,
	}
}

func decisionOf(d desk.Decision) Decision {
	return Decision{
		Cancel: (*EndingPart)(d.Cancel), Refund: (*EndingPart)(d.Refund), Complete: d.Complete, Hold: d.Hold, Release: d.Release,
		Warn: d.Warn, Suspend: d.Suspend, Lift: d.Lift, Dismiss: d.Dismiss, Rule: d.Rule, Facts: d.Facts,
		Remove: d.RemoveReview, Restore: d.RestoreReview, Spam: d.Spam,
	}
}

// DecisionPreview is what a decision would do.
type DecisionPreview struct {
	Digest  string          `json:"digest" doc:"Hand it back to confirm; another effect is refused."`
	Does    []string        `json:"does" doc:"In words."`
	Amount  Money           `json:"amount" doc:"That it moves."`
	Second  bool            `json:"second" doc:"It needs a second person."`
	State   order.State     `json:"state,omitempty" doc:"Of the order, afterwards."`
	Class   policy.Class    `json:"class,omitempty"`
	Held    bool            `json:"held,omitempty"`
	Ledger  []LedgerShift   `json:"ledger" doc:"By how much each account changes."`
	Figures []DecisionShift `json:"figures" doc:"The figures of both parties that it touches."`
	Levels  []LevelDecided  `json:"levels" doc:"Where those of them who sell would stand."`
	Warned  []WarnedSide    `json:"warned"`
	Lifted  []LiftedSide    `json:"lifted,omitempty" doc:"What lifting takes from each side."`
	Review  *RatedShift     `json:"review,omitempty" doc:"What becomes of the review that the case is about, and of the counts of who was rated."`
}

// LedgerShift is by how much an account changes.
type LedgerShift struct {
	Account string `json:"account"`
	Amount  Money  `json:"amount"`
}

// DecisionShift is one figure of one person, before and after.
type DecisionShift struct {
	Member ident.Member    `json:"member"`
	Figure standing.Figure `json:"figure"`
	Before string          `json:"before"`
	After  string          `json:"after"`
	Until  *time.Time      `json:"until,omitempty" doc:"It leaves the figure then."`
	Latest *time.Time      `json:"until_at_most,omitempty" doc:"Where few things count the window reaches back for it, at most until then; absent where many do."`
}

// LevelDecided is the level of one person, before and after.
type LevelDecided struct {
	Member ident.Member `json:"member"`
	LevelShift
}

// WarnedSide is somebody who would be warned, and until when.
type WarnedSide struct {
	Side  desk.Side `json:"side"`
	Until time.Time `json:"until"`
}

// LiftedSide is what a decision that lifts takes from somebody.
type LiftedSide struct {
	Side     desk.Side `json:"side"`
	Opens    bool      `json:"opens" doc:"Their account is suspended and would be open again."`
	Warnings int       `json:"warnings" doc:"How many would be taken back."`
}

func previewOf(v market.DecisionPreview) DecisionPreview {
	p := DecisionPreview{
		Digest: v.Digest, Does: filled(v.Does), Amount: moneyOf(v.Amount), Second: v.Second,
		Ledger: []LedgerShift{}, Figures: []DecisionShift{}, Levels: []LevelDecided{}, Warned: []WarnedSide{},
	}
	if v.Next != nil {
		p.State, p.Class, p.Held = v.Next.State, v.Next.EndingClass(), v.Next.Held()
	}
	for account, minor := range v.Moved {
		p.Ledger = append(p.Ledger, LedgerShift{string(account), moneyOf(money.Of(minor, v.Amount.Currency))})
	}
	if r := v.Rated; r != nil {
		p.Review = &RatedShift{r.By, r.Of, r.Removed, r.Restored, sumsOf(r.Was), sumsOf(r.Then)}
	}
	slices.SortFunc(p.Ledger, func(a, b LedgerShift) int { return strings.Compare(a.Account, b.Account) })
	for _, f := range v.Figures {
		p.Figures = append(p.Figures, DecisionShift{f.Member, f.Figure, f.Says[0], f.Says[1], instant(f.Until), latestOf(f)})
	}
	for _, l := range v.Levels {
		p.Levels = append(p.Levels, LevelDecided{l.Member, *levelShiftOf(l)})
	}
	for _, side := range []desk.Side{desk.Opener, desk.Across} {
		if until, warned := v.Warned[side]; warned {
			p.Warned = append(p.Warned, WarnedSide{side, until.UTC()})
		}
		if l, lifts := v.Lifted[side]; lifts {
			p.Lifted = append(p.Lifted, LiftedSide{side, l.Opens, l.Warnings})
		}
	}
	return p
}

// DeskCase is everything that an agent sees of a case.
type DeskCase struct {
	CaseRow
	Mine     bool        `json:"mine" doc:"You work on it."`
	Second   bool        `json:"may_second" doc:"A decision waits for your yes or no."`
	Proposed *Decision   `json:"proposed,omitempty"`
	Question bool        `json:"question,omitempty" doc:"It is about a seller's first message from somebody, reported as spam: the decision says whether it is."`
	Story    []CaseLine  `json:"story"`
	OrderNow *OrderHead  `json:"order_now,omitempty"`
	Timeline []Event     `json:"timeline"`
	Said     []CaseSaid  `json:"conversation" doc:"What the two said to each other, newest last."`
	Looks    []CaseLook  `json:"looks"`
	People   []DeskParty `json:"people"`
	Earlier  []CaseRow   `json:"earlier" doc:"Other cases about the same order."`
	Reviews  *CaseRated  `json:"reviews,omitempty" doc:"Of the order, once everybody can read them, with the demands that were reported."`
}

// CaseSaid is one message of the conversation.
type CaseSaid struct {
	No   int       `json:"no"`
	By   string    `json:"by" doc:"A name."`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// DeskParty is one of the people of a case as the desk sees them.
type DeskParty struct {
	Side      desk.Side            `json:"side"`
	Person    Person               `json:"person"`
	Sold      map[order.Bucket]int `json:"sold" doc:"Orders as the seller, by state."`
	Bought    map[order.Bucket]int `json:"bought"`
	Figures   []DeskFigure         `json:"figures"`
	Warnings  []Warning            `json:"warnings"`
	Suspended bool                 `json:"suspended"`
}

// DeskFigure is one figure as it stands now.
type DeskFigure struct {
	Figure standing.Figure `json:"figure"`
	Value  string          `json:"value"`
	For    int             `json:"for"`
	Count  int             `json:"counted"`
}

func (a *API) deskCaseOf(v market.DeskPage) DeskCase {
	d := DeskCase{
		CaseRow: CaseRow{CaseHead: caseHeadOf(v.Case), Opener: v.Names[v.Case.Opener], Other: v.Names[v.Case.Other], Agent: v.Names[v.Case.Agent]},
		Mine:    v.Mine, Second: v.Second, Question: v.Case.Matter.Question, Story: make([]CaseLine, len(v.Story)), Timeline: []Event{}, Said: []CaseSaid{},
		Looks: make([]CaseLook, len(v.Looks)), Earlier: make([]CaseRow, len(v.Earlier)),
	}
	for i, e := range v.Story {
		d.Story[i] = caseLineOf(v.Case, e, v.Names, v.Files)
	}
	for i, l := range v.Looks {
		d.Looks[i] = lookOf(l)
	}
	for i, r := range v.Earlier {
		d.Earlier[i] = caseRowOf(r)
	}
	if r := v.Case.Matter.Ruling; r != nil && v.Case.State == desk.Seconding {
		proposed := decisionOf(r.Decision)
		d.Proposed = &proposed
	}
	if v.Order != nil {
		head := headOf(*v.Order, a.Market.Now())
		d.OrderNow, d.OrderRef = &head, v.Order.Ref
		page := market.OrderPage{Order: *v.Order, Buyer: member.Member{ID: v.Order.Buyer}, Seller: member.Member{ID: v.Order.Seller}, Files: v.Files}
		for _, e := range v.OrderEvents {
			d.Timeline = append(d.Timeline, eventOf(page, e))
		}
	}
	d.Reviews = caseRatedOf(v)
	for _, s := range v.Conversation {
		d.Said = append(d.Said, CaseSaid{s.No, v.Names[s.Author], s.At.UTC(), s.Text})
	}
	d.People = []DeskParty{}
	for side, who := range map[desk.Side]*member.Member{desk.Opener: v.Opener, desk.Across: v.Other} {
		if who != nil {
			d.People = append(d.People, a.deskPartyOf(side, *who, v.Records[side]))
		}
	}
	slices.SortFunc(d.People, func(x, y DeskParty) int { return strings.Compare(string(y.Side), string(x.Side)) })
	return d
}

func (a *API) deskPartyOf(side desk.Side, who member.Member, r market.Record) DeskParty {
	p := DeskParty{
		Side: side, Person: personOf(who, a.Market.Now()), Sold: r.Sold, Bought: r.Bought, Suspended: r.Suspended,
		Figures: []DeskFigure{}, Warnings: make([]Warning, len(r.Warnings)),
	}
	for _, f := range r.Sheet.Rates() {
		p.Figures = append(p.Figures, DeskFigure{f.Figure, f.String(), f.For, f.Counted()})
	}
	for i, w := range r.Warnings {
		p.Warnings[i] = a.warningOf(w)
	}
	return p
}

type deskAnswerIn struct {
	Keyed
	CaseAt
	Body struct {
		To    string       `json:"to" enum:"both,opener,other" doc:"Who reads it."`
		Text  string       `json:"text" maxLength:"100000"`
		Files []ident.File `json:"files,omitempty" maxItems:"100"`
	}
}

type deskNoteIn struct {
	Keyed
	CaseAt
	Body struct {
		Text string `json:"text" maxLength:"100000"`
	}
}

type previewDecisionIn struct {
	CaseAt
	Body Decision
}

type decideIn struct {
	Keyed
	CaseAt
	Body struct {
		Decision
		Digest string `json:"digest" maxLength:"100" doc:"Of the preview."`
	}
}

type secondIn struct {
	Keyed
	CaseAt
	Body struct {
		Yes    bool   `json:"yes"`
		Text   string `json:"text,omitempty" maxLength:"100000" doc:"Why not."`
		Digest string `json:"digest,omitempty" maxLength:"100" doc:"Of the effect as it would be now; needed to agree."`
	}
}

func (a *API) desk() {
	reads := func(path, id, does string) route {
		return route{method: http.MethodGet, path: path, id: id, tag: "Desk", who: atDesk, scopes: managing, does: does}
	}
	acts := func(path, id, does string) route {
		return route{method: http.MethodPost, path: "/desk/{id}/" + path, id: id, tag: "Desk", who: atDesk, scopes: managing, does: does}
	}
	serve(a, reads("/desk", "desk-queue", "The cases that you may work on, oldest first"), func(ctx context.Context, in *queueIn) (*answer[List[CaseRow]], error) {
		rows, next, err := a.Market.Queue(ctx, actor(ctx), market.QueueFilter{State: in.State, Kind: in.Kind, Whose: in.Whose, Late: in.Late, Words: in.Words}, market.Cursor(in.Cursor), in.Limit)
		return ok(listOf(rows, string(next), caseRowOf), err)
	})
	serve(a, reads("/desk/{id}", "desk-case", "A case with its order, conversation and people; this look is written down for them to see"), func(ctx context.Context, in *CaseAt) (*answer[DeskCase], error) {
		v, err := a.Market.DeskPage(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return ok(a.deskCaseOf(v), nil)
	})
	serve(a, reads("/desk/{id}/proposed", "desk-proposed", "What a proposed decision would do now"), func(ctx context.Context, in *CaseAt) (*answer[DecisionPreview], error) {
		v, err := a.Market.ProposedDecision(ctx, actor(ctx), in.ID)
		return ok(previewOf(v), err)
	})
	serve(a, acts("take", "take-case", "Work on a case, also in somebody's place"), func(ctx context.Context, in *bareCase) (*answer[CaseHead], error) {
		c, err := a.Market.TakeCase(ctx, actor(ctx), in.Key, in.ID)
		return ok(caseHeadOf(c), err)
	})
	serve(a, acts("put-back", "put-case-back", "Leave a case to whoever takes it next"), func(ctx context.Context, in *bareCase) (*answer[CaseHead], error) {
		c, err := a.Market.PutCaseBack(ctx, actor(ctx), in.Key, in.ID)
		return ok(caseHeadOf(c), err)
	})
	serve(a, acts("answer", "answer-case", "Answer its people"), func(ctx context.Context, in *deskAnswerIn) (*answer[CaseHead], error) {
		c, err := a.Market.AnswerCase(ctx, actor(ctx), in.Key, in.ID, market.CaseWords{Text: in.Body.Text, Files: in.Body.Files, To: in.Body.To})
		return ok(caseHeadOf(c), err)
	})
	serve(a, acts("note", "note-case", "Leave words that only the desk reads"), func(ctx context.Context, in *deskNoteIn) (*answer[CaseHead], error) {
		c, err := a.Market.NoteCase(ctx, actor(ctx), in.Key, in.ID, in.Body.Text)
		return ok(caseHeadOf(c), err)
	})
	serve(a, acts("preview", "preview-decision", "What a decision would do to both parties"), func(ctx context.Context, in *previewDecisionIn) (*answer[DecisionPreview], error) {
		v, err := a.Market.PreviewDecision(ctx, actor(ctx), in.ID, in.Body.decision())
		return ok(previewOf(v), err)
	})
	serve(a, acts("decide", "decide-case", "Confirm a decision whose effect was shown; above an amount it waits for a second person"), func(ctx context.Context, in *decideIn) (*answer[CaseHead], error) {
		c, err := a.Market.DecideCase(ctx, actor(ctx), in.Key, in.ID, in.Body.decision(), in.Body.Digest)
		return ok(caseHeadOf(c), err)
	})
	serve(a, acts("second", "second-decision", "The second person's yes or no"), func(ctx context.Context, in *secondIn) (*answer[CaseHead], error) {
		c, err := a.Market.SecondCase(ctx, actor(ctx), in.Key, in.ID, in.Body.Yes, in.Body.Text, in.Body.Digest)
		return ok(caseHeadOf(c), err)
	})
}
