package page

import (
	"net/url"
	"testing"

	"guildhall/internal/policy"
)

// TestWhatASellerKeeps: the editor says it in the numbers of the policy, and
// for what cannot be read yet it says the share.
func TestWhatASellerKeeps(t *testing.T) {
	_, doc, err := policy.Profile("classic")
	if err != nil {
		t.Fatal(err)
	}
	v := policy.Version{Document: doc}
	v.Money.Commission = 1250
	for typed, want := range map[string]string{
		"":      "The house keeps 12.5% of the price; the rest is yours.",
		"cheap": "The house keeps 12.5% of the price; the rest is yours.",
		"0":     "The house keeps 12.5% of the price; the rest is yours.",
		"80":    "You get $70.00 of $80.00: the house keeps $10.00 (12.5%).",
		"0.01":  "You get $0.01 of $0.01: the house keeps $0.00 (12.5%).",
	} {
		e := Editor{Rules: v, Form: Form{Values: url.Values{"packages.0.price": {typed}}}}
		if got := e.keeps(0); got != want {
			t.Errorf("%q: %s, want %s", typed, got, want)
		}
	}
}
