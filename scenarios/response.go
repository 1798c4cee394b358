package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"strings"
	"text/template"

	"github.com/losantmock/losantmock/scenarios/internal/nodes"
	"gopkg.in/yaml.v3"
)

// Response is what an operation responds to requests that the API does not refuse, in
// place of its work. Of several that match a request, the first one counts.
type Response struct {
	Operation string `yaml:"operation,flow"` // such as "device.get"

	// Which requests match, and when it applies to them, as in a [Fault].
	Path        string `yaml:"path,omitempty,flow"`
	Application string `yaml:"application,omitempty,flow"`
	Token       string `yaml:"token,omitempty,flow"`
	Matching    string `yaml:"matching,omitempty,flow"`
	From        int    `yaml:"from,omitempty"`
	To          int    `yaml:"to,omitempty"`
	Every       int    `yaml:"every,omitempty"`
	PerToken    bool   `yaml:"perToken,omitempty"`

	Content `yaml:",inline"`
	// Steps are contents one after another, in place of the one, as in a [Fault]. With an
	// empty one, and behind the last, the operation does its work.
	Steps  []Content `yaml:"steps,omitempty"`
	Repeat bool      `yaml:"repeat,omitempty"`
}

// Content is what a [Response] sends.
type Content struct {
	Status  int               `yaml:"status,omitempty"` // 0 is that of the documented success
	Headers map[string]string `yaml:"headers,omitempty,flow"`
	Body    Body              `yaml:"body,omitempty"` // none is the error that the API documents, for a status of 400 and more
	// Unchecked contents may contradict what the API documents.
	Unchecked bool `yaml:"unchecked,omitempty"`
}

// IsZero reports whether a content has nothing in it.
func (c Content) IsZero() bool { return c.Status == 0 && len(c.Headers) == 0 && c.Body.IsZero() }

// Body is that of a [Content]: a text, or JSON. The text and each text inside the JSON
// is a text/template over a [Request], with the functions of [Reply].
type Body struct {
	Text string
	JSON any // a value that encoding/json can write; nil for none
}

// Request is what the templates of a [Body] are over. In a template its fields begin
// with small letters: {{.path.deviceId}}, {{.query.perPage}}, {{.body.name}}.
type Request struct {
	Path  map[string]string // the parameters in the path
	Query map[string]string
	Body  any    // as JSON decodes it; nil for none
	Now   string // the time of the world, as the API writes it
	ID    string // a new id
}

// IsZero reports whether there is no body.
func (b Body) IsZero() bool { return b.Text == "" && b.JSON == nil }

// Render returns the body for a request. A parameter of the query that the request lacks
// is blank, and a property of the body that it lacks "<no value>". It fails for what can't
// be evaluated, such as an index beyond a list, and for a body of more than
// [MaxReplyBody].
func (b Body) Render(r Request) ([]byte, error) {
	data := map[string]any{"path": r.Path, "query": r.Query, "body": r.Body, "now": r.Now, "id": r.ID}
	return b.each(func(text string) (string, error) {
		parsed, err := bodyTemplate(text)
		if err != nil {
			return "", err
		}
		out := limitedText{left: MaxReplyBody}
		err = parsed.Execute(&out, data)
		return out.String(), err
	})
}

// IsTemplate reports whether the body depends on a request.
func (b Body) IsTemplate() bool {
	text, _ := b.each(func(text string) (string, error) { return text, nil })
	return strings.Contains(string(text), "{{")
}

// jsonText matches the texts in a JSON value, which are all that has quotes.
var jsonText = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// each returns the body with what a function makes of each template in it.
func (b Body) each(render func(text string) (string, error)) ([]byte, error) {
	if b.JSON == nil {
		text, err := render(b.Text)
		return []byte(text), err
	}
	text, err := json.Marshal(b.JSON)
	return jsonText.ReplaceAllFunc(text, func(quoted []byte) []byte {
		if !bytes.Contains(quoted, []byte("{{")) {
			return quoted
		}
		var written string
		_ = json.Unmarshal(quoted, &written) // it is JSON
		made, problem := render(written)
		err = errors.Join(err, problem)
		quoted, _ = json.Marshal(made)
		return quoted
	}), err
}

func bodyTemplate(text string) (*template.Template, error) {
	return template.New("body").Funcs(replyFunctions).Option("missingkey=zero").Parse(text)
}

// Clone returns a copy of the response, as [Scenario.Clone] does.
func (r Response) Clone() Response {
	r.Content = cloneContent(r.Content)
	r.Steps = cloneEach(r.Steps, cloneContent)
	return r
}

func cloneContent(c Content) Content {
	c.Headers = maps.Clone(c.Headers)
	if text, err := json.Marshal(c.Body.JSON); err == nil && c.Body.JSON != nil {
		c.Body.JSON = json.RawMessage(text)
	}
	return c
}

// UnmarshalYAML reads a body as a file has it: a text, or any other value as JSON.
func (b *Body) UnmarshalYAML(node *yaml.Node) error {
	if value := nodes.InOrder(node); node.ShortTag() == "!!str" {
		b.Text = node.Value
	} else {
		b.JSON = value
	}
	return nil
}

// MarshalYAML writes a body as a file has it.
func (b Body) MarshalYAML() (any, error) {
	switch {
	case b.JSON == nil:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: b.Text}, nil
	case b.Text != "":
		return nil, errors.New("a body has a text and JSON: want one of them")
	default:
		node, err := nodes.Of(b.JSON)
		if err == nil && node.ShortTag() == "!!str" {
			err = errors.New("the JSON of a body is a text: write it as Text, with its quotes")
		}
		return node, err
	}
}
