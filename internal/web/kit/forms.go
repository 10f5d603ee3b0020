package kit

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// ButtonKind is how loud a button is. A page has one PrimaryButton.
type ButtonKind string

// The closed list of kinds.
const (
	PrimaryButton ButtonKind = "btn btn-primary"
	SecondButton  ButtonKind = "btn btn-second"
	HurtButton    ButtonKind = "btn btn-hurt"
	QuietButton   ButtonKind = "btn-link"
)

// FieldKind is what a field takes.
type FieldKind string

// The closed list of kinds.
const (
	TextField     FieldKind = ""
	EmailField    FieldKind = "email"
	PasswordField FieldKind = "password"
	NumberField   FieldKind = "number"
	MoneyField    FieldKind = "money"
	DateField     FieldKind = "date"
	URLField      FieldKind = "url"
	LongField     FieldKind = "textarea"
	SelectField   FieldKind = "select"
	CheckField    FieldKind = "checkbox"
	FileField     FieldKind = "file"
)

// FieldProps is one field of a form. After a refusal the same props come back
// with Value and Error filled.
type FieldProps struct {
	Kind  FieldKind
	Name  string
	Label string
	Hint  string // before one types
	Error string // why it was refused, beside the field
	Value string // what was typed; never shown again for passwords and files

	ID        string // empty: "f-" and the name
	Optional  bool   // says so; otherwise the field is required
	Short     bool   // a narrow box for a short answer
	Code      bool   // LongField: lines of a program's text, as they stand
	Autofocus bool
	Checked   bool // CheckField

	Autocomplete, InputMode, Placeholder string
	Prefix, Suffix                       string // "$", "days"
	Min, Max, Step                       string
	MinLength, MaxLength, Rows           int
	Options                              []Option // SelectField
	Accept                               string   // FileField
	Multiple                             bool     // FileField

	Attrs templ.Attributes // anything else, onto the control itself
}

// Option is one line of a select. Neighbours of the same Group stand under its
// heading.
type Option struct {
	Value, Label, Group string
}

type optionGroup struct {
	name    string
	options []Option
}

// groups gathers neighbours of the same group.
func (f FieldProps) groups() []optionGroup {
	var out []optionGroup
	for _, o := range f.Options {
		if len(out) == 0 || out[len(out)-1].name != o.Group {
			out = append(out, optionGroup{name: o.Group})
		}
		last := &out[len(out)-1]
		last.options = append(last.options, o)
	}
	return out
}

func (f FieldProps) id() string {
	if f.ID != "" {
		return f.ID
	}
	return fieldID(f.Name)
}

// fieldID is the same for a field and for the link to it in ErrorSummary.
func fieldID(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '-'
	}, name)
	return "f-" + clean
}

// controlAttrs are the attributes common to every control.
func (f FieldProps) controlAttrs() templ.Attributes {
	a := templ.Attributes{"id": f.id(), "name": f.Name}
	if by := describedBy(f.id(), f.Hint, f.Error); by != "" {
		a["aria-describedby"] = by
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	set := func(k, v string) {
		if v != "" {
			a[k] = v
		}
	}
	set("autocomplete", f.Autocomplete)
	set("placeholder", f.Placeholder)
	set("min", f.Min)
	set("max", f.Max)
	set("accept", f.Accept)
	setInt := func(k string, n int) {
		if n > 0 {
			a[k] = strconv.Itoa(n)
		}
	}
	setInt("minlength", f.MinLength)
	setInt("maxlength", f.MaxLength)
	a["required"] = !f.Optional
	a["autofocus"] = f.Autofocus
	a["multiple"] = f.Multiple
	for k, v := range f.Attrs {
		a[k] = v
	}
	return a
}

// inputAttrs add what only an <input> has.
func (f FieldProps) inputAttrs() templ.Attributes {
	a := f.controlAttrs()
	kind, mode, step := "text", f.InputMode, f.Step
	switch f.Kind {
	case EmailField, URLField, DateField:
		kind = string(f.Kind)
	case PasswordField:
		kind = "password"
	case NumberField:
		kind = "number"
		if mode == "" {
			mode = "numeric"
		}
	case MoneyField:
		// Text, because a number box drops what it does not understand.
		mode = "decimal"
		if f.Autocomplete == "" {
			a["autocomplete"] = "off"
		}
	}
	a["type"] = kind
	if mode != "" {
		a["inputmode"] = mode
	}
	if step != "" {
		a["step"] = step
	}
	if f.Kind != PasswordField {
		a["value"] = f.Value
	}
	return a
}

func (f FieldProps) boxClass() string {
	out := "input"
	switch f.Kind {
	case MoneyField:
		out += " input-money"
	case NumberField:
		out += " input-number"
	}
	if f.Short {
		out += " w-short"
	}
	return out
}

func (f FieldProps) rows() string {
	if f.Rows == 0 {
		return "5"
	}
	return strconv.Itoa(f.Rows)
}

func describedBy(id, hint, fault string) string {
	var ids []string
	if hint != "" {
		ids = append(ids, id+"-hint")
	}
	if fault != "" {
		ids = append(ids, id+"-error")
	}
	return strings.Join(ids, " ")
}

// ChoiceProps is a question with a few answers shown as cards.
type ChoiceProps struct {
	Name    string
	Legend  string
	Hint    string
	Error   string
	Value   string   // the chosen one
	Values  []string // the chosen ones, for Many
	Many    bool     // boxes instead of radios
	Beside  bool     // side by side where there is room
	Options []Choice

	Optional bool
}

// Choice is one answer.
type Choice struct {
	Value, Label string
	Note         string // a quieter line below
	Aside        string // at the far side: a price
}

func (c ChoiceProps) id() string { return fieldID(c.Name) }

// optionID gives the first answer the field's own id, so that ErrorSummary's
// link lands on something one can use.
func (c ChoiceProps) optionID(i int) string {
	if i == 0 {
		return c.id()
	}
	return c.id() + "-" + strconv.Itoa(i)
}

func (c ChoiceProps) chosen(value string) bool {
	if c.Many {
		return slices.Contains(c.Values, value)
	}
	return c.Value == value
}

// Fault is why one field was refused.
type Fault struct {
	Field, Why string
}

// Faults orders the fields of a refusal as the form has them; fields the form
// does not know come last, by name.
func Faults(fields map[string]string, order ...string) []Fault {
	var out []Fault
	for _, name := range order {
		if why, ok := fields[name]; ok {
			out = append(out, Fault{name, why})
		}
	}
	var rest []string
	for name := range fields {
		if !slices.Contains(order, name) {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	for _, name := range rest {
		out = append(out, Fault{name, fields[name]})
	}
	return out
}

// FormProps is a form that posts.
type FormProps struct {
	Action string
	Key    string // idempotency key; empty writes none
	Files  bool   // the form carries files
	Wide   bool   // as wide as its place, not as one column of fields
	Hidden []Hidden
}

// ConfirmProps is the last step before something happens.
type ConfirmProps struct {
	Action string
	Key    string
	Verb   string // the button: "Pay $86.00", never "OK"
	Back   Link   // the way out
	Hurts  bool
	Hidden []Hidden
	Fine   string // a last quiet sentence below the button
}
