package member

import (
	"strings"
	"time"
	"unicode/utf8"

	"guildhall/internal/fault"
)

// Shop is what a seller writes about their work.
type Shop struct {
	Tagline string
	Skills  []string
}

// OpenShop opens the seller profile, or changes it when it is open already.
// Errors: fault.Invalid beside tagline or skills; fault.Forbidden when suspended.
func (m Member) OpenShop(now time.Time, s Shop) (Member, error) {
	if m.Suspended() {
		return m, fault.Forbidden("This account is suspended, so it cannot sell.")
	}
	s.Tagline = Line(s.Tagline)
	skills := cleanSkills(s.Skills)
	bad := fault.Fields{}
	n := utf8.RuneCountInString(s.Tagline)
	bad.Need(n >= 10, "tagline", "Say in one line what you do, at least 10 characters.")
	bad.Need(n <= MaxTagline, "tagline", "At most 100 characters, please.")
	bad.Need(len(skills) <= MaxSkills, "skills", "At most 15 skills, please.")
	for _, skill := range skills {
		bad.Need(utf8.RuneCountInString(skill) <= MaxSkill, "skills", "A skill has at most 40 characters.")
	}
	if err := bad.Err(); err != nil {
		return m, err
	}
	shop := Seller{Since: now}
	if m.Seller != nil {
		shop = *m.Seller
	}
	shop.Tagline, shop.Skills = s.Tagline, skills
	m.Seller = &shop
	return m, nil
}

// maxAway bounds an absence; who is gone longer pauses their gigs instead.
const maxAway = 366 * 24 * time.Hour

// GoAway stops new orders until a moment; running ones go on.
// Errors: fault.Invalid beside until; fault.Conflict without a seller profile.
func (m Member) GoAway(now, until time.Time) (Member, error) {
	if m.Seller == nil {
		return m, fault.Conflict("Open a seller profile first.")
	}
	bad := fault.Fields{}
	bad.Need(until.After(now), "until", "Choose a day that is still to come.")
	bad.Need(until.Sub(now) <= maxAway, "until", "At most a year ahead. Pause your gigs for longer.")
	if err := bad.Err(); err != nil {
		return m, err
	}
	shop := *m.Seller
	shop.AwayUntil = until
	m.Seller = &shop
	return m, nil
}

// ComeBack takes orders again.
// Errors: fault.Conflict without a seller profile.
func (m Member) ComeBack() (Member, error) {
	if m.Seller == nil {
		return m, fault.Conflict("Open a seller profile first.")
	}
	shop := *m.Seller
	shop.AwayUntil = time.Time{}
	m.Seller = &shop
	return m, nil
}

// cleanSkills trims, drops empty ones and keeps the first spelling of each.
func cleanSkills(typed []string) []string {
	var skills []string
	seen := map[string]bool{}
	for _, t := range typed {
		skill := Line(t)
		if key := strings.ToLower(skill); skill != "" && !seen[key] {
			seen[key] = true
			skills = append(skills, skill)
		}
	}
	return skills
}

// Bar closes the login.
// Errors: fault.Conflict when it is closed already; fault.Invalid beside why.
func (m Member) Bar(now time.Time, why string) (Member, error) {
	why = Text(why)
	switch {
	case m.Suspended():
		return m, fault.Conflict("This account is suspended already.")
	case why == "":
		return m, fault.Invalid("why", "Say why, in words that the person will read.")
	}
	m.Barred = Bar{Since: now, Why: why}
	return m, nil
}
