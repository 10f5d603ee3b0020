package intake

import (
	"errors"
	"regexp"
	"strings"

	"guildhall/internal/money"
)

var (
	around  = regexp.MustCompile(`(?i)^(?:from|starting at|ab|à partir de|desde)\s+`)
	symbols = regexp.MustCompile(`^(?:US\$|A\$|C\$|[$€£¥₹]|[A-Z]{3})\s*|\s*(?:[$€£¥₹]|[A-Z]{3})$`)
	english = regexp.MustCompile(`^\d+(?:,\d{3})*(?:\.\d+)?$`)                           // 1,234.50
	comma   = regexp.MustCompile(`^\d+(?:\.\d{3})*,\d{1,2}$`)                            // 1.234,50
	groups  = regexp.MustCompile(`^\d{1,3}(?:\.\d{3}){2,}$`)                             // 1.234.567
	unsure  = regexp.MustCompile(`^[1-9]\d{0,2}\.\d{3}$`)                                // 1.234
	spaced  = regexp.MustCompile(`^\d{1,3}(?:[ '’\x{00a0}\x{202f}]\d{3})+(?:[.,]\d+)?$`) // 1 234,50
	spaces  = strings.NewReplacer(" ", "", "'", "", "’", "", "\u00a0", "", "\u202f", "")
)

// price reads an amount in any of the usual spellings. What has two meanings
// is refused: a wrong price is worse than a missing gig.
func price(text string, c money.Currency) (money.Amount, error) {
	text = around.ReplaceAllString(strings.TrimSpace(text), "")
	if text == "" {
		return money.Amount{}, errors.New("is empty")
	}
	if code := foreignCurrency(text, c); code != "" {
		return money.Amount{}, errors.New("is in " + code + ", not in " + string(c))
	}
	text = symbols.ReplaceAllString(symbols.ReplaceAllString(text, ""), "")
	if spaced.MatchString(text) {
		text = spaces.Replace(text)
	}
	switch {
	case unsure.MatchString(text) && c.Decimals() != 3:
		return money.Amount{}, errors.New("may mean a thousand or a fraction; write it as 1234.00")
	case comma.MatchString(text):
		text = strings.ReplaceAll(strings.ReplaceAll(text, ".", ""), ",", ".")
	case groups.MatchString(text):
		text = strings.ReplaceAll(text, ".", "")
	case !english.MatchString(text):
		return money.Amount{}, errors.New("is not a price")
	}
	whole, fraction, has := strings.Cut(text, ".")
	if has {
		if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
			whole += "." + fraction
		}
	}
	amount, err := money.Parse(whole, c)
	if err != nil {
		return money.Amount{}, errors.New("is not a price: " + err.Error())
	}
	if amount.Minor == 0 {
		return money.Amount{}, errors.New("is zero")
	}
	return amount, nil
}

// foreignCurrency names the currency that a price is plainly written in when
// it is not c. A bare $ speaks only against currencies that are no dollars.
func foreignCurrency(text string, c money.Currency) string {
	for _, s := range []struct{ sign, code string }{{"€", "EUR"}, {"£", "GBP"}, {"₹", "INR"}, {"US$", "USD"}, {"A$", "AUD"}, {"C$", "CAD"}} {
		if strings.Contains(text, s.sign) && s.code != string(c) {
			return s.code
		}
	}
	if strings.Contains(text, "¥") && c != "JPY" && c != "CNY" {
		return "yen or yuan"
	}
	if strings.Contains(text, "$") && !strings.HasSuffix(string(c), "D") {
		return "dollars"
	}
	if len(text) > 3 {
		for _, code := range []money.Currency{money.Currency(text[:3]), money.Currency(text[len(text)-3:])} {
			if code.Known() && code != c {
				return string(code)
			}
		}
	}
	return ""
}
