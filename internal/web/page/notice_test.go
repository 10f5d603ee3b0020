package page

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/effect"
	"guildhall/internal/job"
	"guildhall/internal/market"
	"guildhall/internal/notice"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/web/kit"
)

// TestNoticePages renders the pages from fixtures; with NOTICE_PAGES set it
// also writes them there, to be looked at.
func TestNoticePages(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	p := kit.Page{Title: "Notices", Path: "/notices", Local: kit.Local{Now: now, Zone: berlin}, Viewer: &kit.Viewer{Name: "Ines Vidal", Unread: 2}}
	list := toldBefore(t, now)
	for name, c := range map[string]struct {
		page  templ.Component
		wants []string
	}{
		"notices": {Notices(p, NoticesProps{NoticePage: market.NoticePage{Notices: list, Unread: 2}, First: true, Older: "/notices?after=x"}), []string{
			"Sun 22 Nov", "Sat 21 Nov", `<time datetime="2026-11-25T07:30:00Z"`, "Wed 25 Nov, 08:30", "Older", "Mark all as read",
		}},
		"notices-none": {Notices(p, NoticesProps{First: true}), []string{"What concerns you is told here"}},
		"jobs":         {Jobs(p, deadJobs(now), waitingJobs(now)), []string{"Tried once", "no such mailbox", "Being done", "Next try in"}},
		"jobs-none":    {Jobs(p, nil, nil), []string{"Nothing waits"}},
	} {
		var b bytes.Buffer
		if err := c.page.Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		for _, want := range c.wants {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
		if strings.Contains(b.String(), "{until}") || strings.Contains(b.String(), "0001") {
			t.Errorf("%s: a slot is empty", name)
		}
		if dir := os.Getenv("NOTICE_PAGES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name+".html"), b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// toldBefore is one notice of each of some kinds, the newest first.
func toldBefore(t *testing.T, now time.Time) []notice.Notice {
	t.Helper()
	_, doc, err := policy.Profile("classic")
	if err != nil {
		t.Fatal(err)
	}
	f := notice.Facts{
		Ref: "G7K2M4", Title: "Logo for a bakery", Currency: "USD", Policy: policy.Version{Document: doc},
		Buyer: notice.Person{ID: "member_b", Name: "Ines Vidal"}, Seller: notice.Person{ID: "member_s", Name: "Mara Holm"}, Self: notice.Person{ID: "member_b", Name: "Ines Vidal"},
	}
	var list []notice.Notice
	for i, k := range []effect.Kind{
		order.DeliveredWork, order.ProgressShown, order.DuePassed, order.RefundOnItsWay,
		order.PutOnHold, order.Paid, order.CompletedByTime, "signed_up",
	} {
		e := effect.Event{Stream: "order_x", Seq: i + 1, Kind: k, At: now.Add(-time.Duration(i) * 5 * time.Hour), Detail: effect.Detail{
			Until: now.Add(70 * time.Hour), Amount: 8000, Text: "Three drafts; the second one is my favourite, since it works in one colour.",
		}}
		for _, n := range notice.For(e, f) {
			if n.To == f.Buyer.ID {
				if i > 1 {
					n.Read = now
				}
				list = append(list, n)
			}
		}
	}
	return list
}

func deadJobs(now time.Time) []job.Job {
	j := job.New("letter", "order_06eavhmtg2fn3sr3pd2qg7zfkg:3", now, "member_06eavhmtg2fn3sr3pd2qg7zfkg", "", now)
	j.Attempts = 1
	return []job.Job{j.Ended(now, job.Never(errors.New("mail: the letter was refused for good: 550 no such mailbox")))}
}

func waitingJobs(now time.Time) []job.Job {
	again := job.New("refund", "order_06eavhmtg2fn3sr3pd2qg7zfkg:3", now, "payment_06eavhmtg2fn3sr3pd2qg7zfkg", "", now)
	again.Attempts = 4
	leased := job.New("reset_password", "member_06eavhmtg2fn3sr3pd2qg7zfkg:2", now, "member_06eavhmtg2fn3sr3pd2qg7zfkg", "", now)
	leased.Attempts, leased.Lease = 1, now.Add(job.Lease)
	return []job.Job{leased, again.Ended(now, errors.New("pay: the provider did not answer in time"))}
}
