package pay_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"guildhall/internal/fault"
	"guildhall/internal/pay"
	"guildhall/internal/store/storetest"
)

func TestCheckCard(t *testing.T) {
	p, _ := open(storetest.SQLite(t)) // it is May 2031
	good := pay.Card{Number: visa, Expiry: "05/31", CVC: "123"}
	for name, test := range map[string]struct {
		card pay.Card
		want string // faulty fields, and a word of the first one
	}{
		"good":                {good, ""},
		"without spaces":      {pay.Card{Number: "4242424242424242", Expiry: "5/31", CVC: " 123 "}, ""},
		"with dashes":         {pay.Card{Number: "4242-4242-4242-4242", Expiry: "05 / 2031", CVC: "000"}, ""},
		"nothing":             {pay.Card{}, "card.cvc card.expiry card.number: three digits"},
		"no number":           {pay.Card{Expiry: "05/31", CVC: "123"}, "card.number: Type the number"},
		"letters":             {pay.Card{Number: "4242 4242 4242 424x", Expiry: "05/31", CVC: "123"}, "card.number: 12 to 19"},
		"other digits":        {pay.Card{Number: "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", Expiry: "05/31", CVC: "123"}, "card.number: 12 to 19"},
		"short":               {pay.Card{Number: "4242", Expiry: "05/31", CVC: "123"}, "card.number: 12 to 19"},
		"mistyped":            {pay.Card{Number: "4242 4242 4242 4243", Expiry: "05/31", CVC: "123"}, "card.number: mistyped"},
		"swapped":             {pay.Card{Number: "2442 4242 4242 4242", Expiry: "05/31", CVC: "123"}, "card.number: mistyped"},
		"a real one":          {pay.Card{Number: "4111 1111 1111 1111", Expiry: "05/31", CVC: "123"}, "card.number: play money"},
		"expired":             {pay.Card{Number: visa, Expiry: "04/31", CVC: "123"}, "card.expiry: expired"},
		"expired long ago":    {pay.Card{Number: visa, Expiry: "12/1999", CVC: "123"}, "card.expiry: expired"},
		"far":                 {pay.Card{Number: visa, Expiry: "01/99", CVC: "123"}, "card.expiry: too far"},
		"no such month":       {pay.Card{Number: visa, Expiry: "13/31", CVC: "123"}, "card.expiry: month and year"},
		"no month":            {pay.Card{Number: visa, Expiry: "00/31", CVC: "123"}, "card.expiry: month and year"},
		"signed":              {pay.Card{Number: visa, Expiry: "+5/31", CVC: "123"}, "card.expiry: month and year"},
		"three digits a year": {pay.Card{Number: visa, Expiry: "05/031", CVC: "123"}, "card.expiry: month and year"},
		"no slash":            {pay.Card{Number: visa, Expiry: "0531", CVC: "123"}, "card.expiry: month and year"},
		"long cvc":            {pay.Card{Number: visa, Expiry: "05/31", CVC: "1234"}, "card.cvc: three digits"},
		"cvc of letters":      {pay.Card{Number: visa, Expiry: "05/31", CVC: "abc"}, "card.cvc: three digits"},
	} {
		err := p.CheckCard(test.card)
		if test.want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.KindInvalid {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		fields, word, _ := strings.Cut(test.want, ": ")
		names := slices.Sorted(maps.Keys(f.Fields))
		if strings.Join(names, " ") != fields || !strings.Contains(f.Fields[names[0]], word) {
			t.Errorf("%s: got %v, want %s", name, f.Fields, test.want)
		}
	}
}
