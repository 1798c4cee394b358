package suite

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

// longBody is from which size on a command reads a body from a file.
const longBody = 1 << 10

// curl returns a command that sends the request of an exchange again, as a client did. A
// body is kept for the report where it is long, or where the command would have it in
// escapes of a shell, in which no secret is found: the command reads it from a file.
func (r *run) curl(client *live.Client, e *contract.Exchange) string {
	command := client.Curl(e)
	if len(e.RequestBody) < longBody && !strings.HasPrefix(command, "printf ") {
		return command
	}
	if r.report.Bodies == nil {
		r.report.Bodies = map[string][]byte{}
	}
	file := fmt.Sprintf("body-%.6x", sha256.Sum256(e.RequestBody))
	r.report.Bodies[file] = e.RequestBody
	return client.CurlWithFile(e, file)
}
