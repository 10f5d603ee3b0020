package policy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// check looks for values that are fine alone and wrong together. It says nothing
// about values that already have a fault.
func (r *reader) check(d Document) {
	r.need(slug(d.Profile), "profile", nil, "a name is made of a-z, 0-9, _ and -")
	r.checkOrder(d)
	r.checkRequests(d.Requests)
	r.checkEffects(d.Cancellation)
	r.checkCauses(d.Cancellation)
	r.checkReviews(d)
	r.checkStanding(d.Standing)
	r.checkLadder(d)
	r.need(d.Money.MinPrice > 0, "money.min_price", nil, "must be more than nothing")
	r.need(d.Money.MinPrice <= d.Money.MaxPrice, "money.max_price", []string{"money.min_price"}, "must not be below min_price")
	r.need(d.Money.MinWithdrawal > 0, "money.min_withdrawal", nil, "must be more than nothing")
}

// need records a fault at path unless ok, or unless path or one of the others
// it was compared with is missing or faulty itself.
func (r *reader) need(ok bool, path string, others []string, format string, args ...any) {
	if ok || r.broken[path] || r.places[path] == nil {
		return
	}
	for _, other := range others {
		if r.broken[other] || r.places[other] == nil {
			return
		}
	}
	r.fault(path, r.places[path], format, args...)
}

// ordered needs the value at the first path not to be below that at the second.
func ordered[N cmp.Ordered](r *reader, high N, highPath string, low N, lowPath string) {
	r.need(high >= low, highPath, []string{lowPath}, "must not be less than %s (%v)", lowPath, low)
}

func (r *reader) checkOrder(d Document) {
	ordered(r, d.Order.StaleRefund, "order.stale_refund", d.Order.StaleCancel, "order.stale_cancel")
	ordered(r, d.Order.LateCancel, "order.late_cancel", d.Clocks.UploadGrace, "clocks.upload_grace")
	ordered(r, d.Order.ReviewPeriod, "order.review_period", d.Clocks.BeforeCompletion, "clocks.before_completion")
	ordered(r, d.Requests.Answer, "requests.answer", d.Clocks.BeforeRequestEnds, "clocks.before_request_ends")
	const reminders = "clocks.requirements_reminders"
	for i, span := range d.Clocks.RequirementsReminders {
		here := item(reminders, i)
		if i > 0 {
			r.need(span > d.Clocks.RequirementsReminders[i-1], here, []string{item(reminders, i-1)}, "must come after the reminder before it")
		}
		r.need(span < d.Order.StaleRefund, here, []string{"order.stale_refund"}, "comes after the refund of the order (%v)", d.Order.StaleRefund)
	}
}

// requestKinds is the closed list of section 5; code knows each of them.
func requestKinds() []string { return []string{"cancel", "extend", "add_extra", "discount", "swap"} }

func (r *reader) checkRequests(q Requests) {
	const table = "requests.kinds"
	kinds := requestKinds()
	for _, name := range kinds {
		if _, ok := q.Kinds[name]; !ok && r.places[table] != nil && !r.broken[table] {
			r.fault(join(table, name), r.places[table], "is missing")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(q.Kinds)) {
		kind := q.Kinds[name]
		path := join(table, name)
		r.need(slices.Contains(kinds, name), path, nil, "is no kind of request%s", suggest(name, kinds))
		accept, silence := AnswerApply, []Answer{AnswerDeny, AnswerApply}
		if name == "cancel" {
			accept, silence = AnswerCancelMutual, []Answer{AnswerDeny, AnswerCancelUnanswered}
		}
		r.need(kind.OnAccept == accept, join(path, "on_accept"), nil, "an accepted %s request can only %s", name, accept)
		r.need(kind.OnDecline == AnswerDeny, join(path, "on_decline"), nil, "a declined request changes nothing: deny")
		r.need(slices.Contains(silence, kind.OnSilence), join(path, "on_silence"), nil,
			"silence on a %s request can only %s or %s", name, silence[0], silence[1])
	}
}

// checkEffects needs one answer for every class, whoever asked.
func (r *reader) checkEffects(c Cancellation) {
	const table = "cancellation.effects"
	if r.places[table] == nil || !r.sound(table) {
		return // a misspelt row is not a missing one as well
	}
	rows := map[string]bool{}
	for _, e := range c.Effects {
		rows[e.row()] = true
	}
	for _, e := range c.Effects {
		here := join(table, e.row())
		r.need(e.AskedBy == "" || !rows[string(e.Class)], here, nil, "%s already stands for whoever asked", e.Class)
		excuse := e.Class == ClassUnanswered && e.AskedBy == PartySeller
		r.need(e.Seller != EffectUnresponsive || excuse, join(here, "seller"), nil,
			"%s fits only an unanswered request of the seller", EffectUnresponsive)
		r.need(e.Buyer != EffectUnresponsive, join(here, "buyer"), nil, "%s is for the seller", EffectUnresponsive)
		decided := e.Class == ClassForced || e.Class == ClassRefunded
		for _, side := range []struct {
			key    string
			effect Effect
		}{{"seller", e.Seller}, {"buyer", e.Buyer}} {
			blames := side.effect == EffectFaultSeller || side.effect == EffectFaultBuyer
			r.need(!blames || decided, join(here, side.key), nil, "fault is only decided where an agent ends the order: forced, refunded")
		}
	}
	for _, class := range Classes() {
		seller, buyer := effectName(class, PartySeller), effectName(class, PartyBuyer)
		if !rows[string(class)] && (!rows[seller] || !rows[buyer]) {
			r.fault(join(table, string(class)), r.places[table], "has no row for %s", class)
		}
	}
}

func (r *reader) checkCauses(c Cancellation) {
	names := make([]string, len(c.Causes))
	for i, cause := range c.Causes {
		names[i] = cause.Name
	}
	r.checkNames("cancellation.causes", names)
	r.need(slices.Contains(names, c.UnresponsiveCause), "cancellation.unresponsive_cause", []string{"cancellation.causes"},
		"%q is none of the causes%s", c.UnresponsiveCause, suggest(c.UnresponsiveCause, names))
}

// checkNames needs a table to have rows, each with a proper name. Repeated names
// were found while reading.
func (r *reader) checkNames(table string, names []string) {
	r.need(len(names) > 0, table, nil, "needs at least one row")
	for i, name := range names {
		numbered := join(table, fmt.Sprintf("[%d]", i+1))
		r.need(slug(name), join(numbered, "name"), nil, "a name is made of a-z, 0-9, _ and -")
	}
}

func (r *reader) checkReviews(d Document) {
	names := func(list []Criterion) []string {
		out := make([]string, len(list))
		for i, c := range list {
			out[i] = c.Name
		}
		return out
	}
	r.checkNames("reviews.criteria", names(d.Reviews.Criteria))
	r.need(len(d.Reviews.Criteria) <= MaxCriteria, "reviews.criteria", nil, "at most %d criteria, so that their mean is never rounded", MaxCriteria)
	for _, category := range slices.Sorted(maps.Keys(d.Reviews.CategoryCriteria)) {
		list := d.Reviews.CategoryCriteria[category]
		at := join("reviews.category_criteria", category)
		r.checkNames(at, names(list))
		r.need(len(list) <= MaxCriteria, at, nil, "at most %d criteria, so that their mean is never rounded", MaxCriteria)
	}
	reasons := make([]string, len(d.Reviews.ChallengeReasons))
	for i, reason := range d.Reviews.ChallengeReasons {
		reasons[i] = reason.Name
	}
	r.checkNames("reviews.challenge_reasons", reasons)
	seen := map[Ending]bool{}
	for _, list := range []struct {
		path    string
		endings []Ending
	}{{"reviews.after", d.Reviews.After}, {"reviews.after_delivery", d.Reviews.AfterDelivery}} {
		for i, ending := range list.endings {
			r.need(!seen[ending], item(list.path, i), nil, "%s stands twice", ending)
			seen[ending] = true
		}
	}
	ordered(r, d.Limits.TextRunes, "limits.text_runes", d.Reviews.MinText, "reviews.min_text")
}

func (r *reader) checkStanding(s Standing) {
	ordered(r, s.ReachBack, "standing.reach_back", s.Window, "standing.window")
	ordered(r, s.RatingWindow, "standing.rating_window", s.Window, "standing.window")
	names := make([]string, len(s.Levels))
	for i, level := range s.Levels {
		names[i] = level.Name
	}
	r.checkNames("standing.levels", names)
}

// checkLadder needs each level to ask at least what the one below asks, and
// something more.
func (r *reader) checkLadder(d Document) {
	for i, level := range d.Standing.Levels {
		here := join("standing.levels", level.Name)
		clearance := join(here, "clearance")
		r.need(level.Clearance <= d.Money.Clearance, clearance, []string{"money.clearance"}, "must not be longer than money.clearance (%v)", d.Money.Clearance)
		if i == 0 {
			continue
		}
		below := d.Standing.Levels[i-1]
		under := join("standing.levels", below.Name)
		rises := !r.sound(here) || !r.sound(under)
		var missing []string // asked below and not written here, so the row is the place
		lower := below.thresholds()
		for t, own := range level.thresholds() {
			rises = rises || own.asks > lower[t].asks
			at := join(here, own.key)
			if own.asks < lower[t].asks && r.places[at] == nil {
				missing = append(missing, own.key)
			}
			r.need(own.asks >= lower[t].asks, at, []string{under}, "asks less than %s does: the ladder must ascend", below.Name)
		}
		r.need(len(missing) == 0, here, []string{under}, "does not ask for %s as %s does: the ladder must ascend", strings.Join(missing, ", "), below.Name)
		r.need(rises, here, nil, "asks no more than %s: the ladder must ascend", below.Name)
	}
}

// sound tells whether nothing at the path or under it is faulty.
func (r *reader) sound(path string) bool {
	for broken := range r.broken {
		if broken == path || strings.HasPrefix(broken, path+".") {
			return false
		}
	}
	return true
}

type threshold struct {
	key  string
	asks int64
}

// thresholds are the numbers and conditions of a level by key, in one order.
func (l Level) thresholds() []threshold {
	asked := func(yes bool) int64 {
		if yes {
			return 1
		}
		return 0
	}
	return []threshold{
		{"days", int64(l.Days)},
		{"completed", int64(l.Completed)},
		{"unique_buyers", int64(l.UniqueBuyers)},
		{"earned", int64(l.Earned)},
		{"rating", int64(l.Rating)},
		{"completion", int64(l.Completion)},
		{"on_time", int64(l.OnTime)},
		{"response", int64(l.Response)},
		{"no_warnings", asked(l.NoWarnings)},
		{"approval", asked(l.Approval)},
	}
}
