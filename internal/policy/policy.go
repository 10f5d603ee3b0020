// Package policy is the rulebook as data.
//
// It owns the types that hold every number and table of the rulebook, the
// strict reader of the policy file (each fault with its line and column), the
// two profiles that ship and the difference between two documents. Rules get a
// Version handed in and read their numbers from it; nothing else in the
// program may know them.
//
// It is ground: above money and ident, below every rule.
package policy
