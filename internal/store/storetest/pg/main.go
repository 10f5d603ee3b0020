// Command pg starts a PostgreSQL server for tests.
//
// With arguments it runs them as a command that finds the server's URL in
// GUILDHALL_TEST_PG, and ends with it and its exit code; without, it prints
// the URL and serves until it is interrupted. The server forgets everything.
// Where no server can be started, the command is run without one.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"guildhall/internal/store/storetest"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	url := os.Getenv("GUILDHALL_TEST_PG")
	if url == "" {
		server, err := storetest.Start()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			if len(args) == 0 {
				return 1
			}
		} else {
			defer server.Stop()
			url = server.URL
		}
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	if len(args) == 0 {
		fmt.Println(url)
		<-stop
		return 0
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "GUILDHALL_TEST_PG="+url)
	err := cmd.Run() // an interrupt reaches it too; it decides
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return max(1, exit.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
