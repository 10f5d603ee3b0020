package ident

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"
)

// Derived makes the id of something that follows from something else: the same
// origin gives the same id for ever, so that making it twice makes one. Ids of
// one instant sort by their place.
func Derived[N noun](at time.Time, place int, origin string) N {
	var raw [16]byte
	ms := at.UnixMilli()
	raw[0], raw[1] = byte(ms>>40), byte(ms>>32)
	binary.BigEndian.PutUint32(raw[2:], uint32(ms))                  // the low 32 bits are wanted
	binary.BigEndian.PutUint16(raw[6:], uint16(min(place, 1<<16-1))) // bounded
	sum := sha256.Sum256([]byte(origin))
	copy(raw[8:], sum[:])
	var zero N
	return N(zero.prefix() + "_" + alphabet.EncodeToString(raw[:]))
}

// RefOf is the short name of something that was never given one of its own, made
// of its id: the same for ever, and likely but not certain to be its alone.
func RefOf[N noun](id N) string {
	sum := sha256.Sum256([]byte(id))
	letters := make([]byte, 6)
	for i := range letters {
		letters[i] = refLetters[int(sum[i])%len(refLetters)]
	}
	return string(letters)
}

// First sorts before every id of the noun that is born at that moment or later,
// and after those born before: where a list by birth begins.
func First[N noun](at time.Time) N {
	var raw [16]byte
	ms := at.UnixMilli()
	raw[0], raw[1] = byte(ms>>40), byte(ms>>32)
	binary.BigEndian.PutUint32(raw[2:], uint32(ms)) // the low 32 bits are wanted
	var zero N
	return N(zero.prefix() + "_" + alphabet.EncodeToString(raw[:]))
}

// Born is the moment at which an id was made, to the millisecond; zero for what
// is no id.
func Born[N noun](id N) time.Time {
	var zero N
	raw, err := alphabet.DecodeString(strings.TrimPrefix(string(id), zero.prefix()+"_"))
	if err != nil || len(raw) < 6 {
		return time.Time{}
	}
	return time.UnixMilli(int64(raw[0])<<40 | int64(raw[1])<<32 | int64(binary.BigEndian.Uint32(raw[2:6]))).UTC()
}
