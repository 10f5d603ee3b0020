package page

import (
	"testing"

	"guildhall/internal/market"
	"guildhall/internal/order"
)

func TestEntrancesCarryTheSignOfTheirTrade(t *testing.T) {
	for name, want := range map[string]string{
		"Music & Audio": "music", "Writing & Editing": "pen-line", "Making & Craft": "hammer", "Falconry": "tag", "": "tag",
	} {
		if got := doorIcon(name); got != want {
			t.Errorf("doorIcon(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestAnEmptyTabOfSomebodyWithOrdersLeadsToThem(t *testing.T) {
	list := func(completed int) market.OrderList {
		v := market.OrderList{}
		for _, tab := range order.Tabs(order.Buyer) {
			n := 0
			if tab.Name == "completed" {
				n = completed
			}
			v.Tabs = append(v.Tabs, market.TabCount{Tab: tab, Count: n})
		}
		return v
	}
	if _, full := emptyTab(order.Buyer, list(0)); full != nil {
		t.Errorf("nobody’s orders lie under %s", full.Name)
	}
	for _, tab := range order.Tabs(order.Buyer) {
		v := list(3)
		v.Tab = tab
		if words, full := emptyTab(order.Buyer, v); words == "" || full == nil || full.Name != "completed" {
			t.Errorf("%s: %q, %v", tab.Name, words, full)
		}
	}
}
