package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// CaseHead is one matter before the support desk.
type CaseHead struct {
	ID         string     `json:"id"`
	Ref        string     `json:"ref"`
	Kind       string     `json:"kind"`
	State      string     `json:"state"` // waiting, answered, seconding, decided or closed
	About      string     `json:"about"` // order, message, offer, gig or page; empty for nothing
	Subject    string     `json:"subject"`
	Order      string     `json:"order"`
	OpenedAt   time.Time  `json:"opened_at"`
	AnswerBy   time.Time  `json:"answer_by"` // the target of the first answer
	AnsweredAt *time.Time `json:"answered_at"`
	Overdue    bool       `json:"overdue"`
	DecidedAt  *time.Time `json:"decided_at"`
	Appeal     *time.Time `json:"appeal_until"`
	ClosedAt   *time.Time `json:"closed_at"`
	AppealOf   string     `json:"appeal_of"`
	AppealedIn string     `json:"appealed_in"`
}

// CaseRow is a case in a list.
type CaseRow struct {
	CaseHead
	Opener   string `json:"opener"` // names
	Other    string `json:"other"`
	Agent    string `json:"agent"`
	OrderRef string `json:"order_ref"`
}

// CaseLine is one line of a case's story.
type CaseLine struct {
	No    int               `json:"no"`
	Kind  string            `json:"kind"`
	At    time.Time         `json:"at"`
	By    string            `json:"by"` // opener, other, desk or clock
	Name  string            `json:"name"`
	To    string            `json:"to"`
	Text  string            `json:"text"`
	Files []File            `json:"files"`
	Until *time.Time        `json:"until"`
	Facts map[string]string `json:"facts"` // of a decision: rule, does, role, policy

	Record string `json:"record"` // what the house attached by itself
	Kept   string `json:"kept"`   // and what of it only the desk reads
}

// Look is one reading of private things by the desk.
type Look struct {
	At    time.Time `json:"at"`
	Agent string    `json:"agent"`
	What  string    `json:"what"`
	Case  string    `json:"case"`
}

// Case is everything that one of its people sees.
type Case struct {
	CaseHead
	You         string     `json:"you"` // opener or other
	Policy      string     `json:"policy"`
	Lines       []CaseLine `json:"lines"`
	Looks       []Look     `json:"looks"`
	MaySay      bool       `json:"may_say"`
	MayWithdraw bool       `json:"may_withdraw"`
	MayAppeal   bool       `json:"may_appeal"`
	DecidedBy   string     `json:"decided_by"` // in which capacity
}

// NewCase is what one asks the desk.
type NewCase struct {
	Kind    string   `json:"kind"` // cancel, challenge, breach, level, payment or other
	About   string   `json:"about,omitempty"`
	Subject string   `json:"subject,omitempty"`
	Text    string   `json:"text"`
	Files   []string `json:"files,omitempty"` // uploaded for orders
}

// Warning is one warning with its end.
type Warning struct {
	ID       string     `json:"id"`
	Case     string     `json:"case"`
	Why      string     `json:"why"`
	GivenAt  time.Time  `json:"given_at"`
	Until    time.Time  `json:"until"`
	LiftedAt *time.Time `json:"lifted_at"`
	Active   bool       `json:"active"`
}

func casePath(id, rest string) string { return "/cases/" + url.PathEscape(id) + rest }

// OpenCase asks the support desk.
func (c *Client) OpenCase(ctx context.Context, in NewCase) (CaseHead, error) {
	return change[CaseHead](ctx, c, http.MethodPost, "/cases", in)
}

// Cases goes through the cases that you opened or were brought into, newest first.
func (c *Client) Cases(ctx context.Context) iter.Seq2[CaseRow, error] {
	return pages[CaseRow](ctx, c, "/cases", nil)
}

// Case is a case of yours.
func (c *Client) Case(ctx context.Context, id string) (Case, error) {
	return read[Case](ctx, c, casePath(id, ""), nil)
}

// SayInCase adds something to a case of yours; files are those uploaded for orders.
func (c *Client) SayInCase(ctx context.Context, id string, in Words) (CaseHead, error) {
	return change[CaseHead](ctx, c, http.MethodPost, casePath(id, "/say"), in)
}

// WithdrawCase closes a case that you no longer need.
func (c *Client) WithdrawCase(ctx context.Context, id string) (CaseHead, error) {
	return change[CaseHead](ctx, c, http.MethodPost, casePath(id, "/withdraw"), nil)
}

// AppealCase asks somebody else to look again; it answers with the new case.
func (c *Client) AppealCase(ctx context.Context, id string, in Words) (CaseHead, error) {
	return change[CaseHead](ctx, c, http.MethodPost, casePath(id, "/appeal"), in)
}

// Warnings are yours, newest first, with those that ended.
func (c *Client) Warnings(ctx context.Context) iter.Seq2[Warning, error] {
	return pages[Warning](ctx, c, "/warnings", nil)
}

// Looks are what the support desk read of an order of yours, newest first.
func (c *Client) Looks(ctx context.Context, order string) ([]Look, error) {
	list, err := read[page[Look]](ctx, c, "/orders/"+url.PathEscape(order)+"/looks", nil)
	return list.Items, err
}

// Queue goes through the cases that you may work on, oldest first; for agents.
// Filters are those of the API: state, kind, whose, late and words.
func (c *Client) Queue(ctx context.Context, filters url.Values) iter.Seq2[CaseRow, error] {
	return pages[CaseRow](ctx, c, "/desk", filters)
}
