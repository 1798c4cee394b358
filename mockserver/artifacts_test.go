package mockserver

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver/journal"
)

// failing is set in a process of its own, whose tests fail.
const failing = "MOCKSERVER_TEST_FAILS"

// This is the test that fails in TestFailedTestsLeaveTheirRequests.
func TestThatFails(t *testing.T) {
	if os.Getenv(failing) == "" {
		t.Skip("it fails, and another test looks at what it leaves")
	}
	first, second := Start(t), Start(t)
	box := first.Sandbox(t)
	for _, url := range []string{first.URL + "/first", second.URL + "/second", box.URL + "/box"} {
		if _, err := get(url + "?access_token=a-secret-token"); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("and one in it", func(t *testing.T) { Start(t) })
	first.Requests().Operation("webhooks.post").Once(t)
}

// A test that failed leaves what each of its worlds has received as files, one for
// programs and one for a browser, and logs their paths.
func TestFailedTestsLeaveTheirRequests(t *testing.T) {
	t.Parallel()
	run := func(args ...string) (log, dir string) {
		t.Helper()
		program, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		dir = t.TempDir()
		command := exec.CommandContext(t.Context(), program, append([]string{"-test.run", "^TestThatFails$", "-test.v", "-test.outputdir", dir}, args...)...)
		command.Env = append(os.Environ(), failing+"=1")
		out, err := command.CombinedOutput()
		if err == nil {
			t.Fatalf("it passes: %s", out)
		}
		return string(out), dir
	}
	log, dir := run("-test.artifacts")
	paths := regexp.MustCompile(`without secrets: (\S+)`).FindAllStringSubmatch(log, -1)
	received := map[string]int{}
	for _, path := range paths {
		text, err := os.ReadFile(path[1])
		if err != nil || !strings.HasPrefix(path[1], dir) || strings.Contains(string(text), "a-secret-token") {
			t.Errorf("%s: %v %s", path[1], err, text)
		}
		requests, err := journal.Read(strings.NewReader(string(text)))
		if err != nil || len(requests) != 1 {
			t.Fatalf("%s has %d requests, %v", path[1], len(requests), err)
		}
		received[requests[0].Path]++
	}
	for _, path := range regexp.MustCompile(`the same for a browser: (\S+)`).FindAllStringSubmatch(log, -1) {
		text, err := os.ReadFile(path[1])
		if err != nil || !strings.HasPrefix(path[1], dir) || strings.Contains(string(text), "a-secret-token") || strings.Count(string(text), `"wasMatched"`) != 1 {
			t.Errorf("%s: %v", path[1], err)
		}
		failures := "null"
		if strings.Contains(string(text), "/first") { // the server in which the assertion failed
			failures = `["TestThatFails: failed, wanted exactly 1, 0 matched; nearest is number 1, GET, which differs in operation"]`
		}
		if !strings.Contains(string(text), `"failures":`+failures+`}`) {
			t.Errorf("%s: want the failures %s", path[1], failures)
		}
		received[strings.TrimSuffix(filepath.Base(path[1]), ".html")]++
	}
	if received["report"] != 1 || received["report-2"] != 1 || received["report-3"] != 1 {
		t.Errorf("the reports are %v:\n%s", received, log)
	}
	if len(paths) != 3 || received["/first"] != 1 || received["/second"] != 1 || received["/box"] != 1 {
		t.Errorf("the files %v have %v:\n%s", paths, received, log)
	}
	if without, dir := run(); strings.Contains(without, "without secrets") || !strings.Contains(without, "go test -artifacts writes") {
		t.Errorf("without the flag: %s", without)
	} else if files, _ := filepath.Glob(dir + "/*"); len(files) > 0 {
		t.Errorf("without the flag there are %v", files)
	}
}
