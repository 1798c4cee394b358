// Package container looks at the processes of the container that this process runs
// in. An empty image has neither a shell nor a tool that could.
package container

import (
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"

	"github.com/prometheus/procfs"
)

// wholeMachine is the namespace of the processes of a whole machine on Linux, as the
// kernel numbers it. Those of a container have another one.
const wholeMachine = "pid:[4026531836]"

// Process is a process of this program in the same container.
type Process struct {
	procfs.Proc
	// Args are its command line, which begins with the program.
	Args []string
}

// Processes returns the processes of this program in the same container, in the
// order in which they were started; none outside of a container.
func Processes() ([]Process, error) {
	namespace, _ := os.Readlink("/proc/self/ns/pid") // which other systems do not have
	if namespace == "" || namespace == wholeMachine {
		return nil, nil
	}
	own, err := os.Executable()
	if err != nil {
		return nil, err
	}
	all, err := procfs.AllProcs()
	if err != nil {
		return nil, fmt.Errorf("the processes of this container can't be read: %w", err)
	}
	slices.SortFunc(all, func(a, b procfs.Proc) int { return a.PID - b.PID })
	var ours []Process
	for _, process := range all {
		if program, err := process.Executable(); err != nil || program != own {
			continue
		}
		if args, err := process.CmdLine(); err == nil && len(args) > 0 {
			ours = append(ours, Process{process, args})
		}
	}
	return ours, nil
}

// listening is the state of a socket that listens, as the kernel numbers it.
const listening = 10

// Listens returns the address at which the process accepts connections, which its
// settings need not say: port 0 takes any that is free.
func (p Process) Listens() (string, error) {
	files, err := p.FileDescriptorTargets()
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
