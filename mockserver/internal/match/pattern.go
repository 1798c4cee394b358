package match

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
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
func (c *Criterion[S]) matches(s S) bool {
	texts := c.got(s)
	if len(texts) == 0 {
		return c.matcher.matches(nil)
	}
	return slices.ContainsFunc(texts, c.matcher.matches)
}

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
		values := get(s)
		texts := make([]*jsonText, len(values))
		for i := range values {
			texts[i] = &jsonText{text: values[i]}
		}
		return texts
	}
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
// are matched.
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
	{"url", readURL(equalURL, func(s *Subject) string { return s.Target })},
	{"urlPath", readURL(equalURL, (*Subject).Path)},
	{"urlPattern", readURL(regexpURL, func(s *Subject) string { return s.Target })},
	{"urlPathPattern", readURL(regexpURL, (*Subject).Path)},
	{"urlPathTemplate", readURL(templateURL, (*Subject).Path)},
	{"host", readText(one(func(s *Subject) string { name, _ := journal.HostAndPort(s.Host); return name }))},
	{"port", readText(one(func(s *Subject) string { _, port := journal.HostAndPort(s.Host); return strconv.Itoa(port) }))},
	{"scheme", readText(one(func(*Subject) string { return "http" }))},
	{"clientIp", readText(one(func(s *Subject) string { return journal.ClientIP(s.Remote) }))},
	{"headers", readNamed("headers", (*Subject).headerValues)},
	{"queryParameters", readNamed("queryParameters", (*Subject).queryValues)},
	{"formParameters", readNamed("formParameters", (*Subject).formValues)},
	{"cookies", readNamed("cookies", (*Subject).cookieValues)},
	{"basicAuthCredentials", readBasicAuth},
	{"bodyPatterns", readBodyPatterns},
}

// ParsePattern parses a request pattern in WireMock's JSON. It has the fields
// operation, status, application, webhook, violation, scope and fault in
// addition.
func ParsePattern(data []byte) (Pattern, error) {
	var fields map[string]json.RawMessage
	d := json.NewDecoder(bytes.NewReader(data))
	switch err := d.Decode(&fields); {
	case errors.Is(err, io.EOF):
		return nil, &PatternError{Pointer: "/", Detail: "No content to map due to end-of-input"}
	case err != nil:
		return nil, &PatternError{Pointer: "", Detail: err.Error()}
	}
	template := fields["urlPathTemplate"]
	var p Pattern
	for _, part := range patternParts {
		raw, ok := fields[part.field]
		if !ok {
			continue
		}
		delete(fields, part.field)
		var err error
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
	if raw, ok := fields["pathParameters"]; ok {
		delete(fields, "pathParameters")
		var err error
		if p, err = readPathParameters(p, raw, template); err != nil {
			return nil, ErrorAt("/pathParameters", err)
		}
	}
	if len(fields) > 0 {
		name := slices.Min(slices.Collect(maps.Keys(fields)))
		if slices.Contains([]string{"customMatcher", "multipartPatterns"}, name) {
			return nil, &PatternError{Pointer: "/" + name, Detail: name + " can't be used here"}
		}
		return nil, &PatternError{Pointer: "/" + name, Detail: fmt.Sprintf("Unrecognized field %q (class com.github.tomakehurst.wiremock.matching.RequestPattern), not marked as ignorable", name)}
	}
	return p, nil
}

// ErrorAt returns an error with the place in the pattern that it is about.
func ErrorAt(pointer string, err error) error {
	var inside *PatternError
	if !errors.As(err, &inside) {
		return &PatternError{Pointer: pointer, Detail: err.Error()}
	}
	if inside.Pointer == "" {
		return &PatternError{Pointer: pointer, Detail: inside.Detail}
	}
	return &PatternError{Pointer: pointer + inside.Pointer, Detail: inside.Detail}
}

func readMethod(p Pattern, raw json.RawMessage) (Pattern, error) {
	var method string
	if err := json.Unmarshal(raw, &method); err != nil {
		return nil, err
	}
	if method == "ANY" {
		return p, nil
	}
	return p.And(requestCriterion("", equalTo(strings.ToUpper(method), false), one((*Subject).methodText))), nil
}

// readText parses a field that is a text to be equal to, or a matcher.
func readText(got func(*Subject) []*jsonText) func(Pattern, json.RawMessage) (Pattern, error) {
	return func(p Pattern, raw json.RawMessage) (Pattern, error) {
		if want, err := textOf(raw); err == nil {
			return p.And(requestCriterion("", equalTo(want, false), got)), nil
		}
		m, err := readMatcher(raw)
		if err != nil {
			return nil, err
		}
		return p.And(requestCriterion("", m, got)), nil
	}
}

func readURL(read func(string) (matcher, error), get func(*Subject) string) func(Pattern, json.RawMessage) (Pattern, error) {
	return func(p Pattern, raw json.RawMessage) (Pattern, error) {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, err
		}
		m, err := read(text)
		if err != nil {
			return nil, err
		}
		return p.And(requestCriterion("", m, one(get))), nil
	}
}

func equalURL(text string) (matcher, error) { return equalTo(text, false), nil }

func regexpURL(text string) (matcher, error) {
	re, err := wholeRegexp(text)
	if err != nil {
		return nil, err
	}
	return plainMatcher{description: fmt.Sprintf("matching %q", text), test: re.MatchString}, nil
}

var templateParam = regexp.MustCompile(`\\\{[^{}/]+\\\}`)

func templateURL(text string) (matcher, error) {
	re, err := regexp.Compile(`\A` + templateParam.ReplaceAllString(regexp.QuoteMeta(text), `[^/]+`) + `\z`)
	if err != nil {
		return nil, err
	}
	return plainMatcher{description: fmt.Sprintf("like %q", text), test: re.MatchString}, nil
}

// readNamed parses an object of names, with a matcher for each.
func readNamed(part string, get func(*Subject, string) []string) func(Pattern, json.RawMessage) (Pattern, error) {
	return func(p Pattern, raw json.RawMessage) (Pattern, error) {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(raw, &fields); err != nil {
			return nil, err
		}
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			m, err := readMatcher(fields[name])
			if err != nil {
				return nil, ErrorAt("/"+name, err)
			}
			p = p.And(requestCriterion(part+"."+name, m, several(func(s *Subject) []string { return get(s, name) })))
		}
		return p, nil
	}
}

// readPathParameters parses the matchers of the parameters of urlPathTemplate, or
// without one of the operation's own parameters.
func readPathParameters(p Pattern, raw, template json.RawMessage) (Pattern, error) {
	var text string
	if template == nil || json.Unmarshal(template, &text) != nil {
		return readNamed("pathParameters", func(s *Subject, name string) []string { return nonBlank(s.param(name)) })(p, raw)
	}
	names := strings.Split(text, "/")
	return readNamed("pathParameters", func(s *Subject, name string) []string {
		values := strings.Split(s.Path(), "/")
		if i := slices.Index(names, "{"+name+"}"); i >= 0 && i < len(values) {
			return nonBlank(values[i])
		}
		return nil
	})(p, raw)
}

func nonBlank(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func readBasicAuth(p Pattern, raw json.RawMessage) (Pattern, error) {
	var c struct{ Username, Password string }
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, err
	}
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(c.Username+":"+c.Password))
	return p.And(requestCriterion("", equalTo(want, false), several(func(s *Subject) []string { return s.headerValues("Authorization") }))), nil
}

func readBodyPatterns(p Pattern, raw json.RawMessage) (Pattern, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	for i := range list {
		m, err := readMatcher(list[i])
		if err != nil {
			return nil, ErrorAt("/"+strconv.Itoa(i), err)
		}
		p = p.And(requestCriterion(fmt.Sprintf("bodyPatterns[%d]", i), m, wholeBody))
	}
	return p, nil
}
