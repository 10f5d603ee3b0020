package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"guildhall/internal/app"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
)

type adminCmd struct {
	Create adminCreateCmd `cmd:"" help:"Make an operator or a support agent."`
}

type adminCreateCmd struct {
	houseFlags
	Email         string `required:"" help:"Address to sign in with."`
	Name          string `required:"" help:"Name that others see."`
	Role          string `default:"operator" enum:"operator,agent" help:"What they do (${enum})."`
	Zone          string `default:"UTC" help:"Time zone, like Europe/Vienna."`
	PasswordStdin bool   `help:"Read the password from the first line of the input. Otherwise one is made and printed."`
}

// Run makes the account.
func (c *adminCreateCmd) Run(ctx context.Context) error {
	password := ident.Secret()[:24]
	if c.PasswordStdin {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil && line == "" {
			return errors.New("no password on the input")
		}
		password = strings.TrimRight(line, "\r\n")
	}
	cfg := c.config()
	cfg.Migrate = true
	a, err := app.Open(ctx, cfg)
	if err != nil {
		return err
	}
	who, err := a.Market.SignUp(ctx, market.SignUp{
		Application: member.Application{Name: c.Name, Email: c.Email, Password: password, Zone: c.Zone},
		Operator:    c.Role == "operator", Agent: c.Role == "agent",
	})
	if err != nil {
		return errors.Join(err, a.Close())
	}
	fmt.Printf("%s can sign in with %s", who.Name, who.Email)
	if !c.PasswordStdin {
		fmt.Printf(" and the password %s (shown this once)", password)
	}
	fmt.Println(".")
	return a.Close()
}
