package job_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/job"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestOneEventMakesOneJob(t *testing.T) {
	a := job.New("letter", "order_x:3", noon, "member_a", "{}", noon)
	if again := job.New("letter", "order_x:3", noon, "member_a", "{}", noon.Add(time.Hour)); again.ID != a.ID || again.Key != a.Key {
		t.Errorf("the same event made %s and %s", a.Key, again.Key)
	}
	if !ident.Valid(a.ID) {
		t.Errorf("%q is no id", a.ID)
	}
	for _, other := range []job.Job{
		job.New("refund", "order_x:3", noon, "member_a", "{}", noon),
		job.New("letter", "order_x:4", noon, "member_a", "{}", noon),
		job.New("letter", "order_x:3", noon, "member_b", "{}", noon),
	} {
		if other.ID == a.ID || other.Key == a.Key {
			t.Errorf("%s is the same job as %s", other.Key, a.Key)
		}
	}
}

func TestDone(t *testing.T) {
	j := job.Job{Attempts: 3, State: job.Waiting, LastError: "before", Lease: noon}
	if j = j.Ended(noon, nil); j.State != job.Done || !j.Done.Equal(noon) || j.LastError != "" || !j.Lease.IsZero() {
		t.Errorf("after success: %+v", j)
	}
}

func TestTriedAgainEverLaterAndThenGivenUp(t *testing.T) {
	var gaps []time.Duration
	j := job.New("letter", "order_x:3", noon, "member_a", "{}", noon)
	var whole time.Duration
	for j.State == job.Waiting {
		began := j.RunAt
		j.Attempts++
		j = j.Ended(began, errors.New("no answer"))
		gaps = append(gaps, j.RunAt.Sub(began))
		whole += gaps[len(gaps)-1]
	}
	if j.State != job.Dead || j.Attempts != job.Tries || j.LastError != "no answer" {
		t.Errorf("in the end: %+v", j)
	}
	if first := gaps[0]; first < 7*time.Second || first > 13*time.Second {
		t.Errorf("first wait %v", first)
	}
	for i, gap := range gaps[:len(gaps)-1] {
		if gap <= 0 || gap > 8*time.Hour || i > 0 && i < 11 && gap < gaps[i-1]*5/4*3/5 {
			t.Errorf("wait %d is %v after %v", i+1, gap, gaps[max(0, i-1)])
		}
	}
	if whole < 36*time.Hour || whole > 5*24*time.Hour {
		t.Errorf("tried for %v in all", whole)
	}
}

func TestACrowdSpreads(t *testing.T) {
	seen := map[time.Time]bool{}
	for i := range 100 {
		j := job.New("letter", fmt.Sprint("order_", i, ":1"), noon, "m", "{}", noon)
		j.Attempts = 5
		seen[j.Ended(noon, errors.New("down")).RunAt] = true
	}
	if len(seen) < 80 {
		t.Errorf("100 jobs come back at %d instants", len(seen))
	}
}

func TestNeverIsGivenUpAtOnce(t *testing.T) {
	refused := errors.New("no such mailbox")
	j := job.Job{Attempts: 1, State: job.Waiting}.Ended(noon, fmt.Errorf("letter: %w", job.Never(refused)))
	if j.State != job.Dead || !strings.Contains(j.LastError, "no such mailbox") {
		t.Errorf("%+v", j)
	}
	if !errors.Is(job.Never(refused), refused) {
		t.Error("the cause is lost")
	}
}

func TestALongErrorIsCut(t *testing.T) {
	j := job.Job{Attempts: 1}.Ended(noon, errors.New(strings.Repeat("ä", 2000)))
	if len(j.LastError) > 520 || strings.ContainsRune(j.LastError, '\uFFFD') {
		t.Errorf("kept %d bytes", len(j.LastError))
	}
}
