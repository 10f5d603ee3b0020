package page

import (
	"fmt"
	"net/url"
	"strconv"

	"guildhall/internal/market"
	"guildhall/internal/reputation"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
)

// recordHead says who a record is about.
func recordHead(r reputation.Record, l kit.Local) string {
	text := r.Seller.Name + " (@" + r.Seller.Handle + ")"
	if !r.Seller.Since.IsZero() {
		text += ", selling since " + l.Day(r.Seller.Since)
	}
	if r.Level.Name != "" {
		text += ", " + r.Level.Words
		if !r.Level.Since.IsZero() {
			text += " since " + l.Day(r.Level.Since)
		}
	}
	return text + ". As of " + l.At(r.Issued) + "."
}

// madeOf is what stands under the line of a figure and above it.
func madeOf(f reputation.Figure) string {
	text := strconv.FormatInt(f.Numerator, 10)
	switch {
	case f.Unit == reputation.Stars && f.Denominator == 0:
		return "no review yet"
	case f.Unit == reputation.Stars:
		text = fmt.Sprintf("%s stars in %d reviews", starSum(f.Numerator), f.Denominator)
	case f.Denominator != 0:
		text += " of " + strconv.FormatInt(f.Denominator, 10) + " " + f.Unit
	case f.Name == string(standing.Earned):
		return "what completed orders paid"
	default:
		text += " " + f.Unit
	}
	if f.Excluded > 0 {
		text += ", " + strconv.FormatInt(f.Excluded, 10) + " left out"
	}
	return text
}

// starSum writes a sum of stars, with two decimals, cut, where it is not whole.
func starSum(parts int64) string {
	hundredths := parts * 100 / standing.Star
	if hundredths%100 == 0 {
		return strconv.FormatInt(hundredths/100, 10)
	}
	return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
}

func looksAt(f reputation.Figure, l kit.Local) string {
	if f.Since.IsZero() {
		return "everything"
	}
	return "since " + l.Day(f.Since)
}

func recordState(r market.SignedRecord, l kit.Local) kit.State {
	switch {
	case !r.Revoked.IsZero():
		return kit.State{Text: "Taken back", Tone: kit.Bad}
	case !l.Now.Before(r.Expires):
		return kit.State{Text: "Ended", Tone: kit.Neutral}
	case !r.Superseded.IsZero():
		return kit.State{Text: "There is a newer one", Tone: kit.Neutral}
	}
	return kit.State{Text: "Good", Tone: kit.Good}
}

func recordsFirst(later bool) string {
	if later {
		return "/standing/record"
	}
	return ""
}

func recordsNext(v market.RecordDraft) string {
	if v.Next == "" {
		return ""
	}
	return "/standing/record?after=" + url.QueryEscape(string(v.Next))
}

func verdictTone(v market.CheckedRecord) kit.Tone {
	switch {
	case !v.Signed() || v.Status.State == reputation.Revoked || v.Status.State == reputation.Unknown:
		return kit.Bad
	case v.Status.State == reputation.Valid && v.OK():
		return kit.Good
	}
	return kit.Warn
}

func verdictHead(v market.CheckedRecord) string {
	switch {
	case !v.Signed():
		return "Do not rely on this."
	case v.Status.State == reputation.Unknown:
		return "Signed with our key, but not among the records that we made."
	case v.Status.State == reputation.Revoked:
		return "This record was taken back."
	case !v.OK():
		return "This record is ours and unchanged, but not of today."
	case v.Status.State == reputation.Superseded:
		return "This record is ours and unchanged, and there is a newer one."
	}
	return "This record is ours, unchanged, and stands."
}

func verdictSays(v market.CheckedRecord, l kit.Local) string {
	switch {
	case !v.Signed():
		return v.Why.Words()
	case v.Status.State == reputation.Revoked, v.Status.State == reputation.Unknown:
		return v.Status.Words()
	case !v.OK():
		return v.Why.Words() + " It was made on " + l.Day(v.Record.Issued) + " and good until " + l.Day(v.Record.Expires) + "."
	}
	return v.Status.Words() + " It was made on " + l.Day(v.Record.Issued) + " and is good until " + l.Day(v.Record.Expires) + "."
}

// cardToCheck heads the form: before the first record, and after one.
func cardToCheck(v *market.CheckedRecord) string {
	if v == nil {
		return "The record"
	}
	return "Check another"
}
