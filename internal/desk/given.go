package desk

import (
	_ "embed"
	"strings"
	"sync"
)

// Canned is an answer to start from. Whoever uses it writes it to the end.
type Canned struct {
	Name string
	Text string
}

var (
	//go:embed answers.txt
	answersFile string
	//go:embed rules.txt
	rulesFile string
)

// Answers are the answers that agents start from, as answers.txt has them.
var Answers = sync.OnceValue(func() []Canned {
	var list []Canned
	for block := range strings.SplitSeq("\n"+answersFile, "\n# ") {
		name, text, _ := strings.Cut(block, "\n")
		if name != "" {
			list = append(list, Canned{name, strings.TrimSpace(text)})
		}
	}
	return list
})

// Rules are the rules that a letter may rest on, as rules.txt has them. A
// decision may name another in its own words.
var Rules = sync.OnceValue(func() []string {
	return strings.Split(strings.TrimSpace(rulesFile), "\n")
})
