package recorder_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// The command of a request, run by bash and curl, sends the same bytes to the
// server: whatever its method, its target, its header and its body consist of.
func TestDrawnRequestsAreSentAgainByTheirCommands(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("skipped: %s is missing", program)
		}
	}
	sent, refused := 0, 0
	for i := range size.Of(1, 2, 300) {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			random, srv := rand.New(rand.NewPCG(18, uint64(i))), mockserver.Start(t)
			for number := range 60 {
				d := draw(random, number)
				switch {
				case !d.isWellFormed: // it may be sent to another host
				case sendAgain(t, srv, d):
					sent++
				default:
					refused++
				}
			}
		})
	}
	if sent < refused {
		t.Errorf("%d were sent again, and %d can't be", sent, refused)
	}
	t.Attr("T1", fmt.Sprintf("%d drawn requests arrive again byte by byte, %d can't be sent by curl", sent, refused))
}

// sendAgain sends a request, and then the command that the server has for it. It
// reports whether there is one.
func sendAgain(t *testing.T, srv *mockserver.TestServer, d drawn) bool {
	t.Helper()
	before := len(srv.Requests().All())
	send(t, srv, strings.Replace(d.text, "Host: x\r\n", "Host: "+strings.TrimPrefix(srv.URL, "http://")+"\r\n", 1))
	first := srv.Requests().All()[before:]
	if len(first) != 1 {
		t.Fatalf("%q: %d requests", d.text, len(first))
	}
	command := mocktest.Send(t, srv.URL, "GET /__admin/requests/"+first[0].ID+"/export?format=curl", "")
	if command.Status == http.StatusConflict {
		return false
	}
	if out, err := exec.Command("bash", "-c", command.Body+" -sS").CombinedOutput(); err != nil {
		t.Errorf("%s: %v %s", command.Body, err, out)
	}
	again := srv.Requests().All()[before+1:]
	if len(again) != 1 {
		t.Fatalf("%s: %d requests", command.Body, len(again))
	}
	if difference := gocmp.Diff(onTheWire(first[0]), onTheWire(again[0])); difference != "" {
		t.Errorf("%s\n%s", command.Body, difference)
	}
	return true
}

// onTheWire returns what a request consists of.
func onTheWire(r mockserver.Request) map[string]any {
	header := r.Header.Clone()
	for _, values := range header {
		slices.Sort(values)
	}
	return map[string]any{"method": r.Method, "target": r.Target, "protocol": r.Proto, "host": r.Host, "header": header, "body": string(r.SentBody())}
}
