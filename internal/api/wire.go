package api

import (
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
)

// Money is an amount on the wire.
type Money struct {
	Minor    int64  `json:"minor" minimum:"-1000000000000000" maximum:"1000000000000000" doc:"Minor units: cents of a dollar."`
	Currency string `json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217."`
	Text     string `json:"text,omitempty" maxLength:"60" doc:"As people read it. Always present in answers, not needed and not read in requests."`
}

func moneyOf(a money.Amount) Money {
	return Money{Minor: a.Minor, Currency: string(a.Currency), Text: a.String()}
}

func (m Money) amount() money.Amount { return money.Of(m.Minor, money.Currency(m.Currency)) }

// Person is a member as others see them.
type Person struct {
	ID       ident.Member `json:"id" pattern:"^member_[0-9a-z]{26}$"`
	Name     string       `json:"name"`
	Handle   string       `json:"handle" doc:"Their page is /sellers/{handle}."`
	Picture  ident.File   `json:"picture,omitempty" doc:"A file; read it with size=avatar."`
	Zone     string       `json:"zone" doc:"IANA name of their time zone."`
	Selling  *Shop        `json:"selling,omitempty" doc:"Absent where no seller profile was opened."`
	AwayTill *time.Time   `json:"away_until,omitempty" doc:"Takes no new orders until then."`
}

// Shop is a seller profile.
type Shop struct {
	Since   time.Time `json:"since"`
	Tagline string    `json:"tagline"`
	Skills  []string  `json:"skills"`
}

func personOf(m member.Member, now time.Time) Person {
	p := Person{ID: m.ID, Name: m.Name, Handle: m.Handle, Picture: m.Picture, Zone: m.Zone}
	if s := m.Seller; s != nil {
		p.Selling = &Shop{Since: s.Since.UTC(), Tagline: s.Tagline, Skills: filled(s.Skills)}
	}
	if m.Away(now) {
		p.AwayTill = instant(m.Seller.AwayUntil)
	}
	return p
}

// instant is nil for what has not happened.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// filled makes an empty list [] on the wire and never null.
func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// File is an upload as its readers see it.
type File struct {
	ID      ident.File `json:"id" pattern:"^file_[0-9a-z]{26}$"`
	Name    string     `json:"name"`
	Mime    string     `json:"mime"`
	Size    int64      `json:"size" doc:"Bytes."`
	SHA256  string     `json:"sha256" doc:"Hexadecimal; of the bytes that are served."`
	Created time.Time  `json:"created_at"`
}

func fileOf(f market.File) File {
	return File{ID: f.ID, Name: f.Name, Mime: f.Mime, Size: f.Size, SHA256: f.SHA256, Created: f.Created.UTC()}
}

// moment writes an instant into a sentence.
func moment(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04 UTC") }
