package document

import (
	"regexp"
	"slices"
	"strings"
)

// The forms of names. Names are in logs, in the JSON of responses and in the names of
// operations, "device.get", without being quoted there.
var (
	wordForm  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)
	paramForm = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$\[\]-]*$`)
	scopeForm = regexp.MustCompile(`^[A-Za-z_*][A-Za-z0-9_.*-]*$`)
)

// checkName checks the name that a thing has as the key of an object.
func (m member) checkName(kind string) {
	if !wordForm.MatchString(m.key) {
		m.fail("%q can't be the name of %s: want letters, digits, _ and -, beginning with a letter or _", m.key, kind)
	}
}

// checkParamName checks the name of a parameter.
func (n node) checkParamName() {
	if n.isText() && !paramForm.MatchString(n.text()) {
		n.fail("%q can't be the name of a parameter: want letters, digits, _, -, $, [ and ], beginning with a letter, _ or $", n.value)
	}
}

// scopes returns a list of scopes.
func (n node) scopes() []string {
	var scopes []string
	for _, item := range n.items() {
		scope := item.text()
		if item.isText() {
			item.checkScope(scope)
		}
		scopes = append(scopes, scope)
	}
	return scopes
}

func (n node) checkScope(scope string) {
	if !scopeForm.MatchString(scope) {
		n.fail("%q can't be a scope: want one such as devices.get", scope)
	}
}

// segmentForm is what may be between two slashes of a path, where it is no parameter: a
// client sends other characters in an encoded form, which no router compares with them.
var segmentForm = regexp.MustCompile(`^[A-Za-z0-9_.~!$&'()*+,;=@-]*$`)

// checkPath checks that a path can be written into JSON, and that a router can match it:
// each parameter is one segment, with a name of its own.
func (n node) checkPath(path string) bool {
	problem := ""
	var params []string
	for _, segment := range strings.Split(path, "/") {
		name, isParam := strings.CutPrefix(segment, "{")
		name, closed := strings.CutSuffix(name, "}")
		switch {
		case isParam != closed, isParam && !wordForm.MatchString(name):
			problem = "want a parameter such as {deviceId} between two slashes"
		case isParam && slices.Contains(params, name):
			problem = "it has the parameter {" + name + "} twice"
		case isParam:
			params = append(params, name)
		case segment == "." || segment == "..":
			problem = "clients leave out a segment " + segment
		case !segmentForm.MatchString(segment):
			problem = "want letters, digits and ._~!$&'()*+,;=@- between its slashes"
		}
	}
	if strings.Contains(path, "//") || len(path) > 1 && strings.HasSuffix(path, "/") {
		problem = "it has a slash behind another, or at its end"
	}
	if problem != "" {
		n.fail("the path %q can't be routed: %s", path, problem)
	}
	return problem == ""
}

// reserved are the paths below which a stand-in serves itself, or calls of webhooks.
var reserved = []string{"/__admin", "/__sandbox/", "/webhooks/"}

// checkReachable checks that requests for an operation's path reach it.
func (n node) checkReachable(path string) {
	if path == "/" {
		n.fail("the path / can't be that of an operation: GET / is the API's definition of itself")
	}
	for _, prefix := range reserved {
		if below := strings.TrimSuffix(prefix, "/"); path == prefix || strings.HasPrefix(path, below+"/") {
			n.fail("the path %q can't be reached: what begins with %s/ is not part of the API here", path, below)
		}
	}
}

// paramsIn returns the names of a path's parameters.
func paramsIn(path string) []string {
	var names []string
	for _, found := range braces.FindAllString(path, -1) {
		names = append(names, strings.Trim(found, "{}"))
	}
	return names
}

// checkParams checks the parameters of an action with those of its resource: each place
// has a name once, there is one body, and the path has those that are read from it.
func (n node) checkParams(path string, params []Param) {
	seen, bodies, inPath := map[[2]string]bool{}, 0, paramsIn(path)
	for _, p := range params {
		if p.In == "body" {
			bodies++
		}
		switch key := [2]string{p.In, p.Name}; {
		case seen[key]:
			n.fail("has the parameter %q in %q twice, with those of its resource: want one", p.Name, p.In)
		case p.In == "path" && !slices.Contains(inPath, p.Name):
			n.fail("has the parameter %q in the path, and the path %q has no {%s}", p.Name, path, p.Name)
		}
		seen[[2]string{p.In, p.Name}] = true
	}
	isForm := slices.ContainsFunc(params, func(p Param) bool { return p.In == "multipart" || p.In == "formData" })
	if bodies > 1 || bodies == 1 && isForm {
		n.fail("has more than one parameter that is the body: a request has one body, want one of them, or fields of multipart alone")
	}
}
