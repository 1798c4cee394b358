package journal

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/losantmock/losantmock/contract/decode"
)

// Exactness is how much of a request a pattern of it says. Each one says more than the
// one before.
type Exactness int

// The exactness of patterns.
const (
	// ByValue compares a body that is an object or a list of JSON by its value.
	ByValue Exactness = iota
	// ByBytes compares bodies byte by byte.
	ByBytes
	// WithHeader compares the fields of the header too.
	WithHeader
)

// Exactnesses returns all of them; those that say least come first.
func Exactnesses() []Exactness { return []Exactness{ByValue, ByBytes, WithHeader} }

// MaxPatternBody is the most bytes of a body that a pattern holds.
const MaxPatternBody = 64 << 10

// requestPattern is a request pattern in WireMock's JSON. What a request does not have,
// or no pattern can say, is left out.
type requestPattern struct {
	Operation    string         `json:"operation,omitempty"`
	Method       string         `json:"method,omitempty"`
	URL          string         `json:"url,omitempty"`
	Status       int            `json:"status,omitempty"`
	Violation    string         `json:"violation,omitempty"`
	Fault        string         `json:"fault,omitempty"`
	Headers      map[string]any `json:"headers,omitempty"`
	BodyPatterns []any          `json:"bodyPatterns,omitempty"`
}

// Pattern returns a request pattern that matches the request: its operation, method and
// target, the status, the violation and the fault of its response, and its whole body.
// It fails for a body of more than [MaxPatternBody] bytes.
func (r *Request) Pattern(e Exactness) (string, error) {
	p, err := r.pattern(e)
	if err != nil {
		return "", err
	}
	return p.text()
}

func (r *Request) pattern(e Exactness) (p requestPattern, err error) {
	if len(r.Body) > MaxPatternBody {
		return p, fmt.Errorf("the body has %d bytes, and a pattern holds %d: match a part of it, with Body in Go or with matchesJsonPath or contains in bodyPatterns", len(r.Body), MaxPatternBody)
	}
	p = requestPattern{Operation: r.Operation, Status: r.Status, Fault: r.Fault}
	if only(r.Method, methodCharacters) && r.Method != "ANY" && r.Method != "GET_OR_HEAD" {
		p.Method = r.Method
	}
	if utf8.ValidString(r.Target) && (strings.HasPrefix(r.Target, "/") || r.Target == "*") {
		p.URL = r.Target
	}
	if r.Violation != nil {
		p.Violation = r.Violation.Error()
	}
	if e >= WithHeader {
		p.Headers = headerPatterns(r.Header)
	}
	switch body := bodyPattern(r.Body, e); {
	case len(r.Body) > 0:
		p.BodyPatterns = []any{body}
	case e >= ByBytes:
		p.BodyPatterns = []any{map[string]bool{"absent": true}}
	}
	return p, nil
}

// methodCharacters are those of a method.
const methodCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~"

func only(text, characters string) bool { return text != "" && strings.Trim(text, characters) == "" }

func bodyPattern(body []byte, e Exactness) any {
	switch {
	case e == ByValue && isContainer(body):
		return map[string]json.RawMessage{"equalToJson": body}
	case utf8.Valid(body):
		return map[string]string{"equalTo": string(body)}
	default:
		return map[string]string{"binaryEqualTo": base64.StdEncoding.EncodeToString(body)}
	}
}

// isContainer reports whether a body is an object or a list of JSON.
func isContainer(body []byte) bool {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	return len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') && json.Valid(body) && utf8.Valid(body)
}

// headerPatterns returns a matcher for each field of a header that is UTF-8.
func headerPatterns(h http.Header) map[string]any {
	patterns := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		var values []map[string]string
		for _, value := range h[name] {
			values = append(values, map[string]string{"equalTo": value})
		}
		notText := func(value string) bool { return !utf8.ValidString(value) }
		switch {
		case !only(name, methodCharacters) || slices.ContainsFunc(h[name], notText):
		case len(values) == 1:
			patterns[name] = values[0]
		default:
			patterns[name] = map[string]any{"hasExactly": values}
		}
	}
	return patterns
}

// mostOnLine is how many bytes of a pattern stand on one line, and mostIndented how
// deeply what is indented may be nested: the blanks alone would be long.
const (
	mostOnLine   = 100
	mostIndented = 32
)

// text returns the pattern as JSON, indented where it is long.
func (p *requestPattern) text() (string, error) {
	var text, indented bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(p); err != nil {
		return "", err
	}
	short := bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	if len(short) <= mostOnLine || decode.Depth(short) > mostIndented {
		return string(short), nil
	}
	err := json.Indent(&indented, short, "", "  ")
	return indented.String(), err
}

// GoAssertion returns an assertion in Go that a server srv of package mockserver has
// received such a request once: what [Request.Pattern] says of it, with a test t.
func (r *Request) GoAssertion(e Exactness) (string, error) {
	p, err := r.pattern(e)
	if err != nil {
		return "", err
	}
	lines := []string{"srv.Requests()"}
	add := func(method, text string) {
		if text != "" {
			lines = append(lines, method+"("+goText(text)+")")
		}
	}
	add("Operation", p.Operation)
	add("Method", p.Method)
	if p.Status != 0 {
		lines = append(lines, "Status("+strconv.Itoa(p.Status)+")")
	}
	add("Violation", p.Violation)
	add("Fault", p.Fault)
	p = requestPattern{URL: p.URL, Headers: p.Headers, BodyPatterns: p.BodyPatterns}
	rest, err := p.text()
	if err != nil {
		return "", err
	}
	if rest != "{}" {
		add("Matching", rest)
	}
	return strings.Join(append(lines, "Once(t)"), ".\n\t") + "\n", nil
}

// goText returns a literal of Go for a text: as it is between backquotes where people
// can read it so, and otherwise with escapes.
func goText(text string) string {
	escaped := func(c rune) bool { return c == '`' || c == utf8.RuneError || !unicode.IsPrint(c) && c != '\n' }
	if strings.ContainsAny(text, "\"\\\n") && !strings.ContainsFunc(text, escaped) {
		return "`" + text + "`"
	}
	return strconv.Quote(text)
}
