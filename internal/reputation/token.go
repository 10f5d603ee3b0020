package reputation

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"guildhall/internal/ident"
)

// StatusPath is where a house says what has become of a record, before its id.
const StatusPath = "/.well-known/reputation-status/"

// KeysPath is where a house publishes its keys.
const KeysPath = "/.well-known/jwks.json"

// longest is the most that a record can be, in bytes.
const longest = 64 << 10

// claims are the token's content: a verifiable credential (data model 1.1) in
// the fields of a JSON web token.
type claims struct {
	Issuer  string       `json:"iss"`
	Subject string       `json:"sub"`
	ID      ident.Record `json:"jti"`
	Issued  int64        `json:"iat"`
	Begins  int64        `json:"nbf"`
	Expires int64        `json:"exp"`
	VC      credential   `json:"vc"`
}

type credential struct {
	Context []any    `json:"@context"`
	Type    []string `json:"type"`
	Subject subject  `json:"credentialSubject"`
	Status  struct {
		ID   string `json:"id"`
		Type string `json:"type"`
	} `json:"credentialStatus"`
}

type subject struct {
	ID      string       `json:"id"`
	Handle  string       `json:"handle"`
	Name    string       `json:"name"`
	Since   time.Time    `json:"sellerSince,omitzero"`
	Level   *Level       `json:"level,omitempty"`
	Figures []Figure     `json:"figures"`
	Endings []Ended      `json:"cancellations"`
	Policy  ident.Policy `json:"policy"`
	Profile string       `json:"profile"`
	Play    bool         `json:"rehearsal,omitempty"`
}

var kinds = []string{"VerifiableCredential", "SellerRecord"}

// typ stands in the header of each token.
const typ = "JWT"

func (r Record) claims() claims {
	c := claims{
		Issuer: r.Issuer, Subject: r.Seller.Page, ID: r.ID,
		Issued: r.Issued.Unix(), Begins: r.Issued.Unix(), Expires: r.Expires.Unix(),
		VC: credential{
			Context: []any{"https://www.w3.org/2018/credentials/v1", map[string]string{"@vocab": r.Issuer + "/help/reputation#"}},
			Type:    kinds,
			Subject: subject{
				ID: r.Seller.Page, Handle: r.Seller.Handle, Name: r.Seller.Name, Since: r.Seller.Since.UTC(),
				Figures: r.Figures, Endings: r.Endings, Policy: r.Policy, Profile: r.Profile, Play: r.Play,
			},
		},
	}
	if r.Level.Name != "" {
		c.VC.Subject.Level = &r.Level
	}
	c.VC.Status.ID, c.VC.Status.Type = r.Issuer+StatusPath+string(r.ID), "HouseRecordStatus"
	return c
}

// record reads claims back.
func (c claims) record() Record {
	s := c.VC.Subject
	r := Record{
		ID: c.ID, Issuer: c.Issuer, Issued: time.Unix(c.Issued, 0).UTC(), Expires: time.Unix(c.Expires, 0).UTC(), Play: s.Play,
		Seller:  Seller{Handle: s.Handle, Name: s.Name, Page: c.Subject, Since: s.Since},
		Figures: s.Figures, Endings: s.Endings, Policy: s.Policy, Profile: s.Profile,
	}
	if s.Level != nil {
		r.Level = *s.Level
	}
	return r
}

// Sign makes the text of a record, and the digest by which the house knows it
// again.
func Sign(r Record, k Key) (text, digest string, err error) {
	if err := r.check(); err != nil {
		return "", "", err
	}
	payload, err := json.Marshal(r.claims())
	if err != nil {
		return "", "", err
	}
	options := (&jose.SignerOptions{}).WithType(typ).WithHeader(jose.HeaderKey("kid"), k.ID)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: k.private}, options)
	if err != nil {
		return "", "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", "", err
	}
	text, err = signed.CompactSerialize()
	return text, digestOf(payload), err
}

func digestOf(payload []byte) string {
	sum := sha256.Sum256(payload)
	return hex.EncodeToString(sum[:])
}

// Why is the reason for which a text is not to be believed.
type Why string

// The closed list of reasons.
const (
	Malformed    Why = "malformed"
	WrongMethod  Why = "wrong_method"
	UnknownKey   Why = "unknown_key"
	Tampered     Why = "tampered"
	OtherHouse   Why = "other_house"
	NotYet       Why = "not_yet"
	OutOfTime    Why = "expired"
	NotARecord   Why = "not_a_record"
	NotCanonical Why = "not_canonical"
)

// Words say it to whoever checks.
func (w Why) Words() string {
	switch w {
	case Malformed:
		return "This is not a signed record: its three parts cannot be read."
	case WrongMethod:
		return "This is signed in a way that the house does not use. It proves nothing."
	case UnknownKey:
		return "None of the given keys signed this. It is another house’s, or made up."
	case Tampered:
		return "The signature does not fit the words. Somebody changed this record after it was signed."
	case OtherHouse:
		return "Another house wrote this, not the one it was checked for."
	case NotYet:
		return "This record begins later than now. Is your clock right?"
	case OutOfTime:
		return "This record has ended. Ask the seller for a new one."
	case NotARecord:
		return "The house signed this, but it is not a record of a seller."
	case NotCanonical:
		return "These are not the exact words that the house wrote."
	}
	return ""
}

// Verdict is what came of checking a text.
type Verdict struct {
	Why    Why    // empty: signed by the house, unchanged, and in time
	Record Record // what it claims; read it as true only if the signature holds
	Digest string
	Key    string // the one that signed it
}

// Signed tells whether the words are the house's own, even if their time is over.
func (v Verdict) Signed() bool { return v.Why == "" || v.Why == OutOfTime || v.Why == NotYet }

// OK tells whether the record is to be believed, as far as its text can say.
func (v Verdict) OK() bool { return v.Why == "" }

// Verify checks a text against the keys of a house at a moment, without asking
// anybody. issuer is the address of that house; empty takes whichever the record
// names, and whoever asks must know whose keys they hold.
func Verify(text string, keys Keys, issuer string, now time.Time) Verdict {
	text = strings.TrimSpace(text)
	if len(text) > longest || strings.Count(text, ".") != 2 {
		return Verdict{Why: Malformed}
	}
	signed, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.EdDSA})
	var method *jose.ErrUnexpectedSignatureAlgorithm
	switch {
	case errors.As(err, &method):
		return Verdict{Why: WrongMethod}
	case err != nil || len(signed.Signatures) != 1:
		return Verdict{Why: Malformed}
	}
	v := Verdict{Key: signed.Signatures[0].Protected.KeyID}
	key, known := keys.find(v.Key)
	if !known {
		v.Why = UnknownKey
		return v
	}
	payload, err := signed.Verify(key)
	if err != nil {
		v.Why = Tampered
		return v
	}
	if again, err := signed.CompactSerialize(); err != nil || again != text {
		v.Why = NotCanonical
		return v
	}
	v.Digest = digestOf(payload)
	v.Record, err = read(payload)
	if err != nil {
		v.Why = NotARecord
		return v
	}
	v.Why = judge(v.Record, issuer, now)
	return v
}

// judge holds a record that the house signed against the place and the time.
func judge(r Record, issuer string, now time.Time) Why {
	switch {
	case issuer != "" && r.Issuer != issuer:
		return OtherHouse
	case now.Add(time.Minute).Before(r.Issued): // two clocks are never quite the same
		return NotYet
	case !now.Before(r.Expires):
		return OutOfTime
	}
	return ""
}

func read(payload []byte) (Record, error) {
	var c claims
	if err := json.Unmarshal(payload, &c); err != nil {
		return Record{}, err
	}
	if strings.Join(c.VC.Type, " ") != strings.Join(kinds, " ") {
		return Record{}, fmt.Errorf("reputation: a %v is no record", c.VC.Type)
	}
	r := c.record()
	return r, r.check()
}

// Issuer reads whose record a text says it is, believing nothing.
func Issuer(text string) (string, error) {
	signed, err := jose.ParseSignedCompact(strings.TrimSpace(text), []jose.SignatureAlgorithm{jose.EdDSA})
	if err != nil {
		return "", errors.New(Malformed.Words())
	}
	var c claims
	if err := json.Unmarshal(signed.UnsafePayloadWithoutVerification(), &c); err != nil {
		return "", errors.New(Malformed.Words())
	}
	return c.Issuer, nil
}
