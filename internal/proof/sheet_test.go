package proof_test

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// share is a rate with what is left out of it.
type share struct {
	good, bad, left int
	enforced        bool
}

// sheet is everything that a standing says.
type sheet struct {
	completed, buyers, days      int
	earned                       int64
	completion, onTime, response share
	parts                        int64 // of all stars in the window
	reviews, tombs               int
	warnings                     int
}

func (s sheet) String() string {
	return fmt.Sprintf("completed %d of %d buyers, earned %d, %d days, completion %v, on time %v, response %v, %d parts in %d reviews and %d tombstones, %d warnings",
		s.completed, s.buyers, s.earned, s.days, s.completion, s.onTime, s.response, s.parts, s.reviews, s.tombs, s.warnings)
}

// law is what the house goes by at an instant.
func (c *chronicle) law(at time.Time) law {
	l := c.rules[0]
	for _, next := range c.rules {
		if !next.from.After(at) {
			l = next
		}
	}
	return l
}

// sheet folds what was known at one instant as of another.
func (c *chronicle) sheet(who string, known, at time.Time) sheet {
	list, l := c.entries(who, known), c.law(at)
	var s sheet
	met := map[string]bool{}
	for _, e := range list {
		if e.at.After(at) {
			continue
		}
		switch {
		case e.figure == "completion" && e.mark == "for":
			s.completed++
			met[e.peer] = true
		case e.figure == "earned":
			s.earned += e.value
		case e.figure == "rating" && e.at.After(at.Add(-ratingSpan)) && e.mark == "for":
			s.reviews++
			s.parts += e.value
		case e.figure == "rating" && e.at.After(at.Add(-ratingSpan)):
			s.tombs++
		}
	}
	s.buyers = len(met)
	if since, sells := c.since[who]; sells {
		s.days = int(at.Sub(since) / day)
	}
	s.completion, s.onTime, s.response = rate(list, "completion", at, l), rate(list, "on_time", at, l), rate(list, "response", at, l)
	for _, w := range c.warnings {
		if w.member == who && !w.given.After(known) && !w.given.After(at) && w.until.After(at) && (w.lifted.IsZero() || w.lifted.After(known) || w.lifted.After(at)) {
			s.warnings++
		}
	}
	return s
}

// rate looks at the window, and further back while too few count in it: just as
// far as the newest that are needed, or as it may.
func rate(list []entry, figure string, at time.Time, l law) share {
	since, counted := at.Add(-window), 0
	for _, e := range slices.Backward(list) {
		if e.figure != figure || e.at.After(at) || e.mark == "excluded" {
			continue
		}
		if !e.at.After(at.Add(-reachBack)) {
			break
		}
		if counted++; counted == l.least {
			if !e.at.After(since) {
				since = e.at.Add(-time.Microsecond)
			}
			break
		}
	}
	if counted < l.least {
		since = at.Add(-reachBack)
	}
	var s share
	for _, e := range list {
		if e.figure != figure || e.at.After(at) || !e.at.After(since) {
			continue
		}
		switch e.mark {
		case "for":
			s.good++
		case "against":
			s.bad++
		default:
			s.left++
		}
	}
	s.enforced = s.good+s.bad >= l.least
	return s
}

func (s share) reaches(percent int64) bool {
	return percent == 0 || !s.enforced || int64(s.good)*100 >= percent*int64(s.good+s.bad)
}

// meets tells whether figures carry a level, but for a person's yes.
func (r rung) meets(s sheet) bool {
	return s.days >= r.days && s.completed >= r.completed && s.buyers >= r.buyers && s.earned >= r.earned &&
		(r.rating == 0 || s.reviews > 0 && s.parts*100 >= r.rating*star*int64(s.reviews)) &&
		s.completion.reaches(r.completion) && s.onTime.reaches(r.onTime) && s.response.reaches(r.response) && (!r.unwarned || s.warnings == 0)
}

// climb is where a seller stands on the ladder.
type climb struct {
	level   string
	demotes time.Time
	ready   string
	story   []string // every event of the level, to the microsecond

	approved string // the level to which a person said yes
}

func (r law) place(name string) int {
	return slices.IndexFunc(r.ladder, func(x rung) bool { return x.name == name })
}

// climbed walks a seller's level from the first instant to another, stopping at
// each at which anything could change. What people of the house said about it is
// taken from their words; what it does is not.
func (c *chronicle) climbed(who string, from, until time.Time) climb {
	var s climb
	for at := from; !at.IsZero() && !at.After(until); at = c.after(who, at, s.demotes) {
		l, now := c.law(at), c.sheet(who, at, at)
		s.look(at, l, now)
		for _, h := range c.streams[ladderOf(who)] {
			switch {
			case !h.at.Equal(at):
			case h.kind == "level.declined":
				s.say(at, h.kind, s.level, s.ready)
			case h.kind == "level.approved":
				s.say(at, h.kind, s.level, s.ready)
				s.approved = s.ready
				s.look(at, l, now)
			}
		}
	}
	return s
}

func ladderOf(who string) string { return "standing_" + strings.TrimPrefix(who, "member_") }

func (s *climb) say(at time.Time, kind, from, to string) {
	s.story = append(s.story, fmt.Sprintf("%s %s %s>%s", at.Format(time.RFC3339Nano), kind, from, to))
}

// look moves a level as of an instant. A person's yes stands for as long as the
// level that it was given to.
func (s *climb) look(at time.Time, l law, now sheet) {
	met, ready := -1, ""
	for i, r := range l.ladder {
		if r.meets(now) && (!r.approval || s.approved == r.name) {
			met = i
		}
	}
	for i, r := range l.ladder {
		if r.approval && i > met && r.meets(now) {
			ready = r.name
		}
	}
	held, was := l.place(s.level), s.level
	name := ""
	if met >= 0 {
		name = l.ladder[met].name
	}
	switch {
	case met > held:
		s.level, s.demotes = name, time.Time{}
		s.say(at, "level.promoted", was, s.level)
	case met == held:
		if !s.demotes.IsZero() {
			s.demotes = time.Time{}
			s.say(at, "level.recovered", was, s.level)
		}
	case s.demotes.IsZero():
		s.demotes = fallsOn(at)
		s.say(at, "level.warned", was, s.level)
	case !at.Before(s.demotes):
		s.level, s.demotes = name, time.Time{}
		if l.place(s.approved) > met {
			s.approved = ""
		}
		s.say(at, "level.demoted", was, s.level)
	}
	if ready != s.ready {
		if s.ready = ready; ready != "" {
			s.say(at, "level.ready", s.level, ready)
		}
	}
}

// fallsOn is the first 15th, midnight, after the notice.
func fallsOn(warned time.Time) time.Time {
	earliest := warned.Add(notice)
	at := time.Date(earliest.Year(), earliest.Month(), 15, 0, 0, 0, 0, time.UTC)
	if at.Before(earliest) {
		at = at.AddDate(0, 1, 0)
	}
	return at
}

// after is the next instant at which anything about a seller could be another.
func (c *chronicle) after(who string, now, demotes time.Time) time.Time {
	var first time.Time
	try := func(at time.Time) {
		if at.After(now) && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	try(demotes)
	for _, l := range c.rules {
		try(l.from)
		for _, r := range l.ladder {
			try(c.since[who].Add(time.Duration(r.days) * day))
		}
	}
	for _, e := range c.entries(who, now) {
		for _, span := range []time.Duration{0, window, reachBack, ratingSpan} {
			try(e.at.Add(span))
		}
	}
	for _, h := range c.streams[ladderOf(who)] {
		if h.kind == "level.approved" || h.kind == "level.declined" {
			try(h.at)
		}
	}
	for _, w := range c.warnings {
		if w.member == who {
			try(w.given)
			try(w.until)
			try(w.lifted)
		}
	}
	for _, o := range c.sales {
		if o.seller == who {
			for _, h := range c.streams[o.id] {
				try(h.at)
			}
			for _, h := range c.streams["review_"+strings.TrimPrefix(o.id, "order_")] {
				try(h.at)
			}
		}
	}
	for id, pair := range c.talks {
		if pair[0] == who || pair[1] == who {
			for _, h := range c.streams[id] {
				try(h.at)
			}
		}
	}
	return first
}
