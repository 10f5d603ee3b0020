package pay

import (
	"strconv"
	"strings"
	"time"

	"guildhall/internal/fault"
)

// PlayCard is one of the only cards that the sandbox takes.
type PlayCard struct {
	Number string // in groups of four, as people read it
	Brand  string
	Words  string // what happens when somebody pays with it
	plan   plan
}

// plan is how a charge of a card goes.
type plan struct {
	state   State
	verdict State  // what a pending charge becomes
	reason  string // of a decline
	lost    bool   // the answer never arrives
	dispute string // how a dispute of the payment will be decided
}

var playCards = []PlayCard{
	{"4242 4242 4242 4242", "Visa", "Pays at once.", plan{state: Succeeded}},
	{"5555 5555 5555 4444", "Mastercard", "Pays at once.", plan{state: Succeeded}},
	{"4000 0025 0000 3155", "Visa", "Asks for a second step, where you approve or refuse.", plan{state: NeedsStep}},
	{"4000 0000 0000 0002", "Visa", "Is declined: not enough money.", declined("Your bank declined the card: there is not enough money on it.")},
	{"4000 0000 0000 9995", "Visa", "Is declined without a reason.", declined("Your bank declined the card and gave no reason.")},
	{"4000 0000 0000 0069", "Visa", "Is declined: expired.", declined("Your bank declined the card: it has expired.")},
	{"4000 0000 0000 9987", "Visa", "Is declined: reported lost.", declined("Your bank declined the card: it was reported lost.")},
	{"4000 0000 0000 0077", "Visa", "Keeps you waiting, then pays.", plan{state: Pending, verdict: Succeeded}},
	{"4000 0000 0000 0341", "Visa", "Times out, then pays after all.", plan{state: Pending, verdict: Succeeded, lost: true}},
	{"4000 0000 0000 0259", "Visa", "Times out, then is declined.", plan{
		state: Pending, verdict: Declined, lost: true,
		reason: "Your bank did not confirm the payment in time.",
	}},
	{"4000 0000 0000 2685", "Visa", "Pays at once; after three days its owner objects at the bank, which takes the money back a week later.", plan{state: Succeeded, dispute: buyerWins}},
	{"4000 0000 0000 2784", "Visa", "Pays at once; after three days its owner objects at the bank, which leaves the money with the house a week later.", plan{state: Succeeded, dispute: sellerWins}},
}

func declined(reason string) plan { return plan{state: Declined, reason: reason} }

// PlayCards lists the cards that the sandbox takes, for people to choose from.
func PlayCards() []PlayCard { return append([]PlayCard(nil), playCards...) }

// PlayAccountThatFails is the account to which a payout comes back.
const PlayAccountThatFails = "00000000"

// CheckCard tells what is wrong with a card before anything is created: an
// Invalid fault with the fields card.number, card.expiry and card.cvc.
func (s *Sandbox) CheckCard(c Card) error {
	_, err := checkCard(c, s.now())
	return err
}

func checkCard(c Card, now time.Time) (PlayCard, error) {
	faults := fault.Fields{}
	card, why := playCard(digitsOf(c.Number))
	faults.Need(why == "", "card.number", why)
	why = checkExpiry(c.Expiry, now)
	faults.Need(why == "", "card.expiry", why)
	cvc := strings.TrimSpace(c.CVC)
	faults.Need(len(cvc) == 3 && onlyDigits(cvc), "card.cvc", "Type the three digits from the back of the card.")
	return card, faults.Err()
}

func playCard(number string) (PlayCard, string) {
	switch {
	case number == "":
		return PlayCard{}, "Type the number of a play card."
	case !onlyDigits(number) || len(number) < 12 || len(number) > 19:
		return PlayCard{}, "A card number has 12 to 19 digits."
	case !luhn(number):
		return PlayCard{}, "One of the digits is mistyped: the check digit does not fit."
	}
	for _, card := range playCards {
		if digitsOf(card.Number) == number {
			return card, ""
		}
	}
	return PlayCard{}, "This market takes play money: use one of the play cards, such as 4242 4242 4242 4242."
}

// checkExpiry reads MM/YY or MM/YYYY; a card is good until its month ends.
func checkExpiry(text string, now time.Time) string {
	const format = "Type month and year, for example 08/30."
	mm, yy, cut := strings.Cut(strings.ReplaceAll(text, " ", ""), "/")
	month, errM := strconv.Atoi(mm)
	year, errY := strconv.Atoi(yy)
	if !cut || errM != nil || errY != nil || !onlyDigits(mm+yy) || len(mm) > 2 || month < 1 || month > 12 {
		return format
	}
	switch len(yy) {
	case 2:
		year += now.UTC().Year() / 100 * 100
	case 4:
	default:
		return format
	}
	end := time.Date(year, time.Month(month)+1, 1, 0, 0, 0, 0, time.UTC)
	switch {
	case !now.Before(end):
		return "This card has expired."
	case end.After(now.AddDate(50, 0, 0)):
		return "This is too far in the future for a card."
	}
	return ""
}

// digitsOf drops the spaces and dashes that people type between groups.
func digitsOf(number string) string { return groups.Replace(number) }

var groups = strings.NewReplacer(" ", "", "-", "", "\u00a0", "")

func onlyDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// luhn checks the digit at the end, which catches one mistyped digit and most
// swapped neighbours.
func luhn(number string) bool {
	sum := 0
	for i := range len(number) {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
