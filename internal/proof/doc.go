// Package proof shows from outside that the house keeps its promises. It holds
// tests only; docs/proof.md says what is promised and which of them proves it.
//
// The judge is always a log of acknowledged answers that is kept outside of the
// process under test: whoever was told yes must find it afterwards, once. So
// most tests run the real program, hurt it (killed, its disk full or cut off,
// its database restarted), and then hold the log against an export of
// everything and an audit. Others send what honest people never send, or a
// hundred callers at one moment.
//
// It stands beside the roof: its tests open app, speak through client, and look
// into store and market. Nothing imports it.
package proof
