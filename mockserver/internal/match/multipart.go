package match

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
)

// part is a part of a multipart body.
type part struct {
	name, fileName string
	header         textproto.MIMEHeader
}

// partTexts returns the parts of a multipart body with their contents as texts.
func (s *Subject) partTexts() []*jsonText {
	contentType := strings.Join(s.headerValues("Content-Type"), ",")
	media, parameters := decode.MediaType(contentType)
	if !strings.HasPrefix(media, "multipart/") {
		return nil
	}
	var texts []*jsonText
	_ = decode.Parts([]byte(s.bodyText().text), parameters["boundary"], func(p *multipart.Part, content []byte) {
		texts = append(texts, &jsonText{text: string(content), part: &part{p.FormName(), p.FileName(), p.Header}})
	}) // what can be read is enough
	return texts
}

// partMatcher matches a part of a body by its name, headers and content.
type partMatcher struct {
	name, fileName string // blank for any
	headers        map[string]matcher
	body           []matcher
	every          bool // every part must match, not only one
	text           string
}

func readMultipartPatterns(p Pattern, raw json.RawMessage) (Pattern, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("want a list, not %s", shortened(string(raw)))
	}
	for i := range list {
		m, err := readPart(list[i])
		if err != nil {
			return nil, ErrorAt(fmt.Sprintf("/%d", i), err)
		}
		p = p.And(requestCriterion(fmt.Sprintf("multipartPatterns[%d]", i), m, (*Subject).partTexts))
	}
	return p, nil
}

func readPart(raw json.RawMessage) (matcher, error) {
	m := partMatcher{headers: map[string]matcher{}, text: shortened(string(raw))}
	fields, err := readMembers(raw)
	if err != nil {
		return nil, err
	}
	if err := fields.onlyHas([]string{"name", "fileName", "matchingType", "headers", "bodyPatterns"}); err != nil {
		return nil, err
	}
	matchingType := "ANY"
	if err := errors.Join(fields.read("name", &m.name), fields.read("fileName", &m.fileName), fields.read("matchingType", &matchingType)); err != nil {
		return nil, err
	}
	if matchingType != "ANY" && matchingType != "ALL" {
		return nil, ErrorAt("/matchingType", fmt.Errorf("want ANY or ALL, not %q", shortened(matchingType)))
	}
	m.every = matchingType == "ALL"
	if raw, ok := fields["headers"]; ok {
		names, err := readNames(raw)
		if err != nil {
			return nil, ErrorAt("/headers", err)
		}
		for _, name := range names.names() {
			if m.headers[name], err = readMatcher(names[name], hasExactlyName, includesName); err != nil {
				return nil, ErrorAt("/headers"+pointerTo(name), err)
			}
		}
	}
	if raw, ok := fields["bodyPatterns"]; ok {
		if m.body, err = readBodyMatchers(raw); err != nil {
			return nil, ErrorAt("/bodyPatterns", err)
		}
	}
	return m, nil
}

func (m partMatcher) matches(t *jsonText, all []*jsonText) bool {
	if m.every {
		return len(all) > 0 && !slices.ContainsFunc(all, func(t *jsonText) bool { return !m.matchesPart(t) })
	}
	return m.matchesPart(t)
}

func (m partMatcher) matchesPart(t *jsonText) bool {
	if t == nil || m.name != "" && m.name != t.part.name || m.fileName != "" && m.fileName != t.part.fileName {
		return false
	}
	for name, inner := range m.headers {
		if !matchesOne(inner, textsOf(t.part.header.Values(name))) {
			return false
		}
	}
	var content []*jsonText
	if t.text != "" {
		content = []*jsonText{t}
	}
	return !slices.ContainsFunc(m.body, func(inner matcher) bool { return !matchesOne(inner, content) })
}

func (m partMatcher) difference(*jsonText) string { return "" }
func (m partMatcher) String() string              { return "with a part like " + m.text }
