package main

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
)

// variations are what api.mjs may do without breaking the contract. Of each line
// it does one, or none.
var variations = [][]string{
	{"headers"},
	{"charset"},
	{"gzip"},
	{"chunked"},
	{"indented"},
	{"keys"},
	{"moreVary", "splitVary", "anyOrigin"},
	{"absent"},
	{"unknown"},
	{"capitals"},
	{"ahead", "behind"},
	{"lenient"},
	{"language"},
}

// oracleRun is one run of the checker against Losant's framework.
type oracleRun struct {
	variations []string
	write      bool
}

// oracleRuns returns as many runs: without variations, with each one, with all
// together, and with some that are drawn from fixed seeds.
func oracleRuns(n int) []oracleRun {
	runs := []oracleRun{{nil, true}, {nil, false}}
	var all []string
	for _, line := range variations {
		for _, name := range line {
			runs = append(runs, oracleRun{[]string{name}, true})
		}
		all = append(all, line[len(line)-1])
	}
	runs = append(runs, oracleRun{all, true}, oracleRun{all, false})
	for seed := range uint64(10) {
		random := rand.New(rand.NewPCG(seed, 0))
		var some []string
		for _, line := range variations {
			if i := random.IntN(2 * len(line)); i < len(line) {
				some = append(some, line[i])
			}
		}
		runs = append(runs, oracleRun{some, seed%2 == 0})
	}
	// The sample of a short test has the first, and those with the most in them.
	slices.SortStableFunc(runs[1:], func(a, b oracleRun) int { return len(b.variations) - len(a.variations) })
	return runs[:min(n, len(runs))]
}

// losantsFramework serves an application with Losant's own framework, and returns
// its address and a token.
func losantsFramework(t *testing.T, application string, varied []string) (url, token string) {
	t.Helper()
	given, err := json.Marshal(map[string]any{
		"definition": json.RawMessage(contract.AtNewest().Definition()), "application": application, "variations": append([]string{}, varied...),
	})
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "node", "api.mjs")
	command.Dir, command.Stderr = "testdata/node", os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = command.Wait()
	})
	if _, err := in.Write(append(given, '\n')); err != nil {
		t.Fatal(err)
	}
	var served struct{ URL, Token string }
	if err := json.NewDecoder(out).Decode(&served); err != nil {
		t.Fatal(err)
	}
	return served.URL, served.Token
}

// The checker raises no false alarm: Losant's own framework breaks nothing, whatever
// is legal.
func TestLosantsFrameworkBreaksNothing(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	needNode(t)
	const application = "575ec8687ae143cd83dc4a97"
	for _, c := range oracleRuns(size.Of(3, 4, 40)) {
		name := strings.Join(c.variations, "+")
		t.Run(name, func(t *testing.T) {
			url, token := losantsFramework(t, application, c.variations)
			client, err := live.NewClient(url, secret.New(token), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			run := suite.Suite{Client: client, ApplicationID: application, Write: c.write}
			result := run.Run(t.Context())
			if result.Requests < 100 || len(result.LeftBehind) > 0 {
				t.Errorf("%d requests, %q left behind", result.Requests, result.LeftBehind)
			}
			for _, f := range result.Findings() {
				if f.Verdict == contract.Breaks || f.Verdict == contract.CouldNotCheck {
					t.Errorf("%s %s %s: %s (%s)", f.Verdict, f.Check, f.Field, f.Message, f.Case)
				}
			}
			if slices.Contains(c.variations, "unknown") && !slices.ContainsFunc(result.Findings(), func(f report.CountedFinding) bool {
				return f.Verdict == contract.News && f.Field == "webhook.retries"
			}) {
				t.Error("an unknown property is no news")
			}
		})
	}
}
