// Package policy is the rulebook as data.
//
// It owns the types that hold every number and table of the rulebook, the
// strict reader of the policy file, the two profiles that ship, the difference
// between two documents and the choice of the version in force. Rules get a
// Version handed in and read their numbers from it; nothing else in the program
// may know them.
//
// The flow: Parse reads a file into a Document. It walks the tree that the YAML
// library makes beside the struct tags of the types (yaml: the key, within: the
// bounds, unit: how it is written), gathers every fault with its line and
// column, and then checks what must agree across values. Diff, Lookup and
// Marshal walk the document the other way, by the same tags, so a new number is
// one new field and one new line in each profile.
//
// It is ground: above money, ident and fault, below every rule.
package policy
