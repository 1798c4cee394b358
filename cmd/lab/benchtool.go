package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// tool sends requests to a server as fast as it responds.
type tool struct {
	name string
	run  func(url string, row benchRow, round time.Duration) (pace, error)
}

// pace is what a server took.
type pace struct {
	requests  int
	perSecond float64
	p99       time.Duration
}

// connections is how many connections ask at once, each as fast as the responses
// come.
const connections = 32

// findTool returns wrk where it is installed, unless the own tool is wanted.
func findTool(own bool) tool {
	if _, err := exec.LookPath("wrk"); err == nil && !own {
		return tool{"wrk", runWrk}
	}
	return tool{"lab", runOwn}
}

// runWrk sends requests with wrk, from another core than the first, which the server
// has.
func runWrk(url string, row benchRow, round time.Duration) (pace, error) {
	script, err := os.CreateTemp("", "lab-*.lua")
	if err != nil {
		return pace{}, err
	}
	defer os.Remove(script.Name())
	fmt.Fprintf(script, "wrk.method = %q\nwrk.headers[\"Authorization\"] = \"Bearer any\"\n", row.method)
	if row.body != "" {
		fmt.Fprintf(script, "wrk.headers[\"Content-Type\"] = \"application/json\"\nwrk.body = %q\n", row.body)
	}
	if err := script.Close(); err != nil {
		return pace{}, err
	}
	words := []string{"wrk", "--threads", "1", "--connections", strconv.Itoa(connections), "--duration", fmt.Sprintf("%.0fs", max(1, round.Seconds())), "--latency", "--script", script.Name(), url + row.target}
	if _, err := exec.LookPath("taskset"); err == nil {
		words = append([]string{"taskset", "-c", "1-1023"}, words...)
	}
	out, err := exec.CommandContext(context.Background(), words[0], words[1:]...).CombinedOutput()
	if err != nil {
		return pace{}, fmt.Errorf("wrk: %w: %s", err, out)
	}
	return readWrk(string(out))
}

var (
	wrkRequests = regexp.MustCompile(`(\d+) requests in`)
	wrkRate     = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)
	wrkP99      = regexp.MustCompile(`99%\s+([\d.]+(?:us|ms|s|m))`)
)

// readWrk reads what wrk prints.
func readWrk(out string) (pace, error) {
	requests, rate, p99 := wrkRequests.FindStringSubmatch(out), wrkRate.FindStringSubmatch(out), wrkP99.FindStringSubmatch(out)
	if requests == nil || rate == nil || p99 == nil || strings.Contains(out, "Non-2xx") || strings.Contains(out, "Socket errors") {
		return pace{}, fmt.Errorf("wrk reports: %s", out)
	}
	count, countErr := strconv.Atoi(requests[1])
	perSecond, rateErr := strconv.ParseFloat(rate[1], 64)
	took, tookErr := time.ParseDuration(p99[1])
	return pace{count, perSecond, took}, errors.Join(countErr, rateErr, tookErr)
}

// runOwn sends requests from this program.
func runOwn(url string, row benchRow, round time.Duration) (pace, error) {
	var mu sync.Mutex
	var all []time.Duration
	var problem error
	var asking sync.WaitGroup
	end := time.Now().Add(round)
	for range connections {
		asking.Go(func() {
			took, err := askUntil(url, row, end)
			mu.Lock()
			defer mu.Unlock()
			all, problem = append(all, took...), errors.Join(problem, err)
		})
	}
	asking.Wait()
	if problem != nil || len(all) == 0 {
		return pace{}, errors.Join(problem, errors.New("there was no response"))
	}
	slices.Sort(all)
	return pace{len(all), float64(len(all)) / round.Seconds(), all[len(all)*99/100]}, nil
}

func askUntil(url string, row benchRow, end time.Time) ([]time.Duration, error) {
	c, err := dial(url)
	if err != nil {
		return nil, err
	}
	defer c.close()
	request := c.text(row.method, row.target, row.body)
	var took []time.Duration
	for now := time.Now(); now.Before(end); {
		status, response, err := c.ask(request)
		if err == nil && status > 299 {
			err = fmt.Errorf("%s %s responds with %d %s", row.method, row.target, status, response)
		}
		if err != nil {
			return took, err
		}
		then := now
		now = time.Now()
		took = append(took, now.Sub(then))
	}
	return took, nil
}

// responseSize returns how many bytes a response has.
func responseSize(url string, row benchRow) (int, error) {
	request, err := http.NewRequest(row.method, url+row.target, strings.NewReader(row.body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer any")
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept-Encoding", "identity")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	received, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode > 299 {
		err = fmt.Errorf("%s %s responds with %s", row.method, row.target, response.Status)
	}
	return len(received), err
}
