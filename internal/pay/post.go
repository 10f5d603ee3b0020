package pay

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
)

// PostTo sends messages to an address over HTTP, for Deliver. Any answer but a
// success means that the message was not taken.
func PostTo(client *http.Client, url string) func(context.Context, http.Header, []byte) error {
	return func(ctx context.Context, header http.Header, body []byte) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
		if err != nil {
			return err
		}
		r.Header = header
		answer, err := client.Do(r)
		if err != nil {
			return err
		}
		defer func() { _ = answer.Body.Close() }()
		words, err := io.ReadAll(io.LimitReader(answer.Body, 500))
		if err == nil && answer.StatusCode/100 != 2 {
			err = fmt.Errorf("pay: the house answered %s: %s", answer.Status, bytes.TrimSpace(words))
		}
		return err
	}
}
