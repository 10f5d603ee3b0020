// Package ident makes the names of things: typed, time-ordered, unguessable.
//
// An id reads like order_01k9x7m3v8…: the noun, then 48 bits of milliseconds
// and 80 bits of chance in lower-case base 32, so that ids sort by birth and
// cannot be counted or guessed. A Source is the only origin of chance in the
// program; seeded, it gives the same ids again, which makes a demo market
// repeatable.
//
// It is ground: it imports only the standard library.
package ident

import (
	cryptorand "crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

// The nouns that have ids.
type (
	// Member is a person with a login.
	Member string
	// Gig is a service for sale.
	Gig string
	// Category is a place in the catalogue.
	Category string
	// Order is one purchase and its life.
	Order string
	// Event is one thing that happened.
	Event string
	// Entry is one balanced movement of money.
	Entry string
	// Payment is one attempt to pay.
	Payment string
	// File is one stored upload.
	File string
	// Notice is one message to one person.
	Notice string
	// Job is one errand in the outside world.
	Job string
	// Token is one API token.
	Token string
	// Policy is one version of the rulebook.
	Policy string
	// Withdrawal is one amount that a seller takes out.
	Withdrawal string
	// Thread is the conversation of two people.
	Thread string
	// Offer is a custom offer made to one buyer.
	Offer string
	// Case is something that the support desk decides.
	Case string
	// Warning is a warning with its end.
	Warning string
	// Record is one signed record of a seller's figures.
	Record string
	// Share is one link that shows somebody's figures to a helper.
	Share string
	// Standing is what happened to a seller's level.
	Standing string
	// Review is what the two parties of an order say of each other.
	Review string
)

func (Member) prefix() string   { return "member" }
func (Gig) prefix() string      { return "gig" }
func (Category) prefix() string { return "category" }
func (Order) prefix() string    { return "order" }
func (Event) prefix() string    { return "event" }
func (Entry) prefix() string    { return "entry" }
func (Payment) prefix() string  { return "payment" }
func (File) prefix() string     { return "file" }
func (Notice) prefix() string   { return "notice" }
func (Job) prefix() string      { return "job" }
func (Token) prefix() string    { return "token" }
func (Policy) prefix() string   { return "policy" }

func (Withdrawal) prefix() string { return "withdrawal" }
func (Thread) prefix() string     { return "thread" }
func (Offer) prefix() string      { return "offer" }
func (Case) prefix() string       { return "case" }
func (Warning) prefix() string    { return "warning" }
func (Record) prefix() string     { return "record" }
func (Review) prefix() string     { return "review" }
func (Standing) prefix() string   { return "standing" }
func (Share) prefix() string      { return "share" }

type noun interface {
	~string
	prefix() string
}

var alphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// Source makes ids and secrets. It is safe for concurrent use.
type Source struct {
	mu     sync.Mutex
	chance io.Reader
	lane   int // from 1; 0 is no lane
}

// NewSource draws from the operating system.
func NewSource() *Source { return &Source{chance: cryptorand.Reader} }

// NewSeeded gives the same ids for the same seed and order of calls. Its
// secrets still come from the operating system.
func NewSeeded(seed uint64) *Source {
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], seed)
	return &Source{chance: rand.NewChaCha8(key)}
}

// New makes an id of the noun N born at now.
func New[N noun](s *Source, now time.Time) N {
	var raw [16]byte
	ms := now.UnixMilli()
	raw[0], raw[1] = byte(ms>>40), byte(ms>>32)
	binary.BigEndian.PutUint32(raw[2:], uint32(ms)) // the low 32 bits are wanted
	s.read(raw[6:])
	var zero N
	return N(zero.prefix() + "_" + alphabet.EncodeToString(raw[:]))
}

// Valid tells whether id has the shape of its noun. It says nothing about existence.
func Valid[N noun](id N) bool {
	rest, ok := strings.CutPrefix(string(id), id.prefix()+"_")
	if !ok || len(rest) != 26 {
		return false
	}
	raw, err := alphabet.DecodeString(rest) // it overlooks line ends and loose last bits
	return err == nil && alphabet.EncodeToString(raw) == rest
}

// Ref makes the short name that people read out loud, like G7K2M4.
func (s *Source) Ref() string {
	var raw [6]byte
	s.read(raw[:])
	for i, b := range raw {
		raw[i] = refLetters[int(b)%len(refLetters)]
	}
	if s.lane > 0 {
		raw[1], raw[3] = refLetters[(s.lane-1)/len(refLetters)], refLetters[(s.lane-1)%len(refLetters)]
	}
	return string(raw[:])
}

const refLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// Secret makes 256 bits of hexadecimal for tokens and links, always from the
// operating system, whatever the source was seeded with.
func Secret() string {
	var raw [32]byte
	_, _ = cryptorand.Read(raw[:]) // never fails, by its contract
	return hex.EncodeToString(raw[:])
}

func (s *Source) read(p []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := io.ReadFull(s.chance, p); err != nil {
		panic("ident: the source of chance is dry: " + err.Error())
	}
}
