package page

import (
	"guildhall/internal/market"
	"guildhall/internal/web/kit"
)

// SellersView is one page of the sellers on a level.
type SellersView struct {
	Levels []market.LevelCount // every seller once
	Level  string              // the one that is listed
	List   []market.OnLevel
	After  string
	Next   string
}

func (v SellersView) tabs() (tabs []kit.Tab) {
	for _, l := range v.Levels {
		tabs = append(tabs, kit.Tab{Label: l.Words, Href: sellersURL(l.Level, ""), Count: l.Sellers, Current: l.Level == v.Level})
	}
	return tabs
}

func (v SellersView) words() string {
	for _, l := range v.Levels {
		if l.Level == v.Level {
			return l.Words
		}
	}
	return v.Level
}

func (v SellersView) nobody() string {
	if v.Level == market.NoLevel {
		return "Every seller stands on a level."
	}
	return "Nobody stands on this level now."
}

func (v SellersView) since() string {
	if v.Level == market.NoLevel {
		return "Sells since "
	}
	return "Since "
}

func (v SellersView) start() string {
	if v.After == "" {
		return ""
	}
	return sellersURL(v.Level, "")
}

// levelsDist is how many sellers stand on each level today, and on none.
func levelsDist(h *market.Health) kit.DistProps {
	d := kit.DistProps{ChartProps: kit.ChartProps{ID: "levels", Title: "Sellers by level", Quiet: true}}
	for _, l := range h.Levels {
		row := kit.DistRow{Label: l.Words, Count: l.Sellers}
		if l.Sellers > 0 {
			row.Href = sellersURL(l.Level, "")
		}
		d.Rows = append(d.Rows, row)
	}
	return d
}

func levelsSay(h *market.Health) string {
	n := 0
	for _, l := range h.Levels {
		n += l.Sellers
	}
	if n == 0 {
		return "Nobody sells here yet."
	}
	return "All " + countOf(n, "seller") + " as they stand now, whatever the days above."
}
