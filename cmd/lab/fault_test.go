//go:build linux

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/losantmock/losantmock/cmd/lab/size"
)

// SIGTERM comes while many ask, some are held and some follow the journal.
// Whatever was begun is answered, what was answered is written, and the
// program ends well.
func TestSignalUnderLoad(t *testing.T) {
	rounds := size.Of(1, 1, 20)
	slowest, answered := time.Duration(0), 0
	for range rounds {
		file := filepath.Join(t.TempDir(), "journal.jsonl")
		s := serve(t, "--journal", file, "--scenario", heldWorld(t))
		took, all := terminatedUnderLoad(t, s)
		slowest = max(slowest, took)
		answered += len(all.acknowledged)
		recorded, err := journaledIn(file)
		if err == nil {
			err = all.compare(recorded)
		}
		if err != nil {
			t.Error(err)
		}
	}
	promised(t, "X4", slowest <= 10*time.Second, fmt.Sprintf("%d times, ended after %s at most, all of %d answered requests written", rounds, slowest.Round(10*time.Millisecond), answered))
}

// heldWorld adds a webhook whose calls are held.
func heldWorld(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "held.yaml")
	text := "applications: [{name: Held, webhooks: [{name: held, token: held, waitForReply: true}]}]\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// terminatedUnderLoad ends a server in the middle of a load, and tells how
// long that took.
func terminatedUnderLoad(t *testing.T, s *server) (time.Duration, *tally) {
	t.Helper()
	var held sync.WaitGroup
	for range 20 {
		conn := openConn(t, s)
		if _, err := conn.Write([]byte("POST /webhooks/held HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		held.Go(func() {
			defer conn.Close()
			line, err := bufio.NewReader(conn).ReadString('\n')
			if err != nil || !strings.HasPrefix(line, "HTTP/1.1 503 ") {
				t.Errorf("a held call gets %q %v", line, err)
			}
		})
	}
	for range 10 {
		response, err := http.Get(s.url + "/__admin/requests/stream")
		if err != nil {
			t.Fatal(err)
		}
		held.Go(func() {
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan *tally)
	running := &load{url: s.url, connections: 100, duration: time.Hour}
	go func() { done <- running.run(ctx) }()
	until(t, "the load runs", func() bool { return running.answered.Load() >= size.Of[int64](1000, 10_000, 50_000) })
	began := time.Now()
	err := s.terminate()
	took := time.Since(began)
	cancel()
	all := <-done
	held.Wait()
	if err != nil {
		t.Error(err)
	}
	if len(all.acknowledged) < 100 {
		t.Errorf("%s", all)
	}
	return took, all
}

// Killed while it writes, the program has written all that it answered, and
// its next start cuts off a torn line.
func TestKillUnderLoad(t *testing.T) {
	rounds := size.Of(2, 2, 100)
	answered := 0
	for i := range rounds {
		file := filepath.Join(t.TempDir(), "journal.jsonl")
		s := serve(t, "--journal", file)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan *tally)
		running := &load{url: s.url, connections: 16, duration: time.Hour}
		go func() { done <- running.run(ctx) }()
		enough := int64(200 + rand.IntN(2000))
		until(t, "the load runs", func() bool { return running.answered.Load() >= enough })
		s.kill()
		cancel()
		all := <-done
		if err := serve(t, "--journal", file).terminate(); err != nil { // cuts a torn line off
			t.Error(err)
		}
		text, err := os.ReadFile(file)
		if err != nil || len(text) > 0 && text[len(text)-1] != '\n' {
			t.Errorf("round %d: the file ends in a torn line, %v", i, err)
		}
		recorded, err := journaledIn(file)
		if err == nil {
			err = all.compare(recorded)
		}
		if err != nil {
			t.Errorf("round %d: %v", i, err)
		}
		answered += len(all.acknowledged)
	}
	t.Attr("X5", fmt.Sprintf("%d kills, none of %d answered requests lost, no torn line", rounds, answered))
}

// fullDisk is a folder on a disk of so many KiB; the test is skipped where
// there can be none.
func fullDisk(t *testing.T, kib int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kib)); err != nil {
		t.Skipf("skipped: a disk can't be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// The disk of the journal file becomes full under load. The API goes on, or
// says 503 where it must not; the file has whole lines alone; and when there is
// room again, it is written again.
func TestAFullDisk(t *testing.T) {
	for _, strict := range []bool{false, true} {
		var args []string
		if strict {
			args = []string{"--journal-strict"}
		}
		dir := fullDisk(t, 512)
		ballast, file := filepath.Join(dir, "ballast"), filepath.Join(dir, "journal.jsonl")
		if err := os.WriteFile(ballast, make([]byte, 256<<10), 0o600); err != nil {
			t.Fatal(err)
		}
		s := serve(t, append(args, "--journal", file)...)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan *tally)
		go func() { done <- (&load{url: s.url, connections: 8, duration: time.Hour}).run(ctx) }()
		until(t, "health reports the full disk", func() bool {
			health, err := s.get("/__admin/health")
			return err == nil && strings.Contains(health, "no space left")
		})
		cancel()
		all := <-done
		if len(all.unanswered) > 0 || (all.statuses()[503] > 0) != strict {
			t.Errorf("strict %t: %s", strict, all)
		}
		// The last line may have been short enough for what was left.
		health, err := s.get("/__admin/health")
		if err != nil || strings.Contains(health, `"lost": 0`) {
			t.Errorf("health is %s %v", health, err)
		}
		recorded, err := journaledIn(file)
		if err != nil {
			t.Error(err)
		}
		if strict { // whatever has another response than 503 is in the file
			for id, status := range all.acknowledged {
				if status == 503 {
					delete(all.acknowledged, id)
					all.unanswered = append(all.unanswered, id)
				}
			}
			if err := all.compare(recorded); err != nil {
				t.Error(err)
			}
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		if status, response := once(t, s.url, "GET", benchHooks+"?perPage=1&lab=again"); status != 200 {
			t.Errorf("%d %s", status, response)
		}
		again, err := journaledIn(file)
		if err != nil || !slices.ContainsFunc(again, func(target string) bool { return labOf(target) == "again" }) {
			t.Errorf("not written again: %v", err)
		}
		if health, err = s.get("/__admin/health"); err != nil || strings.Contains(health, "no space left") || !strings.Contains(health, `"lost"`) {
			t.Errorf("health is %s %v", health, err)
		}
		t.Attr("X6", fmt.Sprintf("strict %t: %d answered, %d of them 503, %d whole lines, written again when there is room", strict, len(all.acknowledged)+len(all.unanswered), all.statuses()[503]+len(all.unanswered), len(recorded)))
	}
}

func once(t *testing.T, url, method, target string) (int, string) {
	t.Helper()
	c, err := dial(url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	status, response, err := c.ask(c.text(method, target, ""))
	if err != nil {
		t.Fatal(err)
	}
	return status, string(response)
}

// More connections than there may be files: the journal is written all the
// same, scenarios are read again, and when connections close, others are
// served.
func TestNoFilesLeft(t *testing.T) {
	dir := t.TempDir()
	file, watched := filepath.Join(dir, "journal.jsonl"), filepath.Join(dir, "watched.yaml")
	write := func(name string) {
		if err := os.WriteFile(watched, []byte("applications: [{name: "+name+"}]\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("Before")
	s := startServer(t, limited(serveCommand(t, "--journal", file, "--watch", "--scenario", watched), "-n 64"))
	busy, err := dial(s.url)
	if err != nil {
		t.Fatal(err)
	}
	defer busy.close()
	ask := func(target string) string {
		t.Helper()
		status, response, err := busy.ask(busy.text("GET", target, ""))
		if err != nil || status != 200 {
			t.Fatalf("%d %s %v", status, response, err)
		}
		return string(response)
	}
	ask("/applications?lab=0")
	var held []net.Conn
	for range 200 {
		conn := openConn(t, s)
		held = append(held, conn)
	}
	until(t, "all files are open that can be", func() bool { return s.descriptors() >= 55 })
	write("After")
	until(t, "the saved scenario is served", func() bool { return strings.Contains(ask("/applications?lab=1"), "After") })
	recorded, err := journaledIn(file)
	if err != nil || !slices.ContainsFunc(recorded, func(target string) bool { return labOf(target) == "1" }) {
		t.Errorf("the journal has %d lines, %v", len(recorded), err)
	}
	began := time.Now()
	for _, conn := range held {
		_ = conn.Close()
	}
	until(t, "others are served", func() bool { // the connections in the reserve are closed until then
		c, err := dial(s.url)
		if err != nil {
			return false
		}
		defer c.close()
		status, _, err := c.ask(c.text("GET", "/applications", ""))
		return err == nil && status == 200
	})
	took := time.Since(began)
	if err := s.terminate(); err != nil {
		t.Error(err)
	}
	promised(t, "X9", took <= 2*time.Second, fmt.Sprintf("64 files and 200 connections: the scenario was read again, the journal written, back after %s", took.Round(time.Millisecond)))
}

// Reloads, a full disk and a signal, all at once and under load.
func TestFaultsTogether(t *testing.T) {
	seeds := size.Of(1, 1, 20)
	for seed := range seeds {
		random := rand.New(rand.NewPCG(13, uint64(seed)))
		dir := fullDisk(t, 256+random.IntN(512))
		watched, file := filepath.Join(t.TempDir(), "watched.yaml"), filepath.Join(dir, "journal.jsonl")
		save := func(text string) {
			if err := os.WriteFile(watched, []byte(text), 0o600); err != nil {
				t.Error(err)
			}
		}
		const held = "applications: [{name: Held, webhooks: [{name: held, token: held, waitForReply: true}]}]\n"
		save(held)
		s := serve(t, "--watch", "--journal", file, "--scenario", watched)
		stop, saved := make(chan bool), make(chan bool)
		go func() {
			defer close(saved)
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				case <-time.After(time.Duration(random.IntN(20)) * time.Millisecond):
				}
				save([]string{held, "applications: [", "", "nonsense: 1\n", held[:30]}[n%5])
			}
		}()
		took, all := terminatedUnderLoad(t, s)
		close(stop)
		<-saved
		recorded, err := journaledIn(file)
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		for _, target := range recorded {
			if _, answered := all.acknowledged[labOf(target)]; labOf(target) != "" && !answered && !slices.Contains(all.unanswered, labOf(target)) {
				t.Errorf("seed %d: %s was never sent", seed, target)
			}
		}
		for status, n := range all.statuses() {
			if status >= 500 {
				t.Errorf("seed %d: %d responses of %d", seed, n, status)
			}
		}
		if seed == seeds-1 {
			t.Attr("X13", fmt.Sprintf("%d seeds; of the last: %d answered, %d lines before the disk was full, ended after %s", seeds, len(all.acknowledged), len(recorded), took.Round(10*time.Millisecond)))
		}
	}
}
