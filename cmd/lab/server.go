package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// build builds the program in a folder. Without -trimpath, which a release has
// and which changes no figure, it shares what go test has compiled.
func build(ctx context.Context, dir string, flags ...string) (string, error) {
	program := filepath.Join(dir, "losantmock")
	args := append([]string{"build", "-ldflags=-s -w", "-o", program}, flags...)
	command := exec.CommandContext(ctx, "go", append(args, "github.com/losantmock/losantmock/cmd/losantmock")...)
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return program, nil
}

// server is a server as a process of its own.
type server struct {
	command *exec.Cmd
	url     string
	ended   chan struct{} // closed when it has
	err     error         // how it ended
}

// start starts a server and waits until it listens. The words end with the
// flag for its address, or are a program that takes the address last.
func start(command *exec.Cmd) (*server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") // to find a free port
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return nil, err
	}
	command.Args = append(command.Args, address)
	if err := command.Start(); err != nil {
		return nil, err
	}
	s := &server{command: command, url: "http://" + address, ended: make(chan struct{})}
	go func() {
		s.err = command.Wait()
		close(s.ended)
	}()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(2 * time.Millisecond) {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			return s, conn.Close()
		}
		select {
		case <-s.ended:
			return nil, fmt.Errorf("the server ended: %w", s.err)
		default:
		}
		if time.Now().After(deadline) {
			s.kill()
			return nil, errors.New("the server does not listen within a minute")
		}
	}
}

// onOneCore makes a command run on the first core alone, where there is
// taskset.
func onOneCore(command *exec.Cmd) *exec.Cmd {
	if taskset, err := exec.LookPath("taskset"); err == nil {
		command.Args = append([]string{"taskset", "-c", "0", command.Path}, command.Args[1:]...)
		command.Path = taskset
	}
	command.Env = append(command.Environ(), "GOMAXPROCS=1")
	return command
}

// kill ends the server at once.
func (s *server) kill() {
	_ = s.command.Process.Kill()
	<-s.ended
}

// terminate ends the server as a terminal or a container does, and gives how
// it ended.
func (s *server) terminate() error {
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-s.ended:
		return s.err
	case <-time.After(time.Minute):
		s.kill()
		return errors.New("the server goes on a minute after SIGTERM")
	}
}

// memory gives what the server holds in memory, and the most it has held, in
// bytes.
func (s *server) memory() (now, most int64) {
	return s.status("VmRSS:") << 10, s.status("VmHWM:") << 10
}

// descriptors is how many files and sockets the server has open.
func (s *server) descriptors() int {
	open, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.command.Process.Pid))
	return len(open)
}

// status is a number that the kernel reports of the server.
func (s *server) status(field string) int64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.command.Process.Pid))
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == field {
			n, _ := strconv.ParseInt(words[1], 10, 64)
			return n
		}
	}
	return 0
}

// processorTime is how long the server has kept processors busy so far, in user
// and system code together, by the kernel's accounting.
func (s *server) processorTime() time.Duration {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.command.Process.Pid))
	_, behind, _ := strings.Cut(string(text), ") ") // the name may have blanks
	const utime, stime, ticksPerSecond = 11, 12, 100
	words := strings.Fields(behind)
	if len(words) <= stime {
		return 0
	}
	user, _ := strconv.ParseInt(words[utime], 10, 64)
	system, _ := strconv.ParseInt(words[stime], 10, 64)
	return time.Duration(user+system) * time.Second / ticksPerSecond
}

// get sends one request to the server and returns its response.
func (s *server) get(path string) (string, error) {
	response, err := http.Get(s.url + path)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s %s", path, response.Status, body)
	}
	return string(body), err
}
