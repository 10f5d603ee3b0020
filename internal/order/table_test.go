package order_test

import (
	"os"
	"testing"

	"guildhall/internal/order"
)

// TestStatesDocument keeps docs/order-states.md what the code says.
// go test ./internal/order -run StatesDocument -update writes it.
func TestStatesDocument(t *testing.T) {
	const path = "../../docs/order-states.md"
	want := "# The life of an order\n\n" +
		"Printed from the table that decides (`internal/order/table.go`); a test compares them. " +
		"What is not in this table cannot happen to an order.\n\n" + order.TableMarkdown()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the table says; run this test with -update", path)
	}
}
