package gig

import "fmt"

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
