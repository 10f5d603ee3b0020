package web

import (
	"net/http"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/web/page"
)

func (w *Web) setPicture(c *call) error {
	err := w.takePicture(c)
	if refused(err) {
		form := c.form(err)
		now := c.fill("name", c.me.Name, "about", c.me.About, "zone", c.me.Zone, "theme", string(c.me.Theme))
		form.Values = now.Values
		return c.render(http.StatusUnprocessableEntity, page.Profile(c.page("Profile"), *c.me, form))
	}
	if err != nil {
		return err
	}
	return c.redirect("/profile", "Your picture is saved.")
}

func (w *Web) takePicture(c *call) error {
	files := c.files("file")
	if len(files) == 0 {
		return fault.Invalid("file", "Choose a picture first.")
	}
	upload, err := files[0].Open()
	if err != nil {
		return err
	}
	saved, err := w.Market.SaveUpload(c.ctx(), c.actor, market.ForAvatar, files[0].Filename, upload)
	if closing := upload.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	_, err = w.Market.SetPicture(c.ctx(), c.actor, "", saved.ID)
	return err
}

func (w *Web) dropPicture(c *call) error {
	if _, err := w.Market.SetPicture(c.ctx(), c.actor, c.key(), ""); err != nil {
		return err
	}
	return c.redirect("/profile", "Your picture is gone.")
}

// picture serves one size of a picture. A picture never changes under its
// name, so a browser that may see it once may keep it.
func (w *Web) picture(c *call) error {
	size, body, err := w.Market.OpenPicture(c.ctx(), c.actor, ident.File(c.path("id")), c.path("size"))
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	h := c.w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Cache-Control", "private, max-age=86400")
	h.Set("ETag", `"`+size.SHA256[:32]+`"`)
	http.ServeContent(c.w, c.r, "", time.Time{}, body)
	return nil
}
