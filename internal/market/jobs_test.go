package market_test

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"guildhall/internal/fault"
	"guildhall/internal/job"
	"guildhall/internal/mail"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// office is a mail server that answers what it is told to.
type office struct {
	mu     sync.Mutex
	answer error // to every letter; nil takes it
	keeps  bool  // keeps a letter although it answers with an error
	took   []string
}

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return o, nil }
func (o *office) Reset()                                      {}
func (o *office) Logout() error                               { return nil }
func (o *office) Mail(string, *smtp.MailOptions) error        { return nil }
func (o *office) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (o *office) says(answer error, keeps bool) {
	o.mu.Lock()
	o.answer, o.keeps = answer, keeps
	o.mu.Unlock()
}
func (o *office) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	o.mu.Lock()
	defer o.mu.Unlock()
	if err == nil && (o.answer == nil || o.keeps) {
		o.took = append(o.took, string(letter))
	}
	if err != nil {
		return err
	}
	return o.answer
}

// ids lists the names of the letters that were taken.
func (o *office) ids() map[string]int {
	o.mu.Lock()
	defer o.mu.Unlock()
	ids := map[string]int{}
	for _, letter := range o.took {
		for line := range strings.Lines(letter) {
			if id, ok := strings.CutPrefix(line, "Message-ID: "); ok {
				ids[strings.TrimSpace(id)]++
			}
		}
	}
	return ids
}

func openOffice(t *testing.T) (*office, mail.SMTP) {
	t.Helper()
	line, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{}
	server := smtp.NewServer(o)
	go func() { _ = server.Serve(line) }()
	t.Cleanup(func() { _ = server.Close() })
	port := line.Addr().(*net.TCPAddr).Port
	return o, mail.SMTP{Host: "127.0.0.1", Port: port, Security: mail.NoTLS, From: "hall@hall.example", Name: "Guildhall"}
}

var (
	busy    = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "come back later"}
	refused = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
)

func TestMailServerFailsAndRecovers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		mailer, sender := openOffice(t)
		p := newPost(t, s, sender)
		mailer.says(busy, false)
		for range 5 {
			p.drain()
			p.clock.move(time.Hour)
		}
		if n := len(mailer.ids()); n != 0 {
			t.Fatalf("%d letters taken by a server that takes none", n)
		}
		if _, waiting, err := p.Jobs(t.Context(), p.operator, 10); err != nil || len(waiting) != 3 ||
			waiting[0].Attempts != 5 || !strings.Contains(waiting[0].LastError, "come back later") {
			t.Errorf("waiting: %+v, %v", waiting, err)
		}
		mailer.says(nil, false)
		for range 3 {
			p.drain()
			p.clock.move(24 * time.Hour)
		}
		ids := mailer.ids()
		for id, n := range ids {
			if n != 1 || !strings.HasPrefix(id, "<notice_") {
				t.Errorf("letter %s was taken %d times", id, n)
			}
		}
		if len(ids) != 3 {
			t.Errorf("%d letters, want 3 welcomes", len(ids))
		}
	})
}

// TestTheAnswerGetsLost: a server that took a letter and could not say so gets
// it again under the same name, by which it can drop the repeat.
func TestTheAnswerGetsLost(t *testing.T) {
	mailer, sender := openOffice(t)
	p := newPost(t, storetest.SQLite(t), sender)
	mailer.says(busy, true)
	p.drain()
	mailer.says(nil, false)
	p.clock.move(time.Minute)
	p.drain()
	ids := mailer.ids()
	for id, n := range ids {
		if n != 2 {
			t.Errorf("%s came %d times", id, n)
		}
	}
	if len(ids) != 3 {
		t.Errorf("%d names for 3 letters", len(ids))
	}
}

func TestARefusedLetterWaitsForTheOperator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		mailer, sender := openOffice(t)
		p := newPost(t, s, sender)
		mailer.says(refused, false)
		p.drain()
		dead, waiting, err := p.Jobs(t.Context(), p.operator, 10)
		if err != nil || len(dead) != 3 || len(waiting) != 0 || dead[0].State != job.Dead || dead[0].Attempts != 1 {
			t.Fatalf("dead %+v, waiting %+v, %v", dead, waiting, err)
		}
		if _, _, err := p.Jobs(t.Context(), p.buyer, 10); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("a buyer looks at the errands: %v", err)
		}
		if err := p.RetryJob(t.Context(), p.buyer, dead[0].ID); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("a buyer retries an errand: %v", err)
		}
		mailer.says(nil, false)
		p.must(p.RetryJob(t.Context(), p.operator, dead[0].ID))
		if err := p.RetryJob(t.Context(), p.operator, dead[0].ID); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("retrying what waits: %v", err)
		}
		p.drain()
		if dead, _, _ := p.Jobs(t.Context(), p.operator, 10); len(dead) != 2 || len(mailer.ids()) != 1 {
			t.Errorf("%d dead, %d letters", len(dead), len(mailer.ids()))
		}
	})
}

func TestDoneJobsAreForgottenInTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.drain()
		count := func() (n int) {
			p.must(s.View(t.Context(), func(tx *store.Tx) error {
				page, err := p.Notices(t.Context(), p.buyer, "", 10)
				p.must(err)
				for _, n_ := range page.Notices {
					j := job.New("letter", n_.Stream+":1", n_.At, string(n_.To), "", n_.At)
					if _, err := tx.Job(j.ID); err == nil {
						n++
					}
				}
				return nil
			}))
			return n
		}
		p.must(p.ForgetJobs(t.Context()))
		if n := count(); n != 1 {
			t.Errorf("%d jobs right after they were done", n)
		}
		p.clock.move(31 * 24 * time.Hour)
		p.must(p.ForgetJobs(t.Context()))
		if n := count(); n != 0 {
			t.Errorf("%d jobs a month later", n)
		}
	})
}
