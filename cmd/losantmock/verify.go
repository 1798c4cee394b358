package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func newVerify() *cobra.Command {
	var client adminClient
	var times int
	var within time.Duration
	var out printer
	cmd := &cobra.Command{
		Use:   "verify PATTERN.json",
		Short: "Check that a server received a request",
		Long: `Verify reads a request pattern, in WireMock's JSON, from a file or with - from
standard input, and checks that the server received such a request: at least
one, or exactly as many as --times says. If not, it prints what came nearest
and ends with 1.`,
		Example: `  losantmock verify created.json
  echo '{"operation":"webhooks.post"}' | losantmock verify - --times 2 --within 5s`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			pattern, err := readPatternFile(args[0], cmd.InOrStdin())
			if err != nil {
				return err
			}
			exact := cmd.Flags().Changed("times")
			found, err := ask(cmd, &client, pattern, times, exact, within)
			var refused *refusedError
			switch {
			case errors.As(err, &refused):
				return err
			case err != nil:
				return &unsure{err}
			case !found.Met && !out.json:
				return found.problem(times, exact)
			}
			if err := out.print(cmd.OutOrStdout(), found, fmt.Sprintf("ok: %d request(s) match", found.Count)); err != nil || found.Met {
				return err
			}
			if found.verdict == "incomplete" {
				return ending(exitUnsure)
			}
			return ending(exitFailed)
		},
	}
	client.addFlags(cmd.Flags())
	out.addFlags(cmd.Flags())
	cmd.Flags().IntVar(&times, "times", 1, "exactly how `many` requests (default: at least one)")
	cmd.Flags().DurationVar(&within, "within", 0, "how long to wait for them, such as `5s`")
	return cmd
}

func readPatternFile(name string, stdin io.Reader) (json.RawMessage, error) {
	if name == "-" {
		return io.ReadAll(stdin)
	}
	return os.ReadFile(name)
}

// verification is what the server has found, and whether it is what was asked for.
type verification struct {
	Met        bool       `json:"met"`
	Count      int        `json:"count"`
	Incomplete bool       `json:"incomplete"`
	NearMisses []nearMiss `json:"nearMisses,omitempty"`

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

func ask(cmd *cobra.Command, client *adminClient, pattern json.RawMessage, times int, exact bool, within time.Duration) (verification, error) {
	var response struct {
		verification
		Verdict string
	}
	count := "count"
	if exact {
		count = "exactly"
	}
	order, err := json.Marshal(map[string]any{"request": pattern, count: times, "timeout": within.String()})
	if err != nil {
		return verification{}, &refusedError{fmt.Errorf("the pattern is no JSON: %w", err)}
	}
	err = client.call(cmd.Context(), "POST", "/requests/wait", order, &response)
	response.verdict = response.Verdict
	return response.verification, err
}

// problem returns why the check is not met.
func (a verification) problem(times int, exact bool) error {
	reason := errors.New(a.explain(times, exact))
	if a.verdict == "incomplete" {
		return &unsure{reason}
	}
	return &failure{fmt.Errorf("losantmock: %w", reason)}
}

func (a verification) explain(times int, exact bool) string {
	var b strings.Builder
	want := "at least 1"
	if exact {
		want = fmt.Sprint(times)
	}
	fmt.Fprintf(&b, "want %s request(s) that match, got %d", want, a.Count)
	if a.Incomplete {
		b.WriteString("; incomplete: the journal has evicted requests that may have been among them")
	}
	if a.Count >= times {
		return b.String()
	}
	for _, miss := range a.NearMisses {
		fmt.Fprintf(&b, "\nnear: %s %s", miss.Request.Method, miss.Request.URL)
		for _, d := range miss.MatchResult.DiffDescriptions {
			fmt.Fprintf(&b, "\n  %s\n    want %s\n    got  %s", strings.ReplaceAll(d.ErrorMessage, "\n", "\n    "), d.Expected, d.Actual)
		}
	}
	return b.String()
}
