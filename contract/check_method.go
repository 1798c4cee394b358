package contract

import (
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
)

// preflightFields are the fields that a page of another origin may send.
//
// Source: the framework of the API.
var preflightFields = []string{"Accept", "Content-Type", "X-Amz-Date", "Authorization", "Accept-Version", "losantdomain"}

// checkMethod checks an exchange of no operation. Where the contract has its path,
// its method is refused, or that of a preflight.
func (a *API) checkMethod(e *Exchange) Findings {
	c := &checking{api: a, op: &Operation{}, e: e}
	endpoint, _ := a.Find(e.Method, e.URL)
	switch {
	case endpoint == nil || e.Method == http.MethodGet: // the API may have more paths, and describes itself at /
		c.add(CheckStatus, CouldNotCheck, "", "%s %s is not an operation of the contract", e.Method, e.URL.Path)
	case !c.checkFailure():
	case e.Method == http.MethodOptions:
		c.checkPreflight(endpoint)
	default:
		c.checkNotAllowed(endpoint)
	}
	return c.found
}

func (c *checking) checkPreflight(endpoint *Endpoint) {
	if len(c.e.RequestBody) > 0 {
		return // one that can't be read is refused
	}
	if c.e.Status != http.StatusNoContent {
		c.breaks(Observed, CheckCORS, "", "a preflight: want 204, got %s", StatusText(c.e.Status))
		return
	}
	c.checkCORS()
	c.checkNames(CheckCORS, "Access-Control-Allow-Headers", preflightFields)
	c.checkNames(CheckCORS, "Access-Control-Allow-Methods", strings.Split(endpoint.Allow, ", "))
	if got := c.e.Header.Get("Access-Control-Max-Age"); got != "86400" {
		c.breaks(Observed, CheckCORS, "Access-Control-Max-Age", "want 86400, got %q", got)
	}
}

// checkNames checks that a list in the header has some names.
func (c *checking) checkNames(check CheckName, field string, want []string) {
	for _, name := range want {
		if !decode.Lists(c.e.Header, field, name) {
			c.breaks(Observed, check, field, "want %s in it, got %q", name, strings.Join(c.e.Header.Values(field), ", "))
		}
	}
}

// checkNotAllowed checks that a method is refused which the path does not have.
func (c *checking) checkNotAllowed(endpoint *Endpoint) {
	if c.e.Status != http.StatusMethodNotAllowed {
		c.breaks(Observed, CheckMethod, "", "%s %s: want 405, got %s", c.e.Method, c.e.URL.Path, StatusText(c.e.Status))
		return
	}
	c.checkNames(CheckMethod, "Allow", strings.Split(endpoint.Allow, ", "))
	if c.e.Method == http.MethodHead {
		return // its response has no body
	}
	decoded, _ := decode.JSON(c.e.Body)
	c.fields, _ = decoded.(map[string]any)
	c.checkWord(Observed, "type", errorTypes[c.e.Status])
	c.checkWord(Observed, "message", c.e.Method+" is not allowed")
}
