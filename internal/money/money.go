// Package money counts in whole minor units of one currency.
//
// It owns the Amount, its checked arithmetic and its words. An
// amount never leaves ±10^15 minor units (rulebook section 13), so a sum
// that would is an error, never a wrapped number. There are no fractions:
// shares round half to even and the caller says who keeps the remainder.
//
// It is ground: it imports only the standard library and x/text/currency for
// the number of decimals.
package money

import (
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"golang.org/x/text/currency"
)

// Limit is the largest magnitude of an amount, in minor units.
const Limit = 1_000_000_000_000_000

// The faults of arithmetic. They are internal: input is checked by Parse.
var (
	ErrRange    = errors.New("money: amount beyond ±10^15 minor units")
	ErrCurrency = errors.New("money: two currencies in one sum")
)

// Currency is an ISO 4217 code in capitals.
type Currency string

// Decimals is the number of digits after the point, 2 when the code is unknown.
func (c Currency) Decimals() int {
	unit, err := currency.ParseISO(string(c))
	if err != nil {
		return 2
	}
	scale, _ := currency.Standard.Rounding(unit)
	return scale
}

// Known tells whether the code names a currency.
func (c Currency) Known() bool {
	_, err := currency.ParseISO(string(c))
	return err == nil && strings.ToUpper(string(c)) == string(c)
}

// Amount is a number of minor units of one currency. The zero value is nothing
// of no currency and adds to anything.
type Amount struct {
	Minor    int64    `json:"minor"`
	Currency Currency `json:"currency"`
}

// Of makes an amount; it does not check the range, sums do.
func Of(minor int64, c Currency) Amount { return Amount{minor, c} }

// Zero is nothing of a currency.
func Zero(c Currency) Amount { return Amount{0, c} }

// IsZero tells whether nothing is there.
func (a Amount) IsZero() bool { return a.Minor == 0 }

// Neg turns the direction around.
func (a Amount) Neg() Amount { return Amount{-a.Minor, a.Currency} }

// Less compares two amounts of one currency.
func (a Amount) Less(b Amount) bool { return a.Minor < b.Minor }

// Sum adds amounts of one currency. Errors: ErrRange, ErrCurrency.
func Sum(amounts ...Amount) (Amount, error) {
	var total Amount
	for _, a := range amounts {
		switch {
		case total.Currency == "":
			total.Currency = a.Currency
		case a.Currency != "" && a.Currency != total.Currency:
			return Amount{}, ErrCurrency
		}
		if !inRange(a.Minor) {
			return Amount{}, ErrRange
		}
		total.Minor += a.Minor
		if !inRange(total.Minor) {
			return Amount{}, ErrRange
		}
	}
	return total, nil
}

// Minus is a − b. Errors: ErrRange, ErrCurrency.
func (a Amount) Minus(b Amount) (Amount, error) { return Sum(a, b.Neg()) }

// Times multiplies by a whole number. Errors: ErrRange.
func (a Amount) Times(n int64) (Amount, error) {
	hi, lo := bits.Mul64(magnitude(a.Minor), magnitude(n))
	if hi != 0 || lo > Limit {
		return Amount{}, ErrRange
	}
	return Amount{a.Minor * n, a.Currency}, nil
}

// BasisPoints is a share in hundredths of a percent; 10 000 is the whole.
type BasisPoints int64

// Whole is all of it.
const Whole BasisPoints = 10_000

// Share is the part of a that the basis points name, rounded half to even
// (rulebook section 13). Errors: ErrRange.
func (a Amount) Share(bp BasisPoints) (Amount, error) {
	if !inRange(a.Minor) || bp < 0 || bp > Whole {
		return Amount{}, ErrRange
	}
	hi, lo := bits.Mul64(magnitude(a.Minor), uint64(bp))
	quo, rem := bits.Div64(hi, lo, uint64(Whole))
	half := uint64(Whole) / 2
	if rem > half || rem == half && quo%2 == 1 {
		quo++
	}
	minor := int64(quo) // at most the magnitude of a
	if a.Minor < 0 {
		minor = -minor
	}
	return Amount{minor, a.Currency}, nil
}

// Decimal writes the amount without its currency: 1,234.50.
func (a Amount) Decimal() string {
	decimals := a.Currency.Decimals()
	digits := strconv.FormatUint(magnitude(a.Minor), 10)
	if pad := decimals + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	whole, fraction := digits[:len(digits)-decimals], digits[len(digits)-decimals:]
	var b strings.Builder
	if a.Minor < 0 {
		b.WriteString("−")
	}
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	if decimals > 0 {
		b.WriteByte('.')
		b.WriteString(fraction)
	}
	return b.String()
}

var symbols = map[Currency]string{"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}

// String writes the amount as people read it: $80.00, −€3.50, CHF 12.00.
func (a Amount) String() string {
	text := a.Decimal()
	sign := ""
	if rest, negative := strings.CutPrefix(text, "−"); negative {
		sign, text = "−", rest
	}
	if symbol, ok := symbols[a.Currency]; ok {
		return sign + symbol + text
	}
	if a.Currency == "" {
		return sign + text
	}
	return sign + string(a.Currency) + " " + text
}

// Plain writes the amount for machines and form fields: 1234.50.
func (a Amount) Plain() string {
	return strings.ReplaceAll(strings.ReplaceAll(a.Decimal(), ",", ""), "−", "-")
}

// Parse reads what a person typed: 80, 80.00, 1,234.5, $80. Grouping commas must
// stand at thousands. Errors say what is wrong in words fit for a form field.
func Parse(text string, c Currency) (Amount, error) {
	s := strings.TrimSpace(text)
	s = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(s, string(c)), symbols[c]))
	s, minus := strings.CutPrefix(s, "-")
	s, longMinus := strings.CutPrefix(s, "−")
	negative := minus || longMinus
	whole, fraction, hasPoint := strings.Cut(s, ".")
	decimals := c.Decimals()
	switch {
	case s == "":
		return Amount{}, errors.New("type an amount, for example 80.00")
	case hasPoint && (fraction == "" || !digitsOnly(fraction)):
		return Amount{}, errors.New("type an amount like 80.00")
	case minus && longMinus:
		return Amount{}, errors.New("type an amount like 80.00")
	case hasPoint && decimals == 0:
		return Amount{}, fmt.Errorf("%s has no digits after the point", c)
	case len(fraction) > decimals:
		return Amount{}, fmt.Errorf("at most %d digits after the point", decimals)
	}
	if groups := strings.Split(whole, ","); len(groups) > 1 {
		for i, g := range groups {
			if len(g) != 3 && (i > 0 || len(g) > 3 || len(g) == 0) {
				return Amount{}, errors.New("commas stand between thousands: 1,234.00")
			}
		}
		whole = strings.Join(groups, "")
	}
	if !digitsOnly(whole) {
		return Amount{}, errors.New("type an amount like 80.00")
	}
	minor, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", decimals-len(fraction)), 10, 64)
	if err != nil || !inRange(minor) {
		return Amount{}, errors.New("this amount is too large")
	}
	if negative {
		minor = -minor
	}
	return Amount{minor, c}, nil
}

func digitsOnly(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func inRange(minor int64) bool { return minor >= -Limit && minor <= Limit }

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-(n + 1)) + 1
	}
	return uint64(n)
}
