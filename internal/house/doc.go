// Package house holds tests only: the law of the house.
//
// It loads the real import graph and the real sources and fails on what
// docs/ARCHITECTURE.md forbids: an arrow that runs back up, a rule that knows
// the clock or the network, a second room that speaks SQL, a package without a
// word about itself, a file or a function that has outgrown its reader. What is
// allowed stands in one table (rooms in law_test.go); whoever adds a room adds
// its line there.
//
// It stands beside all rooms, and nothing imports it.
package house
