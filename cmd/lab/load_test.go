//go:build promises

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/losantmock/losantmock/cmd/lab/size"
)

// figures are what a load measured of a server.
type figures struct {
	rate      float64 // requests a second
	p99       time.Duration
	processor time.Duration // of the server, for each request
}

func paceOf(s *server, all *tally) figures {
	return figures{all.perSecond(), all.percentile(99), s.processorTime() / time.Duration(max(len(all.acknowledged), 1))}
}

func (f figures) beside(limit figures) string {
	return fmt.Sprintf("%.0f a second, %.2f of a bare handler's; %s of processor time a request, %.1f times; p99 %s, %.1f times",
		f.rate, f.rate/limit.rate, f.processor.Round(time.Microsecond), float64(f.processor)/float64(limit.processor), f.p99.Round(time.Millisecond), float64(f.p99)/float64(limit.p99))
}

// loadBare puts the same load on a bare handler: the limit of the platform.
func loadBare(t *testing.T, connections int, duration time.Duration) figures {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := startServer(t, exec.Command(self, "bare"))
	defer s.kill()
	return paceOf(s, (&load{url: s.url, connections: connections, duration: duration}).run(t.Context()))
}

// loadBriefly returns the p99 of a few clients.
func loadBriefly(t *testing.T, s *server) time.Duration {
	t.Helper()
	all := (&load{url: s.url, connections: 8, duration: time.Second}).run(t.Context())
	if len(all.unanswered) > 0 {
		t.Errorf("%s", all)
	}
	return all.percentile(99)
}

// everything lets the journal keep all that a long load sends.
var everything = []string{"--journal-entries", "10000000", "--journal-bytes", "8000000000"}

// Many connections ask as fast as they can. Nothing is lost, nothing fails,
// and it is quick.
func TestLoad(t *testing.T) {
	measured(t, "L1", func() (bool, string) {
		duration := size.Of(3*time.Second, 3*time.Second, 60*time.Second)
		limit := loadBare(t, 256, duration)
		// The journal that is kept by default may take 256 MiB by itself.
		s := serve(t, "--journal-bytes", "67108864")
		all := (&load{url: s.url, connections: 256, duration: duration}).run(t.Context())
		own := paceOf(s, all)
		_, most := s.memory() // before the journal is asked for
		recorded, evicted, err := s.journaled()
		if err != nil {
			t.Fatal(err)
		}
		if got := len(recorded) + evicted; got != len(all.acknowledged) {
			t.Errorf("%d recorded and let go, %s", got, all)
		}
		noFaults(t, all.among(recorded), recorded)
		within := own.rate >= 0.3*limit.rate && own.processor <= 4*limit.processor && own.p99 <= 6*limit.p99 && most <= 256<<20
		return within, fmt.Sprintf("%s, %d MiB, %d answered and recorded, no fault", own.beside(limit), most>>20, len(all.acknowledged))
	})
}

func TestLoadOfManyConnections(t *testing.T) {
	measured(t, "L2", func() (bool, string) {
		duration := size.Of(3*time.Second, 3*time.Second, 30*time.Second)
		limit := loadBare(t, 1000, duration)
		s := serve(t, everything...)
		all := (&load{url: s.url, connections: 1000, duration: duration}).run(t.Context())
		own := paceOf(s, all)
		recorded, _, err := s.journaled()
		if err != nil {
			t.Fatal(err)
		}
		noFaults(t, all, recorded)
		within := own.rate >= 0.3*limit.rate && own.processor <= 4*limit.processor && own.p99 <= 10*limit.p99
		return within, "1,000 connections: " + own.beside(limit)
	})
}

// Idle connections cost the busy ones nothing.
func TestIdleConnections(t *testing.T) {
	const idle = 5000
	s := serve(t)
	ask := func() *tally {
		all := (&load{url: s.url, connections: 64, duration: size.Of(2*time.Second, 2*time.Second, 30*time.Second)}).run(t.Context())
		if len(all.unanswered) > 0 {
			t.Errorf("%s", all)
		}
		return all
	}
	alone := ask().percentile(99)
	for range idle {
		conn := openConn(t, s)
		defer conn.Close()
		if _, err := conn.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
	}
	measured(t, "L2", func() (bool, string) {
		beside := ask().percentile(99)
		return beside <= 3*alone, fmt.Sprintf("64 beside %d idle ones: p99 %s, and %s without", idle, beside.Round(time.Millisecond), alone.Round(time.Millisecond))
	})
}

// A journal file has a line for every request that was answered.
func TestLoadWithAJournalFile(t *testing.T) {
	measured(t, "L3", func() (bool, string) {
		bare := serve(t)
		duration := size.Of(2*time.Second, 2*time.Second, 60*time.Second)
		without := (&load{url: bare.url, connections: 256, duration: duration}).run(t.Context())
		bare.kill()
		file := filepath.Join(t.TempDir(), "journal.jsonl")
		s := serve(t, "--journal", file)
		all := (&load{url: s.url, connections: 256, duration: duration}).run(t.Context())
		if err := s.terminate(); err != nil {
			t.Error(err)
		}
		recorded, err := journaledIn(file)
		if err != nil {
			t.Error(err)
		}
		noFaults(t, all, recorded)
		ratio := all.perSecond() / without.perSecond()
		return ratio >= 0.3, fmt.Sprintf("%.0f a second, %.0f %% of what it is without, %d lines for %d responses", all.perSecond(), 100*ratio, len(recorded), len(all.acknowledged))
	})
}

// sendLarge sends so many bodies of 4 MiB, from 4 connections.
func sendLarge(t *testing.T, s *server, n int) {
	t.Helper()
	body := `{"name":"` + strings.Repeat("x", 4<<20-20) + `"}`
	var sending sync.WaitGroup
	for range 4 {
		sending.Go(func() {
			c, err := dial(s.url)
			if err != nil {
				t.Error(err)
				return
			}
			defer c.close()
			text := c.text("POST", benchHooks, body)
			for range n / 4 {
				if status, response, err := c.ask(text); err != nil || status != 400 {
					t.Errorf("%d %s %v", status, response, err)
					return
				}
			}
		})
	}
	sending.Wait()
}

// Large bodies push others out of the journal and not the server out of
// memory.
func TestMemoryUnderLargeBodies(t *testing.T) {
	for _, c := range []struct {
		promise, limit, journal string
		most                    int64
	}{
		{"L5", "off", "67108864", 256 << 20},
		{"X10", "96MiB", "33554432", 128 << 20},
	} {
		measured(t, c.promise, func() (bool, string) {
			command := serveCommand(t, "--max-body", "4194304", "--journal-bytes", c.journal)
			command.Env = append(command.Environ(), "GOMEMLIMIT="+c.limit)
			s := startServer(t, command)
			sent := size.Of(240, 240, 1000)
			sendLarge(t, s, sent)
			recorded, evicted, err := s.journaled()
			if err != nil || len(recorded)+evicted != sent {
				t.Errorf("%d recorded, %d evicted, %v", len(recorded), evicted, err)
			}
			_, most := s.memory()
			return most <= c.most, fmt.Sprintf("%d of %d kept, at most %d MiB, GOMEMLIMIT=%s", len(recorded), sent, most>>20, c.limit)
		})
	}
}

// The program responses soon, and steady load does not make it grow.
func TestStartAndSoak(t *testing.T) {
	measured(t, "L8", func() (bool, string) {
		command := serveCommand(t)
		began := time.Now()
		s := startServer(t, command)
		if _, err := s.get("/__admin/health"); err != nil {
			t.Fatal(err)
		}
		ready := time.Since(began)
		return ready <= 200*time.Millisecond, fmt.Sprintf("ready in %s", ready.Round(time.Millisecond))
	})
	// The journal is full after a few seconds, and stays what it is. The heap finds its
	// size a while later: a leak grows in every round.
	s := serve(t, "--journal-entries", "1000")
	send := func(duration time.Duration, rate int) {
		if all := (&load{url: s.url, connections: 16, duration: duration, rate: rate}).run(t.Context()); len(all.unanswered) > 0 {
			t.Errorf("%s", all)
		}
	}
	send(time.Second, 2000)
	settled := s.descriptors()
	round := size.Of(5*time.Second, 5*time.Second, 25*time.Minute)
	allowed := max(round.Minutes(), 1) // MiB
	grown := 0.0
	for range 6 {
		before, _ := s.memory()
		send(round, 500)
		after, _ := s.memory()
		if grown = float64(after-before) / (1 << 20); grown < allowed {
			break
		}
	}
	files := s.descriptors()
	promised(t, "L8", grown < allowed && files <= settled+2, fmt.Sprintf("%.1f MiB more after %s of 500 a second, %d files open and %d before", grown, round, files, settled))
}

// Clients that take their time are dropped, and do not disturb the others.
func TestSlowClients(t *testing.T) {
	const slow = 500
	s := serve(t)
	alone := loadBriefly(t, s)
	var dropped sync.WaitGroup
	var mu sync.Mutex
	var slowest time.Duration
	began := time.Now()
	for i := range slow {
		conn := openConn(t, s)
		dropped.Go(func() {
			defer conn.Close()
			stop := make(chan bool)
			defer close(stop)
			go drip(conn, []byte("GET / HTTP/1.1\r\nHost: x\r\nX-"+strings.Repeat(fmt.Sprint(i), 100)), stop)
			_ = conn.SetReadDeadline(began.Add(30 * time.Second))
			_, err := conn.Read(make([]byte, 1))
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("client %d is still there", i)
			}
			mu.Lock()
			defer mu.Unlock()
			slowest = max(slowest, time.Since(began))
		})
	}
	measured(t, "X2", func() (bool, string) {
		beside := loadBriefly(t, s)
		return beside <= 5*alone, fmt.Sprintf("others beside %d slow clients: p99 %s, and %s alone", slow, beside.Round(10*time.Microsecond), alone.Round(10*time.Microsecond))
	})
	dropped.Wait()
	t.Attr("X2", fmt.Sprintf("the last of them dropped after %.1f s", slowest.Seconds()))
	if slowest > 8*time.Second {
		t.Errorf("dropped after %s", slowest)
	}
}

// drip sends text byte by byte until it ends or the connection does.
func drip(conn net.Conn, text []byte, stop <-chan bool) {
	ticker := time.NewTicker(300 * time.Millisecond)
	defer ticker.Stop()
	for _, b := range text {
		select {
		case <-stop:
			return
		case <-ticker.C:
		}
		if _, err := conn.Write([]byte{b}); err != nil {
			return
		}
	}
}

// A client that reads its responses slowly, or never, holds nobody up, nor does
// one that never ends its body.
func TestSlowReadersAndBodies(t *testing.T) {
	const each = 100
	s := serve(t)
	alone := loadBriefly(t, s)
	asking := []byte(strings.Repeat("GET "+benchHooks+"?perPage=100 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\n\r\n", 50))
	for range each {
		reader := openConn(t, s)
		defer reader.Close()
		if _, err := reader.Write(asking); err != nil {
			t.Fatal(err)
		}
		sender := openConn(t, s)
		defer sender.Close()
		head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{", benchHooks)
		if _, err := sender.Write([]byte(head)); err != nil {
			t.Fatal(err)
		}
	}
	measured(t, "X2", func() (bool, string) {
		beside := loadBriefly(t, s)
		return beside <= 5*alone, fmt.Sprintf("beside %d that do not read and %d that do not end: p99 %s, and %s alone", each, each, beside.Round(10*time.Microsecond), alone.Round(10*time.Microsecond))
	})
}

// The measurement itself works: every row has its figures, and the README names it.
func TestBench(t *testing.T) {
	var out bytes.Buffer
	b := bench{program: built, tool: findTool(false), round: 50 * time.Millisecond, rounds: 1, out: &out}
	if err := b.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", out.String())
	rows := strings.Split(strings.TrimSpace(out.String()), "\n")[2:]
	if len(rows) < len(benchRows) {
		t.Errorf("%d rows", len(rows))
	}
	for _, row := range rows {
		if name, _, _ := strings.Cut(row, " | "); !strings.Contains(readme(t), name+" | ") {
			t.Errorf("%s is not in the README", name)
		}
	}
}
