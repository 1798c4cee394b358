package scenarios

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gobwas/glob"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios/internal/globs"
)

const (
	webhookPaths = "/webhooks/**" // of calls of webhooks
	ownPaths     = "/__**"        // of the admin API, and of the prefix of sandboxes
)

// checkPathOf checks that a request which meets the other criteria of a fault can have a
// path of its glob.
func (c cursor) checkPathOf(api *contract.API) {
	path, ok := c.get("path")
	if !ok {
		return
	}
	pattern, operation, application := path.Node.Value, c.Text("operation"), c.Text("application")
	switch {
	case c.matchesPath(pattern, api):
	case c.Has("operation"):
		path.Wrong(path.Quoted() + " can't match: the path of " + operation + " is " + pathOf(api, operation) + c.asApplication())
	case c.Has("application"):
		path.Wrong(path.Quoted() + " can't match: it is not a path of the application " + application)
	case c.Has("token") && globs.Meet(pattern, webhookPaths):
		c.WrongKey("token", "can't match: calls of webhooks have no access token")
	case globs.Meet(pattern, ownPaths):
		path.Wrong(path.Quoted() + " can't match: faults do not apply to the admin API, and the path in a sandbox is that behind its prefix")
	default:
		if begin, _, ok := strings.Cut(pattern, "?"); ok && c.matchesPath(begin, api) {
			path.Wrong(path.Quoted() + " can't match: the path has no query, and ? stands for one character")
		}
	}
}

func (c cursor) asApplication() string {
	if c.Has("application") {
		return " of application " + c.Text("application")
	}
	return ""
}

// matchesPath reports whether a glob matches a path of the operation and the application
// of a fault; a fault without them may be about any.
func (c cursor) matchesPath(pattern string, api *contract.API) bool {
	return len(c.matching(pattern, api)) > 0
}

// matching returns the operations whose paths match.
func (c cursor) matching(pattern string, api *contract.API) []string {
	names := operations(api)
	if c.Has("operation") {
		names = []string{c.Text("operation")}
	}
	return slices.DeleteFunc(names, func(name string) bool {
		form := pathOf(api, name)
		if form == webhookPaths && c.Has("token") {
			return true
		}
		if c.Has("application") {
			if form != webhookPaths && !strings.Contains(form, "{applicationId}") {
				return true
			}
			form = strings.ReplaceAll(form, "{applicationId}", c.Text("application"))
		}
		form = parameterInPath.ReplaceAllString(form, "*")
		return !globs.Meet(pattern, form) && !globs.Meet(pattern, form+"/") // which the router ignores
	})
}

// matchesStreamsAlone reports whether all operations that a fault can match respond with
// a stream of events.
func (c cursor) matchesStreamsAlone(api *contract.API) bool {
	pattern := cmp.Or(c.Text("path"), "**")
	if _, err := glob.Compile(pattern, '/'); err != nil || len(pattern) > maxExpression {
		return false // which is reported
	}
	names := c.matching(pattern, api)
	return len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool {
		op := api.Operation(name)
		return op == nil || !slices.ContainsFunc(op.Responses, func(r contract.Response) bool { return r.Events != nil })
	})
}

// pathOf returns the path of an operation, with its parameters in braces.
func pathOf(api *contract.API, operation string) string {
	if op := api.Operation(operation); op != nil {
		return op.Path
	}
	return webhookPaths
}
