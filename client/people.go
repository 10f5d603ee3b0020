package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// Person is a member as others see them.
type Person struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Handle  string     `json:"handle"`
	Picture string     `json:"picture"`
	Zone    string     `json:"zone"`
	Selling *Shop      `json:"selling"`
	Away    *time.Time `json:"away_until"`
}

// Shop is a seller profile.
type Shop struct {
	Since   time.Time `json:"since"`
	Tagline string    `json:"tagline"`
	Skills  []string  `json:"skills"`
}

// Me is a member as they see themselves.
type Me struct {
	Person
	Email    string    `json:"email"`
	About    string    `json:"about"`
	Theme    string    `json:"theme"`
	Agent    bool      `json:"agent"`
	Operator bool      `json:"operator"`
	Created  time.Time `json:"created_at"`
	Scopes   []string  `json:"scopes"`
}

// SellerPage is a member's page; Gigs is its first page of gigs.
type SellerPage struct {
	Seller Person `json:"seller"`
	About  string `json:"about"`
	Gigs   struct {
		Items []GigCard `json:"items"`
		Next  string    `json:"next"`
	} `json:"gigs"`
}

// Application is what somebody writes to become a member.
type Application struct {
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
	Zone     string `json:"zone,omitempty"`
}

// SignUp makes a member.
func (c *Client) SignUp(ctx context.Context, in Application) (Me, error) {
	return change[Me](ctx, c, http.MethodPost, "/signup", in)
}

// Shut is why somebody may not sign in, and how they are heard about it: Voice is
// ask, appeal or add, and empty when they are heard no more.
type Shut struct {
	Reason string     `json:"reason"`
	Voice  string     `json:"voice"`
	Case   string     `json:"case"`
	Until  *time.Time `json:"until"`
}

// Suspension tells the holder of an address and password why they may not sign in.
func (c *Client) Suspension(ctx context.Context, email, password string) (Shut, error) {
	return change[Shut](ctx, c, http.MethodPost, "/session/suspension", map[string]string{"email": email, "password": password})
}

// SpeakOfSuspension says something about it, in the way that Suspension tells.
func (c *Client) SpeakOfSuspension(ctx context.Context, email, password, text string) error {
	return c.call(ctx, http.MethodPost, "/session/suspension/words", map[string]string{"email": email, "password": password, "text": text}, nil)
}

// Token is a new token. Its secret is shown only once.
type Token struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Scopes  []string   `json:"scopes"`
	Created time.Time  `json:"created_at"`
	Expires *time.Time `json:"expires_at"`
	Used    *time.Time `json:"used_at"`
	Revoked *time.Time `json:"revoked_at"`
	Secret  string     `json:"secret"`
}

// MakeToken makes a token with an address and a password. Scopes are read, buy,
// sell and manage.
func (c *Client) MakeToken(ctx context.Context, email, password, name string, scopes ...string) (Token, error) {
	return change[Token](ctx, c, http.MethodPost, "/tokens", map[string]any{
		"email": email, "password": password, "name": name, "scopes": scopes,
	})
}

// Me is who the token belongs to.
func (c *Client) Me(ctx context.Context) (Me, error) { return read[Me](ctx, c, "/me", nil) }

// Profile is what members change about themselves.
type Profile struct {
	Name  string `json:"name"`
	About string `json:"about,omitempty"`
	Zone  string `json:"zone"`
	Theme string `json:"theme,omitempty"`
}

// SetProfile changes your profile.
func (c *Client) SetProfile(ctx context.Context, in Profile) (Me, error) {
	return change[Me](ctx, c, http.MethodPut, "/me", in)
}

// SetPicture puts an upload with the purpose avatar on your profile; "" takes
// the picture away.
func (c *Client) SetPicture(ctx context.Context, file string) (Me, error) {
	return change[Me](ctx, c, http.MethodPut, "/me/picture", map[string]string{"file": file})
}

// OpenShop opens your seller profile, or changes what it says.
func (c *Client) OpenShop(ctx context.Context, tagline string, skills ...string) (Me, error) {
	if skills == nil {
		skills = []string{}
	}
	return change[Me](ctx, c, http.MethodPut, "/me/seller", map[string]any{"tagline": tagline, "skills": skills})
}

// GoAway takes no new orders until a moment.
func (c *Client) GoAway(ctx context.Context, until time.Time) (Me, error) {
	return change[Me](ctx, c, http.MethodPut, "/me/away", map[string]any{"until": until})
}

// ComeBack takes orders again.
func (c *Client) ComeBack(ctx context.Context) (Me, error) {
	return change[Me](ctx, c, http.MethodDelete, "/me/away", nil)
}

// Seller is a member's page.
func (c *Client) Seller(ctx context.Context, handle string) (SellerPage, error) {
	return read[SellerPage](ctx, c, "/sellers/"+url.PathEscape(handle), nil)
}

// Notice is one message to you about one event.
type Notice struct {
	ID    string     `json:"id"`
	Kind  string     `json:"kind"`
	At    time.Time  `json:"at"`
	Title string     `json:"title"`
	Body  string     `json:"body"`
	Link  string     `json:"link"`
	Read  *time.Time `json:"read_at"`
}

// Notices are what you were told, newest first.
func (c *Client) Notices(ctx context.Context) iter.Seq2[Notice, error] {
	return pages[Notice](ctx, c, "/notices", nil)
}

// Unread is how many notices you have not read.
func (c *Client) Unread(ctx context.Context) (int, error) {
	n, err := read[struct {
		Unread int `json:"unread"`
	}](ctx, c, "/notices/unread", nil)
	return n.Unread, err
}

// ReadNotice marks a notice as read.
func (c *Client) ReadNotice(ctx context.Context, id string) (Notice, error) {
	return change[Notice](ctx, c, http.MethodPost, "/notices/"+url.PathEscape(id)+"/read", nil)
}

// ReadAllNotices marks every notice as read.
func (c *Client) ReadAllNotices(ctx context.Context) error {
	return c.call(ctx, http.MethodPost, "/notices/read", nil, nil)
}
