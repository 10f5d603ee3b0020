package kit

import (
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"
)

// LivePath is the address of the event stream. It takes any number of `topic`
// parameters and sends `event: changed` with the topic as data whenever what
// the topic names has changed, from the instant `since` on where it is given; the
// handler checks that the reader may watch it.
const LivePath = "/live"

// Live makes an element keep itself up to date: when one of the topics changes,
// the page at path is fetched again and the element with this id in it takes
// the place of the old one, keeping what is being typed. The page must name the
// same topics in Page.Topics. Without a script it is an ordinary element.
//
//	<section { kit.Live("order", p.Path, "order:"+id)... }>
func Live(id, path string, topics ...string) templ.Attributes {
	watched := ""
	for i, t := range topics {
		if i > 0 {
			watched += " "
		}
		watched += t
	}
	return templ.Attributes{
		"id":        id,
		"data-live": watched,
		"hx-get":    path,
		"hx-select": "#" + id,
		"hx-target": "this",
		"hx-swap":   "outerMorph",
		// The same answer carries the numbers in the head of the page.
		"hx-select-oob": "#bell,#letters",
		"hx-trigger":    "live throttle:400ms",
	}
}

// Along lets a Live element's answer keep others true that stand outside of it: the
// page's own counts of what the element lists. They are on the page whatever they hold.
func Along(live templ.Attributes, ids ...string) templ.Attributes {
	oob, _ := live["hx-select-oob"].(string)
	for _, id := range ids {
		oob += ",#" + id + ":outerMorph"
	}
	live["hx-select-oob"] = oob
	return live
}

// wireURL is the stream for all the topics of a page, and when it was made: what
// changed before the stream is open is told at its beginning.
func wireURL(topics []string, made time.Time) string {
	q := url.Values{"topic": topics}
	if !made.IsZero() {
		q.Set("since", strconv.FormatInt(made.UnixMicro(), 10))
	}
	return LivePath + "?" + q.Encode()
}
