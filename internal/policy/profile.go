package policy

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"guildhall/internal/ident"
)

//go:embed profiles/*.yaml
var shipped embed.FS

// Profiles names the policies that ship, the default first.
func Profiles() []string { return []string{"classic", "modern"} }

// Profile gives a shipped policy: its commented source, to start one's own from,
// and what it says.
func Profile(name string) ([]byte, Document, error) {
	if !slices.Contains(Profiles(), name) {
		return nil, Document{}, fmt.Errorf("there is no profile %q%s", name, suggest(name, Profiles()))
	}
	file := name + ".yaml"
	source, err := shipped.ReadFile("profiles/" + file)
	if err != nil {
		return nil, Document{}, err
	}
	doc, err := Parse(file, source)
	return source, doc, err
}

var classic = sync.OnceValue(func() Document {
	_, doc, err := Profile("classic")
	if err != nil {
		panic("policy: the shipped profile is broken: " + err.Error())
	}
	return doc
})

// Default is the classic profile as a version: what a new house starts with. The
// caller may change its document freely.
func Default(id ident.Policy, effective time.Time) Version {
	return Version{ID: id, Effective: effective, Document: classic().clone()}
}

// clone copies the lists and maps too.
func (d Document) clone() Document {
	d.Clocks.RequirementsReminders = slices.Clone(d.Clocks.RequirementsReminders)
	d.Requests.Kinds = maps.Clone(d.Requests.Kinds)
	d.Cancellation.Effects = slices.Clone(d.Cancellation.Effects)
	d.Cancellation.Causes = slices.Clone(d.Cancellation.Causes)
	d.Reviews.After = slices.Clone(d.Reviews.After)
	d.Reviews.AfterDelivery = slices.Clone(d.Reviews.AfterDelivery)
	d.Reviews.Criteria = slices.Clone(d.Reviews.Criteria)
	d.Reviews.CategoryCriteria = maps.Clone(d.Reviews.CategoryCriteria)
	for category, list := range d.Reviews.CategoryCriteria {
		d.Reviews.CategoryCriteria[category] = slices.Clone(list)
	}
	d.Reviews.ChallengeReasons = slices.Clone(d.Reviews.ChallengeReasons)
	d.Standing.Levels = slices.Clone(d.Standing.Levels)
	d.Conduct.AllowedLinks = slices.Clone(d.Conduct.AllowedLinks)
	d.Conduct.Messengers = slices.Clone(d.Conduct.Messengers)
	d.Conduct.OutsidePayment = slices.Clone(d.Conduct.OutsidePayment)
	return d
}
