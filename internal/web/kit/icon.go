package kit

import "github.com/a-h/templ"

// icons holds each drawing once, ready to be written. The names are those of
// icons.txt; `npm run icons` makes iconShapes from it.
var icons = func() map[string]templ.Component {
	out := make(map[string]templ.Component, len(iconShapes))
	for name, shapes := range iconShapes {
		class := "icon"
		switch name {
		case "arrow-left", "arrow-right", "chevron-left", "chevron-right", "arrow-up-right", "external-link", "log-in", "log-out", "undo-2", "send", "list":
			class = "icon icon-flow"
		}
		out[name] = templ.Raw(`<svg class="` + class + `" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" aria-hidden="true">` + shapes + `</svg>`)
	}
	return out
}()

// Icon draws a Lucide icon of icons.txt. It is decoration: the word beside it,
// or the label of its button, says what is meant. An unknown name draws
// nothing; a test looks for such names.
func Icon(name string) templ.Component {
	if c, ok := icons[name]; ok {
		return c
	}
	return templ.NopComponent
}
