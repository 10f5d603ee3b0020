package gig

import (
	"fmt"
	"slices"
	"strings"
)

// WithKeys gives each extra and question that has no key a fresh one, made of
// the version that adds it. A key is never given twice in a gig's life, so a
// checkout opened before an edit can never come to mean another extra.
func WithKeys(b Body, version int) Body {
	b.Extras = append([]Extra(nil), b.Extras...)
	for i := range b.Extras {
		if b.Extras[i].Key == "" {
			b.Extras[i].Key = fmt.Sprintf("e%d-%d", version, i+1)
		}
	}
	b.Questions = append([]Question(nil), b.Questions...)
	for i := range b.Questions {
		if b.Questions[i].Key == "" {
			b.Questions[i].Key = fmt.Sprintf("q%d-%d", version, i+1)
		}
	}
	return b
}

// tidy takes the space away that nobody sees: around the title and the
// description, and in tags and choices, which are lines and compared as such.
func tidy(b Body) Body {
	b.Title, b.Description = strings.TrimSpace(b.Title), strings.TrimSpace(b.Description)
	b.Tags = lines(b.Tags)
	b.Questions = slices.Clone(b.Questions)
	for i := range b.Questions {
		b.Questions[i].Choices = lines(b.Questions[i].Choices)
	}
	return b
}

func lines(list []string) []string {
	list = slices.Clone(list)
	for i, text := range list {
		list[i] = strings.Join(strings.Fields(text), " ")
	}
	return list
}
