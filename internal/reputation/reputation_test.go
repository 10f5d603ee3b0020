package reputation_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"pgregory.net/rapid"

	"guildhall/internal/ident"
	"guildhall/internal/policy"
	"guildhall/internal/reputation"
	"guildhall/internal/standing"
)

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

const hall = "https://hall.example"

func key(t testing.TB, secret string) reputation.Key {
	t.Helper()
	k, err := reputation.NewKey("a long enough secret of the house: " + secret)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func sample() reputation.Record {
	return reputation.Record{
		ID: ident.New[ident.Record](ident.NewSeeded(1), noon), Issuer: hall, Issued: noon, Expires: noon.Add(60 * 24 * time.Hour),
		Seller: reputation.Seller{Handle: "mara", Name: "Mara <b>", Page: hall + "/members/mara", Since: noon.AddDate(-1, 0, 0)},
		Level:  reputation.Level{Name: "level_1", Words: "Level 1", Since: noon.AddDate(0, -1, 0)},
		Figures: []reputation.Figure{
			{Name: "completion", Words: "Completed orders", Value: "94.3 %", Numerator: 50, Denominator: 53, Unit: "orders", Excluded: 4, Since: noon.AddDate(0, -2, 0)},
			{Name: "earned", Words: "Earned", Value: "$400.00", Numerator: 40_000, Unit: "USD cents"},
		},
		Endings: []reputation.Ended{{Class: "mutual", Words: "mutual", Orders: 4}, {Class: "late", Words: "late", Orders: 3, Counted: 3}},
		Policy:  "policy_x", Profile: "classic",
	}
}

func signed(t testing.TB, r reputation.Record, k reputation.Key) string {
	t.Helper()
	text, _, err := reputation.Sign(r, k)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestRoundTrip(t *testing.T) {
	k := key(t, "one")
	text, digest, err := reputation.Sign(sample(), k)
	if err != nil {
		t.Fatal(err)
	}
	if again := signed(t, sample(), k); again != text {
		t.Error("the same record under the same key is another text")
	}
	v := reputation.Verify("\n"+text+"\n", reputation.Publish(k), hall, noon.Add(time.Hour))
	if !v.OK() || !v.Signed() || v.Digest != digest || v.Key != k.ID || !reflect.DeepEqual(v.Record, sample()) {
		t.Errorf("%q: %+v", v.Why, v.Record)
	}
	if issuer, err := reputation.Issuer(text); err != nil || issuer != hall {
		t.Errorf("issuer %q, %v", issuer, err)
	}
}

// TestRefused tries what must not be believed.
func TestRefused(t *testing.T) {
	k := key(t, "one")
	text := signed(t, sample(), k)
	head, rest, _ := strings.Cut(text, ".")
	body, mark, _ := strings.Cut(rest, ".")
	swap := func(part, from, to string) string {
		raw, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil || !strings.Contains(string(raw), from) {
			t.Fatalf("%q holds no %q", raw, from)
		}
		return base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(raw), from, to, 1)))
	}
	loose := mark[:len(mark)-1] + string(nextLetter(mark[len(mark)-1])) // the same bytes, written otherwise
	for name, c := range map[string]struct {
		text string
		at   time.Time
		keys reputation.Keys
		want reputation.Why
	}{
		"good":                 {text, noon, reputation.Publish(k), ""},
		"empty":                {"", noon, reputation.Publish(k), reputation.Malformed},
		"words":                {"a.b.c", noon, reputation.Publish(k), reputation.Malformed},
		"very long":            {strings.Repeat("a", 70_000) + ".b.c", noon, reputation.Publish(k), reputation.Malformed},
		"a figure changed":     {head + "." + swap(body, `"numerator":50`, `"numerator":53`) + "." + mark, noon, reputation.Publish(k), reputation.Tampered},
		"another seller":       {head + "." + swap(body, "mara", "kuno") + "." + mark, noon, reputation.Publish(k), reputation.Tampered},
		"longer life":          {head + "." + swap(body, `"exp":1`, `"exp":9`) + "." + mark, noon, reputation.Publish(k), reputation.Tampered},
		"no signature":         {head + "." + body + ".", noon, reputation.Publish(k), reputation.Tampered},
		"alg none":             {swap(head, "EdDSA", "none") + "." + body + ".", noon, reputation.Publish(k), reputation.WrongMethod},
		"alg HS256":            {swap(head, "EdDSA", "HS256") + "." + body + "." + mark, noon, reputation.Publish(k), reputation.WrongMethod},
		"written loosely":      {head + "." + body + "." + loose, noon, reputation.Publish(k), reputation.NotCanonical},
		"wrong key":            {text, noon, reputation.Publish(key(t, "two")), reputation.UnknownKey},
		"wrong key, same name": {swap(head, k.ID, key(t, "two").ID) + "." + body + "." + mark, noon, reputation.Publish(key(t, "two")), reputation.Tampered},
		"no keys":              {text, noon, reputation.Publish(), reputation.UnknownKey},
		"older key kept":       {text, noon, reputation.Publish(key(t, "two"), k), ""},
		"at its end":           {text, sample().Expires, reputation.Publish(k), reputation.OutOfTime},
		"a moment before":      {text, sample().Expires.Add(-time.Second), reputation.Publish(k), ""},
		"too early":            {text, noon.Add(-time.Hour), reputation.Publish(k), reputation.NotYet},
		"clocks differ":        {text, noon.Add(-30 * time.Second), reputation.Publish(k), ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := reputation.Verify(c.text, c.keys, hall, c.at)
			if v.Why != c.want || v.Why != "" && v.Why.Words() == "" {
				t.Errorf("%q, want %q", v.Why, c.want)
			}
		})
	}
	if v := reputation.Verify(text, reputation.Publish(k), "https://other.example", noon); v.Why != reputation.OtherHouse || v.Signed() {
		t.Errorf("another house: %q", v.Why)
	}
	if v := reputation.Verify(text, reputation.Publish(k), "", noon); !v.OK() {
		t.Errorf("whichever house the keys are of: %q", v.Why)
	}
}

// nextLetter changes only the bits of a last letter that stand for nothing.
func nextLetter(c byte) byte {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return letters[strings.IndexByte(letters, c)^1]
}

// TestForeignContent: the house's key under other words is no record.
func TestForeignContent(t *testing.T) {
	private := ed25519.NewKeyFromSeed(make([]byte, 32))
	public := jose.JSONWebKey{Key: private.Public(), KeyID: "k", Algorithm: "EdDSA", Use: "sig"}
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{public}})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := reputation.ParseKeys(set)
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{`{"iss":"https://hall.example"}`, `[]`, `{"vc":{"type":["VerifiableCredential","SellerRecord"]}}`} {
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: jose.JSONWebKey{Key: private, KeyID: "k"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		s, err := signer.Sign([]byte(content))
		if err != nil {
			t.Fatal(err)
		}
		text, err := s.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		if v := reputation.Verify(text, keys, "", noon); v.Why != reputation.NotARecord {
			t.Errorf("%s: %q", content, v.Why)
		}
	}
}

func TestKeys(t *testing.T) {
	a, b := key(t, "one"), key(t, "two")
	source, err := reputation.Publish(a, b).JSON()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(source), `"d"`) {
		t.Fatal("a private key was published")
	}
	keys, err := reputation.ParseKeys(source)
	if err != nil || strings.Join(keys.IDs(), " ") != a.ID+" "+b.ID || a.ID == b.ID {
		t.Errorf("%v, %v", keys.IDs(), err)
	}
	if v := reputation.Verify(signed(t, sample(), b), keys, hall, noon); !v.OK() {
		t.Errorf("by the second key: %q", v.Why)
	}
	for _, bad := range []string{"", "{}", `{"keys":[]}`, "<html>", `{"keys":[{"kty":"oct","k":"AAAA"}]}`,
		`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}]}`} {
		if _, err := reputation.ParseKeys([]byte(bad)); err == nil {
			t.Errorf("%s was taken for keys", bad)
		}
	}
	if _, err := reputation.NewKey("short"); err == nil {
		t.Error("a short secret signs")
	}
}

// TestRecordsNeedSense: what cannot be believed is not signed.
func TestRecordsNeedSense(t *testing.T) {
	for name, change := range map[string]func(*reputation.Record){
		"no id":        func(r *reputation.Record) { r.ID = "" },
		"no issuer":    func(r *reputation.Record) { r.Issuer = "" },
		"ended before": func(r *reputation.Record) { r.Expires = r.Issued },
		"over whole":   func(r *reputation.Record) { r.Figures[0].Numerator = 54 },
	} {
		r := sample()
		change(&r)
		if _, _, err := reputation.Sign(r, key(t, "one")); err == nil {
			t.Errorf("%s: signed", name)
		}
	}
}

// TestAnyChangeIsSeen turns one byte of a text, anywhere, to anything.
func TestAnyChangeIsSeen(t *testing.T) {
	k := key(t, "one")
	text := signed(t, sample(), k)
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		c := rapid.SampledFrom([]byte("ABCZabcz0129-_. \n\"\x00")).Draw(t, "letter")
		if text[i] == c {
			return
		}
		changed := text[:i] + string(c) + text[i+1:]
		if strings.TrimSpace(changed) == text {
			return
		}
		if v := reputation.Verify(changed, reputation.Publish(k), hall, noon); v.OK() {
			t.Fatalf("letter %d as %q is still believed", i, c)
		}
	})
}

func TestEndings(t *testing.T) {
	list := reputation.EndingsFrom([]reputation.Tally{
		{Mark: standing.For, N: 50},
		{Class: policy.ClassMutual, Mark: standing.Excluded, N: 4},
		{Class: policy.ClassLate, Mark: standing.Against, N: 1},
		{Class: policy.ClassLate, Mark: standing.Excluded, N: 1},
	})
	if len(list) != len(policy.Classes()) {
		t.Fatalf("%d classes", len(list))
	}
	for _, e := range list {
		want := map[string][2]int64{"mutual": {4, 0}, "late": {2, 1}}[e.Class]
		if [2]int64{e.Orders, e.Counted} != want {
			t.Errorf("%+v", e)
		}
	}
}

func TestCorrected(t *testing.T) {
	at := noon.Add(-time.Hour)
	line := func(f standing.Figure, m standing.Mark) standing.Contribution {
		return standing.Contribution{Figure: f, Member: "member_mara", Order: "order_x", At: at, Mark: m}
	}
	worth := func(minor int64) standing.Contribution {
		c := line(standing.Earned, standing.For)
		c.Value = minor
		return c
	}
	type lines = []standing.Contribution
	for name, c := range map[string]struct {
		was, put, drop lines
		want           bool
	}{
		"completed anew":           {nil, lines{line(standing.Completion, standing.For)}, nil, false},
		"something else is new":    {lines{line(standing.OnTime, standing.For)}, lines{line(standing.Completion, standing.For)}, nil, false},
		"completed stays":          {lines{line(standing.Completion, standing.For)}, lines{line(standing.Completion, standing.For)}, nil, false},
		"refunded, seller's fault": {lines{line(standing.Completion, standing.For)}, lines{line(standing.Completion, standing.Against)}, nil, true},
		"refunded, nobody's fault": {lines{line(standing.Completion, standing.For)}, lines{line(standing.Completion, standing.Excluded)}, nil, true},
		"gone":                     {lines{line(standing.OnTime, standing.For)}, nil, lines{line(standing.OnTime, standing.For)}, true},
		"against, excused":         {lines{line(standing.Completion, standing.Against)}, lines{line(standing.Completion, standing.Excluded)}, nil, false},
		"a miss, left out":         {lines{line(standing.Response, standing.Against)}, lines{line(standing.Response, standing.Excluded)}, nil, false},
		"left out, a miss":         {lines{line(standing.Response, standing.Excluded)}, lines{line(standing.Response, standing.Against)}, nil, true},
		"left out, answered":       {lines{line(standing.Response, standing.Excluded)}, lines{line(standing.Response, standing.For)}, nil, false},
		"some money back":          {lines{worth(7200)}, lines{worth(3600)}, nil, true},
		"more money":               {lines{worth(7200)}, lines{worth(9000)}, nil, false},
		"all money back":           {lines{worth(7200)}, nil, lines{worth(7200)}, true},
		"a buyer's record":         {lines{line(standing.BuyerRecord, standing.For)}, nil, lines{line(standing.BuyerRecord, standing.For)}, false},
	} {
		got, is := reputation.Corrected(c.was, c.put, c.drop)
		if is != c.want || is && (!got.Since.Equal(at) || got.Member != "member_mara" || got.Words == "") {
			t.Errorf("%s: %v, %+v", name, is, got)
		}
	}
}

func TestRatingCorrected(t *testing.T) {
	for name, c := range map[string]struct {
		stars int64
		mark  standing.Mark
		left  standing.Mean
		want  bool
	}{
		"a bought five among fours": {5, standing.Excluded, standing.Mean{Sum: 8 * standing.Star, N: 2}, true},
		"an extortionist's one":     {1, standing.Excluded, standing.Mean{Sum: 8 * standing.Star, N: 2}, false},
		"as good as the others":     {4, standing.Excluded, standing.Mean{Sum: 8 * standing.Star, N: 2}, false},
		"the only one":              {3, standing.Excluded, standing.Mean{}, true},
		"one that is shown":         {5, standing.For, standing.Mean{Sum: 8 * standing.Star, N: 2}, false},
	} {
		line := standing.Contribution{Figure: standing.Rating, Member: "member_mara", At: noon, Mark: c.mark, Value: c.stars * standing.Star}
		if got, is := reputation.RatingCorrected(line, c.left); is != c.want || is && got.Words == "" {
			t.Errorf("%s: %v, %+v", name, is, got)
		}
	}
}

// TestFigures: every figure of a seller is in the record with both its numbers,
// and nothing of what they bought.
func TestFigures(t *testing.T) {
	p := policy.Default("policy_test", noon.AddDate(-1, 0, 0))
	s := standing.Sheet{
		Completed: 50, Earned: 40_000, UniqueBuyers: 9, Days: 70,
		Completion: standing.Rate{Figure: standing.Completion, For: 50, Against: 3, Left: 4, Since: noon.AddDate(0, -2, 0)},
		Rating:     standing.Mean{Sum: 47 * standing.Star, N: 10, Removed: 1},
	}
	got := map[string]reputation.Figure{}
	for _, f := range reputation.FiguresFrom(s, p) {
		got[f.Name] = f
	}
	if len(got) != len(standing.All())-1 {
		t.Errorf("%d figures", len(got))
	}
	if f := got["completion"]; f.Numerator != 50 || f.Denominator != 53 || f.Excluded != 4 || f.Since.IsZero() || f.Unit != reputation.Orders {
		t.Errorf("%+v", f)
	}
	if f := got["rating"]; f.Numerator != 47*standing.Star || f.Denominator != 10 || f.Excluded != 1 || f.Value != "4.7 (10 reviews)" {
		t.Errorf("%+v", f)
	}
	if _, there := got["buyer_record"]; there {
		t.Error("what somebody bought stands in their record as a seller")
	}
}
