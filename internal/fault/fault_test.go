package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestKinds(t *testing.T) {
	makers := map[Kind]*Error{
		KindInvalid:   Invalid("price", "too low"),
		KindSignIn:    SignIn("x"),
		KindForbidden: Forbidden("x"),
		KindNotFound:  NotFound("x"),
		KindConflict:  Conflict("x"),
		KindExpired:   Expired("x"),
		KindDeclined:  Declined("x"),
		KindBusy:      Busy("x"),
	}
	for kind, err := range makers {
		wrapped := fmt.Errorf("placing the order: %w", err)
		if KindOf(wrapped) != kind {
			t.Errorf("%s wrapped is %q", kind, KindOf(wrapped))
		}
		for other, target := range makers {
			if errors.Is(wrapped, target) != (other == kind) {
				t.Errorf("a %s fault is a %s fault: %v", kind, other, other != kind)
			}
		}
	}
	if kind := KindOf(errors.New("disk on fire")); kind != "" {
		t.Errorf("an internal error is %q", kind)
	}
	if kind := KindOf(nil); kind != "" {
		t.Errorf("no error is %q", kind)
	}
	if errors.Is(Conflict("x"), errors.New("x")) {
		t.Error("a fault is some other error")
	}
}

func TestFieldsComeInOneOrder(t *testing.T) {
	err := &Error{Kind: KindInvalid, Text: "Look.", Fields: map[string]string{"b": "2", "c": "3", "a": "1"}}
	for range 20 {
		if got := err.Error(); got != "Look.; a: 1; b: 2; c: 3" {
			t.Fatal(got)
		}
	}
	if got := NotFound("No such gig.").Error(); got != "No such gig." {
		t.Error(got)
	}
}

func TestFieldsGather(t *testing.T) {
	f := Fields{}
	f.Need(true, "title", "fine")
	if err := f.Err(); err != nil {
		t.Fatalf("nothing is wrong, yet %v", err)
	}
	f.Need(false, "price", "first")
	f.Need(false, "price", "second")
	f.Need(true, "price", "third")
	f.Need(false, "days", "too many")
	var got *Error
	if err := f.Err(); !errors.As(err, &got) || got.Kind != KindInvalid {
		t.Fatalf("%v", err)
	}
	if len(got.Fields) != 2 || got.Fields["price"] != "first" || got.Fields["days"] != "too many" {
		t.Errorf("gathered %v", got.Fields)
	}
}
