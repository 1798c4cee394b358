package journal_test

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// readGolden returns the lines of a version, and the requests in them. The files
// in testdata/golden never change: a new version gets a file of its own.
func readGolden(t *testing.T, version string) ([]byte, []journal.Request) {
	t.Helper()
	golden, err := os.ReadFile("testdata/golden/" + version + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	requests, err := journal.Read(bytes.NewReader(golden))
	if err != nil {
		t.Fatal(err)
	}
	return golden, requests
}

// Lines of every version that was ever written can be read. In the first one a
// body has its content encoding.
func TestOldLinesAreRead(t *testing.T) {
	t.Parallel()
	_, requests := readGolden(t, "v1")
	if len(requests) != 8 {
		t.Fatalf("%d requests", len(requests))
	}
	list, refused, faulty, call, binary := requests[0], requests[2], requests[4], requests[6], requests[7]
	if list.Operation != contract.OperationWebhooksGet || list.Query.Get("perPage") != "2" || list.Token != "my-token" || len(list.Header["X-Twice"]) != 2 || list.Status != 200 || len(list.ResponseBody) == 0 {
		t.Errorf("%+v", list)
	}
	if refused.Violation == nil || refused.Status != 400 || string(refused.Body) != `{"nam":1}` {
		t.Errorf("%+v", refused)
	}
	if faulty.Fault != "slow door" || faulty.Status != 503 {
		t.Errorf("%+v", faulty)
	}
	if call.Trigger == nil || call.Trigger.WebhookName != "Door" || call.Operation != contract.OperationTrigger {
		t.Errorf("%+v", call)
	}
	if string(binary.Body) != "\x00\xff" || binary.RawBody != nil {
		t.Errorf("%q", binary.Body)
	}
	if packed := requests[3]; string(packed.Body) != `{"name":"packed"}` || len(packed.RawBody) != 41 {
		t.Errorf("%q, sent as %q", packed.Body, packed.RawBody)
	}
	golden, present := readGolden(t, "v2")
	if diff := cmp.Diff(requests, present[:8]); diff != "" {
		t.Errorf("the versions differ: %s", diff)
	}
	if binary := present[8]; binary.Target != "/\xff" || binary.Header.Get("X") != "\xfe" || binary.ResponseHeader.Get("Origin") != "\xfd" {
		t.Errorf("%+v", binary)
	}

	var again bytes.Buffer
	for _, r := range present {
		line, err := r.Line()
		if err != nil {
			t.Fatal(err)
		}
		again.Write(line)
	}
	if !bytes.Equal(again.Bytes(), golden) {
		t.Errorf("lines are written in another form: raise LineVersion if a program that reads version 2 could misunderstand them\n%s", again.String())
	}
}

// Lines that were written before they had a version are of version 1; those of
// a later version are refused with what to do.
func TestVersionsOfLines(t *testing.T) {
	t.Parallel()
	golden, want := readGolden(t, "v1")
	got, err := journal.Read(strings.NewReader(strings.ReplaceAll(string(golden), `{"v":1,`, `{`)))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v %+v", err, got)
	}
	_, err = journal.Read(strings.NewReader(strings.Replace(string(golden), `{"v":1,`, `{"v":3,`, 1)))
	const told = "line 1 can't be read as a request: it has version 3, and this losantmock reads versions up to 2: take a newer one"
	if err == nil || err.Error() != told {
		t.Errorf("%v, want %s", err, told)
	}
}

// Exported lines carry the version as well.
func TestExportedLinesHaveAVersion(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := journal.Export(&b, "jsonl", []journal.Request{{ID: "1", Method: "GET", Target: "/"}}, true); err != nil || !strings.HasPrefix(b.String(), `{"v":2,"id":`) || !strings.HasSuffix(b.String(), "}\n") {
		t.Errorf("%q %v", b.String(), err)
	}
	if requests, err := journal.Read(strings.NewReader(b.String())); err != nil || len(requests) != 1 || requests[0].Target != "/" {
		t.Errorf("%+v %v", requests, err)
	}
}

func TestMain(m *testing.M) { mocktest.Main(m) }
