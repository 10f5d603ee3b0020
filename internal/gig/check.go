package gig

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/policy"
)

// Bounds of the words of a gig, in characters. They are matters of page and
// card, not of the rulebook, and so stand here and not in the policy.
const (
	MinTitle       = 4
	MaxTitle       = 120
	MinDescription = 10
	MaxName        = 60  // of a package, an extra, a choice
	MaxScope       = 600 // what one package contains
	MaxQuestion    = 300
	MaxTag         = 30
	maxChoices     = 20
)

// Check tells whether a gig may be offered to buyers. Errors: fault.Invalid
// whose field paths are those of the body's JSON (title, packages.0.price).
func Check(b Body, p policy.Version) error {
	c := newCheck(p)
	c.form(b)
	c.need(length(b.Title) >= MinTitle, "title", "Say in a few words what you will do.")
	c.need(length(b.Description) >= MinDescription, "description",
		fmt.Sprintf("Describe your service in at least %d characters.", MinDescription))
	c.need(len(b.Packages) > 0, "packages", "Offer at least one package.")
	for i, pack := range b.Packages {
		at := path("packages", i)
		c.need(length(pack.Name) > 0, at+"name", "Give the package a name.")
		c.need(length(pack.Description) > 0, at+"description", "Say what the buyer gets.")
		c.need(pack.Price >= int64(p.Money.MinPrice), at+"price", "The price is at least "+p.Money.MinPrice.In(b.Currency).String()+".")
		c.need(pack.Days >= 1, at+"days", "Delivery takes at least 1 day.")
	}
	for i, e := range b.Extras {
		c.need(length(e.Name) > 0, path("extras", i)+"name", "Name the extra.")
	}
	for i, q := range b.Questions {
		c.need(length(q.Text) > 0, path("questions", i)+"text", "Write the question.")
		c.need(q.Kind != QuestionChoice || len(q.Choices) >= 2, path("questions", i)+"choices", "Give at least two choices.")
	}
	for i, f := range b.FAQ {
		c.need(length(f.Question) > 0, path("faq", i)+"question", "Write the question.")
		c.need(length(f.Answer) > 0, path("faq", i)+"answer", "Write the answer.")
	}
	return c.bad.Err()
}

// CheckDraft tells whether a gig may be kept: a draft may be incomplete but
// never malformed. Errors: fault.Invalid with the paths of Check.
func CheckDraft(b Body, p policy.Version) error {
	c := newCheck(p)
	c.form(b)
	return c.bad.Err()
}

type check struct {
	p   policy.Version
	bad fault.Fields
}

func newCheck(p policy.Version) check { return check{p, fault.Fields{}} }

func (c check) need(ok bool, field, why string) { c.bad.Need(ok, field, why) }

// form holds for drafts and published gigs alike: bounds, keys, closed lists.
func (c check) form(b Body) {
	c.text("title", b.Title, MaxTitle)
	c.need(!strings.ContainsAny(b.Title, "\r\n"), "title", "The title is one line.")
	c.text("description", b.Description, c.p.Limits.TextRunes)
	c.need(b.Currency == c.p.Currency, "currency", "Prices here are in "+string(c.p.Currency)+".")
	c.need(b.Capacity >= 0 && b.Capacity <= 10_000, "capacity", "Between 0 (no limit) and 10,000.")
	c.packages(b.Packages)
	c.extras(b.Extras)
	c.questions(b.Questions)
	c.atMost("faq", len(b.FAQ), c.p.Limits.GigFAQ)
	for i, f := range b.FAQ {
		c.text(path("faq", i)+"question", f.Question, MaxQuestion)
		c.text(path("faq", i)+"answer", f.Answer, c.p.Limits.TextRunes)
	}
	c.atMost("tags", len(b.Tags), c.p.Limits.GigTags)
	for i, t := range b.Tags {
		c.text("tags."+strconv.Itoa(i), t, MaxTag)
		c.need(length(t) > 0, "tags."+strconv.Itoa(i), "A tag is a word.")
		c.need(!strings.Contains(t, ","), "tags."+strconv.Itoa(i), "A tag has no comma.")
		c.need(!slices.Contains(b.Tags[:i], t), "tags."+strconv.Itoa(i), "This tag stands twice.")
	}
	c.atMost("pictures", len(b.Pictures), c.p.Limits.GigPictures)
	for i, f := range b.Pictures {
		c.need(ident.Valid(f) && !slices.Contains(b.Pictures[:i], f), "pictures", "Choose the pictures again.")
	}
}

func (c check) packages(packs []Package) {
	order := []Tier{Basic, Standard, Premium}
	c.need(len(packs) <= len(order), "packages", "At most three packages.")
	last := -1
	for i, pack := range packs {
		at := path("packages", i)
		rank := slices.Index(order, pack.Tier)
		c.need(rank > last, at+"tier", "Packages are basic, standard and premium, each once, in this order.")
		last = max(rank, last)
		c.text(at+"name", pack.Name, MaxName)
		c.text(at+"description", pack.Description, MaxScope)
		c.price(at+"price", pack.Price)
		c.need(pack.Days >= 0 && pack.Days <= c.p.Limits.PackageDays, at+"days", upTo(c.p.Limits.PackageDays, "days"))
		c.need(pack.Revisions >= 0 && pack.Revisions <= c.p.Limits.PackageRevisions, at+"revisions",
			upTo(c.p.Limits.PackageRevisions, "revisions"))
	}
}

func (c check) extras(extras []Extra) {
	c.atMost("extras", len(extras), c.p.Limits.GigExtras)
	keys := map[string]bool{}
	for i, e := range extras {
		at := path("extras", i)
		c.key(at, e.Key, keys)
		c.text(at+"name", e.Name, MaxName)
		c.price(at+"price", e.Price)
		c.need(e.Days >= 0 && e.Days <= c.p.Limits.PackageDays, at+"days", upTo(c.p.Limits.PackageDays, "days"))
	}
}

func (c check) questions(questions []Question) {
	c.atMost("questions", len(questions), c.p.Limits.GigQuestions)
	keys := map[string]bool{}
	for i, q := range questions {
		at := path("questions", i)
		c.key(at, q.Key, keys)
		c.text(at+"text", q.Text, MaxQuestion)
		switch q.Kind {
		case QuestionText, QuestionLong, QuestionNumber:
			c.need(len(q.Choices) == 0, at+"choices", "Only a choice has choices.")
		case QuestionChoice:
			c.atMost(at+"choices", len(q.Choices), maxChoices)
			for j, choice := range q.Choices {
				c.text(at+"choices", choice, MaxName)
				c.need(length(choice) > 0 && !slices.Contains(q.Choices[:j], choice), at+"choices", "Each choice is a different word or line.")
			}
		default:
			c.need(false, at+"kind", "Choose how it is answered.")
		}
	}
}

func (c check) key(at, key string, seen map[string]bool) {
	ok := len(key) > 0 && len(key) <= 40 && strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
	c.need(ok && !seen[key], at+"key", "Its key must be different from the others.")
	seen[key] = true
}

func (c check) price(field string, minor int64) {
	c.need(minor >= 0, field, "A price is not below zero.")
	c.need(minor <= int64(c.p.Money.MaxPrice) && minor <= money.Limit, field,
		"At most "+c.p.Money.MaxPrice.In(c.p.Currency).String()+".")
}

func (c check) text(field, text string, most int) {
	c.need(utf8.ValidString(text), field, "This text is not readable. Type it again.")
	c.need(utf8.RuneCountInString(text) <= most, field, fmt.Sprintf("At most %d characters.", most))
	c.need(strings.IndexFunc(text, unprintable) < 0, field, "Remove the invisible control characters.")
}

func (c check) atMost(field string, n, most int) {
	c.need(n <= most, field, fmt.Sprintf("At most %d.", most))
}

// unprintable finds control characters that no one types; line ends and tabs are fine.
func unprintable(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

func length(text string) int { return utf8.RuneCountInString(strings.TrimSpace(text)) }

func path(list string, i int) string { return list + "." + strconv.Itoa(i) + "." }

func upTo(n int, noun string) string { return fmt.Sprintf("Between 0 and %d %s.", n, noun) }
