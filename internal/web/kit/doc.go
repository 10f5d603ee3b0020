// Package kit owns the look of Guildhall's pages: the shell around a page and
// the pieces it is made of. A page is written by putting pieces into Layout;
// it never writes a colour, a class of its own or a line of script.
//
// Flow: a handler asks the market, fills the typed props of the pieces with
// words, addresses and instants, and renders. Nothing here asks anybody for
// anything: no clock is read (Local carries the moment), money comes as words.
//
// Promises of every piece: it works without a script, by keyboard and at 320
// pixels; colour never speaks alone; a label is bound to its field and a fault
// stands beside it; the page needs no inline style or script, so that
// ContentSecurityPolicy can forbid both.
//
// Neighbours: static (addresses of the built files), web/page (puts the pieces
// together), web (sends ContentSecurityPolicy with each page).
package kit
