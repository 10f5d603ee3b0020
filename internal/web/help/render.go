package help

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"

	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
	"guildhall/internal/standing"
)

// renderer turns the source of an article into a page under one policy.
type renderer struct {
	policy   policy.Version
	example  Example
	markdown goldmark.Markdown
	funcs    template.FuncMap
}

func newRenderer(v policy.Version) (*renderer, error) {
	example, err := Play(v)
	if err != nil {
		return nil, fmt.Errorf("help: the worked example: %w", err)
	}
	r := &renderer{policy: v, example: example, markdown: goldmark.New(
		goldmark.WithExtensions(extension.Table),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
	)}
	r.funcs = template.FuncMap{
		"policy":  r.value,
		"times":   r.times,
		"reminds": r.reminds,
		"matrix":  r.matrix,
		"nofault": r.noFault,
		"causes":  r.causes,
		"cause":   r.cause,
		"tabs":    tabs,
		"cards":   cards,
		"scopes":  scopes,
		"level":   r.level,
		"levels":  r.levels,
	}
	return r, nil
}

// article reads the head of a source, lets the policy into its text and makes
// the page of it.
func (r *renderer) article(slug, source string) (Article, error) {
	a, text, err := head(slug, source)
	if err != nil {
		return a, err
	}
	t, err := template.New(slug).Funcs(r.funcs).Option("missingkey=error").Parse(text)
	if err != nil {
		return a, err
	}
	var filled, page bytes.Buffer
	if err := t.Execute(&filled, r.example); err != nil {
		return a, err
	}
	a.words = sections(filled.String())
	if err := r.markdown.Convert(filled.Bytes(), &page); err != nil {
		return a, err
	}
	a.HTML = dress(page.String())
	for _, m := range headings.FindAllStringSubmatch(a.HTML, -1) {
		a.Heads = append(a.Heads, Head{ID: m[1], Text: html.UnescapeString(tags.ReplaceAllString(m[2], ""))})
	}
	return a, nil
}

// head reads the lines before "---": title, summary, group, for, order, revised,
// related.
func head(slug, source string) (Article, string, error) {
	a := Article{Slug: slug}
	top, text, ok := strings.Cut(source, "\n---\n")
	if !ok {
		return a, "", errors.New("no --- after the head")
	}
	for line := range strings.Lines(top) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		var err error
		switch name {
		case "title":
			a.Title = value
		case "summary":
			a.Summary = value
		case "group":
			a.Group = value
		case "for":
			a.For = strings.Split(value, ", ")
		case "order":
			a.order, err = strconv.Atoi(value)
		case "revised":
			a.Revised, err = time.Parse(time.DateOnly, value)
		case "related":
			a.Related = strings.Split(value, ", ")
		default:
			err = fmt.Errorf("unknown line %q in the head", line)
		}
		if err != nil {
			return a, "", err
		}
	}
	if a.Title == "" || a.Summary == "" || a.Revised.IsZero() {
		return a, "", errors.New("title, summary and revised must stand in the head")
	}
	return a, text, nil
}

var (
	headings = regexp.MustCompile(`<h2 id="([^"]+)">(.*?)</h2>`)
	tags     = regexp.MustCompile(`<[^>]*>`)
)

// dress gives what Markdown made the house's own pieces: a table scrolls by
// itself, a quote is a worked example. Markdown lets no tag of the text through,
// so what is replaced here is always its own.
func dress(page string) string {
	page = tables.ReplaceAllStringFunc(page, labelled)
	return strings.NewReplacer(
		"<table>", `<div class="scroll" role="region" aria-label="Table" tabindex="0"><table class="sheet sheet-fold">`,
		"</table>", "</table></div>",
		"<th>", `<th scope="col">`,
		"<blockquote>", `<div class="example" role="note">`,
		"</blockquote>", "</div>",
		" %", "\u00a0%", // a share stays on its line
	).Replace(page)
}

var (
	tables = regexp.MustCompile(`(?s)<table>.*?</table>`)
	column = regexp.MustCompile(`<th>(.*?)</th>`)
	row    = regexp.MustCompile(`(?s)<tr>\n(<td>.*?)</tr>`)
)

// labelled writes the name of its column on each cell but the first, for screens
// on which the table folds.
func labelled(table string) string {
	var names []string
	for _, m := range column.FindAllStringSubmatch(table, -1) {
		names = append(names, tags.ReplaceAllString(m[1], ""))
	}
	return row.ReplaceAllStringFunc(table, func(tr string) string {
		cells := strings.Split(tr, "<td>")
		for i := 2; i < len(cells) && i <= len(names); i++ {
			cells[i] = `<td data-label="` + names[i-1] + `">` + cells[i]
		}
		return cells[0] + "<td>" + strings.Join(cells[1:], "")
	})
}

// value is a number of the policy in words, safe inside Markdown.
func (r *renderer) value(path string) (string, error) {
	words, err := r.policy.Lookup(path)
	return plain(words), err
}

// times is a count of the policy as an adverb: "once".
func (r *renderer) times(path string) (string, error) {
	words, err := r.policy.Lookup(path)
	switch words {
	case "0":
		words = "never"
	case "1":
		words = "once"
	case "2":
		words = "twice"
	default:
		words += " times"
	}
	return plain(words), err
}

// reminds is how often a seller may remind a silent buyer: a policy that leaves
// it out sets no limit.
func (r *renderer) reminds() string {
	if r.policy.Requests.Remind == 0 {
		return "at any time"
	}
	return "every " + plain(r.policy.Requests.Remind.Words())
}

// matrix is the table of how an order can end without being completed, and what
// each ending does to both sides.
func (r *renderer) matrix() string {
	var b strings.Builder
	b.WriteString("| It is called | How it came | The seller’s completed orders | The buyer’s record |\n| --- | --- | --- | --- |\n")
	for _, row := range standing.Matrix(r.policy) {
		fmt.Fprintf(&b, "| **%s** | %s | %s | %s |\n", plain(upper(row.Label)), plain(row.Came), plain(row.OnSeller(r.policy)), plain(row.OnBuyer()))
	}
	return b.String()
}

// noFault lists the endings that never count against a seller.
func (r *renderer) noFault() string {
	var b strings.Builder
	for _, row := range standing.Matrix(r.policy) {
		if row.NoFault() {
			fmt.Fprintf(&b, "- **%s**: %s\n", plain(upper(row.Label)), plain(row.Came))
		}
	}
	return b.String()
}

func upper(label string) string { return strings.ToUpper(label[:1]) + label[1:] }

// causes is the closed list of causes.
func (r *renderer) causes() string {
	var b strings.Builder
	for _, c := range r.policy.Cancellation.Causes {
		fmt.Fprintf(&b, "- %s\n", plain(c.Words))
	}
	return b.String()
}

// cause is a cause that the policy names, in words.
func (r *renderer) cause(path string) (string, error) {
	name, err := r.policy.Lookup(path)
	return plain(resolution.CauseWords(name, r.policy)), err
}

// tabs are the filters of the Sales page with what lies in each.
func tabs() string {
	holds := map[order.Bucket]string{
		order.BucketPending: "paid, nothing delivered yet", order.BucketRevision: "sent back for a revision",
		order.BucketDelivered: "delivered, waiting for the buyer", order.BucketCompleted: "accepted, or completed by time",
		order.BucketCancelled: "cancelled, each with how it ended",
	}
	var b strings.Builder
	for _, t := range order.Tabs(order.Seller) {
		var parts []string
		for _, bucket := range t.Buckets {
			parts = append(parts, holds[bucket])
		}
		fmt.Fprintf(&b, "- **%s**: %s.\n", t.Label, strings.Join(parts, "; and "))
	}
	return b.String()
}

func cards() string {
	var b strings.Builder
	b.WriteString("| Card | What happens |\n| --- | --- |\n")
	for _, c := range pay.PlayCards() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", c.Number, plain(c.Words))
	}
	return b.String()
}

func scopes() string {
	var b strings.Builder
	for _, s := range member.Scopes() {
		fmt.Fprintf(&b, "- `%s`: %s.\n", s.Scope, plain(strings.ToLower(s.Words[:1])+s.Words[1:]))
	}
	return b.String()
}

// plain keeps Markdown from reading anything into a value.
func plain(text string) string { return special.ReplaceAllString(text, `\$0`) }

var special = regexp.MustCompile("[\\\\`*_{}\\[\\]()<>#+!|~&-]")
