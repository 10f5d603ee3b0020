package web

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/money"
)

// The editor's form holds four lists; row 2 of the extras is extras.2.name and
// so on, the same paths that the rule blames.
var rowFields = map[string][]string{
	"packages":  {"tier", "name", "description", "price", "days", "revisions"},
	"extras":    {"key", "name", "price", "days"},
	"questions": {"key", "kind", "text", "choices", "required"},
	"faq":       {"question", "answer"},
}

// mostRows bounds what is read of a form; the rule's own bounds are lower.
const mostRows = 50

// gigForm is the editor's form as it was typed.
type gigForm struct{ values url.Values }

type row map[string]string

func (f gigForm) rows(list string) []row {
	var rows []row
	for i := 0; i < mostRows; i++ {
		r, any := row{}, false
		for _, field := range rowFields[list] {
			name := list + "." + strconv.Itoa(i) + "." + field
			any = any || f.values.Has(name)
			r[field] = strings.TrimSpace(f.values.Get(name))
		}
		if !any {
			break
		}
		rows = append(rows, r)
	}
	return rows
}

func (f gigForm) setRows(list string, rows []row) {
	for name := range f.values {
		if strings.HasPrefix(name, list+".") {
			f.values.Del(name)
		}
	}
	for i, r := range rows {
		for _, field := range rowFields[list] {
			if r[field] != "" || field != "required" {
				f.values.Set(list+"."+strconv.Itoa(i)+"."+field, r[field])
			}
		}
	}
}

// counts tells how many rows each list has.
func (f gigForm) counts() map[string]int {
	counts := map[string]int{}
	for list := range rowFields {
		counts[list] = len(f.rows(list))
	}
	return counts
}

func (f gigForm) pictures() []ident.File {
	var list []ident.File
	for _, id := range f.values["pictures"] {
		list = append(list, ident.File(id))
	}
	return list
}

// change adds, removes or moves rows, as one of the form's buttons asks. It
// reports whether the button was one of these.
func (f gigForm) change(do string) bool {
	verb, rest, _ := strings.Cut(do, "-")
	list, number, _ := strings.Cut(rest, ".")
	at, err := strconv.Atoi(number)
	switch {
	case verb == "add" && rowFields[list] != nil:
		f.setRows(list, append(f.rows(list), newRow(list, f.rows(list))))
	case verb == "remove" && list == "pictures" && err == nil && at >= 0 && at < len(f.values["pictures"]):
		f.values["pictures"] = slices.Delete(slices.Clone(f.values["pictures"]), at, at+1)
	case verb == "remove" && rowFields[list] != nil && err == nil && at >= 0 && at < len(f.rows(list)):
		f.setRows(list, slices.Delete(f.rows(list), at, at+1))
	case strings.HasPrefix(do, "cover."):
		at, err := strconv.Atoi(strings.TrimPrefix(do, "cover."))
		if p := slices.Clone(f.values["pictures"]); err == nil && at >= 0 && at < len(p) {
			first := p[at]
			f.values["pictures"] = append([]string{first}, slices.Delete(p, at, at+1)...)
		}
	default:
		return do == "edit" || do == "upload"
	}
	if list == "packages" {
		f.ascending()
	}
	return true
}

var tiers = []gig.Tier{gig.Basic, gig.Standard, gig.Premium}

// newRow is an empty row; a package takes the first free tier.
func newRow(list string, have []row) row {
	r := row{}
	switch list {
	case "packages":
		for _, t := range tiers {
			if !slices.ContainsFunc(have, func(h row) bool { return h["tier"] == string(t) }) {
				r["tier"] = string(t)
				r["name"] = strings.ToUpper(string(t[:1])) + string(t[1:])
				break
			}
		}
	case "questions":
		r["kind"], r["required"] = string(gig.QuestionText), "on"
	}
	return r
}

// ascending puts the packages into the order of their tiers.
func (f gigForm) ascending() {
	rows := f.rows("packages")
	slices.SortStableFunc(rows, func(a, b row) int {
		return slices.Index(tiers, gig.Tier(a["tier"])) - slices.Index(tiers, gig.Tier(b["tier"]))
	})
	f.setRows("packages", rows)
}

// read turns what was typed into a gig. Errors: fault.Invalid for numbers and
// prices that cannot be read; everything else is the rule's business.
func (f gigForm) read(c money.Currency) (market.GigInput, error) {
	bad := fault.Fields{}
	number := func(name, text string) int {
		if text == "" {
			return 0
		}
		n, err := strconv.Atoi(text)
		bad.Need(err == nil, name, "Type a whole number.")
		return n
	}
	price := func(name, text string) int64 {
		if text == "" {
			return 0
		}
		amount, err := money.Parse(text, c)
		if err != nil {
			bad.Need(false, name, sentenceCase(err.Error())+".")
		}
		return amount.Minor
	}
	get := func(name string) string { return strings.TrimSpace(f.values.Get(name)) }
	b := gig.Body{
		Title: get("title"), Description: get("description"), Currency: c, Tags: parts(get("tags"), ","),
		Pictures: f.pictures(), Capacity: number("capacity", get("capacity")),
	}
	for i, r := range f.rows("packages") {
		at := "packages." + strconv.Itoa(i) + "."
		b.Packages = append(b.Packages, gig.Package{
			Tier: gig.Tier(r["tier"]), Name: r["name"], Description: r["description"],
			Price: price(at+"price", r["price"]), Days: number(at+"days", r["days"]), Revisions: number(at+"revisions", r["revisions"]),
		})
	}
	for i, r := range f.rows("extras") {
		at := "extras." + strconv.Itoa(i) + "."
		b.Extras = append(b.Extras, gig.Extra{Key: r["key"], Name: r["name"], Price: price(at+"price", r["price"]), Days: number(at+"days", r["days"])})
	}
	for _, r := range f.rows("questions") {
		q := gig.Question{Key: r["key"], Kind: gig.QuestionKind(r["kind"]), Text: r["text"], Required: r["required"] != ""}
		if q.Kind == gig.QuestionChoice {
			q.Choices = parts(r["choices"], "\n")
		}
		b.Questions = append(b.Questions, q)
	}
	for _, r := range f.rows("faq") {
		b.FAQ = append(b.FAQ, gig.FAQ{Question: r["question"], Answer: r["answer"]})
	}
	return market.GigInput{Category: ident.Category(get("category")), Body: b}, bad.Err()
}

func sentenceCase(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// besideFields puts what is wrong with one of the tags beside the field that holds them all.
func (f gigForm) besideFields(faults map[string]string) map[string]string {
	beside := maps.Clone(faults)
	for i, tag := range parts(f.values.Get("tags"), ",") {
		at := "tags." + strconv.Itoa(i)
		if why := faults[at]; why != "" {
			delete(beside, at)
			beside["tags"] = "“" + tag + "”: " + why
		}
	}
	return beside
}

// parts are what stands between commas or line ends in a field that holds a list.
func parts(text, between string) []string {
	var list []string
	for _, w := range strings.Split(text, between) {
		if w = strings.Join(strings.Fields(w), " "); w != "" {
			list = append(list, w)
		}
	}
	return list
}

// formOf fills the form with a gig.
func formOf(g gig.Gig) gigForm {
	f := gigForm{url.Values{
		"title": {g.Title}, "category": {string(g.Category)}, "description": {g.Description},
		"tags": {strings.Join(g.Tags, ", ")}, "version": {strconv.Itoa(g.Version)},
	}}
	if g.Capacity > 0 {
		f.values.Set("capacity", strconv.Itoa(g.Capacity))
	}
	for _, p := range g.Pictures {
		f.values.Add("pictures", string(p))
	}
	var rows []row
	for _, p := range g.Packages {
		rows = append(rows, row{"tier": string(p.Tier), "name": p.Name, "description": p.Description,
			"price": amountText(p.Price, g.Currency), "days": digits(p.Days), "revisions": strconv.Itoa(p.Revisions)})
	}
	f.setRows("packages", rows)
	rows = nil
	for _, e := range g.Extras {
		rows = append(rows, row{"key": e.Key, "name": e.Name, "price": amountText(e.Price, g.Currency), "days": digits(e.Days)})
	}
	f.setRows("extras", rows)
	rows = nil
	for _, q := range g.Questions {
		r := row{"key": q.Key, "kind": string(q.Kind), "text": q.Text, "choices": strings.Join(q.Choices, "\n")}
		if q.Required {
			r["required"] = "on"
		}
		rows = append(rows, r)
	}
	f.setRows("questions", rows)
	rows = nil
	for _, q := range g.FAQ {
		rows = append(rows, row{"question": q.Question, "answer": q.Answer})
	}
	f.setRows("faq", rows)
	return f
}

func amountText(minor int64, c money.Currency) string {
	if minor == 0 {
		return ""
	}
	return money.Of(minor, c).Plain()
}

func digits(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
