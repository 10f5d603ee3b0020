package notice

import (
	"html"
	"strings"
	"time"
)

// Letter is a notice as it is sent by mail.
type Letter struct {
	ID      string // follows from the notice, so that the same letter is the same twice
	Subject string
	Text    string
	HTML    string
}

// Reader is to whom a letter goes.
type Reader struct {
	Name string
	Zone *time.Location
	Site string // public address of the house, without a slash at the end
}

// Compose writes the letter of a notice in the reader's zone.
func Compose(n Notice, r Reader) Letter {
	at := At(n.At, r.Zone)
	body, link := Say(n.BodyParts(), at), r.Site+n.Link
	foot := "Times are in " + r.Zone.String() + ". You get this letter because it concerns your account or one of your orders."
	l := Letter{ID: string(n.ID), Subject: Say(n.TitleParts(), at)}
	l.Text = "Hello " + r.Name + ",\n\n" + fold(body) + "\n\n" + link + "\n\n-- \n" + fold(foot) + "\n"
	l.HTML = page(l.Subject, "Hello "+r.Name+",", body, link, foot)
	return l
}

// page is the plainest page that every mail program shows: its text stays
// readable when colours are ignored or turned dark.
func page(title, hello, body, link, foot string) string {
	e := html.EscapeString
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>` + e(title) + `</title></head>` +
		`<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1b1f2a;background:#faf8f4">` +
		`<div style="max-width:560px;margin:0 auto">` +
		`<h1 style="font-size:20px;line-height:1.3">` + e(title) + `</h1>` +
		`<p>` + e(hello) + `</p><p>` + e(body) + `</p>` +
		`<p><a href="` + e(link) + `" style="display:inline-block;padding:10px 18px;border-radius:8px;color:#ffffff;background:#1f4b8f;text-decoration:none">Open the page</a></p>` +
		`<p style="font-size:13px;color:#5a6070">` + e(foot) + `</p></div></body></html>`
}

const column = 72

// fold breaks text into lines that plain mail programs show whole.
func fold(text string) string {
	var b strings.Builder
	width := 0
	for _, word := range strings.Fields(text) {
		n := len([]rune(word))
		switch {
		case width > 0 && width+1+n > column:
			b.WriteByte('\n')
			width = 0
		case width > 0:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += n
	}
	return b.String()
}
