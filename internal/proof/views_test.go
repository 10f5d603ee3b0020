package proof_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildhall/client"
)

// everywhere holds each other view of a standing against the seller's own: the
// link for a helper, the short form for everybody, the record that can be taken
// along, what sellers see of buyers, and the counts on cards and pages.
func (p *player) everywhere(c *chronicle, s shown, sums map[string]client.ReviewSums) {
	p.t.Helper()
	p.sharedWith(s)
	open, err := p.seller.at(p.url).SellerStanding(p.t.Context(), p.seller.Handle)
	must(p.t, err)
	is := sheet{
		completed: open.Completed, days: open.Days, completion: shareOf(open.Completion), onTime: shareOf(open.OnTime), response: shareOf(open.Response),
		parts: open.Rating.Parts, reviews: open.Rating.Reviews, tombs: open.Rating.Removed,
	}
	want := s.sheet()
	want.buyers, want.earned, want.warnings = 0, 0, 0
	if is != want || open.Level != s.Level.Name {
		p.t.Errorf("everybody is told %v, %q\nand the seller       %v, %q", is, open.Level, want, s.Level.Name)
	}
	p.carried(c, s)
	for _, b := range append(slices.Clone(p.buyers), p.ghost) {
		p.recorded(c, b)
	}
	p.counted(sums)
}

func shareOf(r client.Rate) share { return share{r.For, r.Against, r.Excluded, r.Enforced} }

// sharedWith opens a link for a helper, reads it, and closes it.
func (p *player) sharedWith(s shown) {
	p.t.Helper()
	ctx, seller := p.t.Context(), p.seller.at(p.url)
	link, err := seller.ShareStanding(ctx)
	must(p.t, err)
	var is shown
	var raw json.RawMessage
	nobody := person{}
	must(p.t, p.raw(ctx, nobody, http.MethodGet, "/standing/shared/"+link.Secret, nil, &raw))
	must(p.t, json.Unmarshal(raw, &is))
	if is.sheet() != s.sheet() || is.Level.Name != s.Level.Name || is.Level.Waits != s.Level.Waits || len(is.Forecast) != len(s.Forecast) {
		p.t.Errorf("a helper sees %v, %q, %d steps\nthe seller    %v, %q, %d steps", is.sheet(), is.Level.Name, len(is.Forecast), s.sheet(), s.Level.Name, len(s.Forecast))
	}
	seen := string(raw)
	for line, err := range seller.SharedBehind(ctx, link.Secret, "completion") {
		must(p.t, err)
		seen += fmt.Sprintf("%+v", line)
	}
	for _, b := range append(slices.Clone(p.buyers), p.ghost) {
		if strings.Contains(seen, b.Name+`"`) || strings.Contains(seen, string(b.ID)) || strings.Contains(seen, b.Handle+`"`) {
			p.t.Errorf("a helper is told of %s", b.Name)
		}
	}
	if strings.Contains(seen, "order_") || strings.Contains(seen, "thread_") {
		p.t.Error("a helper is told which orders or conversations they are")
	}
	must(p.t, seller.CloseShare(ctx, link.ID))
	if _, err := seller.SharedStanding(ctx, link.Secret); err == nil {
		p.t.Error("a closed link shows a standing")
	}
}

// carried holds the record that a seller takes along against figures and export.
func (p *player) carried(c *chronicle, s shown) {
	p.t.Helper()
	ctx := p.t.Context()
	r, text, err := p.seller.at(p.url).MakeRecord(ctx)
	must(p.t, err)
	check, err := p.seller.at(p.url).CheckRecord(ctx, text)
	must(p.t, err)
	if !check.Good || check.Status == nil || check.Status.State != "valid" {
		p.t.Errorf("a record made just now is not good: %+v", check)
	}
	f := s.sheet()
	rate := func(x share) [3]int64 { return [3]int64{int64(x.good), int64(x.good + x.bad), int64(x.left)} }
	want := map[string][3]int64{
		"completed": {int64(f.completed)}, "unique_buyers": {int64(f.buyers)}, "earned": {f.earned}, "days": {int64(f.days)},
		"completion": rate(f.completion), "on_time": rate(f.onTime), "response": rate(f.response),
		"rating": {f.parts, int64(f.reviews), int64(f.tombs)}, "warnings": {int64(f.warnings)},
	}
	is := map[string][3]int64{}
	for _, x := range r.Figures {
		is[x.Figure] = [3]int64{x.Numerator, x.Denominator, x.Excluded}
	}
	level := ""
	if r.Level != nil {
		level = r.Level.Name
	}
	if !maps.Equal(is, want) || level != s.Level.Name {
		p.t.Errorf("the record says %v, %q\nthe house      %v, %q", is, level, want, s.Level.Name)
	}
	endings := map[string][2]int64{}
	for _, o := range c.sales {
		x, counts, _ := c.ending(o, s.At)
		if o.seller == string(p.seller.ID) && x != nil && x.last.at.After(s.Completion.Since) {
			n := endings[x.last.d.Class]
			if n[0]++; counts {
				n[1]++
			}
			endings[x.last.d.Class] = n
		}
	}
	told := map[string][2]int64{}
	for _, e := range r.Endings {
		if e.Orders > 0 || e.Counted > 0 {
			told[e.Class] = [2]int64{e.Orders, e.Counted}
		}
	}
	if !maps.Equal(told, endings) {
		p.t.Errorf("the record counts cancellations %v, the export %v", told, endings)
	}
}

// ending is how an order ended that was not completed, and in whose record that
// is; nil for any other.
func (c *chronicle) ending(o sale, known time.Time) (x *course, seller, buyer bool) {
	x = c.began(o)
	for _, h := range c.streams[o.id] {
		if !h.at.After(known) {
			x.happens(h)
		}
	}
	if x.last.to != "cancelled" && x.last.to != "refunded" {
		return nil, false, false
	}
	seller, buyer = c.blamed(x)
	return x, seller, buyer
}

// recorded holds what a seller sees of a buyer against the export.
func (p *player) recorded(c *chronicle, b person) {
	p.t.Helper()
	is, err := p.seller.at(p.url).BuyerRecord(p.t.Context(), string(b.ID))
	if err != nil && !slices.ContainsFunc(c.sales, func(o sale) bool { return o.buyer == string(b.ID) }) {
		return // they have nothing to do with each other
	}
	must(p.t, err)
	now := is.Since.Add(reachBack)
	orders, completed, noted := 0, 0, 0
	endings := map[string]int{}
	for _, o := range c.sales {
		if o.buyer != string(b.ID) {
			continue
		}
		last := ""
		for _, h := range c.streams[o.id] {
			if h.to != "" {
				last = h.to
			}
		}
		if last != "unpaid" && last != "abandoned" {
			orders++
		}
		if last == "completed" {
			completed++
		}
		if x, _, buyer := c.ending(o, now); x != nil && x.last.at.After(is.Since) {
			cause := x.last.d.Facts["cause"]
			if endings[fmt.Sprint(x.last.d.Class, " ", cause, " ", buyer)]++; buyer {
				noted++
			}
		}
	}
	told := map[string]int{}
	for _, e := range is.Endings {
		cause := ""
		if e.Cause != nil {
			cause = e.Cause.Name
		}
		told[fmt.Sprint(e.Class, " ", cause, " ", e.Noted)] += e.N
	}
	if is.Orders != orders || is.Completed != completed || is.Noted != noted || !maps.Equal(told, endings) {
		p.t.Errorf("%s is shown with %d orders, %d completed, %d noted, %v\nby the export %d, %d, %d, %v",
			b.Name, is.Orders, is.Completed, is.Noted, told, orders, completed, noted, endings)
	}
}

var (
	linkOf  = regexp.MustCompile(`(?s)<a class="rating-link" href="#reviews">.*?</a>`)
	bracket = regexp.MustCompile(`\(([0-9,]+)\)`)
)

// counted looks at the number of reviews on cards, in search and on pages.
func (p *player) counted(sums map[string]client.ReviewSums) {
	p.t.Helper()
	ctx, seller := p.t.Context(), p.seller.at(p.url)
	for _, words := range []string{"", "map"} {
		for card, err := range seller.Gigs(ctx, "", words) {
			must(p.t, err)
			is, want := client.CardReviews{}, sums[card.ID]
			if card.Reviews != nil {
				is = *card.Reviews
			}
			if is.Count != want.Count || is.Mean != want.Mean {
				p.t.Errorf("the card of %q, found by %q, counts %+v, the export %+v", card.Title, words, is, want)
			}
		}
	}
	page, err := seller.Seller(ctx, p.seller.Handle)
	must(p.t, err)
	for _, card := range page.Gigs.Items {
		if n := sums[card.ID].Count; n > 0 && (card.Reviews == nil || card.Reviews.Count != n) {
			p.t.Errorf("the card of %q on the seller's page counts %+v, the export %d", card.Title, card.Reviews, n)
		}
		want := 0
		if sums[card.ID].Shown > 0 {
			want = sums[card.ID].Count
		}
		if is := p.onPage("/gigs/" + card.Slug); is != want {
			p.t.Errorf("the page of %q counts %d reviews, the export %d", card.Title, is, want)
		}
	}
}

// onPage is the number of reviews beside the stars in the head of a page.
func (p *player) onPage(path string) int {
	p.t.Helper()
	status, body, err := ask(p.t.Context(), p.url+path)
	must(p.t, err)
	if status != http.StatusOK {
		p.t.Errorf("%s answers %d", path, status)
	}
	found := bracket.FindStringSubmatch(linkOf.FindString(body))
	if found == nil {
		return 0
	}
	n, err := strconv.Atoi(strings.ReplaceAll(found[1], ",", ""))
	must(p.t, err)
	return n
}
