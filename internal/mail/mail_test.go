package mail_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"guildhall/internal/mail"
)

// postOffice takes letters in this process.
type postOffice struct {
	letters chan string
	refuse  error
	sender  error // what it says to where the letter comes from
}

func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{office: p}, nil }

type session struct{ office *postOffice }

func (s *session) Mail(string, *smtp.MailOptions) error { return s.office.sender }
func (s *session) Rcpt(string, *smtp.RcptOptions) error { return s.office.refuse }
func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }
func (s *session) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	s.office.letters <- string(letter)
	return err
}

func newOffice(t *testing.T, refuse error) (*postOffice, mail.SMTP) {
	t.Helper()
	office := &postOffice{letters: make(chan string, 1), refuse: refuse}
	server := smtp.NewServer(office)
	server.Domain = "localhost"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }() // ends with Close
	t.Cleanup(func() { _ = server.Close() })
	port := l.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // it is a TCP listener
	return office, mail.SMTP{
		Host: "127.0.0.1", Port: port, Security: mail.NoTLS,
		From: "hall@guild.example", Name: "Guildhall", Timeout: 5 * time.Second,
	}
}

var letter = mail.Message{ID: "notice_1", To: "ada@example.com", Subject: "Grüße", Text: "Hello Ada,\n\nall is well.\n", HTML: "<p>Hello Ada</p>"}

func TestSMTP(t *testing.T) {
	office, out := newOffice(t, nil)
	if err := out.Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	got := <-office.letters
	for _, want := range []string{
		`From: "Guildhall" <hall@guild.example>`, "To: <ada@example.com>", "Message-ID: <notice_1@guild.example>",
		"Auto-Submitted: auto-generated", "all is well.", "text/html", "Subject: =?UTF-8?",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestWhatIsRefusedForGoodIsNotTriedAgain(t *testing.T) {
	for _, c := range []struct {
		code int
		good bool
	}{{550, true}, {451, false}} {
		_, out := newOffice(t, &smtp.SMTPError{Code: c.code, Message: "no"})
		err := out.Send(t.Context(), letter)
		if err == nil || errors.Is(err, mail.ErrRefused) != c.good {
			t.Errorf("%d: %v", c.code, err)
		}
	}
	office, out := newOffice(t, nil)
	office.sender = &smtp.SMTPError{Code: 550, Message: "not from you, or no more today"}
	if err := out.Send(t.Context(), letter); err == nil || errors.Is(err, mail.ErrRefused) {
		t.Errorf("a sender that is refused is no fault of the letter: %v", err)
	}
	for _, bad := range []mail.Message{
		{To: "", Subject: "a", Text: "b"},
		{To: "a@example.com\r\nBcc: eve@example.com", Subject: "a", Text: "b"},
		{To: "a@example.com", Subject: "a\nBcc: eve@example.com", Text: "b"},
	} {
		_, out := newOffice(t, nil)
		if err := out.Send(t.Context(), bad); !errors.Is(err, mail.ErrRefused) {
			t.Errorf("%q: %v", bad.To, err)
		}
	}
}

// TestALetterThatWasTakenIsSent: a server that hangs up, or is rude, after it has
// taken the letter has taken it. To call that a failure sends it again and again.
func TestALetterThatWasTakenIsSent(t *testing.T) {
	for name, last := range map[string]string{
		"hangs up at once": "", "hangs up at the end": "NOOP RSET", "knows no way out": "NOOP RSET QUIT",
	} {
		t.Run(name, func(t *testing.T) {
			taken, out := hasty(t, last)
			if err := out.Send(t.Context(), letter); err != nil {
				t.Errorf("told %v", err)
			}
			if got := <-taken; !strings.Contains(got, "all is well.") {
				t.Errorf("took %q", got)
			}
		})
	}
}

// hasty is a server that takes one letter and then answers only the commands named,
// QUIT with a refusal.
func hasty(t *testing.T, last string) (taken chan string, out mail.SMTP) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	taken = make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return // the test is over
		}
		defer func() { _ = conn.Close() }() // as rudely as it likes
		line := textproto.NewConn(conn)
		answer := func(words string) { _ = line.PrintfLine("%s", words) }
		answer("220 here")
		for done := false; ; {
			said, err := line.ReadLine()
			command, _, _ := strings.Cut(said, " ")
			switch {
			case err != nil, done && !strings.Contains(last, command):
				return
			case command == "DATA":
				answer("354 go on")
				text, _ := io.ReadAll(line.DotReader())
				taken <- string(text)
				done = true
				answer("250 taken")
			case command == "QUIT":
				answer("500 what")
			default:
				answer("250 fine")
			}
		}
	}()
	port := l.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // it is a TCP listener
	return taken, mail.SMTP{Host: "127.0.0.1", Port: port, Security: mail.NoTLS, From: "hall@guild.example", Timeout: 5 * time.Second}
}

func TestNoPlainTextWhereTLSIsAsked(t *testing.T) {
	_, out := newOffice(t, nil)
	out.Security = mail.StartTLS
	if err := out.Send(t.Context(), letter); err == nil {
		t.Error("the letter went over a plain line")
	}
	out.Security = "perhaps"
	if err := out.Check(); err == nil {
		t.Error("no fault in the settings")
	}
}

func TestOutbox(t *testing.T) {
	var kept []mail.Message
	box := mail.NewOutbox(func(_ context.Context, m mail.Message) error { kept = append(kept, m); return nil })
	if err := box.Send(t.Context(), letter); err != nil || len(kept) != 1 || kept[0] != letter {
		t.Errorf("%v %v", kept, err)
	}
}
