package main

import (
	"fmt"
	"strings"

	"github.com/losantmock/losantmock/cmd/internal/adminclient"
	"github.com/losantmock/losantmock/cmd/internal/container"
	"github.com/losantmock/losantmock/cmd/internal/settings"
	"github.com/spf13/pflag"
)

// findInContainer makes the client one of the server that runs in the same container,
// whatever process it is, if there is one. An empty image has neither a shell nor a
// tool that could say how the server was configured, but each process can be looked at.
func findInContainer(c *adminclient.Client) error {
	processes, err := container.Processes()
	if err != nil {
		return fmt.Errorf("%w: name the server's URL with %s", err, adminclient.Naming)
	}
	for _, process := range processes {
		command, _, err := newRoot().Find(process.Args[1:])
		if err != nil || command.Name() != "serve" {
			continue
		}
		if err := take(c, process); err != nil {
			return fmt.Errorf("process %d of this container is a server, but %w: name its URL with %s", process.PID, err, adminclient.Naming)
		}
		return nil
	}
	return nil
}

// take makes the client one of the server that a process is.
func take(c *adminclient.Client, process container.Process) error {
	flags, err := settingsOf(process)
	if err != nil {
		return fmt.Errorf("its settings can't be read: %w", err)
	}
	address, err := process.Listens()
	if err != nil {
		return err
	}
	scheme := "http"
	if isSet(flags, "tls") || isSet(flags, "tls-cert") {
		scheme = "https"
	}
	c.URL = scheme + "://" + address
	c.Beside = true
	if c.Token == "" {
		c.Token = flags.Lookup("admin-token").Value.String()
	}
	return nil
}

// settingsOf returns the flags of a server, from its command line and its environment,
// as the server itself has read them.
func settingsOf(process container.Process) (*pflag.FlagSet, error) {
	environment, err := process.Environ()
	if err != nil {
		return nil, err
	}
	command, rest, err := newRoot().Find(process.Args[1:])
	if err != nil {
		return nil, err
	}
	if err := command.ParseFlags(rest); err != nil {
		return nil, err
	}
	return command.Flags(), settings.Set(command.Flags(), func(name string) string {
		for _, entry := range environment {
			if value, ok := strings.CutPrefix(entry, name+"="); ok {
				return value
			}
		}
		return ""
	})
}

// isSet reports whether a flag has a value other than its default.
func isSet(flags *pflag.FlagSet, name string) bool {
	flag := flags.Lookup(name)
	return flag != nil && flag.Value.String() != flag.DefValue
}
