//go:build linux && promises

package main

import (
	"bytes"
	"debug/elf"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// Two builds in different folders give the same bytes.
func TestBuildsAreReproducible(t *testing.T) {
	var programs [][]byte
	for _, place := range []string{"one", "another/place/further/down"} {
		source := filepath.Join(t.TempDir(), place)
		copyModule(t, source)
		command := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", "losantmock.bin", "./cmd/losantmock")
		command.Dir = source
		command.Env = append(command.Environ(), "CGO_ENABLED=0")
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v %s", err, out)
		}
		program, err := os.ReadFile(filepath.Join(source, "losantmock.bin"))
		if err != nil {
			t.Fatal(err)
		}
		programs = append(programs, program)
	}
	if !bytes.Equal(programs[0], programs[1]) {
		t.Error("the programs differ")
	}
	t.Attr("S10", fmt.Sprintf("two builds of %d bytes are the same", len(programs[0])))
}

// copyModule copies what the program is built from.
func copyModule(t *testing.T, to string) {
	t.Helper()
	from := filepath.Join("..", "..")
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git" || entry.Name() == "testdata"):
			return filepath.SkipDir
		case entry.IsDir():
			return nil
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			return err
		}
		return os.WriteFile(target, text, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The image without an engine: the program is one static file, and serves as
// nobody from a root that has nothing else and can't be written.
func TestTheImage(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("skipped: only root can change the root")
	}
	root := t.TempDir()
	command := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", filepath.Join(root, "losantmock"), "github.com/losantmock/losantmock/cmd/losantmock")
	command.Env = append(command.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	program, err := elf.Open(filepath.Join(root, "losantmock"))
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(program.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
		t.Error("the program needs a loader")
	}
	_ = program.Close()
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, flags := range []uintptr{syscall.MS_BIND, syscall.MS_BIND | syscall.MS_REMOUNT | syscall.MS_RDONLY} {
		if err := syscall.Mount(root, root, "", flags, ""); err != nil {
			t.Skipf("skipped: nothing can be mounted here: %v", err)
		}
	}
	t.Cleanup(func() { _ = syscall.Unmount(root, syscall.MNT_DETACH) })
	serve := exec.Command("/losantmock", "serve", "--scenario", "paging", "--listen")
	serve.Dir = "/"
	serve.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
	serve.Err = nil // the file is there, in the other root
	s := startServer(t, serve)
	if _, err := s.get("/__admin/health"); err != nil {
		t.Error(err)
	}
	all := (&load{url: s.url, connections: 8, duration: 200 * time.Millisecond}).run(t.Context())
	if len(all.unanswered) > 0 {
		t.Errorf("%s", all)
	}
	if err := s.terminate(); err != nil {
		t.Error(err)
	}
	t.Attr("S10", "static, served as user 65532 from an empty root that is read-only")
}
