package store

import (
	"fmt"
	"testing"
)

// TestMemo reads texts anew and again, forgets what nobody asks for, and keeps
// what somebody does.
func TestMemo(t *testing.T) {
	var m memo[struct{ N int }]
	read := func(n int) {
		t.Helper()
		got, err := m.read(fmt.Sprintf(`{"N":%d}`, n))
		if err != nil || got.N != n {
			t.Fatalf("%d reads as %v, %v", n, got, err)
		}
	}
	for n := range 5 * memoSize {
		read(n)
		read(0)
	}
	if _, ok := m.find(`{"N":0}`); !ok {
		t.Error("forgot what is asked for all the time")
	}
	if _, ok := m.find(`{"N":1}`); ok {
		t.Error("remembers what nobody asked for")
	}
	if n := len(m.young) + len(m.old); n > 2*memoSize {
		t.Errorf("remembers %d texts", n)
	}
	if _, err := m.read("{"); err == nil {
		t.Error("half a text was read")
	}
}
