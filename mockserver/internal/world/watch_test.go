package world_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// bomb is a file whose aliases stand for 10 to the power of 9 values.
var bomb = func() string {
	text := "x-0: &a0 [x]\n"
	for level := 1; level < 10; level++ {
		before := fmt.Sprintf("*a%d,", level-1)
		text += fmt.Sprintf("x-%d: &a%d [%s]\n", level, level, strings.Repeat(before, 10))
	}
	return text
}()

// A watched file is edited in every bad way while clients ask: none of them is
// failed, each problem is told with its place, and the last good one wins.
func TestReloadTorture(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "world.yaml")
	world := func(name string) string {
		return fmt.Sprintf("applications:\n  - {id: %s, name: %s}\n", mocktest.ApplicationID, name)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(world("first"))
	var log mocktest.Log
	s, err := mockserver.New(mockserver.WithScenario("empty", file), mockserver.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = s.Serve(ctx, listener) })
	running.Go(func() { s.Watch(ctx, "empty", file) })
	defer func() { cancel(); running.Wait() }()
	url := "http://" + listener.Addr().String()

	var asked, failed atomic.Int64
	for range 4 {
		running.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			for ctx.Err() == nil {
				response, err := client.Get(url + "/applications/" + mocktest.ApplicationID + "?access_token=any")
				if err == nil {
					_ = response.Body.Close()
				}
				if ctx.Err() != nil {
					return
				}
				asked.Add(1)
				if err != nil || response.StatusCode != 200 {
					failed.Add(1)
				}
			}
		})
	}
	serves := func(name string) func() bool {
		return func() bool { return s.Applications()[0].Name == name }
	}
	health := func() string { return mocktest.Send(t, url, "GET /__admin/health", "").Body }
	for _, c := range []struct {
		name string
		edit func()
		want string
	}{
		{"no YAML", func() { write("applications: [") }, ": not YAML: did not find expected node content"},
		{"an unknown key", func() { write("appliances: []") }, "world.yaml:1:1: appliances: is not a known key"},
		{"an id twice", func() { write(world("a") + "  - {id: " + mocktest.ApplicationID + ", name: b}\n") }, "world.yaml:3:10: applications[1].id:"},
		{"a second document", func() { write(world("a") + "---\n{}") }, "world.yaml:3:1: a second document"},
		{"a bomb", func() { write(bomb) }, "stand for more than 500000 keys and values"},
		{"nothing", func() { write("") }, "world.yaml: the file is empty"},
		{"half of it", func() { write(world("a")[:20]) }, "world.yaml:"},
		{"deleted", func() { _ = os.Remove(file) }, "world.yaml: no such file"},
		{"a folder", func() { _ = os.Mkdir(file, 0o700) }, "world.yaml: the folder has no scenario"},
		{"too large", func() { _ = os.Remove(file); write(strings.Repeat("#", 5<<20)) }, "at most 4194304 are read"},
	} {
		c.edit()
		mocktest.Until(t, c.name+" is told by health", func() bool { return strings.Contains(health(), c.want) })
		if !strings.Contains(log.String(), c.want) {
			t.Errorf("%s: the log is %s", c.name, log.String())
		}
		if !serves("first")() {
			t.Errorf("%s: the world is %s", c.name, s.Applications()[0].Name)
		}
	}
	write(world("second"))
	mocktest.Until(t, "the second world", serves("second"))
	mocktest.Until(t, "the problem is gone from health", func() bool { return !strings.Contains(health(), "problem") })
	// A link that is put in place of the file, as a container's volume does.
	other := filepath.Join(dir, "other.yaml")
	if err := os.WriteFile(other, []byte(world("linked")), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(other, link); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(link, file); err != nil {
		t.Fatal(err)
	}
	mocktest.Until(t, "the linked world", serves("linked"))
	// A hundred saves as fast as they come, some of them broken.
	for i := range size.Of(20, 100, 1000) {
		write(world(fmt.Sprintf("save%d", i)))
		if i%3 == 0 {
			write("applications: [")
		}
	}
	write(world("last"))
	mocktest.Until(t, "the last save", serves("last"))
	t.Attr("X7", fmt.Sprintf("%d of %d requests failed; 10 bad edits told, a link and 100 saves taken in", failed.Load(), asked.Load()))
	if failed.Load() > 0 || asked.Load() == 0 {
		t.Errorf("%d of %d requests failed", failed.Load(), asked.Load())
	}
}

// Of a watched folder, files that are added and removed are taken in.
func TestAFolderIsWatched(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name+".yaml"), []byte("name: "+name+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("b")
	s, err := mockserver.New(mockserver.WithScenario(dir))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.Watch(ctx, dir) })
	defer func() { cancel(); running.Wait() }()
	is := func(name string) func() bool { return func() bool { return s.ScenarioName() == name } }
	write("a")
	mocktest.Until(t, "the added file is read before the other", is("a+b"))
	if err := os.Remove(filepath.Join(dir, "b.yaml")); err != nil {
		t.Fatal(err)
	}
	mocktest.Until(t, "the removed file is gone", is("a"))
	// What was loaded last is what can be named.
	switchTo := func(name string) int {
		w := mocktest.Serve(s, "PUT", "/__admin/scenario", `{"scenario":"`+name+`"}`)
		return w.Code
	}
	if a, b := switchTo("a"), switchTo("b"); a != http.StatusOK || b != http.StatusBadRequest {
		t.Errorf("to a %d, and to b %d", a, b)
	}
}
