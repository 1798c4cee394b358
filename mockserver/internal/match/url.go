package match

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/matcher"
)

// urlFields are the fields of a pattern that match the URL. A pattern may have one
// of them: of several, WireMock ignores all but the first.
var urlFields = []string{"url", "urlPattern", "urlPath", "urlPathPattern", "urlPathTemplate"}

// readURLs parses the field that matches the URL, and the matchers of the path's
// parameters.
func readURLs(p Pattern, fields matcher.Members) (Pattern, error) {
	var found []string
	for _, field := range urlFields {
		if _, ok := fields[field]; ok {
			found = append(found, field)
		}
	}
	if len(found) > 1 {
		return nil, matcher.ErrorAt("/"+found[1], fmt.Errorf("a pattern can have one of %s, not several", strings.Join(found, ", ")))
	}
	var template *matcher.PathTemplate
	var err error
	for _, field := range found {
		if p, template, err = readURL(p, field, fields[field]); err != nil {
			return nil, matcher.ErrorAt("/"+field, err)
		}
	}
	raw, ok := fields[pathParameters]
	if !ok {
		return p, nil
	}
	if p, err = readPathParameters(p, raw, template); err != nil {
		return nil, matcher.ErrorAt("/"+pathParameters, err)
	}
	return p, nil
}

// readURL parses a field that matches the URL. The template is that of
// urlPathTemplate.
func readURL(p Pattern, field string, raw json.RawMessage) (_ Pattern, template *matcher.PathTemplate, err error) {
	get := (*Subject).Path
	if field == "url" || field == "urlPattern" {
		get = func(s *Subject) string { return s.Target }
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return nil, nil, err
	}
	var m matcher.Matcher
	if strings.HasSuffix(field, "Pattern") {
		if m, err = matcher.ReadRegexp(raw); err != nil {
			return nil, nil, err
		}
		if err := validPathPattern(text); err != nil {
			return nil, nil, err
		}
		return p.And(requestCriterion(field, m, one(get))), nil, nil
	}
	valid := validPath
	if field == "url" {
		valid = validTarget
	}
	if err := valid(text); err != nil {
		return nil, nil, err
	}
	m = matcher.EqualTo(text)
	if field == "urlPathTemplate" {
		if template, err = matcher.NewPathTemplate(text); err != nil {
			return nil, nil, err
		}
		m = template.Matcher()
	}
	return p.And(requestCriterion(field, m, one(get))), template, nil
}

// readPathParameters parses the matchers of the parameters of urlPathTemplate, or
// without one of the operation's own parameters.
func readPathParameters(p Pattern, raw json.RawMessage, template *matcher.PathTemplate) (Pattern, error) {
	get := func(s *Subject, name string) []string { return known(s.param(name)) }
	parameters := []string{"applicationId", "webhookId"}
	if template != nil {
		get = func(s *Subject, name string) []string { return template.Values(s.Path(), name) }
		parameters = template.Names()
	}
	names, err := matcher.ReadNames(raw)
	if err != nil {
		return nil, err
	}
	for _, name := range names.Names() {
		if !slices.Contains(parameters, name) {
			return nil, matcher.ErrorAt(matcher.PointerTo(name), errors.New(matcher.Unknown("parameter", name, parameters)))
		}
	}
	return readNamed(pathParameters, validName, get)(p, raw)
}
