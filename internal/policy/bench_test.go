package policy

import (
	"testing"
	"time"
)

func BenchmarkParse(b *testing.B) {
	source, _, err := Profile("classic")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Parse("classic.yaml", source); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	v := Default("policy_1", time.Time{})
	for b.Loop() {
		if _, err := v.Lookup("limits.reset_life"); err != nil {
			b.Fatal(err)
		}
	}
}
