package proof_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What stands here computes the figures of sellers and buyers once more, from
// the events, postings and warnings of an export and from nothing else that the
// house keeps: slowly, from the very beginning for each question, by the words
// of the rulebook. It shares no line with the rooms that it judges.

// numbers are the spans that both profiles have in common.
const (
	window     = 60 * day
	reachBack  = 180 * day
	ratingSpan = 730 * day
	answerTime = day
	notice     = 14 * day
	sellerStop = 96 * time.Hour // what a seller's own requests may stop the clock in all
	star       = 2520           // a star in parts: divisible by any number of criteria
)

// happening is one event.
type happening struct {
	stream, kind, actor, from, to string
	at                            time.Time
	d                             struct {
		Class    string
		Of       int
		Until    time.Time
		Facts    map[string]string
		Proposal struct {
			Kind, Cause string
			Days        int
			Quote       struct{ Days int64 } // of what was swapped away
		}
	}
}

// sale is what stands in an order's own row.
type sale struct {
	id, seller, buyer, gig string
	days                   int64 // of what it was last agreed to be
}

// penalty is a warning.
type penalty struct {
	member               string
	given, until, lifted time.Time
}

// chronicle is an export, read.
type chronicle struct {
	streams  map[string][]happening
	sales    []sale
	since    map[string]time.Time // shops were opened
	talks    map[string][2]string // who talks with whom
	money    map[string][]row     // postings by order
	warnings []penalty
	rules    []law
}

// law is what the house goes by from an instant on.
type law struct {
	from   time.Time
	least  int // from so many on a share is enforced
	ladder []rung
}

// rung is one level; 0 asks nothing.
type rung struct {
	name                         string
	days, completed, buyers      int
	earned                       int64
	rating                       int64 // hundredths of a star
	completion, onTime, response int64 // percent
	unwarned, approval           bool
}

func micro(r row, column string) time.Time {
	if r[column] == nil {
		return time.Time{}
	}
	return time.UnixMicro(r.number(column)).UTC()
}

func chronicled(t testing.TB, tables map[string][]row, rules []law) *chronicle {
	t.Helper()
	c := &chronicle{
		streams: map[string][]happening{}, since: map[string]time.Time{}, talks: map[string][2]string{}, money: map[string][]row{}, rules: rules,
	}
	rows := tables["events"]
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.number("seq"), b.number("seq")) })
	for _, r := range rows {
		h := happening{
			stream: r.text("stream"), kind: r.text("kind"), actor: r.text("actor_id"), from: r.text("from_state"), to: r.text("to_state"), at: micro(r, "at"),
		}
		must(t, json.Unmarshal([]byte(r.text("detail")), &h.d))
		c.streams[h.stream] = append(c.streams[h.stream], h)
	}
	days := map[string]int64{}
	for _, r := range tables["order_agreements"] {
		var body struct{ Days int64 }
		must(t, json.Unmarshal([]byte(r.text("body")), &body))
		days[r.text("order_id")] = body.Days
	}
	for _, r := range tables["orders"] {
		c.sales = append(c.sales, sale{r.text("id"), r.text("seller_id"), r.text("buyer_id"), r.text("gig_id"), days[r.text("id")]})
	}
	for _, r := range tables["members"] {
		if at := micro(r, "seller_since"); !at.IsZero() {
			c.since[r.text("id")] = at
		}
	}
	for _, r := range tables["thread_seats"] {
		pair := c.talks[r.text("thread_id")]
		if pair[0] == "" {
			pair[0] = r.text("member_id")
		} else {
			pair[1] = r.text("member_id")
		}
		c.talks[r.text("thread_id")] = pair
	}
	for _, r := range tables["postings"] {
		c.money[r.text("stream")] = append(c.money[r.text("stream")], r)
	}
	for _, r := range tables["warnings"] {
		c.warnings = append(c.warnings, penalty{r.text("member_id"), micro(r, "given_at"), micro(r, "until"), micro(r, "lifted_at")})
	}
	return c
}

// entry is what one order, conversation or review adds to one figure.
type entry struct {
	figure, subject, peer, mark string
	at                          time.Time
	value                       int64
}

// entries is everything that adds to somebody's figures, as it was known then.
func (c *chronicle) entries(who string, known time.Time) []entry {
	var list []entry
	for _, o := range c.sales {
		if o.seller == who || o.buyer == who {
			for _, e := range c.ofSale(o, known) {
				if (e.figure == "buyer_record") == (o.buyer == who) {
					list = append(list, e)
				}
			}
		}
		if o.seller == who {
			list = append(list, c.ofReview(o, known)...)
		}
	}
	for id, pair := range c.talks {
		if pair[0] == who || pair[1] == who {
			list = append(list, c.ofTalk(id, who, known)...)
		}
	}
	slices.SortFunc(list, func(a, b entry) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.subject, b.subject)) })
	return list
}

// ofSale tells an order's life.
func (c *chronicle) ofSale(o sale, known time.Time) []entry {
	var list []entry
	x := c.began(o)
	for _, h := range c.streams[o.id] {
		if h.at.After(known) {
			break
		}
		x.happens(h)
		if h.kind == "order.delivered" && x.delivered.Equal(h.at) {
			mark := "against"
			if !h.at.After(x.due) {
				mark = "for"
			}
			list = append(list, entry{"on_time", o.id, o.buyer, mark, h.at, 0})
		}
	}
	end := x.last
	if end.at.IsZero() {
		return list
	}
	net := c.net(o, known)
	if end.to == "completed" {
		return append(list, entry{"completion", o.id, o.buyer, "for", end.at, 0}, entry{"earned", o.id, o.buyer, "for", end.at, net})
	}
	mark := map[bool]string{true: "against", false: "excluded"}
	seller, buyer := c.blamed(x)
	list = append(list, entry{"completion", o.id, o.buyer, mark[seller], end.at, 0}, entry{"buyer_record", o.id, o.seller, mark[buyer], end.at, 0})
	if net > 0 {
		list = append(list, entry{"earned", o.id, o.buyer, "for", end.at, net})
	}
	return list
}

// net is what an order has paid its seller.
func (c *chronicle) net(o sale, known time.Time) int64 {
	var sum int64
	for _, r := range c.money[o.id] {
		if pot, of, _ := strings.Cut(r.text("account"), ":"); of == o.seller && pot != "refund" && !micro(r, "at").After(known) {
			sum += r.number("minor")
		}
	}
	return sum
}

// opinion is one review as its events tell it.
type opinion struct {
	by, of, gig       string
	parts             int64
	revealed, removed time.Time
}

func (c *chronicle) opinions(o sale, known time.Time) []opinion {
	both := map[string]*opinion{}
	for _, h := range c.streams["review_"+strings.TrimPrefix(o.id, "order_")] {
		if h.at.After(known) {
			break
		}
		by := h.d.Facts["by"]
		switch h.kind {
		case "review.written", "review.amended":
			if both[by] == nil {
				both[by] = &opinion{by: by, gig: o.gig, of: map[string]string{"buyer": o.seller, "seller": o.buyer}[by]}
			}
			both[by].parts = meanOf(h.d.Facts)
		case "review.revealed":
			for _, x := range both {
				x.revealed = h.at
			}
		case "review.removed":
			both[by].removed = h.at
		case "review.restored":
			both[by].removed = time.Time{}
		}
	}
	var list []opinion
	for _, x := range both {
		if !x.revealed.IsZero() {
			list = append(list, *x)
		}
	}
	return list
}

func meanOf(facts map[string]string) int64 {
	var sum, n int64
	for name, text := range facts {
		if strings.HasPrefix(name, "stars:") {
			stars, _ := strconv.ParseInt(text, 10, 64)
			sum, n = sum+stars, n+1
		}
	}
	return sum * star / max(n, 1)
}

func (c *chronicle) ofReview(o sale, known time.Time) []entry {
	var list []entry
	for _, x := range c.opinions(o, known) {
		switch {
		case x.by != "buyer":
		case x.removed.IsZero():
			list = append(list, entry{"rating", o.id, o.buyer, "for", x.revealed, x.parts})
		default:
			list = append(list, entry{"rating", o.id, o.buyer, "excluded", x.revealed, 0})
		}
	}
	return list
}

// ofTalk is the first question to somebody who sells, and its answer.
func (c *chronicle) ofTalk(id, who string, known time.Time) []entry {
	var asker string
	var spam bool // as long as a report in time is open, and for good once the desk agrees
	var asked, answered, shut time.Time
	for _, h := range c.streams[id] {
		if h.at.After(known) {
			break
		}
		switch {
		case h.kind == "talk.reported" && h.d.Of == 1 && h.actor == who:
			spam = spam || h.d.Facts["reason"] == "spam" && h.at.Before(asked.Add(answerTime))
		case h.kind == "talk.report_upheld":
			spam = true
		case h.kind == "talk.report_dropped":
			spam = false
		case h.kind == "talk.blocked" && h.actor == asker && answered.IsZero() && shut.IsZero():
			shut = h.at
		case h.kind == "talk.closed" && answered.IsZero() && shut.IsZero():
			shut = h.at
		case h.kind != "talk.said":
		case asker == "":
			asker, asked = h.actor, h.at
		case h.actor == who && answered.IsZero():
			answered = h.at
		}
	}
	since, sells := c.since[who]
	if asker == "" || asker == who || !sells || since.After(asked) {
		return nil
	}
	one := entry{"response", id, asker, "against", asked.Add(answerTime), 0}
	switch {
	case c.away(who, asked):
		one.mark, one.at = "excluded", asked
	case spam:
		one.mark, one.at = "excluded", asked
	case !answered.IsZero() && !answered.After(asked.Add(answerTime)):
		one.mark, one.at = "for", answered
	case !shut.IsZero() && shut.Before(asked.Add(answerTime)):
		one.mark, one.at = "excluded", asked
	}
	return []entry{one}
}

// away tells whether somebody had announced their absence at an instant.
func (c *chronicle) away(who string, at time.Time) bool {
	var until time.Time
	for _, h := range c.streams[who] {
		if !h.at.After(at) && strings.HasPrefix(h.kind, "seller_") {
			until = h.d.Until // none when they are back
		}
	}
	return at.Before(until)
}
