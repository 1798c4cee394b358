package standin

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/visible"
)

// printer prints the requests of a run on a stand-in as those to another server.
type printer struct {
	w        io.Writer
	baseURL  string
	triggers string            // the base URL of calls of webhooks
	kept     []string          // ids that are the same there
	ids      map[string]string // what is printed for others
	requests int
}

var (
	anyID  = regexp.MustCompile(strings.Trim(contract.IDPattern, "^$"))
	ownURL = regexp.MustCompile(`^/webhooks/[^/?]+`) // of a webhook
)

// print prints a request, with a placeholder for each id that the stand-in has made.
func (p *printer) print(_ string, e *contract.Exchange) {
	if e.Status == 0 {
		return // the run was ended
	}
	p.requests++
	target := anyID.ReplaceAllStringFunc(e.URL.String(), func(id string) string {
		if slices.Contains(p.kept, id) || strings.Trim(id, "0") == "" {
			return id
		}
		if p.ids[id] == "" {
			p.ids[id] = fmt.Sprintf("{webhook%d}", len(p.ids)+1)
		}
		return p.ids[id]
	})
	base := p.baseURL
	if ownURL.MatchString(target) {
		base, target = p.triggers, ownURL.ReplaceAllString(target, "/webhooks/{token}")
	}
	const limit = 100
	body := string(e.RequestBody)
	if len(body) > limit {
		body = fmt.Sprintf("%.*s... (%d bytes)", limit, body, len(body))
	}
	fmt.Fprintln(p.w, visible.Text(strings.TrimSpace(e.Method+" "+base+target+" "+body)))
}
