package client

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"
)

// What an upload is for; it decides who may read it.
const (
	ForGig    = "gig_picture"
	ForAvatar = "avatar"
	ForOrder  = "order"

	ForMessage = "message"
)

// File is an upload.
type File struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Mime    string    `json:"mime"`
	Size    int64     `json:"size"`
	SHA256  string    `json:"sha256"`
	Created time.Time `json:"created_at"`
}

// Upload stores a file of yours.
func (c *Client) Upload(ctx context.Context, purpose, name string, src io.Reader) (File, error) {
	var f File
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("purpose", purpose); err != nil {
		return f, fmt.Errorf("guildhall: %w", err)
	}
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = io.Copy(part, src)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		return f, fmt.Errorf("guildhall: %w", err)
	}
	req, err := c.request(ctx, http.MethodPost, "/files", &body)
	if err != nil {
		return f, err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	return f, c.send(req, &f)
}

// Download opens a file that you may read; size is card, gig or avatar for a
// size of a picture, "" for the file as it is kept. Close it after reading.
func (c *Client) Download(ctx context.Context, id, size string) (io.ReadCloser, error) {
	path := "/files/" + url.PathEscape(id)
	if size != "" {
		path += "?size=" + url.QueryEscape(size)
	}
	return c.open(ctx, path)
}

// DeskFile opens a file of a case, its order or its conversation. What was not
// handed to the desk is written down as a look at it. For agents. Close it after
// reading.
func (c *Client) DeskFile(ctx context.Context, id, file string) (io.ReadCloser, error) {
	return c.open(ctx, "/desk/"+url.PathEscape(id)+"/files/"+url.PathEscape(file))
}

func (c *Client) open(ctx context.Context, path string) (io.ReadCloser, error) {
	req, err := c.request(ctx, http.MethodGet, path, http.NoBody)
	if err != nil {
		return nil, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("guildhall: %w", err)
	}
	if res.StatusCode >= http.StatusBadRequest {
		defer func() { _ = res.Body.Close() }()
		return nil, problemOf(res)
	}
	return res.Body, nil
}
