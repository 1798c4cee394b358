package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/cmd/lab/size"
)

// runNode runs a script of testdata/node against a server, holds it to so many
// lines of "ok".
func runNode(t *testing.T, script, scenario string, oks int, args ...string) string {
	t.Helper()
	return runNodeAt(t, serveProgram(t, "--scenario", scenario), script, oks, args...)
}

// runNodeAt is runNode against a program that runs, whose certificate the script
// trusts. It returns what the script printed.
func runNodeAt(t *testing.T, p *program, script string, oks int, args ...string) string {
	t.Helper()
	needNode(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "node", append([]string{script, p.url}, args...)...)
	command.Dir = "testdata/node"
	command.Env = append(command.Environ(), "NODE_EXTRA_CA_CERTS="+p.trust)
	out, err := command.CombinedOutput()
	if err != nil || strings.Count("\n"+string(out), "\nok ") != oks {
		t.Fatalf("the program logged %.500s\n%v\n%s", p.stderr.String(), err, out)
	}
	return string(out)
}

// TestLosantRest runs Losant's own client for JavaScript against the program.
func TestLosantRest(t *testing.T) {
	t.Parallel()
	runNode(t, "losant-rest.mjs", "strict-auth", 11)
}

// TestWireMockClients runs two clients of WireMock's admin API against ours.
func TestWireMockClients(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	runNode(t, "wiremock.mjs", "default", 6)
}

// TestTheLifeOfAWebhook creates webhooks with Losant's own client, calls them
// with curl and with a WebSocket client, and plays their workflows.
func TestTheLifeOfAWebhook(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("curl")
	need(t, "curl", err != nil)
	runNode(t, "life.mjs", "default", 5)
}

// TestFaultsWithARetryLibrary lets Losant's client meet the faults of a
// scenario, with a retry library around it.
func TestFaultsWithARetryLibrary(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	runNode(t, "faults.mjs", "testdata/node/faults.yaml", 5)
}

// TestNodeReadsPedanticResponses sends requests to a pedantic server with Node's own
// parsers of HTTP.
func TestNodeReadsPedanticResponses(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	runNode(t, "pedantic.mjs", "testdata/node/pedantic.yaml", 3)
}

// TestThePage goes through the page in a real browser. With SCREENSHOTS it
// keeps pictures of the views in that folder.
func TestThePage(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("chromium")
	need(t, "Chromium", err != nil)
	out := runNode(t, "page.mjs", "default", 12, os.Getenv("SCREENSHOTS"))
	lines := strings.Split(strings.TrimSpace(out), "\n")
	t.Attr("S5", "in a browser, "+strings.TrimPrefix(lines[len(lines)-1], "ok "))
}

// TestThePageWhileThingsHappen lets requests arrive, restarts the server and opens many
// tabs while somebody works with the page, and does its jobs by keyboard alone.
func TestThePageWhileThingsHappen(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("chromium")
	need(t, "Chromium", err != nil)
	runNode(t, "pagelive.mjs", "default", 8)
}

// TestThePageFollowsItsAddress holds the page to its address, and to what the server has
// behind what is listed.
func TestThePageFollowsItsAddress(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("chromium")
	need(t, "Chromium", err != nil)
	runNode(t, "pageaddress.mjs", "default", 4)
}

// TestThePageOnAFile shows a journal file in a real browser: as a report that has no
// server, and by the command view.
func TestThePageOnAFile(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("chromium")
	need(t, "Chromium", err != nil)
	dir := t.TempDir()
	file := filepath.Join(dir, "journal.jsonl")
	runNodeAt(t, serveProgram(t, "--journal", file), "report.mjs", 7, file, dir)
}

// TestThePagesModules runs the unit tests of the page's modules.
func TestThePagesModules(t *testing.T) {
	t.Parallel()
	needNode(t)
	command := exec.CommandContext(t.Context(), "node", "--test", "page/")
	command.Dir = "testdata/node"
	if out, err := command.CombinedOutput(); err != nil || !strings.Contains(string(out), "\n# fail 0\n") {
		t.Fatalf("%v\n%s", err, out)
	}
}
