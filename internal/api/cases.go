package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
)

// CaseHead is what lists and the case itself tell alike.
type CaseHead struct {
	ID       ident.Case  `json:"id" pattern:"^case_[0-9a-z]{26}$"`
	Ref      string      `json:"ref" doc:"The short name that people read out."`
	Kind     desk.Kind   `json:"kind" enum:"cancel,challenge,breach,level,payment,other,unheard,blameless"`
	State    desk.State  `json:"state" enum:"waiting,answered,seconding,decided,closed"`
	About    desk.About  `json:"about,omitempty" enum:"order,message,offer,gig,page,review"`
	Subject  string      `json:"subject,omitempty" doc:"The id or path of what it is about."`
	Order    ident.Order `json:"order,omitempty"`
	Opened   time.Time   `json:"opened_at"`
	AnswerBy time.Time   `json:"answer_by" doc:"The target of the first answer."`
	Answered *time.Time  `json:"answered_at,omitempty"`
	Overdue  bool        `json:"overdue" doc:"The target passed without an answer."`
	Decided  *time.Time  `json:"decided_at,omitempty"`
	Appeal   *time.Time  `json:"appeal_until,omitempty"`
	Closed   *time.Time  `json:"closed_at,omitempty"`
	AppealOf ident.Case  `json:"appeal_of,omitempty" doc:"The case that this is an appeal against."`
	AppealTo ident.Case  `json:"appealed_in,omitempty" doc:"The appeal that was made of this."`
	DecideBy *time.Time  `json:"decide_by,omitempty" doc:"The target of the decision, of a challenged review."`
}

func caseHeadOf(c desk.Case) CaseHead {
	return CaseHead{
		ID: c.ID, Ref: c.Ref, Kind: c.Kind, State: c.State, About: c.Subject.About, Subject: c.Subject.ID, Order: c.Order,
		Opened: c.OpenedAt.UTC(), AnswerBy: c.AnswerBy.UTC(), Answered: instant(c.AnsweredAt), Overdue: c.Overdue,
		Decided: instant(c.DecidedAt), Appeal: instant(c.AppealUntil), Closed: instant(c.ClosedAt),
		AppealOf: c.Matter.AppealOf, AppealTo: c.Matter.Appeal, DecideBy: instant(c.Matter.DecideBy),
	}
}

// CaseRow is a case in a list.
type CaseRow struct {
	CaseHead
	Opener   string `json:"opener,omitempty" doc:"A name; absent where the house opened it."`
	Other    string `json:"other,omitempty"`
	Agent    string `json:"agent,omitempty" doc:"Who works on it."`
	OrderRef string `json:"order_ref,omitempty"`
}

func caseRowOf(r market.CaseRow) CaseRow {
	return CaseRow{CaseHead: caseHeadOf(r.Case), Opener: r.Opener, Other: r.Other, Agent: r.Agent, OrderRef: r.OrderRef}
}

// CaseLine is one line of a case's story.
type CaseLine struct {
	No    int               `json:"no"`
	Kind  effect.Kind       `json:"kind"`
	At    time.Time         `json:"at"`
	By    string            `json:"by" enum:"opener,other,desk,clock"`
	Name  string            `json:"name,omitempty"`
	To    string            `json:"to,omitempty" enum:"both,opener,other,desk" doc:"Who reads it."`
	Text  string            `json:"text,omitempty"`
	Files []File            `json:"files"`
	Until *time.Time        `json:"until,omitempty"`
	Facts map[string]string `json:"facts,omitempty" doc:"Of a decision: the rule, what it does, the role of the decider and the version of the rulebook."`

	Record string `json:"record,omitempty" doc:"What the house attached by itself: the story of the order, your figures, the message."`
	Kept   string `json:"kept,omitempty" doc:"What of it only the desk reads."`
}

// CaseLook is one reading of private things by the desk.
type CaseLook struct {
	At    time.Time  `json:"at"`
	Agent string     `json:"agent"`
	What  string     `json:"what"`
	Case  ident.Case `json:"case,omitempty" doc:"Absent where you are not in it."`
}

func lookOf(l market.Look) CaseLook { return CaseLook{l.At.UTC(), l.Agent, l.What, l.Case} }

// Case is everything that one of its people sees.
type Case struct {
	CaseHead
	You        desk.Side    `json:"you" enum:"opener,other"`
	Policy     ident.Policy `json:"policy"`
	Lines      []CaseLine   `json:"lines"`
	Looks      []CaseLook   `json:"looks" doc:"What the desk read of your affairs, each time, newest first."`
	MaySay     bool         `json:"may_say"`
	MayClose   bool         `json:"may_withdraw"`
	MayAppeal  bool         `json:"may_appeal"`
	DecisionBy string       `json:"decided_by,omitempty" doc:"In which capacity."`
}

func casePageOf(v market.CasePage) Case {
	c := Case{
		CaseHead: caseHeadOf(v.Case), You: v.Side, Policy: v.Case.Policy, Lines: make([]CaseLine, len(v.Lines)), Looks: make([]CaseLook, len(v.Looks)),
		MaySay: v.CanSay, MayClose: v.CanEnd, MayAppeal: v.Appeals,
	}
	for i, e := range v.Lines {
		c.Lines[i] = caseLineOf(v.Case, e, v.Names, v.Files)
		if e.Kind == desk.DecidedCase {
			c.DecisionBy = e.Detail.Facts[desk.FactRole]
		}
	}
	for i, l := range v.Looks {
		c.Looks[i] = lookOf(l)
	}
	return c
}

func caseLineOf(c desk.Case, e effect.Event, names map[ident.Member]string, files map[ident.File]market.File) CaseLine {
	l := CaseLine{
		No: e.Seq, Kind: e.Kind, At: e.At.UTC(), By: "desk", Name: names[e.Actor], To: e.Detail.Facts[desk.FactTo],
		Text: e.Detail.Text, Files: make([]File, len(e.Detail.Files)), Until: instant(e.Detail.Until),
		Record: e.Detail.Facts[desk.FactRecord], Kept: e.Detail.Facts[desk.FactKept],
	}
	if e.Actor == "" {
		l.By = "clock"
	} else if side, party := c.SideOf(e.Actor); party {
		l.By = string(side)
	}
	for i, id := range e.Detail.Files {
		l.Files[i] = fileOf(files[id])
	}
	if e.Kind == desk.DecidedCase || e.Kind == desk.Proposed {
		l.Facts = e.Detail.Facts
	}
	return l
}

type newCaseIn struct {
	Keyed
	Body struct {
		Kind    desk.Kind    `json:"kind" enum:"cancel,challenge,breach,level,payment,other"`
		About   desk.About   `json:"about,omitempty" enum:"order,message,offer,gig,page"`
		Subject string       `json:"subject,omitempty" maxLength:"200" doc:"The id of the order, offer or gig; thread and number of a message with a slash between; the path of a page."`
		Text    string       `json:"text" maxLength:"100000"`
		Files   []ident.File `json:"files,omitempty" maxItems:"100" doc:"Uploads of yours with the purpose order."`
	}
}

// CaseAt is the address of a case.
type CaseAt struct {
	ID ident.Case `path:"id" pattern:"^case_[0-9a-z]{26}$"`
}

type bareCase struct {
	Keyed
	CaseAt
}

type caseWordsIn struct {
	Keyed
	CaseAt
	Body struct {
		Text  string       `json:"text" maxLength:"100000"`
		Files []ident.File `json:"files,omitempty" maxItems:"100" doc:"Uploads of yours with the purpose order."`
	}
}

func (in *caseWordsIn) words() market.CaseWords {
	return market.CaseWords{Text: in.Body.Text, Files: in.Body.Files}
}

// Warning is one warning with its end.
type Warning struct {
	ID     ident.Warning `json:"id" pattern:"^warning_[0-9a-z]{26}$"`
	Case   ident.Case    `json:"case"`
	Why    string        `json:"why"`
	Given  time.Time     `json:"given_at"`
	Until  time.Time     `json:"until"`
	Lifted *time.Time    `json:"lifted_at,omitempty"`
	Active bool          `json:"active"`
}

func (a *API) warningOf(w market.Warning) Warning {
	return Warning{w.ID, w.Case, w.Why, w.Given.UTC(), w.Until.UTC(), instant(w.Lifted), w.Active(a.Market.Now())}
}

var managing = []member.Scope{member.ScopeManage}

func (a *API) cases() {
	reads := func(path, id, does string) route {
		return route{method: http.MethodGet, path: path, id: id, tag: "Cases", who: signedIn, scopes: reading, does: does}
	}
	acts := func(path, id, does string) route {
		return route{method: http.MethodPost, path: path, id: id, tag: "Cases", who: signedIn, scopes: managing, does: does, errors: []int{http.StatusGone}}
	}
	open := acts("/cases", "open-case", "Ask the support desk")
	open.status, open.errors = http.StatusCreated, []int{http.StatusNotFound}
	serve(a, open, func(ctx context.Context, in *newCaseIn) (*answer[CaseHead], error) {
		c, err := a.Market.OpenCase(ctx, actor(ctx), in.Key, market.NewCase{
			Kind: in.Body.Kind, About: desk.Subject{About: in.Body.About, ID: in.Body.Subject}, Text: in.Body.Text, Files: in.Body.Files,
		})
		return ok(caseHeadOf(c), err)
	})
	serve(a, reads("/cases", "list-cases", "The cases that you opened or were brought into, newest first"), func(ctx context.Context, in *Page) (*answer[List[CaseRow]], error) {
		list, next, err := a.Market.Cases(ctx, actor(ctx), market.Cursor(in.Cursor), in.Limit)
		return ok(listOf(list, string(next), caseRowOf), err)
	})
	serve(a, reads("/cases/{id}", "get-case", "A case of yours: what was said, the letter, and what the desk read"), func(ctx context.Context, in *CaseAt) (*answer[Case], error) {
		v, err := a.Market.CasePage(ctx, actor(ctx), in.ID)
		return ok(casePageOf(v), err)
	})
	serve(a, acts("/cases/{id}/say", "say-in-case", "Add something to a case of yours"), func(ctx context.Context, in *caseWordsIn) (*answer[CaseHead], error) {
		c, err := a.Market.SayInCase(ctx, actor(ctx), in.Key, in.ID, in.words())
		return ok(caseHeadOf(c), err)
	})
	serve(a, acts("/cases/{id}/withdraw", "withdraw-case", "Close a case that you no longer need; a review whose challenge is closed so cannot be challenged again"), func(ctx context.Context, in *bareCase) (*answer[CaseHead], error) {
		c, err := a.Market.WithdrawCase(ctx, actor(ctx), in.Key, in.ID)
		return ok(caseHeadOf(c), err)
	})
	serve(a, acts("/cases/{id}/appeal", "appeal-case", "Ask another agent to look again; answers with the new case"), func(ctx context.Context, in *caseWordsIn) (*answer[CaseHead], error) {
		c, err := a.Market.AppealCase(ctx, actor(ctx), in.Key, in.ID, in.words())
		return ok(caseHeadOf(c), err)
	})
	serve(a, reads("/warnings", "list-warnings", "Your warnings, newest first, with those that ended"), func(ctx context.Context, in *Page) (*answer[List[Warning]], error) {
		list, next, err := a.Market.Warnings(ctx, actor(ctx), market.Cursor(in.Cursor), in.Limit)
		return ok(listOf(list, string(next), a.warningOf), err)
	})
	serve(a, reads("/orders/{id}/looks", "list-looks", "What the support desk read of an order of yours, each time"), func(ctx context.Context, in *OrderAt) (*answer[List[CaseLook]], error) {
		list, err := a.Market.OrderLooks(ctx, actor(ctx), in.ID)
		return ok(listOf(list, "", lookOf), err)
	})
}
