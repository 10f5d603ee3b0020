package talk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

const (
	ines ident.Member = "member_a"
	mara ident.Member = "member_b"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func classic(t testing.TB) policy.Version {
	t.Helper()
	_, doc, err := policy.Profile("classic")
	if err != nil {
		t.Fatal(err)
	}
	return policy.Version{ID: "policy_1", Document: doc}
}

// scene is somebody writing to a seller.
func scene(to ident.Member) Scene {
	return Scene{Other: member.Member{ID: to, Name: "Mara", Seller: &member.Seller{Since: noon.AddDate(-1, 0, 0)}}}
}

func between(t testing.TB) Thread {
	t.Helper()
	th, err := New("thread_1", mara, ines)
	if err != nil {
		t.Fatal(err)
	}
	return th
}

// say makes a message that must be allowed.
func say(t testing.TB, th Thread, at time.Time, who, to ident.Member, text string) (Thread, Message, effect.Event) {
	t.Helper()
	th, msg, set, err := Say(at, th, who, scene(to), Draft{Text: text}, classic(t))
	if err != nil {
		t.Fatal(err)
	}
	return th, msg, set.Events[0]
}

func TestWhatMayBeSaid(t *testing.T) {
	p := classic(t)
	long := strings.Repeat("é", p.Limits.TextRunes)
	files := make([]File, p.Limits.FilesPerPost+1)
	for i := range files {
		files[i].ID = ident.File(fmt.Sprint("file_", i))
	}
	plain := func(Scene, *Thread) Scene { return scene(mara) }
	for name, test := range map[string]struct {
		draft Draft
		world func(Scene, *Thread) Scene
		kind  fault.Kind
		field string
	}{
		"a question":        {Draft{Text: "Could you draw a heron?"}, plain, "", ""},
		"as long as may be": {Draft{Text: long}, plain, "", ""},
		"too long":          {Draft{Text: long + "é"}, plain, fault.KindInvalid, "text"},
		"nothing":           {Draft{Text: " \n\t "}, plain, fault.KindInvalid, "text"},
		"nothing visible":   {Draft{Text: "\u202e\u0000"}, plain, fault.KindInvalid, "text"},
		"a file alone":      {Draft{Files: files[:1]}, plain, "", ""},
		"as many files":     {Draft{Files: files[:p.Limits.FilesPerPost]}, plain, "", ""},
		"too many files":    {Draft{Files: files}, plain, fault.KindInvalid, "files"},
		"a file twice":      {Draft{Files: []File{files[0], files[0]}}, plain, fault.KindInvalid, "files"},
		"who blocked":       {Draft{Text: "hi"}, func(_ Scene, th *Thread) Scene { th.seat(ines).Blocked = noon; return scene(mara) }, fault.KindForbidden, ""},
		"who is blocked":    {Draft{Text: "hi"}, func(_ Scene, th *Thread) Scene { th.seat(mara).Blocked = noon; return scene(mara) }, fault.KindForbidden, ""},
		"a closed account":  {Draft{Text: "hi"}, func(s Scene, _ *Thread) Scene { s.Other.Barred.Since = noon; return s }, fault.KindConflict, ""},
		"to a mere buyer":   {Draft{Text: "hi"}, func(s Scene, _ *Thread) Scene { s.Other.Seller = nil; return s }, fault.KindForbidden, ""},
		"to one's buyer":    {Draft{Text: "hi"}, func(s Scene, _ *Thread) Scene { s.Other.Seller, s.Sold = nil, true; return s }, "", ""},
		"to one's seller":   {Draft{Text: "hi"}, func(s Scene, _ *Thread) Scene { s.Other.Seller, s.Bought = nil, true; return s }, "", ""},
		"answer a mere buyer": {Draft{Text: "hi"}, func(s Scene, th *Thread) Scene {
			th.Said, s.Other.Seller = 1, nil
			return s
		}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			th := between(t)
			s := test.world(scene(mara), &th)
			was := th
			next, msg, set, err := Say(noon, th, ines, s, test.draft, p)
			if fault.KindOf(err) != test.kind || test.kind == "" && err != nil || test.field != "" && !strings.Contains(err.Error(), test.field+":") {
				t.Fatalf("answered %v, want %q beside %q", err, test.kind, test.field)
			}
			if err != nil {
				if next != was || len(set.Events) > 0 {
					t.Error("what was refused left a trace")
				}
				return
			}
			if msg.No != next.Said || len(set.Events) != 1 || next.Across(ines).Unread != 1 || next.Last.By != ines {
				t.Errorf("message %d of %d, %d events, %d unread, last by %s", msg.No, next.Said, len(set.Events), next.Across(ines).Unread, next.Last.By)
			}
		})
	}
}

func TestNobodyTalksToThemselves(t *testing.T) {
	if _, err := New("thread_1", ines, ines); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("%v", err)
	}
}

func TestOneLetterForALivelyTalk(t *testing.T) {
	th := between(t)
	var letters []string
	note := func(e effect.Event) { letters = append(letters, e.Detail.Facts["letter"]) }
	th, _, e := say(t, th, noon, ines, mara, "one")
	note(e)
	th, last, e := say(t, th, noon.Add(time.Minute), ines, mara, "two")
	note(e)
	th = Read(noon.Add(2*time.Minute), th, mara, last, 0)
	th, _, e = say(t, th, noon.Add(3*time.Minute), ines, mara, "three")
	note(e)
	th, _, e = say(t, th, noon.Add(4*time.Minute), mara, ines, "four") // whoever answers has read
	note(e)
	_, _, e = say(t, th, noon.Add(5*time.Minute), ines, mara, "five")
	note(e)
	if got := strings.Join(letters, " "); got != "yes no yes yes yes" {
		t.Errorf("letters %q", got)
	}
}

func TestFirstMessageAndItsAnswer(t *testing.T) {
	p := classic(t)
	away := scene(mara)
	away.Other.Seller.AwayUntil = noon.Add(time.Hour)
	sold := scene(mara)
	sold.Sold = true
	buyer := scene(mara)
	buyer.Other.Seller, buyer.Sold = nil, true
	for name, test := range map[string]struct {
		scene  Scene
		counts bool
	}{
		"to a seller": {scene(mara), true}, "to one who is away": {away, false},
		"from their seller": {sold, false}, "to a buyer": {buyer, false},
	} {
		th, _, _, err := Say(noon, between(t), ines, test.scene, Draft{Text: "hello"}, p)
		if err != nil || th.First.Counts() != test.counts || th.First.Asked != mara {
			t.Errorf("%s: counts %v, asked %s, %v", name, th.First.Counts(), th.First.Asked, err)
		}
	}
	th, first, _ := say(t, between(t), noon, ines, mara, "hello")
	th, _, _ = say(t, th, noon.Add(time.Hour), ines, mara, "are you there?")
	if !th.First.Answered.IsZero() {
		t.Error("one's own second message is no answer")
	}
	answered, _, _ := say(t, th, noon.Add(24*time.Hour), mara, ines, "yes")
	answered, _, _ = say(t, answered, noon.Add(30*time.Hour), mara, ines, "what is it about?")
	if !answered.First.Within(24*time.Hour) || answered.First.Within(24*time.Hour-1) {
		t.Errorf("answered at %v", answered.First.Answered)
	}
	spam, _, _, err := Tell(noon.Add(2*time.Hour), th, mara, first, Spam, "", 24*time.Hour, p)
	if err != nil || spam.First.Counts() {
		t.Errorf("spam counts: %v", err)
	}
	other, _, _, err := Tell(noon.Add(2*time.Hour), th, mara, first, Insult, "", 24*time.Hour, p)
	if err != nil || !other.First.Counts() {
		t.Errorf("only spam is excluded: %v", err)
	}
}

func TestReports(t *testing.T) {
	p := classic(t)
	th, msg, _ := say(t, between(t), noon, ines, mara, "buy now")
	for name, test := range map[string]struct {
		who    ident.Member
		reason Reason
		text   string
		kind   fault.Kind
	}{
		"spam": {mara, Spam, "", ""}, "other with words": {mara, Other, "It is odd", ""}, "other without": {mara, Other, " ", fault.KindInvalid},
		"no reason": {mara, "", "", fault.KindInvalid}, "made up": {mara, "boring", "", fault.KindInvalid}, "one's own": {ines, Spam, "", fault.KindNotFound},
		"a novel": {mara, Spam, strings.Repeat("x", p.Limits.TextRunes+1), fault.KindInvalid},
	} {
		_, r, set, err := Tell(noon, th, test.who, msg, test.reason, test.text, 24*time.Hour, p)
		if fault.KindOf(err) != test.kind || err == nil && (len(set.Events) != 1 || r.No != 1 || set.Events[0].Detail.Of != 1) {
			t.Errorf("%s: %v, %+v", name, err, r)
		}
	}
}

func TestBlockAndUnblock(t *testing.T) {
	p := classic(t)
	th, _, _ := say(t, between(t), noon, ines, mara, "hello")
	th, set := Block(noon, th, mara)
	again, none := Block(noon, th, mara)
	if len(set.Events) != 1 || len(none.Events) != 0 || again != th {
		t.Fatal("blocking is one event, and twice is once")
	}
	for _, who := range []ident.Member{ines, mara} {
		if _, _, _, err := Say(noon, th, who, scene(th.Across(who).Member), Draft{Text: "x"}, p); fault.KindOf(err) != fault.KindForbidden {
			t.Errorf("%s writes: %v", who, err)
		}
	}
	if _, none := Unblock(noon, th, ines); len(none.Events) != 0 {
		t.Error("the blocked one unblocked")
	}
	th, _ = Unblock(noon, th, mara)
	say(t, th, noon, ines, mara, "hello again")
}

// TestWhoAsksAndListensNoMore: only the asker's own ears before the first answer
// say that there could be none, and the first time that they closed.
func TestWhoAsksAndListensNoMore(t *testing.T) {
	asked, _, _ := say(t, between(t), noon, ines, mara, "hello")
	answered, _, _ := say(t, asked, noon.Add(time.Hour), mara, ines, "hello")
	for name, test := range map[string]struct {
		th  Thread
		who ident.Member
		out bool
	}{
		"the asker": {asked, ines, true}, "the asked": {asked, mara, false}, "the asker, answered": {answered, ines, false},
	} {
		th, _ := Block(noon.Add(2*time.Hour), test.th, test.who)
		th, _ = Unblock(noon.Add(3*time.Hour), th, test.who)
		th, _ = Block(noon.Add(4*time.Hour), th, test.who)
		if th.First.ShutWithin(2*time.Hour) || th.First.ShutWithin(2*time.Hour+1) != test.out {
			t.Errorf("%s: shut at %s", name, th.First.Shut)
		}
	}
}

// TestAnyConversation lets two people do anything in any order and holds the
// thread against a plain record of it.
func TestAnyConversation(t *testing.T) {
	p := classic(t)
	rapid.Check(t, func(r *rapid.T) {
		th := between(t)
		now, seq := noon, 0
		var said []Message
		read := map[ident.Member]int{}
		blocked := map[ident.Member]bool{}
		for range rapid.IntRange(1, 60).Draw(r, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(-5, 60).Draw(r, "seconds")) * time.Second)
			who, to := ines, mara
			if rapid.Bool().Draw(r, "other") {
				who, to = mara, ines
			}
			var set effect.Set
			switch rapid.IntRange(0, 4).Draw(r, "what") {
			case 0, 1:
				next, msg, s, err := Say(now, th, who, scene(to), Draft{Text: rapid.StringMatching(`[a-z]{1,9}`).Draw(r, "text")}, p)
				if (err != nil) != (blocked[who] || blocked[to]) {
					r.Fatalf("said by %s: %v", who, err)
				}
				if err != nil {
					continue
				}
				th, set, said = next, s, append(said, msg)
				read[who] = len(said)
			case 2:
				if len(said) == 0 {
					continue
				}
				no := rapid.IntRange(1, len(said)).Draw(r, "up to")
				th = Read(now, th, who, said[no-1], unread(said, who, no))
				read[who] = max(read[who], no)
			case 3:
				th, set = Block(now, th, who)
				blocked[who] = true
			case 4:
				th, set = Unblock(now, th, who)
				blocked[who] = false
			}
			for _, e := range set.Events {
				if seq++; e.Seq != seq || e.Stream != string(th.ID) {
					r.Fatalf("event %d of %s, want %d", e.Seq, e.Stream, seq)
				}
			}
			if th.Said != len(said) || th.Seq != seq {
				r.Fatalf("%d messages, %d events; want %d and %d", th.Said, th.Seq, len(said), seq)
			}
			for i, m := range said {
				if m.No != i+1 || i > 0 && m.At.Before(said[i-1].At) {
					r.Fatalf("message %d has number %d and time %v", i+1, m.No, m.At)
				}
			}
			for _, m := range []ident.Member{ines, mara} {
				if got, want := th.Seat(m).Unread, unread(said, m, read[m]); got != want {
					r.Fatalf("%s has %d unread, want %d", m, got, want)
				}
			}
		}
	})
}

func unread(said []Message, who ident.Member, after int) (n int) {
	for _, m := range said {
		if m.No > after && m.Author != who {
			n++
		}
	}
	return n
}
