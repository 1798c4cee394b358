package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/losantmock/losantmock/cmd/internal/adminclient"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/contract/visible"
	"github.com/spf13/cobra"
)

// longestWait is how long a server waits for requests at most.
const longestWait = 10 * time.Minute

func newVerify() *cobra.Command {
	var client adminclient.Client
	var times int
	var within time.Duration
	var out printer
	cmd := &cobra.Command{
		Use:   "verify PATTERN.json",
		Short: "Check that a server received a request",
		Long: `Verify reads a request pattern, in WireMock's JSON, from a file or with - from
standard input, and checks that the server received such a request: at least
one, or exactly as many as --times says. If not, it prints what came nearest
and ends with 1. It ends with 3 if that can't be said: no server responds
within 10 seconds beside the time of --within, its journal has evicted requests
that may have matched, or it can't be decided whether one matches.`,
		Example: `  losantmock verify created.json
  echo '{"operation":"webhooks.post"}' | losantmock verify - --times 2 --within 5s`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			exact := cmd.Flags().Changed("times")
			if times < 0 {
				return fmt.Errorf("--times %d: want how many requests, 0 or more", times)
			}
			if within < 0 || within > longestWait {
				return fmt.Errorf("--within %s: want a time from 0s to %s", within, longestWait)
			}
			pattern, err := exit.OrDone(cmd.Context(), func() (json.RawMessage, error) { return readPatternFile(args[0], cmd.InOrStdin()) })
			if err != nil {
				return exit.Misused(err)
			}
			found, err := ask(cmd, &client, pattern, times, exact, within)
			if err != nil {
				return err
			}
			code := found.code()
			if code != exit.CodeOK && !out.json {
				return exit.WithError(code, errors.New(found.explain(times, exact)))
			}
			if err := out.print(cmd.OutOrStdout(), found, fmt.Sprintf("ok: %d request(s) match", found.Count)); err != nil {
				return err
			}
			return exit.With(code)
		},
	}
	client.AddFlags(cmd.Flags())
	out.addFlags(cmd.Flags())
	cmd.Flags().IntVar(&times, "times", 0, "exactly how `many` requests (default: at least one)")
	cmd.Flags().DurationVar(&within, "within", 0, "how long to wait for them, such as `5s`")
	return cmd
}

// readPatternFile reads a pattern from a file, or from standard input for "-".
func readPatternFile(name string, stdin io.Reader) (pattern json.RawMessage, err error) {
	text, source := []byte(nil), name
	if name == "-" {
		source = "standard input"
		text, err = io.ReadAll(stdin)
	} else {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, fmt.Errorf(`%s is empty: want a request pattern, such as {"operation": "webhooks.post"}`, source)
	}
	if err := json.Unmarshal(text, &pattern); err != nil {
		return nil, fmt.Errorf("%s: the pattern is no JSON: %w", source, err)
	}
	return pattern, nil
}

// verification is what the server has found, and whether it is what was asked for.
type verification struct {
	Met        bool       `json:"met"`
	Count      int        `json:"count"`
	Incomplete bool       `json:"incomplete"`
	Reason     string     `json:"reason,omitempty"` // why others may match
	NearMisses []nearMiss `json:"nearMisses,omitempty"`
	Link       string     `json:"link,omitempty"` // to what failed on the server's page

	verdict string // of the server: ok, failed or incomplete
}

type nearMiss struct {
	Request struct {
		Method string `json:"method"`
		URL    string `json:"url"`
	} `json:"request"`
	MatchResult struct {
		DiffDescriptions []struct {
			Expected     string `json:"expected"`
			Actual       string `json:"actual"`
			ErrorMessage string `json:"errorMessage"`
		} `json:"diffDescriptions"`
	} `json:"matchResult"`
}

func ask(cmd *cobra.Command, client *adminclient.Client, pattern json.RawMessage, times int, exact bool, within time.Duration) (verification, error) {
	var response struct {
		verification
		Verdict string
	}
	order := map[string]any{"request": pattern, "timeout": within.String()} // at least one, by default
	if exact {
		order["exactly"] = times
	}
	body, err := json.Marshal(order)
	if err != nil {
		return verification{}, err
	}
	if err := client.CheckSandbox(cmd.Context()); err != nil {
		return verification{}, err
	}
	client.Waiting = within
	if err := client.Call(cmd.Context(), "POST", "/requests/wait", body, "verdict", &response); err != nil {
		return verification{}, err
	}
	response.verdict = response.Verdict
	if !response.agrees(times, exact) {
		return verification{}, exit.Unsure(fmt.Errorf("the verdict %q of %s does not agree with its count of %d", response.Verdict, client.URL, response.Count))
	}
	return response.verification, nil
}

// agrees reports whether the verdict agrees with the count. A server of another kind
// can send anything.
func (a *verification) agrees(times int, exact bool) bool {
	asWanted := a.Count > 0
	if exact {
		asWanted = a.Count == times
	}
	switch a.verdict {
	case "ok":
		return a.Met && asWanted
	case "failed":
		return !a.Met && !asWanted
	case "incomplete":
		return !a.Met
	default:
		return false
	}
}

// code returns the code that the program ends with.
func (a *verification) code() int {
	switch {
	case a.Met:
		return exit.CodeOK
	case a.verdict == "incomplete":
		return exit.CodeUnsure
	default:
		return exit.CodeFailed
	}
}

func (a *verification) explain(times int, exact bool) string {
	var b strings.Builder
	want := fmt.Sprint(times)
	if !exact {
		times, want = 1, "at least 1"
	}
	fmt.Fprintf(&b, "want %s request(s) that match, got %d", want, a.Count)
	if a.Incomplete {
		b.WriteString("; incomplete: " + a.Reason)
	}
	misses := a.NearMisses
	if a.Count >= times {
		misses = nil
	}
	for _, miss := range misses {
		fmt.Fprintf(&b, "\nnear: %s %s", miss.Request.Method, miss.Request.URL)
		for _, d := range miss.MatchResult.DiffDescriptions {
			fmt.Fprintf(&b, "\n  %s\n    want %s\n    got  %s", strings.ReplaceAll(d.ErrorMessage, "\n", "\n    "), d.Expected, d.Actual)
		}
	}
	if a.Link != "" {
		b.WriteString("\n" + a.Link)
	}
	return visible.Lines(b.String())
}
