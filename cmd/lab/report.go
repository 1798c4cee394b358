package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// A line is a promise. Tests report its figures by testing's Attr, with the
// line's name as the key.
type line struct{ name, target string }

// testEvent is a line of go test -json.
type testEvent struct{ Action, Package, Test, Output, Key, Value string }

// testRun is the outcome of a run of the tests.
type testRun struct {
	out     io.Writer
	output  map[string][]string // of tests and packages that have not passed
	figures map[string][]figure // by line
	failed  []string
}

type figure struct{ test, text string }

func newTestRun(out io.Writer) *testRun {
	return &testRun{out: out, output: map[string][]string{}, figures: map[string][]figure{}}
}

// read reads the output of go test -json and shows what go test shows.
func (r *testRun) read(in io.Reader) error {
	events := bufio.NewReader(in)
	for {
		text, err := events.ReadBytes('\n')
		if len(text) > 0 {
			r.take(text)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *testRun) take(text []byte) {
	var e testEvent
	if json.Unmarshal(text, &e) != nil {
		fmt.Fprintf(r.out, "%s", text) // of the compiler, say
		return
	}
	name := e.Package
	if e.Test != "" {
		name += "." + e.Test
	}
	switch e.Action {
	case "attr":
		r.figures[e.Key] = append(r.figures[e.Key], figure{name, e.Value})
	case "output", "build-output":
		r.output[name] = append(r.output[name], e.Output)
	case "pass", "skip":
		if e.Test == "" {
			r.showResult(name)
		}
		delete(r.output, name)
	case "fail", "build-fail":
		r.failed = append(r.failed, name)
		if e.Test == "" {
			r.showUnended(e.Package)
		}
		fmt.Fprint(r.out, strings.Join(r.output[name], ""))
		delete(r.output, name)
	}
}

// showUnended prints what tests wrote that have neither passed nor failed when their
// package failed: the time was up, or the program ended.
func (r *testRun) showUnended(pkg string) {
	for _, name := range slices.Sorted(maps.Keys(r.output)) {
		if strings.HasPrefix(name, pkg+".") {
			fmt.Fprint(r.out, strings.Join(r.output[name], ""))
			delete(r.output, name)
		}
	}
}

// showResult prints the line of a package that passed.
func (r *testRun) showResult(name string) {
	for _, text := range r.output[name] {
		if strings.HasPrefix(text, "ok ") || strings.HasPrefix(text, "? ") {
			fmt.Fprint(r.out, text)
		}
	}
}

// conclude prints every promise with its figures. It fails where a test failed or a
// promise is missed, and with unmeasuredFails also where one has no figure.
func (r *testRun) conclude(unmeasuredFails bool) error {
	fmt.Fprint(r.out, "\n| | Target | Measured | |\n|---|---|---|---|\n")
	red, unmeasured := 0, 0
	for _, l := range promises {
		verdict, texts := "ok", []string{}
		for _, f := range r.figures[l.name] {
			texts = append(texts, f.text)
			if slices.Contains(r.failed, f.test) {
				verdict = "RED"
			}
		}
		switch {
		case len(texts) > 0:
		case unmeasuredFails:
			verdict, texts = "RED", []string{"no figure"}
		default:
			verdict, texts = "not measured", []string{"no figure"}
			unmeasured++
		}
		if verdict == "RED" {
			red++
		}
		fmt.Fprintf(r.out, "| %s | %s | %s | %s |\n", l.name, l.target, strings.Join(texts, "; "), verdict)
		delete(r.figures, l.name)
	}
	for name := range r.figures {
		return fmt.Errorf("a test reports a figure of %s, which is no promise", name)
	}
	fmt.Fprintf(r.out, "\n%d promises, %d red, %d not measured\n", len(promises), red, unmeasured)
	if red > 0 || len(r.failed) > 0 {
		return fmt.Errorf("%d promises are red, and %d tests failed: %s", red, len(r.failed), strings.Join(r.failed, " "))
	}
	return nil
}
