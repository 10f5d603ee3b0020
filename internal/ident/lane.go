package ident

import (
	"encoding/binary"
	"math/rand/v2"
)

// Lanes is how many seeded sources of one seed may work side by side.
const Lanes = len(refLetters) * len(refLetters)

// NewLane is NewSeeded for one of several workers that share a seed but no
// order of calls: each draws ids of its own, and the short names of two lanes
// never meet. lane is 0 to Lanes-1.
func NewLane(seed uint64, lane int) *Source {
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], seed)
	binary.BigEndian.PutUint64(key[8:], uint64(lane)+1) // not negative
	return &Source{chance: rand.NewChaCha8(key), lane: lane + 1}
}
