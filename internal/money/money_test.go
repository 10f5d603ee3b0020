package money

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var (
	inside = rapid.OneOf(
		rapid.Int64Range(-Limit, Limit), rapid.Int64Range(-1000, 1000),
		rapid.SampledFrom([]int64{-Limit, -Limit + 1, -1, 0, 1, Limit - 1, Limit}))
	anywhere = rapid.OneOf(inside, rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, -Limit - 1, Limit + 1, math.MaxInt64}))
	someCoin = rapid.SampledFrom([]Currency{"USD", "EUR", "JPY", "KWD", "CHF"})
	limit    = big.NewInt(Limit)
)

func within(n *big.Int) bool { return new(big.Int).Abs(n).Cmp(limit) <= 0 }

func TestSumAgreesWithBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := rapid.SliceOfN(anywhere, 0, 8).Draw(t, "terms")
		amounts := make([]Amount, len(terms))
		want, fits := new(big.Int), true
		for i, n := range terms {
			amounts[i] = Of(n, "USD")
			want.Add(want, big.NewInt(n))
			fits = fits && within(big.NewInt(n)) && within(want)
		}
		got, err := Sum(amounts...)
		switch {
		case !fits && !errors.Is(err, ErrRange):
			t.Fatalf("Sum(%v) = %v, %v; want ErrRange", terms, got, err)
		case fits && (err != nil || got.Minor != want.Int64()):
			t.Fatalf("Sum(%v) = %v, %v; want %v", terms, got, err, want)
		}
	})
}

func TestMinusAgreesWithBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anywhere.Draw(t, "a"), anywhere.Draw(t, "b")
		want := new(big.Int).Sub(big.NewInt(a), big.NewInt(b))
		fits := within(want) && within(big.NewInt(a)) && within(big.NewInt(b))
		got, err := Of(a, "USD").Minus(Of(b, "USD"))
		if (err == nil) != fits || fits && got.Minor != want.Int64() {
			t.Fatalf("%d − %d = %v, %v; want %v", a, b, got, err, want)
		}
	})
}

func TestTimesAgreesWithBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, n := anywhere.Draw(t, "a"), anywhere.Draw(t, "n")
		want := new(big.Int).Mul(big.NewInt(a), big.NewInt(n))
		got, err := Of(a, "USD").Times(n)
		if (err == nil) != within(want) || err == nil && (got.Minor != want.Int64() || got.Currency != "USD") {
			t.Fatalf("%d × %d = %v, %v; want %v", a, n, got, err, want)
		}
	})
	for _, n := range []int64{10, -10} {
		if got, err := Of(Limit/10, "USD").Times(n); err != nil || got.Minor != Limit/10*n {
			t.Errorf("just within: %v, %v", got, err)
		}
		if _, err := Of(Limit/10+1, "USD").Times(n); !errors.Is(err, ErrRange) {
			t.Errorf("just beyond: %v", err)
		}
	}
}

// halfEven rounds a·bp/10 000 by the definition: to the nearest, and a half to
// the even neighbour.
func halfEven(a int64, bp BasisPoints) int64 {
	exact := big.NewRat(a, int64(Whole))
	exact.Mul(exact, big.NewRat(int64(bp), 1))
	floor := new(big.Int).Div(exact.Num(), exact.Denom()) // Euclidean: towards −∞ for a positive denominator
	rest := new(big.Rat).Sub(exact, new(big.Rat).SetInt(floor))
	switch rest.Cmp(big.NewRat(1, 2)) {
	case 1:
		return floor.Int64() + 1
	case 0:
		return floor.Int64() + floor.Int64()&1
	}
	return floor.Int64()
}

func TestShareRoundsHalfToEven(t *testing.T) {
	for _, c := range []struct {
		minor int64
		bp    BasisPoints
		want  int64
	}{
		{5, 1000, 0}, {15, 1000, 2}, {25, 1000, 2}, {35, 1000, 4}, {-5, 1000, 0}, {-15, 1000, -2}, {-25, 1000, -2},
		{8000, 1000, 800}, {4999, 1000, 500}, {1, 5000, 0}, {3, 5000, 2}, {0, 1000, 0},
		{Limit, Whole, Limit}, {-Limit, Whole, -Limit}, {Limit, 0, 0}, {Limit - 1, 1, 100_000_000_000},
	} {
		if got, err := Of(c.minor, "USD").Share(c.bp); err != nil || got.Minor != c.want {
			t.Errorf("%d of %d = %v, %v; want %d", c.bp, c.minor, got.Minor, err, c.want)
		}
	}
	for _, wrong := range []struct {
		minor int64
		bp    BasisPoints
	}{{1, -1}, {1, Whole + 1}, {Limit + 1, 1}, {math.MinInt64, 1}} {
		if got, err := Of(wrong.minor, "USD").Share(wrong.bp); !errors.Is(err, ErrRange) {
			t.Errorf("%d of %d = %v, %v; want ErrRange", wrong.bp, wrong.minor, got, err)
		}
	}
}

func TestShareAgreesWithBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, bp := inside.Draw(t, "a"), BasisPoints(rapid.Int64Range(0, int64(Whole)).Draw(t, "bp"))
		got, err := Of(a, "EUR").Share(bp)
		if want := halfEven(a, bp); err != nil || got != Of(want, "EUR") {
			t.Fatalf("%d of %d = %v, %v; want %d", bp, a, got, err, want)
		}
	})
}

func TestCurrenciesDoNotMix(t *testing.T) {
	if _, err := Sum(Of(1, "USD"), Of(1, "EUR")); !errors.Is(err, ErrCurrency) {
		t.Errorf("dollars and euros gave %v", err)
	}
	if got, err := Sum(Amount{}, Of(1, "EUR"), Amount{}); err != nil || got != Of(1, "EUR") {
		t.Errorf("nothing of no currency does not add: %v, %v", got, err)
	}
	for c, want := range map[Currency]bool{"USD": true, "JPY": true, "usd": false, "": false, "DOLLAR": false, "QQQ": false} {
		if c.Known() != want {
			t.Errorf("%q known = %v", c, !want)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		amount                 Amount
		text, decimal, machine string
	}{
		{Of(8000, "USD"), "$80.00", "80.00", "80.00"},
		{Of(-350, "EUR"), "−€3.50", "−3.50", "-3.50"},
		{Of(1200, "CHF"), "CHF 12.00", "12.00", "12.00"},
		{Of(-1200, "CHF"), "−CHF 12.00", "−12.00", "-12.00"},
		{Of(5, "USD"), "$0.05", "0.05", "0.05"},
		{Of(-5, "USD"), "−$0.05", "−0.05", "-0.05"},
		{Of(123456789, "USD"), "$1,234,567.89", "1,234,567.89", "1234567.89"},
		{Of(99999, "USD"), "$999.99", "999.99", "999.99"},
		{Of(2500, "JPY"), "¥2,500", "2,500", "2500"},
		{Of(1234, "KWD"), "KWD 1.234", "1.234", "1.234"},
		{Amount{}, "0.00", "0.00", "0.00"},
	} {
		if c.amount.String() != c.text || c.amount.Decimal() != c.decimal || c.amount.Plain() != c.machine {
			t.Errorf("%#v: %q %q %q", c.amount, c.amount.String(), c.amount.Decimal(), c.amount.Plain())
		}
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text string
		coin Currency
		want int64
	}{
		{"80", "USD", 8000}, {"80.00", "USD", 8000}, {"80.5", "USD", 8050}, {" $80 ", "USD", 8000}, {"USD 80", "USD", 8000},
		{"$ 80", "USD", 8000}, {"1,234.5", "USD", 123450}, {"1,234,567", "USD", 123456700}, {"-3.50", "EUR", -350}, {"−3.50", "EUR", -350},
		{"0", "USD", 0}, {"007", "USD", 700}, {"2500", "JPY", 2500}, {"¥2,500", "JPY", 2500}, {"1.234", "KWD", 1234},
		{"10000000000000", "USD", Limit},
	} {
		if got, err := Parse(c.text, c.coin); err != nil || got != Of(c.want, c.coin) {
			t.Errorf("%q = %v, %v; want %d", c.text, got, err, c.want)
		}
	}
	for _, c := range []struct {
		text string
		coin Currency
		why  string
	}{
		{"", "USD", "type an amount"}, {"  ", "USD", "type an amount"}, {"$", "USD", "type an amount"}, {"-", "USD", "type an amount"},
		{"80.", "USD", "like 80.00"}, {".5", "USD", "like 80.00"}, {"8e3", "USD", "like 80.00"}, {"+8", "USD", "like 80.00"}, {"--8", "USD", "like 80.00"},
		{"-−8", "USD", "like 80.00"}, {"８", "USD", "like 80.00"}, {"1 000", "USD", "like 80.00"}, {"80.0.0", "USD", "like 80.00"}, {"nul", "USD", "like 80.00"},
		{"80.001", "USD", "at most 2 digits"}, {"80.0", "JPY", "JPY has no digits after the point"},
		{"12,34", "USD", "commas"}, {"1234,567", "USD", "commas"}, {",123", "USD", "commas"}, {"1,,234", "USD", "commas"}, {"1,234,", "USD", "commas"},
		{"10000000000000.01", "USD", "too large"}, {"99999999999999999999", "USD", "too large"}, {"€5", "USD", "like 80.00"},
	} {
		if got, err := Parse(c.text, c.coin); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%q = %v, %v; want an error with %q", c.text, got, err, c.why)
		}
	}
}

func TestParseReadsWhatIsPrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Of(inside.Draw(t, "minor"), someCoin.Draw(t, "coin"))
		for _, text := range []string{want.Plain(), want.Decimal()} {
			if got, err := Parse(text, want.Currency); err != nil || got != want {
				t.Fatalf("%q = %v, %v; want %v", text, got, err, want)
			}
		}
	})
}

func TestParseTakesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[-−$0-9,.]{0,24}`)).Draw(t, "text")
		coin := someCoin.Draw(t, "coin")
		got, err := Parse(text, coin)
		if err != nil {
			return
		}
		if again, err := Parse(got.Plain(), coin); err != nil || again != got || !inRange(got.Minor) {
			t.Fatalf("%q = %v, which reads as %v, %v", text, got, again, err)
		}
	})
}
