package kit

import (
	"fmt"
	"html"
	"strings"

	"github.com/a-h/templ"
)

// drawnCover draws a quiet cover for a gig without a picture: an ornament and
// a hue picked by the title, and its first letter. The same title always gives
// the same cover.
func drawnCover(title string) templ.Component {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="gig-cover gig-cover-drawn hue-%d" viewBox="0 0 160 100" preserveAspectRatio="xMidYMid slice" aria-hidden="true">`,
		drawn(title, 8))
	ornaments[drawn(title+"#", uint32(len(ornaments)))](&b)
	fmt.Fprintf(&b, `<text x="80" y="64" font-size="40" text-anchor="middle">%s</text></svg>`, html.EscapeString(firstLetter(title)))
	return templ.Raw(b.String())
}

// Each ornament is something a guild's mason, weaver or smith would cut.
var ornaments = []func(*strings.Builder){arcade, rosette, weave, gables, rings}

func stroke(b *strings.Builder, d string) {
	fmt.Fprintf(b, `<path d="%s" stroke-width="1"/>`, d)
}

func arcade(b *strings.Builder) {
	var d strings.Builder
	for x := -10; x < 170; x += 20 {
		fmt.Fprintf(&d, "M%d 102V84a10 10 0 0 1 20 0V102M%d 102V86a6 6 0 0 1 12 0V102", x, x+4)
		fmt.Fprintf(&d, "M%d-2V16a10 10 0 0 0 20 0V-2M%d-2V14a6 6 0 0 0 12 0V-2", x, x+4)
	}
	stroke(b, d.String())
}

func rosette(b *strings.Builder) {
	for i := range 12 {
		fmt.Fprintf(b, `<path d="M80 50q18-22 0-62q-18 40 0 62" stroke-width="1" transform="rotate(%d 80 50)"/>`, i*30)
	}
	fmt.Fprint(b, `<circle cx="80" cy="50" r="62" stroke-width="1"/><circle cx="80" cy="50" r="66" stroke-width="1"/>`)
}

func weave(b *strings.Builder) {
	var d strings.Builder
	for y := -8; y < 108; y += 8 {
		if y > 24 && y < 72 {
			continue
		}
		fmt.Fprintf(&d, "M-4 %d", y)
		for range 11 {
			d.WriteString("q4-8 8 0t8 0")
		}
	}
	stroke(b, d.String())
}

func gables(b *strings.Builder) {
	var d strings.Builder
	for i := range 7 {
		fmt.Fprintf(&d, "M-6 %dL80 %dL166 %d", 118-i*8, 60-i*10, 118-i*8)
	}
	stroke(b, d.String())
}

func rings(b *strings.Builder) {
	for r := 28; r < 110; r += 9 {
		fmt.Fprintf(b, `<circle cx="80" cy="50" r="%d" stroke-width="1"/>`, r)
	}
}
