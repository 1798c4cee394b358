package scenarios

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gobwas/glob"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/nearest"
	"github.com/theory/jsonpath"
)

// checkFaults checks what no schema can say of faults, and of the rate limit
// beside them.
func (c cursor) checkFaults(api *contract.API) {
	section, _ := c.get("api")
	limit, _ := section.get("rateLimit")
	limit.checkDuration("per")
	for _, fault := range c.items("faults") {
		fault.checkOperation(api)
		fault.checkMethod()
		fault.checkToken()
		fault.checkPath(api)
		fault.checkMatching()
		fault.checkCounts()
		fault.checkTimes("after", "until")
		fault.checkWindow()
		fault.checkEffects(api)
	}
}

// checkOperation checks that there is an operation, and that a request to it can
// match the other criteria.
func (c cursor) checkOperation(api *contract.API) {
	operation, ok := c.get("operation")
	if !ok {
		return
	}
	name := operation.Node.Value
	if name == contract.OperationTrigger {
		for _, key := range []string{"token", "perToken"} {
			if c.Has(key) && c.Text(key) != "false" {
				c.WrongKey(key, "can't be used with operation: trigger: calls of webhooks have no access token")
			}
		}
		return
	}
	op := api.Operation(name)
	if op == nil {
		operation.Wrong(operation.Quoted() + " is not an operation of the API, nor trigger" + nearest.DidYouMean(name, operations(api)))
		return
	}
	if method, ok := c.get("method"); ok && !strings.EqualFold(method.Node.Value, op.Method) {
		method.Wrong(fmt.Sprintf("%s can't match: the method of %s is %s", method.Quoted(), name, op.Method))
	}
	if c.Has("application") && !strings.Contains(op.Path, "{applicationId}") {
		c.WrongKey("application", "can't match: the path of "+name+" names no application")
	}
}

func operations(api *contract.API) []string {
	names := []string{contract.OperationTrigger}
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			names = append(names, op.Name)
		}
	}
	return names
}

var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
	http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace,
}

func (c cursor) checkMethod() {
	if method, ok := c.get("method"); ok && !slices.Contains(methods, strings.ToUpper(method.Node.Value)) {
		method.Wrong(method.Quoted() + " is not a method of HTTP" + nearest.DidYouMean(strings.ToUpper(method.Node.Value), methods))
	}
}

var (
	// queryInPath matches a glob with a query behind it. A question mark alone
	// stands for any character.
	queryInPath = regexp.MustCompile(`\?[^/]*=`)
	// parameterInPath matches what stands for a part of a path elsewhere. Braces
	// with a comma are alternatives of a glob.
	parameterInPath = regexp.MustCompile(`\{[^,{}]*\}|/:\w+|<\w+>`)
)

// scheme matches a token that has the scheme of its header before it.
var scheme = regexp.MustCompile(`(?i)^(bearer|basic|token) `)

// checkToken checks that a token is one, and not the value of a header.
func (c cursor) checkToken() {
	if token, ok := c.get("token"); ok && scheme.MatchString(token.Node.Value) {
		token.Wrong("can't match: a token has no scheme before it: leave " + strings.TrimSpace(scheme.FindString(token.Node.Value)) + " out")
	}
}

// checkPath checks that a glob can match a path.
func (c cursor) checkPath(api *contract.API) {
	path, ok := c.get("path")
	if !ok || !path.checkExpression() {
		return
	}
	text := path.Node.Value
	parameter := parameterInPath.FindString(text)
	switch _, err := glob.Compile(text, '/'); {
	case err != nil, strings.Count(text, "{") > 1:
		path.Wrong(path.Quoted() + " is not a glob, or too complex a one")
	case parameter != "":
		path.Wrong(path.Quoted() + " can't match" + path.Because(errors.New(parameter+" stands for itself: write * for any part of a path")))
	case queryInPath.MatchString(text):
		path.Wrong(path.Quoted() + " can't match: the path has no query, and ? stands for one character")
	case !strings.ContainsAny(text[:1], `/*{[\`), !strings.Contains(text, "/") && !strings.Contains(text, "**"):
		path.Wrong(path.Quoted() + " can't match: a path begins with /, which * does not match: ** does")
	default:
		c.checkPathOf(api)
	}
}

func (c cursor) checkMatching() {
	if matching, ok := c.get("matching"); ok && matching.checkExpression() {
		if _, err := jsonpath.Parse(matching.Node.Value); err != nil {
			matching.Wrong(matching.Quoted() + " is not a JSONPath" + matching.Because(err))
		}
	}
}

// maxExpression is the largest glob or JSONPath, in bytes. Their parsers
// call themselves for each level, and a stack that is too deep ends the program.
const maxExpression = 4096

// checkExpression checks that an expression is not too large to be parsed.
func (c cursor) checkExpression() bool {
	if len(c.Node.Value) > maxExpression {
		c.Wrong(fmt.Sprintf("has %d bytes, and at most %d are read: shorten it, or write several", len(c.Node.Value), maxExpression))
		return false
	}
	return len(c.Node.Value) > 0
}

// checkCounts checks that a fault or a response applies to one of the matches, by their number.
func (c cursor) checkCounts() {
	from, to, every := max(c.Number("from"), 1), c.Number("to"), max(c.Number("every"), 1)
	switch {
	case to <= 0:
	case to < from:
		last, _ := c.get("to")
		last.Wrong(fmt.Sprintf("%d is less than from (%d): it applies to no request", to, from))
	case every-1 > to-from:
		each, _ := c.get("every")
		each.Wrong(fmt.Sprintf("%d is more than the %d requests of from and to: it applies to none", every, to-from+1))
	}
	if steps, applied := c.items("steps"), (to-from+1)/every; to >= from && applied > 0 && len(steps) > applied {
		steps[applied].Wrong(fmt.Sprintf("is never reached: with from, to and every it applies %d times", applied))
	}
	if c.Text("perToken") == "true" {
		c.Needs("perToken", "from", "to", "every", "steps")
	}
}

// checkWindow checks that a fault applies at some time.
func (c cursor) checkWindow() {
	after, hasAfter := c.get("after")
	until, hasUntil := c.get("until")
	var begin, end time.Time
	if hasAfter && hasUntil && after.Node.Decode(&begin) == nil && until.Node.Decode(&end) == nil && !end.After(begin) {
		until.Wrong(until.Quoted() + " is not later than after: the fault applies to no request")
	}
}
