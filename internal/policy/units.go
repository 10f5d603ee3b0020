package policy

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/money"
)

// Duration is a span written as people write it: 3d, 48h, 30m, 1d12h. A day is
// 24 hours: deadlines are instants, never wall-clock dates.
type Duration time.Duration

// D is the span as Go knows it.
func (d Duration) D() time.Duration { return time.Duration(d) }

// String writes the span in the largest whole units: 3d, 36h → 1d12h.
func (d Duration) String() string {
	if d == 0 {
		return "0h"
	}
	var b strings.Builder
	rest := time.Duration(d)
	for _, u := range durationUnits {
		if n := rest / u.length; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u.letter)
			rest -= n * u.length
		}
	}
	return b.String()
}

// Words writes the span for a page: "3 days", "36 hours", "30 minutes".
func (d Duration) Words() string {
	span := time.Duration(d)
	for _, u := range []struct {
		length time.Duration
		noun   string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if span >= u.length && span%u.length == 0 {
			return count(int64(span/u.length), u.noun)
		}
	}
	return d.String()
}

func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.FormatInt(n, 10) + " " + noun + "s"
}

var durationUnits = []struct {
	letter string
	length time.Duration
}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}

// ParseDuration reads 3d, 48h, 1d12h. Units stand in falling order, once each.
func ParseDuration(text string) (Duration, error) {
	var total time.Duration
	rest := text
	for _, u := range durationUnits {
		digits, after, ok := strings.Cut(rest, u.letter)
		if !ok || digits == "" || strings.Trim(digits, "0123456789") != "" {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 32)
		if err != nil {
			return 0, fmt.Errorf("%q is too long a span", text)
		}
		total += time.Duration(n) * u.length
		rest = after
	}
	if rest != "" || text == "" {
		return 0, fmt.Errorf("%q is not a span: write days, hours and minutes like 3d, 48h or 1d12h", text)
	}
	return Duration(total), nil
}

// Percent is a share in hundredths of a percent, written 90% or 12.5%.
type Percent money.BasisPoints

// BP is the share as money knows it.
func (p Percent) BP() money.BasisPoints { return money.BasisPoints(p) }

// String writes 90% or 12.5%.
func (p Percent) String() string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%02d", p/100, p%100), "0"), ".") + "%"
}

// ParsePercent reads 90% or 12.5%, at most two digits after the point.
func ParsePercent(text string) (Percent, error) {
	digits, ok := strings.CutSuffix(text, "%")
	hundredths, err := fixed(digits, 2)
	if !ok || err != nil || hundredths > 10_000 {
		return 0, fmt.Errorf("%q is not a share: write it like 90%% or 12.5%%, at most 100%%", text)
	}
	return Percent(hundredths), nil
}

// Price is an amount of the document's currency in minor units, written 25.00.
type Price int64

// In gives the price its currency.
func (p Price) In(c money.Currency) money.Amount { return money.Of(int64(p), c) }

// Rating is a mean of stars in hundredths, written 4.7.
type Rating int

// String writes 4.7.
func (r Rating) String() string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%02d", r/100, r%100), "0"), ".")
}

// ParseRating reads 4.7; between 0 and 5.
func ParseRating(text string) (Rating, error) {
	n, err := fixed(text, 2)
	if err != nil || n > 500 {
		return 0, fmt.Errorf("%q is not a rating: write it like 4.7, at most 5", text)
	}
	return Rating(n), nil
}

// fixed reads a decimal number as a whole number of 10^-decimals.
func fixed(text string, decimals int) (int64, error) {
	whole, fraction, hasPoint := strings.Cut(text, ".")
	if len(fraction) > decimals || hasPoint && fraction == "" {
		return 0, fmt.Errorf("%q has more than %d digits after the point", text, decimals)
	}
	return strconv.ParseInt(whole+fraction+strings.Repeat("0", decimals-len(fraction)), 10, 63)
}
