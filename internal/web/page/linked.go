package page

import (
	"regexp"

	"guildhall/internal/web/kit"
)

var webAddress = regexp.MustCompile(`https?://[^\s<>"]+`)

// linked cuts a letter into words and the addresses in it.
func linked(text string) []kit.Link {
	var parts []kit.Link
	at := 0
	for _, span := range webAddress.FindAllStringIndex(text, -1) {
		parts = append(parts, kit.Link{Label: text[at:span[0]]}, kit.Link{Label: text[span[0]:span[1]], Href: text[span[0]:span[1]]})
		at = span[1]
	}
	return append(parts, kit.Link{Label: text[at:]})
}
