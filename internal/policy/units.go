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
	var b strings.Builder
	rest := time.Duration(d)
	switch {
	case d == 0:
		return "0h"
	case d < 0:
		b.WriteByte('-')
		rest = -rest
	}
	for _, u := range durationUnits {
		if n := rest / u.length; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u.letter)
			rest -= n * u.length
		}
	}
	return b.String()
}

// Words writes the span for a page: "3 days", "36 hours", "30 minutes",
// "5 days 12 hours".
func (d Duration) Words() string {
	span := time.Duration(d)
	for _, u := range durationUnits {
		if n := span / u.length; n > 0 && n <= 99 && span%u.length == 0 {
			return count(int64(n), u.noun)
		}
	}
	var parts []string
	for _, u := range durationUnits {
		if n := span / u.length; n > 0 {
			parts = append(parts, count(int64(n), u.noun))
			span -= n * u.length
		}
	}
	if len(parts) == 0 {
		return "no time"
	}
	return strings.Join(parts, " ")
}

func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.FormatInt(n, 10) + " " + noun + "s"
}

var durationUnits = []struct {
	letter, noun string
	length       time.Duration
}{{"d", "day", 24 * time.Hour}, {"h", "hour", time.Hour}, {"m", "minute", time.Minute}, {"s", "second", time.Second}}

// longest bounds a span far below the range of an int64 of nanoseconds.
const longest = 100 * 365 * 24 * time.Hour

// ParseDuration reads 3d, 48h, 1d12h. Units stand in falling order, once each.
func ParseDuration(text string) (Duration, error) {
	if strings.HasPrefix(text, "-") {
		return 0, fmt.Errorf("%q is negative: a span goes forward", text)
	}
	var total time.Duration
	rest := text
	for _, u := range durationUnits {
		number, after, ok := strings.Cut(rest, u.letter)
		if !ok || !digits(number) {
			continue
		}
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n > int64((longest-total)/u.length) {
			return 0, fmt.Errorf("%q is longer than a hundred years", text)
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
	number, ok := strings.CutSuffix(text, "%")
	hundredths, err := fixed(number, 2)
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

// fixed reads a decimal number without a sign as a whole number of 10^-decimals.
func fixed(text string, decimals int) (int64, error) {
	whole, fraction, hasPoint := strings.Cut(text, ".")
	if !digits(whole) || hasPoint && !digits(fraction) {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	if len(fraction) > decimals {
		return 0, fmt.Errorf("%q has more than %d digits after the point", text, decimals)
	}
	return strconv.ParseInt(whole+fraction+strings.Repeat("0", decimals-len(fraction)), 10, 64)
}

func digits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

var sizeUnits = []struct {
	letters string
	bytes   int64
}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}

// parseSize reads 10MiB, 512KiB or 100B.
func parseSize(text string) (int64, error) {
	for _, u := range sizeUnits {
		number, ok := strings.CutSuffix(text, u.letters)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || !digits(number) || n > (1<<50)/u.bytes {
			break
		}
		return n * u.bytes, nil
	}
	return 0, fmt.Errorf("%q is not a size: write it like 10MiB or 512KiB", text)
}

// formatSize is the inverse of parseSize, in the largest whole unit.
func formatSize(n int64) string {
	for _, u := range sizeUnits {
		if n >= u.bytes && n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.letters
		}
	}
	return strconv.FormatInt(n, 10) + "B"
}
