package contract

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/internal/document"
)

// Unavailable reports whether a status is that of a service that limits its
// callers or is overloaded, or of a gateway that does not reach it.
func Unavailable(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusBadGateway ||
		status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// checkFailure distinguishes a server that fails from one that can't be reached.
func (c *checking) checkFailure() bool {
	switch status := c.e.Status; {
	case status == 0:
		c.add(CheckServerError, CouldNotCheck, "", "there was no response")
	case Unavailable(status):
		c.add(CheckServerError, CouldNotCheck, "", "the response is %s", StatusText(status))
	case c.e.IsPage():
		c.add(CheckServerError, CouldNotCheck, "", "the response is HTML, as of a proxy, and not that of the API: %s", StatusText(status))
	case status >= http.StatusInternalServerError && !c.unreadable():
		c.breaks(Documented, CheckServerError, "", "the response is %s", StatusText(status))
	default:
		return true
	}
	return false
}

// checkLimit looks for a limit of the service. Which ones there are, and what
// they say, is not public.
func (c *checking) checkLimit() bool {
	switch c.e.Status {
	case http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge:
		c.breaks(Ours, CheckPositive, "", "the request is within our limits, and refused with %s", StatusText(c.e.Status))
		return false
	default:
		return true
	}
}

// checkCORS checks that pages of other origins may read the response. One that
// refuses a body that can't be read comes before that.
func (c *checking) checkCORS() bool {
	if c.unreadable() {
		return true
	}
	asked := c.e.RequestHeader.Get("Origin")
	got := strings.Join(c.e.Header.Values("Access-Control-Allow-Origin"), ", ")
	switch {
	case got == "*":
	case got == "" || got != asked:
		c.breaks(Observed, CheckCORS, "Access-Control-Allow-Origin", "want * or the origin of the request, got %q", got)
	case !decode.Lists(c.e.Header, "Vary", "Origin") && !decode.Lists(c.e.Header, "Vary", "*"):
		c.breaks(Observed, CheckCORS, "Vary", "want origin, got %q", strings.Join(c.e.Header.Values("Vary"), ", "))
	}
	return true
}

// checkRefusal checks that the API refuses a request exactly when it is invalid.
func (c *checking) checkRefusal() bool {
	want := http.StatusBadRequest
	if c.broken != nil {
		want = c.broken.Status
	}
	switch status := c.e.Status; {
	case !c.known:
	case c.refusal != nil && status != want:
		c.breaks(c.refusedBy(), CheckNegative, c.refusal.Field, "the response is %s, want %d: %v", StatusText(status), want, c.refusal)
		return c.broken == nil && !c.succeeded() // what it returns then is not known
	case c.refusal == nil && status == http.StatusBadRequest:
		c.breaks(c.acceptedBy(), CheckPositive, "", "the request is valid, and refused with %.200s", c.e.Body)
		return false
	}
	return true
}

// refusedBy returns the source of the rule that refuses the request. That of
// page and perPage is ours, but for a list of them.
func (c *checking) refusedBy() Source {
	if c.broken != nil {
		return Observed
	}
	for i := range c.op.Params {
		if p := &c.op.Params[i]; p.Name == c.refusal.Field && p.Whole != nil && !c.request.value(p).List {
			return Ours
		}
	}
	return Documented
}

// acceptedBy returns the source of the rules that accept the request. The
// framework refuses the blank parameter that Losant's documentation allows, and
// which pages are too large is not public.
func (c *checking) acceptedBy() Source {
	for i := range c.op.Params {
		p := &c.op.Params[i]
		v := c.request.value(p)
		large, err := strconv.Atoi(v.Text)
		if v.Given && (p.BlankIsNone && v.Text == "" || p.Name == "perPage" && err == nil && large > documentedPerPage) {
			return Ours
		}
	}
	return Documented
}

// ErrorType returns the type that an error of a status has, such as "NotFound";
// blank where none is known.
func ErrorType(status int) string { return errorTypes[status] }

// errorTypes are the types of errors by status.
//
// Source: the framework of the API.
var errorTypes = map[int]string{
	http.StatusBadRequest:       "Validation",
	http.StatusUnauthorized:     "Unauthorized",
	http.StatusForbidden:        "Forbidden",
	http.StatusNotFound:         "NotFound",
	http.StatusMethodNotAllowed: "MethodNotAllowed",
}

func (c *checking) checkError() bool {
	if c.succeeded() {
		return true
	}
	if c.unreadable() {
		c.checkUnreadable()
		return false
	}
	c.checkWord(Observed, "type", errorTypes[c.e.Status])
	switch r := c.response(); {
	case c.e.Status == http.StatusBadRequest && c.known && c.refusal != nil:
		source := c.refusedBy()
		if source == Documented {
			source = Observed // that it is refused is documented, the words are not
		}
		c.checkWord(source, "message", c.refusal.Error())
	case c.e.Status == http.StatusNotFound && r.Missing != "":
		c.checkWord(Observed, "message", append(c.parentsMissing(), r.MissingMessage())...)
	case c.e.Status == http.StatusForbidden:
		c.checkWord(Observed, "message", "Access is forbidden")
	case c.e.Status == http.StatusUnauthorized && c.op.Public:
		c.checkWord(Ours, "message", "Invalid email or password", "Invalid access token", "Access token has expired")
	case c.e.Status == http.StatusUnauthorized:
		c.checkWord(Observed, "message", "Invalid access token", "Access token has expired")
	}
	return false
}

// parentsMissing returns the messages of 404s of what the path of a definition's operation
// leads through, to which one alone was missing of several that the operation names.
func (c *checking) parentsMissing() (messages []string) {
	if !c.op.FromDefinition {
		return nil
	}
	for _, resource := range c.api.Resources {
		if !strings.HasPrefix(c.op.Path, resource.Path) {
			continue
		}
		messages = append(messages, document.MissingMessage(resource.Name))
		for _, op := range resource.Actions {
			for i := range op.Responses {
				for _, name := range op.Responses[i].MissingNames() {
					messages = append(messages, document.MissingMessage(name))
				}
			}
		}
	}
	return messages
}

// checkUnreadable checks the response to a body that can't be read. The words of
// parsers change from version to version.
func (c *checking) checkUnreadable() {
	if c.broken.Code == "" {
		c.checkWord(Observed, "type", c.broken.Type)
		return
	}
	c.checkWord(Observed, "code", c.broken.Code)
	if kind, there := c.fields["type"]; there {
		c.breaks(Observed, CheckError, "error.type", "want none beside a code, got %s", Brief(kind))
	}
	if c.e.Status == http.StatusUnsupportedMediaType {
		c.checkWord(Observed, "message", c.broken.Message)
		if !decode.Lists(c.e.Header, "Accept-Encoding", "gzip") {
			c.breaks(Observed, CheckError, "Accept-Encoding", "want gzip, got %q", c.e.Header.Get("Accept-Encoding"))
		}
	}
}

// checkWord checks that an error has one of some texts in a field.
func (c *checking) checkWord(source Source, field string, want ...string) {
	if got, _ := c.fields[field].(string); !slices.Contains(want, got) {
		c.breaks(source, CheckError, "error."+field, `want "%s", got %s`, strings.Join(want, `" or "`), Brief(c.fields[field]))
	}
}
