package main

import (
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/rehearsal"
)

// rehearsedHouse is a rehearsal as JSON. Pairs are before and after; money is in
// minor units.
type rehearsedHouse struct {
	Against ident.Policy           `json:"against"`
	Changes []rehearsedChange      `json:"changes"`
	At      time.Time              `json:"effective"`
	Until   time.Time              `json:"until"`
	Sellers int                    `json:"sellers"`
	Turns   map[rehearsal.Kind]int `json:"turns"`
	Orders  rehearsal.Totals       `json:"orders"`
	Classes []rehearsal.Class      `json:"classes"`
	Rows    []rehearsedSeller      `json:"rows"`
}

type rehearsedChange struct {
	Path string `json:"path"`
	From string `json:"from"`
	To   string `json:"to"`
}

type rehearsedSeller struct {
	Member ident.Member     `json:"member"`
	Level  string           `json:"level"`
	Turns  []rehearsal.Turn `json:"turns"`
	Orders rehearsal.Totals `json:"orders"`
}

func wireRehearsal(r market.PolicyRehearsal) rehearsedHouse {
	v := rehearsedHouse{
		Against: r.Old.ID, At: r.At, Until: r.Until, Sellers: r.Sellers, Turns: r.Turns,
		Orders: r.Totals, Classes: r.Classes, Rows: []rehearsedSeller{}, Changes: []rehearsedChange{},
	}
	for _, c := range r.Changes {
		v.Changes = append(v.Changes, rehearsedChange(c))
	}
	rows, _ := r.Rows("", "", 1<<30)
	for _, row := range rows {
		v.Rows = append(v.Rows, rehearsedSeller{row.Member, row.Fate.Level, row.Fate.Turns, row.Totals})
	}
	return v
}
