// Package client speaks to a Guildhall over its JSON API.
//
// A [Client] stands for one member: it is made of the address of a house and a
// personal token, and everything that a page can do is a method of it. Refusals
// are of type [*Problem] and name the fields at fault. Lists are iterators that
// fetch page by page. Whatever changes something carries an idempotency key, so
// a call whose answer was lost is sent again and still done once; choose the
// key with [WithKey] where your own program may be restarted in between.
//
//	c := client.New("https://guild.example", token)
//	for row, err := range c.Sales(ctx, client.Filter{Tab: "active"}) {
//		…
//	}
//
// It imports only the standard library. The types here are those of the wire,
// which /api/docs explains field by field.
package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client is a member of a house, or a guest when its token is empty. It is safe
// for concurrent use.
type Client struct {
	base  string
	token string
	http  *http.Client
}

// Option changes how a client works.
type Option func(*Client)

// WithHTTP makes a client use another HTTP client.
func WithHTTP(h *http.Client) Option { return func(c *Client) { c.http = h } }

// New makes a client of the house at an address such as https://guild.example.
func New(address, token string, options ...Option) *Client {
	c := &Client{base: strings.TrimSuffix(address, "/"), token: token, http: http.DefaultClient}
	for _, o := range options {
		o(c)
	}
	return c
}

// As is the same house for the member of another token.
func (c *Client) As(token string) *Client {
	other := *c
	other.token = token
	return &other
}

type keyOf struct{}

// WithKey makes the next call carry this idempotency key instead of a new one:
// repeated with the same input it is done once. Use a key for one call only.
func WithKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, keyOf{}, key)
}

func keyFor(ctx context.Context) string {
	if key, _ := ctx.Value(keyOf{}).(string); key != "" {
		return key
	}
	return rand.Text()
}

// tries is how often a call is sent whose answer did not arrive, and patience
// how long the first wait is; each is twice as long as the one before.
const (
	tries    = 3
	patience = 200 * time.Millisecond
)

// get reads into out.
func (c *Client) get(ctx context.Context, path string, query url.Values, out any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return c.call(ctx, http.MethodGet, path, nil, out)
}

// call sends in as JSON and reads the answer into out, either of which may be nil.
func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("guildhall: %w", err)
		}
	}
	key := ""
	if method != http.MethodGet {
		key = keyFor(ctx)
	}
	wait := patience
	for try := 1; ; try++ {
		err := c.once(ctx, method, path, key, body, out)
		if err == nil || try == tries || ctx.Err() != nil || !passing(err) {
			return err
		}
		select {
		case <-time.After(wait):
			wait *= 2
		case <-ctx.Done():
			return err
		}
	}
}

// passing tells whether it may go well the next time: no answer came, or the
// house was too busy to look at the request.
func passing(err error) bool {
	var p *Problem
	if errors.As(err, &p) {
		return p.Status == http.StatusServiceUnavailable
	}
	var lost *url.Error
	return errors.As(err, &lost) && !lost.Timeout()
}

func (c *Client) once(ctx context.Context, method, path, key string, body []byte, out any) error {
	req, err := c.request(ctx, method, path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	return c.send(req, out)
}

func (c *Client) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	if !strings.HasPrefix(path, "/api/") {
		path = "/api/v1" + path
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, fmt.Errorf("guildhall: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	return req, nil
}

func (c *Client) send(req *http.Request, out any) error {
	res, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("guildhall: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode >= http.StatusBadRequest {
		return problemOf(res)
	}
	if out == nil || res.StatusCode == http.StatusNoContent {
		return nil
	}
	if err := json.NewDecoder(res.Body).Decode(out); err != nil {
		return fmt.Errorf("guildhall: the answer cannot be read: %w", err)
	}
	return nil
}

// read is a call that gives one value.
func read[T any](ctx context.Context, c *Client, path string, query url.Values) (T, error) {
	var out T
	err := c.get(ctx, path, query, &out)
	return out, err
}

// change is a call that changes something and gives one value.
func change[T any](ctx context.Context, c *Client, method, path string, in any) (T, error) {
	var out T
	err := c.call(ctx, method, path, in, &out)
	return out, err
}

// page is one page of a list.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// pages goes through a list page by page. It stops at the first error.
func pages[T any](ctx context.Context, c *Client, path string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		at := url.Values{}
		for name, values := range query {
			at[name] = values
		}
		for {
			var p page[T]
			if err := c.get(ctx, path, at, &p); err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range p.Items {
				if !yield(item, nil) {
					return
				}
			}
			if p.Next == "" {
				return
			}
			at.Set("cursor", p.Next)
		}
	}
}
