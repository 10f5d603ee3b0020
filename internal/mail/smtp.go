package mail

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Security is how the line to the server is protected.
type Security string

// The closed list of ways.
const (
	StartTLS Security = "starttls" // plain at first, then TLS or nothing
	TLS      Security = "tls"      // TLS from the first byte
	NoTLS    Security = "none"     // only for a server on the same machine
)

// SMTP is a server that takes letters.
type SMTP struct {
	Host     string
	Port     int // 0: 587, 465 with TLS, 25 without
	Security Security
	User     string // empty: no sign-in
	Password string
	From     string        // address that letters come from
	Name     string        // name beside it
	Timeout  time.Duration // 0: 15 s
}

// Check tells what is missing before the first letter is lost over it.
func (s SMTP) Check() error {
	if _, err := s.client(); err != nil {
		return err
	}
	return gomail.NewMsg().From(s.From)
}

// Send hands one letter to the server.
func (s SMTP) Send(ctx context.Context, m Message) error {
	if err := check(m); err != nil {
		return err
	}
	msg, err := s.compose(m)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if err != nil && !msg.IsDelivered() { // how a server takes leave changes nothing of what it took
		var refused *gomail.SendError
		if errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500 && refused.Reason != gomail.ErrSMTPMailFrom {
			return fmt.Errorf("%w: %w", ErrRefused, err)
		}
		return fmt.Errorf("mail: %w", err)
	}
	return nil
}

func (s SMTP) compose(m Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg()
	if err := msg.FromFormat(s.Name, s.From); err != nil {
		return nil, fmt.Errorf("mail: sender %q: %w", s.From, err)
	}
	if err := msg.To(m.To); err != nil {
		return nil, fmt.Errorf("%w: recipient: %w", ErrRefused, err)
	}
	_, domain, _ := strings.Cut(s.From, "@")
	if m.ID != "" {
		msg.SetMessageIDWithValue(m.ID + "@" + domain)
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetDate()
	msg.Subject(m.Subject)
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

func (s SMTP) client() (*gomail.Client, error) {
	timeout := s.Timeout
	if timeout == 0 {
		timeout = 15 * time.Second
	}
	options := []gomail.Option{gomail.WithTimeout(timeout)}
	switch s.Security {
	case TLS:
		options = append(options, gomail.WithSSLPort(false))
	case NoTLS:
		options = append(options, gomail.WithTLSPortPolicy(gomail.NoTLS))
	case StartTLS, "":
		options = append(options, gomail.WithTLSPortPolicy(gomail.TLSMandatory))
	default:
		return nil, fmt.Errorf("mail: security %q is not starttls, tls or none", s.Security)
	}
	if s.Port != 0 {
		options = append(options, gomail.WithPort(s.Port))
	}
	if s.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	client, err := gomail.NewClient(s.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return client, nil
}
