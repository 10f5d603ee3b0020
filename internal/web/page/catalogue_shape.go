package page

import (
	"net/url"
	"strconv"
	"strings"

	"guildhall/internal/gig"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/web/kit"
)

// cardOf is a gig in a list.
func cardOf(g gig.Card, known Known, l kit.Local) kit.GigCardProps {
	c := kit.GigCardProps{
		Href: "/gigs/" + g.Slug, Title: sentence(g.Title), Image: PictureURL(g.Cover, market.PictureCard),
		Seller: g.SellerName, Picture: PictureURL(g.SellerPicture, market.PictureAvatar),
		Price: g.From.String(), Delivery: "in " + days(g.Days), Level: known.Levels[g.Seller].Words,
	}
	c.Rating, c.Ratings = RatingOf(known.Ratings[g.ID])
	if g.AwayUntil.After(l.Now) {
		c.Record = "Away until " + l.Day(g.AwayUntil)
	}
	return c
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return strconv.Itoa(n) + " days"
}

func revisions(n int) string {
	switch n {
	case 0:
		return "No revisions"
	case 1:
		return "1 revision"
	}
	return strconv.Itoa(n) + " revisions"
}

// browseURL is the page of a category, by its path.
func browseURL(path string) string {
	if path = strings.Trim(path, "/"); path != "" {
		return "/browse/" + path
	}
	return "/browse"
}

// crumbs lead from the whole market along a way; last, if any, is the page itself.
func crumbs(way []gig.Category, last string) []kit.Link {
	links := []kit.Link{{Label: "All gigs", Href: "/browse"}}
	for _, c := range way {
		links = append(links, kit.Link{Label: c.Name, Href: browseURL(c.Path)})
	}
	if last != "" {
		links = append(links, kit.Link{Label: last})
	}
	return links
}

// older is the address of the next page of a list, "" on the last.
func older(path string, keep url.Values, next string) string {
	if next == "" {
		return ""
	}
	q := url.Values{}
	for name := range keep {
		q.Set(name, keep.Get(name))
	}
	q.Set("after", next)
	return path + "?" + q.Encode()
}

// doors are the roots of the catalogue, as entrances on the home page.
func doors(roots, all []gig.Category) []kit.Door {
	list := make([]kit.Door, len(roots), len(roots)+1)
	for i, r := range roots {
		var below []string
		for _, c := range all {
			if c.Parent == r.ID && len(below) < 3 {
				below = append(below, c.Name)
			}
		}
		list[i] = kit.Door{Icon: doorIcon(r.Name), Label: r.Name, Href: browseURL(r.Path), Note: strings.Join(below, ", ")}
	}
	return append(list, kit.Door{Icon: "layout-grid", Label: "All gigs", Href: "/browse", Note: "The newest first"})
}

// doorSigns are the signs over entrances, by how a word of the name begins.
// Names are the operator's; one that says none of these gets a plain tag.
var doorSigns = []struct{ sign, begins string }{
	{"briefcase", "business law office account finance"},
	{"chart-column", "data statistic analy"},
	{"palette", "graphic design art illustrat draw logo"},
	{"hammer", "craft making wood repair build"},
	{"megaphone", "market advert social seo"},
	{"music", "music audio sound voice"},
	{"camera", "photo picture"},
	{"code", "program software web code app develop tech"},
	{"graduation-cap", "teach lesson educat tutor learn"},
	{"languages", "translat language"},
	{"clapperboard", "video animat film"},
	{"pen-line", "writ text edit cop"},
}

func doorIcon(name string) string {
	for _, word := range strings.Fields(strings.ToLower(name)) {
		for _, d := range doorSigns {
			for _, begin := range strings.Fields(d.begins) {
				if strings.HasPrefix(word, begin) {
					return d.sign
				}
			}
		}
	}
	return "tag"
}

func browseTitle(way []gig.Category) string {
	if len(way) == 0 {
		return "All gigs"
	}
	return way[len(way)-1].Name
}

// columns are the packages side by side, the buyer's eye led to none of them.
func columns(b gig.Body) []kit.Package {
	list := make([]kit.Package, len(b.Packages))
	for i, p := range b.Packages {
		list[i] = kit.Package{
			Tier: tierName(p.Tier), Name: p.Name, Price: money.Of(p.Price, b.Currency).String(),
			Delivery: days(p.Days), Revisions: revisions(p.Revisions), Summary: p.Description,
		}
		if strings.EqualFold(p.Name, string(p.Tier)) {
			list[i].Name = ""
		}
	}
	return list
}

func tierName(t gig.Tier) string { return sentence(string(t)) }

func tierChoices(b gig.Body) []kit.Choice {
	list := make([]kit.Choice, len(b.Packages))
	for i, p := range b.Packages {
		list[i] = kit.Choice{Value: string(p.Tier), Label: p.Name, Note: days(p.Days) + ", " + strings.ToLower(revisions(p.Revisions)), Aside: money.Of(p.Price, b.Currency).String()}
	}
	return list
}

func extraChoices(b gig.Body) []kit.Choice {
	list := make([]kit.Choice, len(b.Extras))
	for i, e := range b.Extras {
		list[i] = kit.Choice{Value: e.Key, Label: e.Name, Aside: "+ " + money.Of(e.Price, b.Currency).String()}
		if e.Days > 0 {
			list[i].Note = "Adds " + days(e.Days)
		}
	}
	return list
}

func pictures(b gig.Body) []string {
	list := make([]string, len(b.Pictures))
	for i, f := range b.Pictures {
		list[i] = PictureURL(f, market.PictureGig)
	}
	return list
}

// asks says what a question wants.
func asks(q gig.Question) string {
	how := map[gig.QuestionKind]string{
		gig.QuestionText: "a line of text", gig.QuestionLong: "a longer text", gig.QuestionNumber: "a number",
		gig.QuestionChoice: "one of: " + strings.Join(q.Choices, ", "),
	}[q.Kind]
	if !q.Required {
		how += ", if you like"
	}
	return how
}

// sellerFacts are what the house knows of a seller, and no more than that.
func sellerFacts(m member.Member, l kit.Local) []kit.Fact {
	facts := []kit.Fact{
		{Name: "Their time now", Value: l.Now.In(m.Location()).Format("15:04") + " (" + l.Of(m.Location()) + ")"},
		{Name: "Here since", Value: l.Day(m.Created)},
	}
	if m.Seller != nil && len(m.Seller.Skills) > 0 {
		facts = append(facts, kit.Fact{Name: "Skills", Value: strings.Join(m.Seller.Skills, ", ")})
	}
	return facts
}
