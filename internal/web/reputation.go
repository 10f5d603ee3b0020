package web

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/reputation"
	"guildhall/internal/web/page"
)

// records are the signed records that sellers take with them: making one,
// checking one, and what other people's programs need for checking.
var records = []Route{
	{get, "/standing/record", Seller, (*Web).recordPage},
	{post, "/standing/record", Seller, (*Web).makeRecord},
	{get, "/verify", Anyone, (*Web).verifyPage},
	{post, "/verify", Anyone, (*Web).verify},
	{get, reputation.KeysPath, Anyone, (*Web).recordKeys},
	{get, strings.TrimSuffix(reputation.StatusPath, "/"), Anyone, (*Web).revokedRecords},
	{get, reputation.StatusPath + "{id}", Anyone, (*Web).recordStatus},
	{get, "/house/records", Operator, (*Web).revokePage},
	{post, "/house/records", Operator, (*Web).revokeRecord},
}

func (w *Web) recordPage(c *call) error {
	v, err := w.Market.MyRecord(c.ctx(), c.actor, market.Cursor(c.query("after")), 0)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Record(c.page("Your record"), v, c.query("after") != "", string(c.key())))
}

// makeRecord hands the signed record out as a file, the only place where its
// words ever stand.
func (w *Web) makeRecord(c *call) error {
	r, err := w.Market.MakeRecord(c.ctx(), c.actor, c.key())
	if err != nil {
		return err
	}
	c.private()
	h := c.w.Header()
	h.Set("Content-Type", "application/jwt")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{
		"filename": r.Seller.Handle + "-" + r.Issued.Format("2006-01-02") + ".jwt",
	}))
	http.ServeContent(c.w, c.r, "", time.Time{}, strings.NewReader(r.Text))
	return nil
}

func (w *Web) verifyPage(c *call) error {
	return c.render(http.StatusOK, page.Verify(c.page("Check a record"), nil, c.fill()))
}

func (w *Web) verify(c *call) error {
	text, err := c.text("record"), error(nil)
	if text == "" {
		text, err = uploaded(c, "file")
	}
	if err == nil && text == "" {
		err = fault.Invalid("record", "Paste a record, or choose its file.")
	}
	if refused(err) {
		return c.render(http.StatusUnprocessableEntity, page.Verify(c.page("Check a record"), nil, c.form(err)))
	}
	if err != nil {
		return err
	}
	v, err := w.Market.CheckRecord(c.ctx(), text)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Verify(c.page("Check a record"), &v, c.form(nil)))
}

// longestText is the most that is read of a text that comes as a file.
const longestText = 1 << 20

// uploaded reads a small text that came as a file; nothing where none came.
func uploaded(c *call, field string) (string, error) {
	files := c.files(field)
	if len(files) == 0 {
		return "", nil
	}
	f, err := files[0].Open()
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(f, longestText+1))
	if closing := f.Close(); err == nil {
		err = closing
	}
	if len(text) > longestText {
		return "", fault.Invalid(field, "This file is too long to be one.")
	}
	return string(text), err
}

// recordKeys publishes the keys of the house.
func (w *Web) recordKeys(c *call) error {
	keys, err := w.Market.RecordKeys(c.ctx())
	if err != nil {
		return err
	}
	text, err := keys.JSON()
	if err != nil {
		return err
	}
	c.publish("application/jwk-set+json", text, "public, max-age=300")
	return nil
}

// recordStatus says what has become of a record.
func (w *Web) recordStatus(c *call) error {
	s, err := w.Market.RecordStatus(c.ctx(), ident.Record(c.path("id")))
	if err != nil {
		return err
	}
	return c.publishJSON(s)
}

// revokedRecords lists what was taken back, for those who check many.
func (w *Web) revokedRecords(c *call) error {
	list, more, err := w.Market.RevokedRecords(c.ctx(), ident.Record(c.query("after")), 100)
	if err != nil {
		return err
	}
	keys, err := w.Market.RecordKeys(c.ctx())
	if err != nil {
		return err
	}
	return c.publishJSON(struct {
		Keys    []string            `json:"trusted_keys"`
		Revoked []reputation.Status `json:"revoked"`
		More    bool                `json:"more"`
	}{keys.IDs(), append([]reputation.Status{}, list...), more})
}

func (c *call) publishJSON(v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	c.publish("application/json", text, "no-cache")
	return nil
}

// publish answers a document that any page of any site may read.
func (c *call) publish(kind string, text []byte, cache string) {
	h := c.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", cache)
	h.Set("Access-Control-Allow-Origin", "*")
	_, _ = c.w.Write(append(text, '\n')) // the reader may be gone
}

func (w *Web) revokePage(c *call) error {
	return c.render(http.StatusOK, page.Revoke(c.page("Signed records"), c.fill("record", c.query("record"))))
}

func (w *Web) revokeRecord(c *call) error {
	err := w.Market.RevokeRecord(c.ctx(), c.actor, c.key(), ident.Record(c.text("record")), c.text("why"))
	if refused(err) {
		return c.render(http.StatusUnprocessableEntity, page.Revoke(c.page("Signed records"), c.form(err)))
	}
	if err != nil {
		return err
	}
	return c.redirect("/house/records", "The record is taken back. Whoever checks it is told so, and its seller as well.")
}
