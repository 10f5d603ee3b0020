package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// Standing is where somebody stands as a seller.
type Standing struct {
	Figures
	Selling   bool            `json:"selling"`
	Suspended bool            `json:"suspended"`
	Level     Level           `json:"level"`
	Ladder    []Rung          `json:"ladder"`   // from the lowest
	Forecast  []ForecastStep  `json:"forecast"` // what changes by itself
	Recovery  []Recovery      `json:"recovery"` // how few more it takes
	History   []LevelEvent    `json:"history"`  // newest first
	Shares    []StandingShare `json:"shares"`   // links that are open
	Expires   *time.Time      `json:"expires_at"`
}

// Level is where a seller stands on the ladder; the name is empty for none.
type Level struct {
	Name     string     `json:"name"`
	Words    string     `json:"words"`
	Since    *time.Time `json:"since"`
	Below    *time.Time `json:"below_since"`
	Ends     *time.Time `json:"ends_at"` // unless the figures are back before
	WaitsFor string     `json:"waits_for"`
	Asked    *time.Time `json:"asked_at"`
	Approved *LevelWord `json:"approved"`
	Declined *LevelWord `json:"declined"`
	NextLook *time.Time `json:"next_look_at"` // by time alone
}

// LevelWord is what a person of the house said about a level.
type LevelWord struct {
	Level string    `json:"level"`
	At    time.Time `json:"at"`
	Why   string    `json:"why"`
}

// Rung is one level with what it asks for.
type Rung struct {
	Name         string        `json:"name"`
	Words        string        `json:"words"`
	Held         bool          `json:"held"`
	Met          bool          `json:"met"`
	Requirements []Requirement `json:"requirements"`
}

// Requirement is one row of what a level asks for.
type Requirement struct {
	Figure   string `json:"figure"`
	Required string `json:"required"`
	Mine     string `json:"mine"`
	Missing  string `json:"missing"`
	Todo     string `json:"todo"`
	Met      bool   `json:"met"`
	Enforced bool   `json:"enforced"`
}

// ForecastStep is one instant at which something changes by itself.
type ForecastStep struct {
	At         time.Time      `json:"at"`
	Leaves     []Contribution `json:"leaves"`
	Comes      []Contribution `json:"comes"`
	Lapsed     int            `json:"warnings_ended"`
	Rules      string         `json:"rules"` // the version that takes effect then, if one does
	Completion Rate           `json:"completion"`
	OnTime     Rate           `json:"on_time"`
	Response   Rate           `json:"response"`
	Rating     Mean           `json:"rating"`
	Level      string         `json:"level"`
	Ends       *time.Time     `json:"level_ends_at"`
}

// Recovery is how a figure reaches what a level asks for.
type Recovery struct {
	Figure   string         `json:"figure"`
	Level    string         `json:"level"`
	Required string         `json:"required"`
	Need     []RecoveryNeed `json:"need"`
}

// RecoveryNeed is how many more are enough from an instant on; -1 is never.
type RecoveryNeed struct {
	From time.Time `json:"from"`
	N    int       `json:"n"`
}

// LevelEvent is one thing that happened to a level.
type LevelEvent struct {
	Kind  string            `json:"kind"`
	At    time.Time         `json:"at"`
	From  string            `json:"from"`
	To    string            `json:"to"`
	Until *time.Time        `json:"until"`
	Text  string            `json:"text"`
	Facts map[string]string `json:"facts"`
}

// StandingShare is a link that shows a standing; its secret is told once.
type StandingShare struct {
	ID     string    `json:"id"`
	Secret string    `json:"secret"`
	Made   time.Time `json:"made_at"`
	Until  time.Time `json:"until"`
}

// PublicStanding is the short form that everybody sees of a seller.
type PublicStanding struct {
	Member     Person     `json:"member"`
	Level      string     `json:"level"`
	Words      string     `json:"level_words"`
	Since      *time.Time `json:"level_since"`
	At         time.Time  `json:"at"`
	Completed  int        `json:"completed"`
	Days       int        `json:"days"`
	Completion Rate       `json:"completion"`
	OnTime     Rate       `json:"on_time"`
	Response   Rate       `json:"response"`
	Rating     Mean       `json:"rating"`
}

// BuyerRecord is what a seller may know of a buyer.
type BuyerRecord struct {
	Buyer     Person        `json:"buyer"`
	Orders    int           `json:"orders"`
	Completed int           `json:"completed"`
	Noted     int           `json:"noted"`
	Since     time.Time     `json:"since"`
	Endings   []BuyerEnding `json:"endings"`
}

// BuyerEnding is how often orders of a buyer ended in one way.
type BuyerEnding struct {
	Class string `json:"class"`
	Label string `json:"label"`
	Cause *Cause `json:"cause"`
	N     int    `json:"n"`
	Noted bool   `json:"noted"`
}

// LevelCandidate is a seller for whose next level only a person's yes is missing.
type LevelCandidate struct {
	Member Person `json:"member"`
	Level  Level  `json:"level"`
	Asks   Rung   `json:"asks"`
}

// WhyLevel is what a level asks for and what you have of it.
func (c *Client) WhyLevel(ctx context.Context, level string) (Rung, error) {
	return read[Rung](ctx, c, "/standing/why/"+url.PathEscape(level), nil)
}

// ShareStanding makes a link that shows your standing, to read only.
func (c *Client) ShareStanding(ctx context.Context) (StandingShare, error) {
	return change[StandingShare](ctx, c, http.MethodPost, "/standing/shares", nil)
}

// CloseShare closes such a link.
func (c *Client) CloseShare(ctx context.Context, id string) error {
	_, err := change[struct{}](ctx, c, http.MethodPost, "/standing/shares/"+url.PathEscape(id)+"/revoke", nil)
	return err
}

// SharedStanding is a standing through the secret of a link.
func (c *Client) SharedStanding(ctx context.Context, secret string) (Standing, error) {
	return read[Standing](ctx, c, "/standing/shared/"+url.PathEscape(secret), nil)
}

// SharedBehind is what is behind a figure of it.
func (c *Client) SharedBehind(ctx context.Context, secret, figure string) iter.Seq2[Contribution, error] {
	return pages[Contribution](ctx, c, "/standing/shared/"+url.PathEscape(secret)+"/"+url.PathEscape(figure), nil)
}

// SellerStanding is the short form that everybody sees.
func (c *Client) SellerStanding(ctx context.Context, handle string) (PublicStanding, error) {
	return read[PublicStanding](ctx, c, "/sellers/"+url.PathEscape(handle)+"/standing", nil)
}

// BuyerRecord is how the orders of somebody whom you deal with ended.
func (c *Client) BuyerRecord(ctx context.Context, member string) (BuyerRecord, error) {
	return read[BuyerRecord](ctx, c, "/members/"+url.PathEscape(member)+"/buyer-record", nil)
}

// LevelCandidates are who waits for a person's yes, longest first.
func (c *Client) LevelCandidates(ctx context.Context) iter.Seq2[LevelCandidate, error] {
	return pages[LevelCandidate](ctx, c, "/levels", nil)
}

// ApproveLevel says yes to the level that a seller waits for.
func (c *Client) ApproveLevel(ctx context.Context, seller, why string) (Level, error) {
	return change[Level](ctx, c, http.MethodPost, "/levels/"+url.PathEscape(seller)+"/approve", map[string]string{"why": why})
}

// DeclineLevel says not yet.
func (c *Client) DeclineLevel(ctx context.Context, seller, why string) (Level, error) {
	return change[Level](ctx, c, http.MethodPost, "/levels/"+url.PathEscape(seller)+"/decline", map[string]string{"why": why})
}
