// Package page is the pages themselves, one templ file per family.
//
// It owns what stands on a page and in which words; the pieces it is put
// together from are in package kit, what it shows is handed in by web. A page
// asks nobody for anything.
package page

import (
	"net/url"

	"guildhall/internal/ident"
	"guildhall/internal/web/kit"
)

// Form is what stands in a form: the values, what is wrong with them, and the
// key that makes sending it twice happen once.
type Form struct {
	Values url.Values
	Faults map[string]string
	Key    string
}

// Get is the value of a field.
func (f Form) Get(name string) string { return f.Values.Get(name) }

// All is every value of a field that may come several times.
func (f Form) All(name string) []string { return f.Values[name] }

// Why is what is wrong with a field.
func (f Form) Why(name string) string { return f.Faults[name] }

// Field puts what was typed and what is wrong with it into a field.
func (f Form) Field(p kit.FieldProps) kit.FieldProps {
	p.Value, p.Error = f.Get(p.Name), f.Why(p.Name)
	p.Checked = f.Get(p.Name) != ""
	return p
}

// Wrong lists the faults in the order of the named fields.
func (f Form) Wrong(order ...string) []kit.Fault { return kit.Faults(f.Faults, order...) }

// PictureURL is where one size of a picture is served; empty without a picture.
func PictureURL(id ident.File, size string) string {
	if id == "" {
		return ""
	}
	return "/pictures/" + string(id) + "/" + size
}
