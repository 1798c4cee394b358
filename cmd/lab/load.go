package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/spf13/cobra"
)

// load asks a server from many connections, each as fast as its responses come,
// with an id of its own in every request.
type load struct {
	url         string
	connections int
	duration    time.Duration
	rate        int // requests a second of all connections together; 0 is as fast as can be

	answered atomic.Int64 // so far
}

// tally is what came of a load.
type tally struct {
	acknowledged map[string]int // statuses by the id of the request
	unanswered   []string       // ids of requests whose connection ended first
	refusedDials int
	took         []time.Duration // sorted
	lasted       time.Duration
}

// statuses counts the responses.
func (t *tally) statuses() map[int]int {
	count := map[int]int{}
	for _, status := range t.acknowledged {
		count[status]++
	}
	return count
}

func (t *tally) percentile(p float64) time.Duration {
	if len(t.took) == 0 {
		return 0
	}
	return t.took[min(int(float64(len(t.took))*p/100), len(t.took)-1)]
}

func (t *tally) perSecond() float64 { return float64(len(t.acknowledged)) / t.lasted.Seconds() }

func (t *tally) String() string {
	counts := t.statuses()
	var responses []string
	for _, status := range slices.Sorted(maps.Keys(counts)) {
		responses = append(responses, fmt.Sprintf("%d %dx", status, counts[status]))
	}
	return fmt.Sprintf("%d responses in %.1f s: %.0f a second, p50 %s, p99 %s, most %s; %s; %d unanswered", len(t.acknowledged), t.lasted.Seconds(), t.perSecond(),
		t.percentile(50).Round(10*time.Microsecond), t.percentile(99).Round(10*time.Microsecond), t.percentile(100).Round(time.Millisecond), strings.Join(responses, ", "), len(t.unanswered))
}

// run asks until the time is over or the context ends. Every request that was
// begun is waited for.
func (l *load) run(ctx context.Context) *tally {
	all := &tally{acknowledged: map[string]int{}}
	var mu sync.Mutex
	var asking sync.WaitGroup
	began := time.Now()
	var sent atomic.Int64
	for n := range l.connections {
		asking.Go(func() {
			a := &asker{load: l, number: n, random: rand.New(rand.NewPCG(1, uint64(n)))}
			a.run(ctx, began, &sent)
			mu.Lock()
			defer mu.Unlock()
			for i, id := range a.ids {
				all.acknowledged[id] = a.statuses[i]
			}
			all.unanswered = append(all.unanswered, a.unanswered...)
			all.refusedDials += a.refusedDials
			all.took = append(all.took, a.took...)
		})
	}
	asking.Wait()
	all.lasted = time.Since(began)
	slices.Sort(all.took)
	return all
}

// asker is one connection of a load.
type asker struct {
	load   *load
	number int
	random *rand.Rand
	mine   string // a webhook that this one has created

	ids          []string
	statuses     []int
	unanswered   []string
	refusedDials int
	took         []time.Duration
}

func (a *asker) run(ctx context.Context, began time.Time, sent *atomic.Int64) {
	end := began.Add(a.load.duration)
	var c *client
	defer func() {
		if c != nil {
			c.close()
		}
	}()
	for i := 0; time.Now().Before(end) && ctx.Err() == nil; i++ {
		if c == nil {
			var err error
			if c, err = dial(a.load.url); err != nil {
				a.refusedDials++
				time.Sleep(10 * time.Millisecond) // the server is down, or on its way
				continue
			}
		}
		if a.load.rate > 0 {
			turn := began.Add(time.Duration(sent.Add(1)) * time.Second / time.Duration(a.load.rate))
			time.Sleep(time.Until(turn))
		}
		id := fmt.Sprintf("%d-%d", a.number, i)
		then := time.Now()
		method, target, body := a.next(id)
		status, response, err := c.ask(c.text(method, target, body))
		if err != nil {
			a.unanswered = append(a.unanswered, id)
			c.close()
			c = nil
			continue
		}
		a.load.answered.Add(1)
		a.took = append(a.took, time.Since(then))
		a.ids, a.statuses = append(a.ids, id), append(a.statuses, status)
		if status == 201 {
			a.mine = createdID(response)
		}
	}
}

// next draws a request of the standard mix: of ten, seven call a webhook, and
// the others list, create, read, change and delete one.
func (a *asker) next(id string) (method, target, body string) {
	query := "?_links=false&_actions=false&lab=" + id
	switch kind := a.random.IntN(20); {
	case kind < 14:
		return "POST", "/webhooks/the_webhook_token/door?lab=" + id, `{"event":"opened"}`
	case kind < 16:
		return "GET", benchHooks + query + "&perPage=10", ""
	case a.mine == "":
		return "POST", benchHooks + query, `{"name":"Door opened"}`
	case kind < 18:
		return "GET", benchHooks + "/" + a.mine + query, ""
	case kind < 19:
		return "PATCH", benchHooks + "/" + a.mine + query, `{"name":"Door closed"}`
	default:
		target = benchHooks + "/" + a.mine + query
		a.mine = ""
		return "DELETE", target, ""
	}
}

func createdID(response []byte) string {
	var made struct{ ID string }
	_ = json.Unmarshal(response, &made) // a response that is none leaves it blank
	return made.ID
}

// labOf is the id of a load's request in its target; blank for none.
func labOf(target string) string {
	_, rest, _ := strings.Cut(target, "lab=")
	id, _, _ := strings.Cut(rest, "&")
	return id
}

// among is the tally of those requests that are in a record, where the record
// has evicted others.
func (t *tally) among(recorded []string) *tally {
	kept := *t
	kept.acknowledged = map[string]int{}
	for _, target := range recorded {
		if status, answered := t.acknowledged[labOf(target)]; answered {
			kept.acknowledged[labOf(target)] = status
		}
	}
	return &kept
}

// compare holds responses against records, id by id, and
// returns what is wrong; nil is all well. The ids of requests that got no response
// may be in the record.
func (t *tally) compare(recorded []string) error {
	times := map[string]int{}
	for _, target := range recorded {
		if id := labOf(target); id != "" {
			times[id]++
		}
	}
	var missing, twice, foreign []string
	for id := range t.acknowledged {
		if times[id] == 0 {
			missing = append(missing, id)
		}
	}
	for id, n := range times {
		_, answered := t.acknowledged[id]
		switch {
		case n > 1:
			twice = append(twice, id)
		case !answered && !slices.Contains(t.unanswered, id):
			foreign = append(foreign, id)
		}
	}
	if len(missing)+len(twice)+len(foreign) == 0 {
		return nil
	}
	return fmt.Errorf("%d requests with a response are not recorded %.3v, %d are recorded twice %.3v, %d were never sent %.3v", len(missing), first(missing), len(twice), first(twice), len(foreign), first(foreign))
}

func first(ids []string) string { return cmp.Or(strings.Join(ids[:min(3, len(ids))], " "), "-") }

// journaled gives the targets that a server has in its journal, and how many
// it has evicted.
func (s *server) journaled() (targets []string, evicted int, err error) {
	text, err := s.get("/__admin/requests?summary=true")
	if err != nil {
		return nil, 0, err
	}
	var list struct {
		Requests []struct{ Target string }
		Evicted  int
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, 0, err
	}
	for _, r := range list.Requests {
		targets = append(targets, r.Target)
	}
	return targets, list.Evicted, nil
}

// journaledIn gives the targets in a journal file, and fails where a line is no
// request.
func journaledIn(path string) (targets []string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	requests, err := journal.Read(file)
	for _, q := range requests {
		targets = append(targets, q.Target)
	}
	return targets, err
}

func newLoad() *cobra.Command {
	l := load{connections: 256, duration: 60 * time.Second}
	program, journal := "", false
	cmd := &cobra.Command{
		Use:   "load",
		Short: "Ask losantmock from many connections, and hold its responses against what it recorded",
		Example: `  go run ./cmd/lab load --connections 256 --duration 60s
  go run ./cmd/lab load --connections 1000 --duration 30s --journal
  go run ./cmd/lab load --rate 500 --duration 30m`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := os.MkdirTemp("", "lab-load-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(dir)
			if program == "" {
				if program, err = build(cmd.Context(), dir); err != nil {
					return err
				}
			}
			file, args := filepath.Join(dir, "journal.jsonl"), []string(nil)
			if journal {
				args = []string{"--journal", file}
			}
			command, err := serveLoaded(cmd.Context(), program, dir, args...)
			if err != nil {
				return err
			}
			s, err := start(command)
			if err != nil {
				return err
			}
			defer s.kill()
			l.url = s.url
			t := l.run(cmd.Context())
			_, most := s.memory()
			fmt.Fprintf(cmd.OutOrStdout(), "%s\nmemory at most %d MiB\n", t, most>>20)
			recorded, evicted, err := s.journaled()
			if err == nil && journal {
				evicted = 0
				recorded, err = journaledIn(file)
			}
			if err != nil {
				return err
			}
			if evicted > 0 {
				fmt.Fprintf(cmd.OutOrStdout(), "the journal let %d requests go, which can't be compared; --journal writes all of them\n", evicted)
				t = t.among(recorded)
			}
			if err := t.compare(recorded); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d requests are recorded, each that got a response once\n", len(recorded))
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&program, "program", "", "losantmock `program` to ask (default: built from this module)")
	flags.IntVar(&l.connections, "connections", l.connections, "how `many` ask at once")
	flags.DurationVar(&l.duration, "duration", l.duration, "how `long`")
	flags.IntVar(&l.rate, "rate", 0, "requests a second of all together (default: as fast as can be)")
	flags.BoolVar(&journal, "journal", false, "let the server write its journal to a file, and compare with that")
	return cmd
}

// serveLoaded is the command that serves the world of bench and of the standard
// mix; start starts it.
func serveLoaded(ctx context.Context, program, dir string, args ...string) (*exec.Cmd, error) {
	return serveWorld(ctx, program, dir, append([]string{"--quiet"}, args...)...)
}

func serveWorld(ctx context.Context, program, dir string, args ...string) (*exec.Cmd, error) {
	world := filepath.Join(dir, "world.yaml")
	if err := os.WriteFile(world, []byte(benchWorld), 0o600); err != nil {
		return nil, err
	}
	args = append([]string{"serve", "--scenario", world}, args...)
	return exec.CommandContext(ctx, program, append(args, "--listen")...), nil
}
