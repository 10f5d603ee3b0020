// Package help is the house explained to those who use it.
//
// It owns the articles (articles/*.md), the terms, and the Book: all of them
// rendered for one version of the policy. An article holds no number of its
// own. It asks for each by its path ({{policy "order.review_period"}}), and its
// worked examples are made by the rules themselves: example.go plays an order
// through order.Decide and reads off what came of it, and the acts beside it
// play what lies around an order. So a changed policy is a
// changed help page, and a path that names nothing is an error in a test.
//
// Flow: Open reads and renders every article once for a version; web keeps the
// book of the version in force and hands articles to package page. Below it
// stand the rules that it explains; it asks nobody for anything.
package help

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"guildhall/internal/policy"
)

//go:embed articles/*.md
var files embed.FS

// Terms is the slug of the terms, which stand at their own address and in no group.
const Terms = "terms"

// Article is one help page, rendered.
type Article struct {
	Slug    string
	Title   string
	Summary string    // one sentence for lists
	Group   string    // the shelf it stands on; empty for the terms
	Revised time.Time // the day its words last changed
	For     []string  // whom it is for: buyers, sellers, staff
	Related []string  // slugs
	HTML    string    // safe: made from our own text, values escaped
	Heads   []Head    // its sections, for a table of contents

	order int
	words []section
}

// Head is a section of an article with the anchor that leads to it.
type Head struct {
	ID, Text string
}

// Shelf is a group of articles on the index.
type Shelf struct {
	Name     string
	Articles []Article
}

// Book is every article under one version of the policy. It is read-only.
type Book struct {
	Policy   policy.Version
	articles []Article
}

// Open renders every article. An article that asks for something the policy
// does not have is an error.
func Open(v policy.Version) (*Book, error) {
	r, err := newRenderer(v)
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "articles/*.md")
	if err != nil {
		return nil, err
	}
	b := &Book{Policy: v}
	for _, name := range names {
		source, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		slug := strings.TrimSuffix(strings.TrimPrefix(name, "articles/"), ".md")
		a, err := r.article(slug, string(source))
		if err != nil {
			return nil, fmt.Errorf("help: %s: %w", slug, err)
		}
		b.articles = append(b.articles, a)
	}
	slices.SortFunc(b.articles, func(x, y Article) int { return x.order - y.order })
	return b, nil
}

// Article finds one by its slug.
func (b *Book) Article(slug string) (Article, bool) {
	for _, a := range b.articles {
		if a.Slug == slug {
			return a, true
		}
	}
	return Article{}, false
}

// Related are the articles that one names at its end.
func (b *Book) Related(a Article) []Article {
	var list []Article
	for _, slug := range a.Related {
		if r, ok := b.Article(slug); ok {
			list = append(list, r)
		}
	}
	return list
}

// Role is whom an article is for.
type Role struct {
	Name  string // in the head of an article and in addresses
	Words string
}

// Roles are those that readers can choose among.
func Roles() []Role {
	return []Role{{"buyers", "For buyers"}, {"sellers", "For sellers"}, {"staff", "For those who run the house"}}
}

// Shelves are the articles by group, in the order of the index: all of them, or
// those for one role.
func (b *Book) Shelves(role string) []Shelf {
	var list []Shelf
	for _, a := range b.articles {
		if a.Group == "" || role != "" && !slices.Contains(a.For, role) {
			continue
		}
		i := slices.IndexFunc(list, func(s Shelf) bool { return s.Name == a.Group })
		if i < 0 {
			list, i = append(list, Shelf{Name: a.Group}), len(list)
		}
		list[i].Articles = append(list[i].Articles, a)
	}
	return list
}

// Slugs are the names of all articles, in the order of the index.
func (b *Book) Slugs() []string {
	list := make([]string, len(b.articles))
	for i, a := range b.articles {
		list[i] = a.Slug
	}
	return list
}
