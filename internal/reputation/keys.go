package reputation

import (
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// Key signs records.
type Key struct {
	ID      string // thumbprint of its public half (RFC 7638)
	private ed25519.PrivateKey
}

// NewKey makes the key of a secret. The same secret makes the same key.
func NewKey(secret string) (Key, error) {
	if len(secret) < 20 {
		return Key{}, errors.New("reputation: this secret is too short to sign with")
	}
	seed := sha256.Sum256([]byte("guildhall reputation record\x00" + secret))
	k := Key{private: ed25519.NewKeyFromSeed(seed[:])}
	public := k.public()
	print, err := public.Thumbprint(crypto.SHA256)
	k.ID = base64.RawURLEncoding.EncodeToString(print)
	return k, err
}

func (k Key) public() jose.JSONWebKey {
	return jose.JSONWebKey{Key: k.private.Public(), KeyID: k.ID, Algorithm: string(jose.EdDSA), Use: "sig"}
}

// Keys are public keys of one house: those that sign now and those whose
// records have not all ended yet.
type Keys struct{ set jose.JSONWebKeySet }

// Publish is the public half of some keys.
func Publish(keys ...Key) Keys {
	var k Keys
	for _, one := range keys {
		k.set.Keys = append(k.set.Keys, one.public())
	}
	return k
}

// JSON is the set as it is published (RFC 7517).
func (k Keys) JSON() ([]byte, error) {
	if k.set.Keys == nil {
		k.set.Keys = []jose.JSONWebKey{}
	}
	return json.MarshalIndent(k.set, "", "  ")
}

// ParseKeys reads a published set. Keys of other kinds are left aside; without
// any for Ed25519 it is an error, and so is a private key.
func ParseKeys(source []byte) (Keys, error) {
	var all, fit jose.JSONWebKeySet
	if err := json.Unmarshal(source, &all); err != nil {
		return Keys{}, fmt.Errorf("this is no set of keys: %w", err)
	}
	for _, k := range all.Keys {
		if _, ok := k.Key.(ed25519.PublicKey); ok && k.Valid() {
			fit.Keys = append(fit.Keys, k)
		} else if !k.IsPublic() {
			return Keys{}, errors.New("this holds a private key: it must be published nowhere")
		}
	}
	if len(fit.Keys) == 0 {
		return Keys{}, errors.New("this set holds no Ed25519 key")
	}
	return Keys{fit}, nil
}

// IDs are the names of the keys.
func (k Keys) IDs() []string {
	var ids []string
	for _, one := range k.set.Keys {
		ids = append(ids, one.KeyID)
	}
	return ids
}

// Has tells whether there is a key of that name.
func (k Keys) Has(id string) bool {
	_, ok := k.find(id)
	return ok
}

// find is the key of that name.
func (k Keys) find(id string) (ed25519.PublicKey, bool) {
	i := slices.IndexFunc(k.set.Keys, func(one jose.JSONWebKey) bool { return one.KeyID == id })
	if i < 0 {
		return nil, false
	}
	public, ok := k.set.Keys[i].Key.(ed25519.PublicKey)
	return public, ok
}
