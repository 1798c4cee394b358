package api

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// routeHint explains why a path or a method leads to no operation.
func (c *Call) routeHint() string {
	switch {
	case c.Request.Method == http.MethodConnect:
		return "this is no proxy: give its URL to the client as the base URL, and not by HTTPS_PROXY"
	case c.endpoint != nil && c.Request.Method == http.MethodPut:
		return "the API has no PUT: POST creates, and PATCH changes"
	case c.endpoint != nil:
		return "the methods of this path are " + c.endpoint.Allow
	}
	path := c.Request.URL.Path
	if hint := otherPaths[strings.ToLower(strings.TrimRight(path, "/"))]; hint != "" {
		return hint
	}
	for _, mistake := range pathMistakes {
		if corrected := mistake.correct(path); corrected != path && c.isPath(corrected) {
			return mistake.hint
		}
	}
	const hint = "no operation has this path: GET / describes all of them"
	if c.hasDefinition() {
		return hint
	}
	return hint + "; --definition (in Go WithDefinition) adds those of the rest of Losant's API"
}

// hasDefinition reports whether the API has operations of a definition.
func (c *Call) hasDefinition() bool {
	return slices.ContainsFunc(c.Server.State.API.Resources, func(resource *contract.Resource) bool {
		return slices.ContainsFunc(resource.Actions, func(op *contract.Operation) bool { return op.FromDefinition })
	})
}

func (c *Call) isPath(path string) bool {
	u := *c.Request.URL
	u.Path, u.RawPath = path, ""
	endpoint, _ := c.Server.State.API.Find(http.MethodGet, &u)
	return endpoint != nil
}

const (
	healthHint = "GET /__admin/health reports the health of this server"
	docsHint   = "GET / describes the API, and GET /__admin in a browser shows what this server received"
)

// otherPaths are paths that other servers have, in small letters.
var otherPaths = map[string]string{
	"/webhooks": "GET /applications/ID/webhooks lists webhooks, and a call goes to /webhooks/TOKEN",
	"/health":   healthHint, "/healthz": healthHint, "/ready": healthHint, "/readyz": healthHint, "/ping": healthHint, "/livez": healthHint, "/live": healthHint, "/status": healthHint,
	"/docs": docsHint, "/doc": docsHint, "/swagger": docsHint, "/swagger.json": docsHint, "/openapi.json": docsHint, "/ui": docsHint, "/api-docs": docsHint,
}

// pathMistakes are common mistakes in a path, each with what corrects it.
var pathMistakes = []struct {
	correct func(path string) string
	hint    string
}{
	{func(path string) string { return strings.TrimPrefix(path, "/api/v1") }, "Losant's paths begin with /applications: leave out /api/v1"},
	{func(path string) string { return strings.TrimPrefix(path, "/api") }, "Losant's paths begin with /applications: leave out /api"},
	{func(path string) string { return strings.TrimPrefix(path, "/v1") }, "Losant's paths begin with /applications: leave out /v1"},
	{func(path string) string { return strings.TrimRight(path, " ") }, "the path ends with a blank: leave it out"},
	{func(path string) string { return slashes.ReplaceAllString(path, "/") }, "the path has two slashes in a row: is there one at the end of the base URL?"},
	{func(path string) string { return singular.ReplaceAllString(path, "/${1}s$2") }, "the names in a path are plural: /applications/ID/webhooks"},
}

var (
	slashes  = regexp.MustCompile(`//+`)
	singular = regexp.MustCompile(`/(application|webhook)(/|$)`)
)

// otherParameters are query parameters of other APIs, without case and underscores, and
// what this one has in their place.
var otherParameters = map[string]string{
	"limit": "perPage", "size": "perPage", "page": "page", "pagesize": "perPage", "perpage": "perPage", "offset": "page", "skip": "page",
	"sort": "sortField and sortDirection", "sortby": "sortField and sortDirection", "orderby": "sortField and sortDirection",
	"order": "sortDirection", "sortfield": "sortField", "sortdirection": "sortDirection",
	"filterfield": "filterField", "filterby": "filterField", "q": "filterField=name with filter", "search": "filterField=name with filter",
}

// ignoredHint explains what of a request the API ignores.
func (c *Call) ignoredHint() string {
	if strings.EqualFold(c.Request.Header.Get("Upgrade"), "h2c") {
		return "Upgrade: h2c is ignored: a client that speaks HTTP/2 without TLS does so by prior knowledge"
	}
	if c.Operation == nil || !strings.HasSuffix(c.Operation.Name, "s.get") { // a list
		return ""
	}
	query := c.values.Query
	for _, name := range slices.Sorted(maps.Keys(query)) {
		instead := otherParameters[strings.ToLower(strings.ReplaceAll(name, "_", ""))]
		if instead != "" && name != instead {
			return "the API ignores " + name + ": it has " + instead
		}
	}
	switch field, pattern := query["filterField"].Text, query["filter"].Text; {
	case pattern != "" && field == "":
		return "filter has no effect without filterField: add filterField=name"
	case pattern == "" && field != "":
		return "filterField has no effect without filter: add filter=PATTERN"
	default:
		return ""
	}
}
