package match

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/effort"
	"github.com/losantmock/losantmock/mockserver/internal/matcher"
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
	got     func(S) []*matcher.Text
	matcher matcher.Matcher
	isHeavy bool           // whether it takes the body, which may be large
	members map[string]any // of a request pattern that says the same; nil for none
}

// matches reports whether one of the texts matches, or if there is none, whether
// a missing text does. It returns an error where that can't be decided.
func (c *Criterion[S]) matches(b *effort.Budget, s S) (bool, error) {
	matched, err := matcher.Match(b, c.matcher, c.got(s))
	if err != nil {
		err = matcher.ErrorAt("/"+c.Name, err)
	}
	return matched, err
}

// one returns the function got of a criterion with one text, which is missing if
// it is blank.
func one[S any](get func(S) string) func(S) []*matcher.Text {
	return func(s S) []*matcher.Text { return matcher.Texts(known(get(s))) }
}

// several returns the function got of a criterion with any number of texts.
func several[S any](get func(S) []string) func(S) []*matcher.Text {
	return func(s S) []*matcher.Text {
		return matcher.Texts(get(s))
	}
}

// errPending is why what comes with the response can't be matched yet.
var (
	errPending = errors.New("the request has no response yet: wait for it, in Go with Within")
	errUnread  = errors.New("the body of the request is still being read: wait for it, in Go with Within")
	errEncoded = errors.New("the body is kept as sent alone: decoded it has more bytes than the server's limit")
)

// got is how a criterion gets its texts.
type got = func(*Subject) []*matcher.Text

// unless returns the function got of what is undecided while a condition holds.
func unless(undecided func(*Subject) error, got got) got {
	return func(s *Subject) []*matcher.Text {
		if err := undecided(s); err != nil {
			return []*matcher.Text{matcher.Undecided(err)}
		}
		return got(s)
	}
}

// withResponse returns the function got of what is known with the response alone.
func withResponse(got got) got { return unless((*Subject).pending, got) }

// withBody returns the function got of what is in the body.
func withBody(got got) got { return unless((*Subject).unreadable, got) }

var (
	statusText    = withResponse(one(ofStatus))
	violationText = withResponse(one((*Subject).Violation))
	scopeTexts    = several((*Subject).scopes)
	faultText     = unless((*Subject).unread, one((*Subject).fault))
	parts         = withBody((*Subject).partTexts)
	wholeBody     = withBody(func(s *Subject) []*matcher.Text {
		if len(s.Outcome().Body) == 0 {
			return nil
		}
		return []*matcher.Text{s.bodyText()}
	})
)

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
	{"status", readText(statusText)},
	{"application", readText(several((*Subject).applicationKeys))},
	{"webhook", readText(several((*Subject).webhookKeys))},
	{"violation", readText(violationText)},
	{"scope", readText(scopeTexts)},
	{"fault", readText(faultText)},
	{"host", readText(one(func(s *Subject) string { name, _ := journal.HostAndPort(s.Host()); return name }))},
	{"port", readText(one(func(s *Subject) string { _, port := journal.HostAndPort(s.Host()); return strconv.Itoa(port) }))},
	{"scheme", readText(one(func(s *Subject) string { return s.Scheme() }))},
	{"clientIp", readText(one(func(s *Subject) string { return journal.ClientIP(s.Remote) }))},
	{"headers", readNamed("headers", validHeaderName, (*Subject).headerValues, matcher.HasExactly, matcher.Includes)},
	{"queryParameters", readNamed("queryParameters", validName, (*Subject).queryValues, matcher.HasExactly, matcher.Includes)},
	{"formParameters", readForm},
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
		return nil, &matcher.PatternError{Pointer: "/", Detail: "the pattern is empty: {} matches every request", WireMock: "No content to map due to end-of-input"}
	}
	if err := matcher.CheckSyntax(data); err != nil {
		return nil, matcher.ErrorAt("", err)
	}
	fields, err := matcher.ReadMembers(data)
	if err != nil {
		return nil, matcher.ErrorAt("", err)
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
			return nil, matcher.ErrorAt("/"+part.field, err)
		}
		for i := before; i < len(p); i++ {
			if p[i].Name == "" {
				p[i].Name = part.field
			}
		}
	}
	if len(p) > 0 {
		p[0].members = map[string]any{}
		for name, raw := range fields {
			p[0].members[name] = raw
		}
	}
	return p, nil
}

// checkFields reports a field that a pattern does not have.
func checkFields(fields matcher.Members) error {
	known := slices.Concat(urlFields, []string{pathParameters})
	for _, part := range patternParts {
		known = append(known, part.field)
	}
	for _, name := range fields.Names() {
		if err := matcher.Unsupported(name); err != nil {
			return err
		}
		if !slices.Contains(known, name) {
			return &matcher.PatternError{Pointer: matcher.PointerTo(name), Detail: matcher.Unknown("field", name, known),
				WireMock: fmt.Sprintf("Unrecognized field %q (class com.github.tomakehurst.wiremock.matching.RequestPattern), not marked as ignorable", name)}
		}
	}
	return nil
}

func readMethod(p Pattern, raw json.RawMessage) (Pattern, error) {
	var method string
	if err := json.Unmarshal(raw, &method); err != nil {
		return nil, fmt.Errorf("want a method such as GET or ANY, not %s", matcher.Shortened(string(raw)))
	}
	switch method {
	case "ANY":
		return p, nil
	case "GET_OR_HEAD":
		m := matcher.Either(matcher.EqualInAnyCase("GET"), matcher.EqualInAnyCase("HEAD"))
		return p.And(requestCriterion("", m, one((*Subject).methodText))), nil
	default:
		return p.And(MethodIs(method)), validMethod(method)
	}
}

// readText parses a field that is a text to be equal to, or a matcher.
func readText(got func(*Subject) []*matcher.Text) func(Pattern, json.RawMessage) (Pattern, error) {
	return func(p Pattern, raw json.RawMessage) (Pattern, error) {
		var m matcher.Matcher
		text, err := matcher.ReadText(raw)
		if err == nil {
			m = matcher.EqualTo(asWritten(text, raw))
		} else if m, err = matcher.Read(raw); err != nil {
			return nil, err
		}
		return p.And(requestCriterion("", m, got)), nil
	}
}

// asWritten returns a number of the pattern as a response has it: 2e2 as 200. Other
// texts stay as they are.
func asWritten(text string, raw json.RawMessage) string {
	number, err := strconv.ParseFloat(string(raw), 64) // a string has quotes
	if err != nil {
		return text
	}
	plain := strconv.FormatFloat(number, 'f', -1, 64)
	if decode.EqualScalars(json.Number(text), json.Number(plain)) {
		return plain
	}
	return text
}

// readNamed parses an object of names, with a matcher for each. Where a name may
// have several values there are more matchers.
func readNamed(part string, valid func(name string) error, get func(*Subject, string) []string, more ...string) func(Pattern, json.RawMessage) (Pattern, error) {
	return func(p Pattern, raw json.RawMessage) (Pattern, error) {
		fields, err := matcher.ReadNames(raw)
		if err != nil {
			return nil, err
		}
		for _, name := range fields.Names() {
			if err := valid(name); err != nil {
				return nil, matcher.ErrorAt(matcher.PointerTo(name), err)
			}
			m, err := matcher.Read(fields[name], more...)
			if err != nil {
				return nil, matcher.ErrorAt(matcher.PointerTo(name), err)
			}
			p = p.And(requestCriterion(part+"."+name, m, several(func(s *Subject) []string { return get(s, name) })))
		}
		return p, nil
	}
}

// readForm parses matchers of the fields of a form, which is read with the body.
func readForm(p Pattern, raw json.RawMessage) (Pattern, error) {
	before := len(p)
	p, err := readNamed("formParameters", validName, (*Subject).formValues, matcher.HasExactly, matcher.Includes)(p, raw)
	for i := before; i < len(p); i++ {
		p[i].got, p[i].isHeavy = withBody(p[i].got), true
	}
	return p, err
}

// readCookies parses matchers of cookies. As in WireMock a cookie that is missing
// is matched by absent alone.
func readCookies(p Pattern, raw json.RawMessage) (Pattern, error) {
	before := len(p)
	p, err := readNamed("cookies", validName, (*Subject).cookieValues)(p, raw)
	for i := before; i < len(p); i++ {
		p[i].matcher = matcher.Present(p[i].matcher)
	}
	return p, err
}

func readBasicAuth(p Pattern, raw json.RawMessage) (Pattern, error) {
	fields, err := matcher.ReadMembers(raw)
	if err != nil {
		return nil, err
	}
	if err := fields.OnlyHas([]string{"username", "password"}); err != nil {
		return nil, err
	}
	if len(fields) < 2 {
		return nil, errors.New("want a username and a password")
	}
	var username, password string
	if err := errors.Join(fields.Read("username", &username), fields.Read("password", &password)); err != nil {
		return nil, err
	}
	const scheme = "Basic "
	want := base64.StdEncoding.EncodeToString([]byte(username + ":" + password))
	m := matcher.Func(fmt.Sprintf("%q, %s in any case", scheme+want, scheme), scheme+want, func(text string) bool {
		return len(text) > len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) && text[len(scheme):] == want
	})
	return p.And(requestCriterion("", m, several(func(s *Subject) []string { return s.headerValues("Authorization") }))), nil
}

func readBodyPatterns(p Pattern, raw json.RawMessage) (Pattern, error) {
	list, err := matcher.ReadBody(raw)
	for i, m := range list {
		p = p.And(bodyCriterion(fmt.Sprintf("bodyPatterns[%d]", i), m, wholeBody))
	}
	return p, err
}

func readMultipartPatterns(p Pattern, raw json.RawMessage) (Pattern, error) {
	list, err := matcher.ReadParts(raw)
	for i, m := range list {
		p = p.And(bodyCriterion(fmt.Sprintf("multipartPatterns[%d]", i), m, parts))
	}
	return p, err
}
