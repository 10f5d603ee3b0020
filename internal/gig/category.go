package gig

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
)

// maxDepth is how deep the catalogue's tree may be.
const maxDepth = 4

// NewCategory makes a category at the end of a way from the root. Errors:
// fault.Invalid beside name or parent.
func NewCategory(id ident.Category, way []Category, name string) (Category, error) {
	name = strings.Join(strings.Fields(name), " ")
	c := Category{ID: id, Name: name, Slug: SlugOf(name)}
	if c.Slug == "" { // a name without Latin letters
		c.Slug = strings.Join(split(name, 4), "-")
	}
	bad := fault.Fields{}
	bad.Need(c.Slug != "" && utf8.ValidString(name), "name", "Give the category a name.")
	bad.Need(utf8.RuneCountInString(name) <= MaxName, "name", "A name of at most 60 characters.")
	bad.Need(len(way) < maxDepth, "parent", "The tree is at most four levels deep.")
	if len(way) > 0 {
		above := way[len(way)-1]
		c.Parent, c.Path = above.ID, above.Path
	}
	c.Path += c.Slug + "/"
	return c, bad.Err()
}

// Numbered is the category with a number in its address, for one whose name
// reads otherwise than that of the category which has the address already.
func (c Category) Numbered(n int) Category {
	parent := strings.TrimSuffix(c.Path, c.Slug+"/")
	c.Slug += "-" + strconv.Itoa(n)
	c.Path = parent + c.Slug + "/"
	return c
}

// SameName tells whether two names of categories are one, however they are
// written: without case, accents, spaces and signs. A plus and a hash are no
// mere signs: C, C++ and C# are three.
func SameName(a, b string) bool { return bare(a) == bare(b) }

func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '+' || r == '#' {
			return r
		}
		return -1
	}, Fold(name))
}

// NotForSale says why a gig cannot be ordered now, "" when it can. busy counts
// its orders in progress.
func NotForSale(g Gig, seller member.Member, now time.Time, busy int) string {
	switch {
	case g.State == StateDraft:
		return "This is a draft. Only you can see it."
	case g.State != StateActive:
		return "This gig is paused and takes no orders now."
	case seller.Suspended():
		return "Its seller takes no orders now."
	case seller.Away(now):
		return "The seller is away and takes no orders until they are back."
	case g.Capacity > 0 && busy >= g.Capacity:
		return "The seller has as many orders in progress as they take at once. A place is free again when one is delivered."
	}
	return ""
}
