package match

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/mockserver/journal"
)

// Pattern is a request pattern: criteria of a request.
type Pattern = Criteria[*Subject]

// Criterion matches one thing of a request or of a trigger.
type Criterion[S any] struct {
	Name string // in the words of a request pattern, such as headers.Accept
	Want string // what it matches
	// got returns the texts to match: several if a name has several values,
	// none if it is missing.
	got     func(S) []*jsonText
	matcher matcher
}

// matches reports whether one of the texts matches, or if there is none, whether
// a missing text does.
func (c *Criterion[S]) matches(s S) bool { return matchesOne(c.matcher, c.got(s)) }

// one returns the function got of a criterion with one text, which is missing if
// it is blank.
func one[S any](get func(S) string) func(S) []*jsonText {
	return func(s S) []*jsonText {
		text := get(s)
		if text == "" {
			return nil
		}
		return []*jsonText{{text: text}}
	}
}

// several returns the function got of a criterion with any number of texts.
func several[S any](get func(S) []string) func(S) []*jsonText {
	return func(s S) []*jsonText {
		return textsOf(get(s))
	}
}

func textsOf(values []string) []*jsonText {
	texts := make([]*jsonText, len(values))
	for i := range values {
		texts[i] = &jsonText{text: values[i]}
	}
	return texts
}

func wholeBody(s *Subject) []*jsonText {
	if len(s.Outcome().Body) == 0 {
		return nil
	}
	return []*jsonText{s.bodyText()}
}

func ofStatus(s *Subject) string {
	if status := s.Outcome().Response.Status; status != 0 {
		return strconv.Itoa(status)
	}
	return ""
}

// patternParts are the fields of a request pattern, in the order in which they
// are matched. Those of the path and of the body, which need more than their own
// text, come after them.
var patternParts = []struct {
	field string
	read  func(p Pattern, raw json.RawMessage) (Pattern, error)
}{
	{"method", readMethod},
	{"operation", readText(one((*Subject).Operation))},
	{"status", readText(one(ofStatus))},
	{"application", readText(several((*Subject).applicationKeys))},
	{"webhook", readText(several((*Subject).webhookKeys))},
	{"violation", readText(one((*Subject).Violation))},
	{"scope", readText(several((*Subject).scopes))},
	{"fault", readText(one((*Subject).fault))},
	{"host", readText(one(func(s *Subject) string { name, _ := journal.HostAndPort(s.Host); return name }))},
	{"port", readText(one(func(s *Subject) string { _, port := journal.HostAndPort(s.Host); return strconv.Itoa(port) }))},
	{"scheme", readText(one(func(*Subject) string { return "http" }))},
	{"clientIp", readText(one(func(s *Subject) string { return journal.ClientIP(s.Remote) }))},
	{"headers", readNamed("headers", (*Subject).headerValues, hasExactlyName, includesName)},
	{"queryParameters", readNamed("queryParameters", (*Subject).queryValues, hasExactlyName, includesName)},
	{"formParameters", readNamed("formParameters", (*Subject).formValues, hasExactlyName, includesName)},
	{"cookies", readCookies},
	{"basicAuthCredentials", readBasicAuth},
	{"basicAuth", readBasicAuth}, // as WireMock also reads it
	{"bodyPatterns", readBodyPatterns},
	{"multipartPatterns", readMultipartPatterns},
}

const pathParameters = "pathParameters"

// ParsePattern parses a request pattern in WireMock's JSON. It has the fields
// operation, status, application, webhook, violation, scope and fault in
// addition. A field that is null is left out, as WireMock does; a matcher may
// not be null.
func ParsePattern(data []byte) (Pattern, error) {
	if len(strings.TrimSpace(string(data))) == 0 {
		return nil, &PatternError{"/", "the pattern is empty: {} matches every request", "No content to map due to end-of-input"}
	}
	if err := checkSyntax(data); err != nil {
		return nil, ErrorAt("", err)
	}
	fields, err := readMembers(data)
	if err != nil {
		return nil, ErrorAt("", err)
	}
	if err := checkFields(fields); err != nil {
		return nil, err
	}
	p, err := readURLs(nil, fields)
	if err != nil {
		return nil, err
	}
	for _, part := range patternParts {
		raw, ok := fields[part.field]
		if !ok {
			continue
		}
		before := len(p)
		if p, err = part.read(p, raw); err != nil {
			return nil, ErrorAt("/"+part.field, err)
		}
		for i := before; i < len(p); i++ {
			if p[i].Name == "" {
				p[i].Name = part.field
			}
		}
	}
	return p, nil
}

// checkFields reports a field that a pattern does not have.
func checkFields(fields members) error {
	known := slices.Concat(urlFields, []string{pathParameters})
	for _, part := range patternParts {
		known = append(known, part.field)
	}
	for _, name := range fields.names() {
		if instead, ok := replacements[name]; ok {
			return ErrorAt("/"+name, fmt.Errorf(replacementHint, name, instead))
		}
		if !slices.Contains(known, name) {
			return &PatternError{pointerTo(name), unknown("field", name, known),
				fmt.Sprintf("Unrecognized field %q (class com.github.tomakehurst.wiremock.matching.RequestPattern), not marked as ignorable", name)}
		}
	}
	return nil
}

func readMethod(p Pattern, raw json.RawMessage) (Pattern, error) {
	var method string
	if err := json.Unmarshal(raw, &method); err != nil {
		return nil, fmt.Errorf("want a method such as GET or ANY, not %s", shortened(string(raw)))
	}
	switch method {
	case "ANY":
		return p, nil
	case "GET_OR_HEAD":
		m := some{equalTo("GET", true), equalTo("HEAD", true)}
		return p.And(requestCriterion("", m, one((*Subject).methodText))), nil
	default:
		return p.And(requestCriterion("", equalTo(strings.ToUpper(method), true), one((*Subject).methodText))), nil
	}
}

// readText parses a field that is a text to be equal to, or a matcher.
func readText(got func(*Subject) []*jsonText) func(Pattern, json.RawMessage) (Pattern, error) {
	return func(p Pattern, raw json.RawMessage) (Pattern, error) {
		var m matcher
		text, err := textOf(raw)
		if err == nil {
			m = equalTo(text, false)
		} else if m, err = readMatcher(raw); err != nil {
			return nil, err
		}
		return p.And(requestCriterion("", m, got)), nil
	}
}

// readNamed parses an object of names, with a matcher for each. Where a name may
// have several values there are more matchers.
func readNamed(part string, get func(*Subject, string) []string, more ...string) func(Pattern, json.RawMessage) (Pattern, error) {
	return func(p Pattern, raw json.RawMessage) (Pattern, error) {
		fields, err := readNames(raw)
		if err != nil {
			return nil, err
		}
		for _, name := range fields.names() {
			m, err := readMatcher(fields[name], more...)
			if err != nil {
				return nil, ErrorAt(pointerTo(name), err)
			}
			p = p.And(requestCriterion(part+"."+name, m, several(func(s *Subject) []string { return get(s, name) })))
		}
		return p, nil
	}
}

// readCookies parses matchers of cookies. As in WireMock a cookie that is missing
// is matched by absent alone.
func readCookies(p Pattern, raw json.RawMessage) (Pattern, error) {
	before := len(p)
	p, err := readNamed("cookies", (*Subject).cookieValues)(p, raw)
	for i := before; i < len(p); i++ {
		p[i].matcher = present{p[i].matcher}
	}
	return p, err
}

func readBasicAuth(p Pattern, raw json.RawMessage) (Pattern, error) {
	fields, err := readMembers(raw)
	if err != nil {
		return nil, err
	}
	if err := fields.onlyHas([]string{"username", "password"}); err != nil {
		return nil, err
	}
	if len(fields) < 2 {
		return nil, errors.New("want a username and a password")
	}
	var username, password string
	if err := errors.Join(fields.read("username", &username), fields.read("password", &password)); err != nil {
		return nil, err
	}
	const scheme = "Basic "
	want := base64.StdEncoding.EncodeToString([]byte(username + ":" + password))
	m := plainMatcher{description: fmt.Sprintf("%q, %s in any case", scheme+want, scheme), equal: scheme + want, test: func(text string) bool {
		return len(text) > len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) && text[len(scheme):] == want
	}}
	return p.And(requestCriterion("", m, several(func(s *Subject) []string { return s.headerValues("Authorization") }))), nil
}

func readBodyPatterns(p Pattern, raw json.RawMessage) (Pattern, error) {
	list, err := readBodyMatchers(raw)
	for i, m := range list {
		p = p.And(requestCriterion(fmt.Sprintf("bodyPatterns[%d]", i), m, wholeBody))
	}
	return p, err
}

// readBodyMatchers parses the matchers of a body, or of a part of one.
func readBodyMatchers(raw json.RawMessage) ([]matcher, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("want a list of matchers, not %s", shortened(string(raw)))
	}
	matchers := make([]matcher, len(list))
	for i := range list {
		var err error
		if matchers[i], err = readMatcher(list[i], binaryEqualTo); err != nil {
			return nil, ErrorAt(fmt.Sprintf("/%d", i), err)
		}
	}
	return matchers, nil
}
