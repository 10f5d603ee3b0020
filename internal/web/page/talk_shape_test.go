package page

import (
	"testing"

	"guildhall/internal/market"
	"guildhall/internal/talk"
)

func TestHowManyWereFoundIsSaidOnlyWhereItIsKnown(t *testing.T) {
	for n, want := range map[int]string{
		0: "Nothing with “heron” was written here", 1: "1 message with “heron”", 2: "2 messages with “heron”, newest first",
		market.MostFound - 1: "49 messages with “heron”, newest first", market.MostFound: "The newest 50 messages with “heron”",
	} {
		if got := foundWords(TalkProps{Words: "heron", Found: make([]talk.Message, n)}); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
