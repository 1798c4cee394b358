package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/cmd/internal/settings"
	"github.com/prometheus/procfs"
	"github.com/spf13/pflag"
)

// wholeMachine is the namespace of the processes of a whole machine on Linux, as the
// kernel numbers it. Those of a container have another one.
const wholeMachine = "pid:[4026531836]"

// findInContainer makes the client one of the server that runs in the same container,
// whatever process it is, if there is one. An empty image has neither a shell nor a
// tool that could say how the server was configured, but each process can be looked at.
func (c *adminClient) findInContainer() error {
	namespace, _ := os.Readlink("/proc/self/ns/pid") // which other systems do not have
	if namespace == "" || namespace == wholeMachine {
		return nil
	}
	own, err := os.Executable()
	if err != nil {
		return err
	}
	processes, err := procfs.AllProcs()
	if err != nil {
		return fmt.Errorf("the processes of this container can't be read: %w: name the server's URL with %s", err, naming)
	}
	slices.SortFunc(processes, func(a, b procfs.Proc) int { return a.PID - b.PID })
	for _, process := range processes {
		if program, err := process.Executable(); err != nil || program != own {
			continue
		}
		args, err := process.CmdLine()
		if err != nil || !serves(args) {
			continue
		}
		if err := c.take(process, args); err != nil {
			return fmt.Errorf("process %d of this container is a server, but %w: name its URL with %s", process.PID, err, naming)
		}
		return nil
	}
	return nil
}

// serves reports whether a command line is that of a server.
func serves(args []string) bool {
	if len(args) == 0 {
		return false
	}
	command, _, err := newRoot().Find(args[1:])
	return err == nil && command.Name() == "serve"
}

// take makes the client one of the server that a process is.
func (c *adminClient) take(process procfs.Proc, args []string) error {
	flags, err := settingsOf(process, args)
	if err != nil {
		return fmt.Errorf("its settings can't be read: %w", err)
	}
	address, err := listensOn(process)
	if err != nil {
		return err
	}
	scheme := "http"
	if isSet(flags, "tls") || isSet(flags, "tls-cert") {
		scheme = "https"
	}
	c.url = scheme + "://" + address
	c.beside = true
	if c.token == "" {
		c.token = flags.Lookup("admin-token").Value.String()
	}
	return nil
}

// settingsOf returns the flags of a server, from its command line and its environment,
// as the server itself has read them.
func settingsOf(process procfs.Proc, args []string) (*pflag.FlagSet, error) {
	environment, err := process.Environ()
	if err != nil {
		return nil, err
	}
	command, rest, err := newRoot().Find(args[1:])
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

// listening is the state of a socket that listens, as the kernel numbers it.
const listening = 10

// listensOn returns the address at which a process accepts connections, which its
// settings need not say: port 0 takes any that is free.
func listensOn(process procfs.Proc) (string, error) {
	files, err := process.FileDescriptorTargets()
	if err != nil {
		return "", fmt.Errorf("its connections can't be read: %w", err)
	}
	machine, err := procfs.NewDefaultFS()
	if err != nil {
		return "", err
	}
	for _, table := range []func() (procfs.NetTCP, error){machine.NetTCP, machine.NetTCP6} {
		sockets, err := table()
		if err != nil {
			continue // a container may have no IPv6
		}
		for _, socket := range sockets {
			if socket.St == listening && slices.Contains(files, fmt.Sprintf("socket:[%d]", socket.Inode)) {
				ip := socket.LocalAddr
				if ip.IsUnspecified() {
					ip = net.IPv4(127, 0, 0, 1)
				}
				return net.JoinHostPort(ip.String(), strconv.FormatUint(socket.LocalPort, 10)), nil
			}
		}
	}
	return "", errors.New("it does not listen yet")
}
