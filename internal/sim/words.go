package sim

import (
	_ "embed"
	"math/rand/v2"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed words.yaml
var wordsFile []byte

// words is what people sell and say.
type words struct {
	Categories []trade  `yaml:"categories"`
	Trade      []string `yaml:"trade"`
	Product    []string `yaml:"product"`
	Topic      []string `yaml:"topic"`
	Text       []string `yaml:"text"`
	Years      []string `yaml:"years"`
	Taglines   []string `yaml:"taglines"`
	Abouts     []string `yaml:"abouts"`
	Progress   []string `yaml:"progress"`
	Comments   []string `yaml:"comments"`
	Delays     []string `yaml:"delays"`
	Deliveries []string `yaml:"deliveries"`
	Revisions  []string `yaml:"revisions"`
	Domains    []string `yaml:"domains"`
	Settle     settling `yaml:"settle"`
	Talk       speaking `yaml:"talk"`
	Desk       advising `yaml:"desk"`
	Review     rating   `yaml:"review"`
	Answers    struct {
		Text []string `yaml:"text"`
		Long []string `yaml:"long"`
	} `yaml:"answers"`
}

// trade is one category with what belongs to it.
type trade struct {
	Name string `yaml:"name"`
	Subs []struct {
		Name   string   `yaml:"name"`
		Titles []string `yaml:"titles"`
	} `yaml:"subs"`
	Tags      []string   `yaml:"tags"`
	About     []string   `yaml:"about"`
	Packages  []string   `yaml:"packages"`
	Scopes    []string   `yaml:"scopes"`
	Price     int64      `yaml:"price"` // of a common basic package, in whole units
	Days      int        `yaml:"days"`
	Extras    []string   `yaml:"extras"`
	Questions []question `yaml:"questions"`
	Files     string     `yaml:"files"` // what a delivery usually is
}

// settling is what people write beside a request, by what it is about.
type settling struct {
	Mistake, Unable, Extend, Extra, Gift, Discount, Swap, Counter, No, Stall, Remind []string

	ExtraWhy []string `yaml:"extraWhy"`
}

// speaking is what people write to each other before and beside an order.
type speaking struct {
	First, Answer, Spam, After, Offer, Dear []string
}

// advising is what people write to the desk, and what the desk writes.
type advising struct {
	Buyer, Seller, Money, Answer, Facts, Appeal []string
}

type question struct {
	Text     string   `yaml:"text"`
	Kind     string   `yaml:"kind"`
	Choices  []string `yaml:"choices"`
	Required bool     `yaml:"required"`
}

func readWords() (*words, error) {
	var w words
	return &w, yaml.UnmarshalWithOptions(wordsFile, &w, yaml.Strict())
}

// fill puts drawn words into the slots of a text.
func (w *words) fill(r *rand.Rand, text string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	for _, s := range []struct {
		slot string
		list []string
	}{{"<trade>", w.Trade}, {"<product>", w.Product}, {"<topic>", w.Topic}, {"<text>", w.Text}, {"<years>", w.Years}} {
		if strings.Contains(text, s.slot) {
			text = strings.ReplaceAll(text, s.slot, pick(r, s.list))
		}
	}
	return text
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// some draws n different ones, in their order.
func some[T any](r *rand.Rand, list []T, n int) []T {
	n = min(n, len(list))
	out := make([]T, 0, n)
	for i, one := range list {
		if r.IntN(len(list)-i) < n-len(out) {
			out = append(out, one)
		}
	}
	return out
}
