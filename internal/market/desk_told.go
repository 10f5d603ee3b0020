package market

import (
	"context"

	"guildhall/internal/ident"
	"guildhall/internal/notice"
)

// caseFacts is what the notices about a case need to know.
func (b *bag) caseFacts(ctx context.Context, id ident.Case) (notice.Facts, bool, error) {
	c, err := b.tx.Case(id)
	if err != nil {
		return notice.Facts{}, false, err
	}
	names := map[ident.Member]string{}
	if err := nameAll(b.tx, names, c.Opener, c.Other, c.Agent); err != nil {
		return notice.Facts{}, false, err
	}
	person := func(id ident.Member) notice.Person { return notice.Person{ID: id, Name: names[id]} }
	facts := notice.Facts{
		Ref: c.Ref, Title: c.Kind.Words(), Currency: b.m.Policy().Currency,
		Opener: person(c.Opener), Across: person(c.Other), Agent: person(c.Agent),
	}
	facts.Policy, err = b.m.PolicyVersion(ctx, c.Policy)
	return facts, err == nil, err
}
