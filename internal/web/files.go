package web

import (
	"io"
	"mime"
	"net/http"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
)

// file hands out what was delivered, to those who may read it at this instant;
// to everybody where its buyer agreed that it stands beside their review.
// Whatever somebody else made is fetched and never shown or run from here.
func (w *Web) file(c *call) error {
	f, body, err := w.Market.OpenFile(c.ctx(), c.actor, ident.File(c.path("id")))
	if fault.KindOf(err) == fault.KindNotFound && !c.actor.SignedIn() {
		return fault.SignIn("Please sign in to read this file.")
	}
	if err != nil {
		return err
	}
	return c.attachment(f, body)
}

// attachment sends a file to be kept, and closes it.
func (c *call) attachment(f market.File, body io.ReadSeekCloser) error {
	defer func() { _ = body.Close() }() // only read from
	h := c.w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+f.SHA256+`"`)
	http.ServeContent(c.w, c.r, "", time.Time{}, body)
	return nil
}
