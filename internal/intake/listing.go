package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"guildhall/internal/money"
)

// The closed list of what a column can mean.
const (
	FieldTitle       = "title"
	FieldPrice       = "price"
	FieldCategory    = "category"
	FieldSubcategory = "subcategory"
	FieldDescription = "description"
	FieldDays        = "days"
	FieldRevisions   = "revisions"
	FieldTags        = "tags"
	FieldSeller      = "seller"   // e-mail address of a seller of this house
	FieldCurrency    = "currency" // checked against the house's, never converted
	FieldRef         = "ref"      // the listing's own number on the other site
)

// names under which other sites export each field, without case, space or sign.
var names = []meaning{
	{FieldTitle, []string{"title", "name", "gigtitle", "gigname", "servicetitle", "service", "servicename", "listing", "headline", "gig"}},
	{FieldPrice, []string{"price", "startingprice", "priceusd", "cost", "amount", "rate", "fromprice", "baseprice", "startingat"}},
	{FieldCategory, []string{"category", "maincategory", "cat", "categoryname", "topcategory", "section"}},
	{FieldSubcategory, []string{"subcategory", "subcat", "subcategoryname", "servicetype", "nestedsubcategory"}},
	{FieldDescription, []string{"description", "details", "about", "desc", "gigdescription", "body", "text"}},
	{FieldDays, []string{"days", "deliverydays", "deliverytime", "delivery", "deliveryindays", "turnaround"}},
	{FieldRevisions, []string{"revisions", "numberofrevisions", "revision"}},
	{FieldTags, []string{"tags", "keywords", "skills", "tag"}},
	{FieldSeller, []string{"selleremail"}},
	{FieldCurrency, []string{"currency", "currencycode"}},
	{FieldRef, []string{"ref", "id", "gigid", "listingid", "serviceid", "sku", "url", "link", "gigurl"}},
}

type meaning struct {
	field string
	known []string
}

// Listing is one row in the words of this house.
type Listing struct {
	Line        int
	Ref         string // names the listing within its source, for ever
	Title       string
	Category    []string // from the root down
	Price       money.Amount
	Description string
	Days        int // 0 when the file does not say
	Revisions   int // -1 when the file does not say; may be Unlimited
	Tags        []string
	Seller      string
}

// Fault says why a row was refused.
type Fault struct {
	Line   int
	Column string // the file's own name of it; "" for the whole row
	Reason string
	Value  string
}

// Mapping says which column means what.
type Mapping struct {
	column   map[string]int // field → index
	header   []string
	rowCount int // index of a column that merely counts rows, -1 for none
}

// Map finds the columns. wanted is field → column name, compared without case,
// signs and broken bytes, or #3 for the third; nil guesses every field. Errors
// name what is missing and what the file has.
func (f *File) Map(wanted map[string]string) (Mapping, error) {
	m := Mapping{column: map[string]int{}, header: f.Header, rowCount: -1}
	plain := make([]string, len(f.Header))
	for i, h := range f.Header {
		plain[i] = plainName(h)
	}
	if wanted == nil {
		m.guess(plain)
	} else if err := m.choose(plain, wanted); err != nil {
		return m, err
	}
	if i := slices.IndexFunc(plain, func(n string) bool {
		return slices.Contains([]string{"", "index", "row", "rownumber", "unnamed0", "x"}, n)
	}); i == 0 && m.name(0) == "" {
		m.rowCount = 0
	}
	for _, must := range []string{FieldTitle, FieldPrice} {
		if _, ok := m.column[must]; !ok {
			return m, fmt.Errorf("no column was found for the %s; say --map %s=COLUMN. The file has: %s", must, must, f.columns())
		}
	}
	return m, nil
}

func (m Mapping) guess(plain []string) {
	for _, n := range names {
		for _, known := range n.known {
			if i := slices.Index(plain, known); i >= 0 && m.name(i) == "" {
				m.column[n.field] = i
				break
			}
		}
	}
}

func (m Mapping) choose(plain []string, wanted map[string]string) error {
	for _, field := range slices.Sorted(maps.Keys(wanted)) {
		column := wanted[field]
		if !slices.ContainsFunc(names, func(n meaning) bool { return n.field == field }) {
			return fmt.Errorf("%q is no field of a gig; there are title, price, category, subcategory, description, days, revisions, tags, seller, currency and ref", field)
		}
		at := -1
		if number, ok := strings.CutPrefix(column, "#"); ok {
			if n, err := strconv.Atoi(number); err == nil && n >= 1 && n <= len(plain) {
				at = n - 1
			}
		} else if at = slices.Index(m.header, column); at < 0 {
			at = slices.Index(plain, plainName(column))
		}
		if at < 0 {
			return fmt.Errorf("the file has no column %q for the %s. It has: %s", column, field, (&File{Header: m.header}).columns())
		}
		m.column[field] = at
	}
	return nil
}

func (f *File) columns() string {
	words := make([]string, len(f.Header))
	for i, h := range f.Header {
		words[i] = fmt.Sprintf("#%d %q", i+1, clip(h))
	}
	return strings.Join(words, ", ")
}

// String writes the mapping as the option that would ask for it.
func (m Mapping) String() string {
	var parts []string
	for _, n := range names {
		if i, ok := m.column[n.field]; ok {
			name := tidyHeader(m.header[i])
			if name == "" || strings.ContainsAny(name, ",=") {
				name = "#" + strconv.Itoa(i+1)
			}
			parts = append(parts, n.field+"="+name)
		}
	}
	return strings.Join(parts, ",")
}

func (m Mapping) name(i int) string {
	for field, at := range m.column {
		if at == i {
			return field
		}
	}
	return ""
}

// Column is the file's own name for a field, for reports.
func (m Mapping) Column(field string) string {
	if i, ok := m.column[field]; ok {
		return tidyHeader(m.header[i])
	}
	return ""
}

// ColumnAt is the file's own name of its nth column, from 1; "" for 0.
func (m Mapping) ColumnAt(n int) string {
	if n < 1 || n > len(m.header) {
		return ""
	}
	if name := tidyHeader(m.header[n-1]); name != "" {
		return name
	}
	return "#" + strconv.Itoa(n)
}

// plainName compares names of columns: ï..Category, category and CATEGORY are one.
func plainName(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r > 0xff && unicode.IsLetter(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func tidyHeader(name string) string {
	return strings.TrimSpace(strings.TrimLeft(strings.ToValidUTF8(name, ""), "\ufeffï»¿._ "))
}

// Listing reads a record. Its second answer says which column is wrong and
// why; nil means that the listing can be used.
func (m Mapping) Listing(r Record, c money.Currency) (Listing, *Fault) {
	if r.Fault != "" {
		value := ""
		if r.Column > 0 && r.Column <= len(r.Fields) {
			value = r.Fields[r.Column-1]
		}
		return Listing{}, &Fault{r.Line, m.ColumnAt(r.Column), r.Fault, clip(value)}
	}
	refuse := func(field, reason string) (Listing, *Fault) {
		return Listing{}, &Fault{r.Line, m.Column(field), reason, clip(m.text(r, field))}
	}
	l := Listing{Line: r.Line, Revisions: -1, Seller: strings.ToLower(m.text(r, FieldSeller))}
	if l.Title = tidyTitle(m.text(r, FieldTitle)); l.Title == "" {
		return refuse(FieldTitle, "is empty")
	}
	if code := m.text(r, FieldCurrency); code != "" && !strings.EqualFold(code, string(c)) {
		return refuse(FieldCurrency, "is not "+string(c)+", the currency of this house")
	}
	var err error
	if l.Price, err = price(m.text(r, FieldPrice), c); err != nil {
		return refuse(FieldPrice, err.Error())
	}
	if l.Category = m.category(r); len(l.Category) == 0 && m.Column(FieldCategory)+m.Column(FieldSubcategory) != "" {
		return refuse(FieldCategory, "is empty")
	}
	if text := m.text(r, FieldDays); text != "" {
		if l.Days, err = days(text); err != nil {
			return refuse(FieldDays, "is not a number of days")
		}
	}
	if text := m.text(r, FieldRevisions); text != "" {
		if l.Revisions, err = revisions(text); err != nil {
			return refuse(FieldRevisions, "is not a number of revisions")
		}
	}
	l.Description = strings.TrimSpace(html.UnescapeString(m.text(r, FieldDescription)))
	l.Tags = tags(m.text(r, FieldTags))
	if l.Ref = m.ref(r); len(l.Ref) > 200 {
		return refuse(FieldRef, "is longer than 200 bytes")
	}
	return l, nil
}

// ref is the listing's own number, or else a hash of all that the row says. A
// column that only counts rows says nothing.
func (m Mapping) ref(r Record) string {
	if ref := m.text(r, FieldRef); ref != "" {
		return ref
	}
	h := sha256.New()
	for i, field := range r.Fields {
		if i != m.rowCount {
			fmt.Fprintf(h, "%d:%s", len(field), field)
		}
	}
	return "row:" + hex.EncodeToString(h.Sum(nil)[:16])
}

var nothing = []string{"nul", "null", "nil", "na", "n/a", "nan", "none", "-", "--", "undefined"}

// text is a field without surrounding space; the words that exports write for
// "nothing" are nothing.
func (m Mapping) text(r Record, field string) string {
	i, ok := m.column[field]
	if !ok {
		return ""
	}
	text := strings.TrimSpace(r.Fields[i])
	if slices.Contains(nothing, strings.ToLower(text)) {
		return ""
	}
	return text
}

var sentence = regexp.MustCompile(`(?i)^i will\s+`)

func tidyTitle(text string) string {
	text = strings.Join(strings.Fields(html.UnescapeString(text)), " ")
	return sentence.ReplaceAllString(text, "")
}

// badge is what a site glues to a new category's name: HR ConsultingNew.
var badge = regexp.MustCompile(`(\p{Ll})(?:New|Beta)$`)

func (m Mapping) category(r Record) []string {
	var path []string
	for _, text := range []string{m.text(r, FieldCategory), m.text(r, FieldSubcategory)} {
		for _, name := range strings.Split(text, " > ") {
			name = strings.Join(strings.Fields(html.UnescapeString(name)), " ")
			name = badge.ReplaceAllString(name, "$1")
			if name != "" && !slices.Contains(path, name) {
				path = append(path, name)
			}
		}
	}
	return path[:min(len(path), 4)]
}

func tags(text string) []string {
	var found []string
	for _, t := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;|[]\"", r) }) {
		t = strings.ToLower(strings.Trim(strings.TrimSpace(t), "'"))
		if t != "" && len(found) < 5 && len([]rune(t)) <= 30 && !slices.Contains(found, t) {
			found = append(found, t)
		}
	}
	return found
}

// counted is a number with at most one word behind it: 3, 3 days, 24h.
var counted = regexp.MustCompile(`^(\d{1,9})\s*([a-z]*)$`)

func count(text string) (int, string, error) {
	parts := counted.FindStringSubmatch(strings.ToLower(text))
	if parts == nil {
		return 0, "", errors.New("not a number")
	}
	n, err := strconv.Atoi(parts[1])
	return n, parts[2], err
}

// days reads a delivery time. A word that is no known unit may make it any time,
// so the row is refused: a seller is held to the date.
func days(text string) (int, error) {
	n, unit, err := count(text)
	switch unit {
	case "", "d", "day", "days":
	case "w", "week", "weeks":
		n *= 7
	case "h", "hr", "hrs", "hour", "hours":
		n = (n + 23) / 24
	default:
		err = errors.New("not a unit of time")
	}
	if n == 0 && err == nil {
		err = errors.New("no time at all")
	}
	return n, err
}

// Unlimited revisions are as many as the house lets anybody promise.
const Unlimited = math.MaxInt

func revisions(text string) (int, error) {
	if first, _, _ := strings.Cut(strings.ToLower(text), " "); first == "unlimited" {
		return Unlimited, nil
	}
	n, unit, err := count(text)
	if err == nil && unit != "" && unit != "revision" && unit != "revisions" {
		err = errors.New("not revisions")
	}
	return n, err
}

func clip(text string) string {
	text = strings.ToValidUTF8(text, "�")
	if runes := []rune(text); len(runes) > 80 {
		return string(runes[:80]) + "…"
	}
	return text
}
