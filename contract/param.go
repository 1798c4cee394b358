package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/internal/document"
	"github.com/losantmock/losantmock/contract/internal/ordered"
	"github.com/losantmock/losantmock/contract/internal/validate"
)

// IDPattern is what every id of the API looks like.
const IDPattern = `^[A-Fa-f\d]{24}$`

// DatePattern is how the API writes an instant.
const DatePattern = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`

// MaxPerPage is the largest perPage. The real limit is not public; this one
// is ours.
const MaxPerPage = 1000

// documentedPerPage is a perPage that the real API is known to accept.
const documentedPerPage = 100

// maxPage keeps page and perPage multipliable. The limit is ours.
const maxPage = 1<<31 - 1

// Param is a parameter of an operation.
type Param struct {
	Name        string
	In          string // "path", "query", "header", "body" or "multipart"
	Description string
	Required    bool
	// Default and Example are of the types that GET / has them in, which differ
	// from the type of the parameter: a text, a number or a switch.
	Default any
	Example any

	// Enum has all values that are allowed; empty allows any.
	Enum []string
	// Pattern is a regular expression that the text must match; blank allows
	// any.
	Pattern string
	// Whole are the bounds of a parameter that is a whole number; nil for any
	// other.
	Whole *Bounds
	// BlankIsNone makes an empty text the same as no parameter.
	BlankIsNone bool

	// Schema is the name of the definition that the value must match; blank for a
	// parameter without one.
	Schema string
	// Type is what a definition from outside says of the value: "string", "object" for
	// JSON in a text, "array" for a list in a text, "file", or blank for anything.
	Type string

	separator string         // of a text that is a list
	raw       ordered.Object // as GET / has it
	rules     *validate.Schema
	schema    *Schema
}

// Bounds are the least and the largest number allowed.
type Bounds struct{ Min, Max int }

// CheckRequest holds the parameters of a request against the operation. It
// returns the one violation that the API would report, or nil: files come first, then
// parameters that are missing, then values that are wrong, each in the order in which
// the API looks at them.
func (o *Operation) CheckRequest(r *Request) *Violation {
	for i := range o.allParams {
		if p := &o.allParams[i]; p.Type == typeFile && p.Required && !r.has(p) {
			return &Violation{Field: p.Name, What: "is not a valid file"}
		}
	}
	for i := range o.allParams {
		if p := &o.allParams[i]; p.Required && p.isRead() && !r.has(p) {
			return &Violation{Field: p.Name, What: validate.IsRequired}
		}
	}
	for i := range o.allParams {
		p := &o.allParams[i]
		if value, given := r.content(p); given {
			if v := p.check(value); v != nil {
				return o.inOrder(r, i, value, v)
			}
		}
	}
	return nil
}

// inOrder returns a violation in the words of the API where keys are named by their
// place among those that were sent.
func (o *Operation) inOrder(r *Request, at int, value any, v *Violation) *Violation {
	p := &o.allParams[at]
	if p.schema == nil || !p.schema.content().compiled.NamesKeys() {
		return v
	}
	sent, err := ordered.ParseValue([]byte(r.json(p)))
	if err != nil {
		return v // a form, whose fields have no order
	}
	loops := 1 // over the parameters themselves
	for _, before := range o.allParams[:at] {
		if before.schema != nil {
			loops += before.schema.content().compiled.Loops()
		}
	}
	found := p.schema.content().compiled.CheckInOrder(p.Name, value, loops, func(path []string) []string { return ordered.KeysAt(sent, path) })
	if len(found) == 0 {
		return v
	}
	return (*Violation)(&found[0])
}

// CheckBody holds a decoded body alone against the operation; nil when it
// passes or when the operation has no body.
func (o *Operation) CheckBody(body any) *Violation {
	for i := range o.allParams {
		if p := &o.allParams[i]; p.In == "body" && p.schema != nil {
			return p.check(body)
		}
	}
	return nil
}

func (p *Param) check(value any) *Violation {
	text, isText := value.(string)
	switch {
	case p.Type == typeFile, isText && text == "" && p.BlankIsNone:
		return nil
	case p.schema != nil:
		return p.schema.Check(p.Name, value)
	}
	if failures := p.rules.Check(p.Name, value); len(failures) > 0 {
		return (*Violation)(&failures[0])
	}
	if p.Whole != nil && isText {
		if what, detail := validate.Whole(text, p.Whole.Min, p.Whole.Max); what != "" {
			return &Violation{Field: p.Name, What: what, Detail: detail}
		}
	}
	return nil
}

// Types and places of parameters that are read in ways of their own.
const (
	typeFile    = "file"
	typeObject  = "object"
	inBody      = "body"
	inMultipart = "multipart"
)

// isRead reports whether a request is read for the parameter: no header field has a
// rule that is known.
func (p *Param) isRead() bool {
	return slices.Contains([]string{"path", "query", inBody, inMultipart}, p.In)
}

// read returns what is in a value: the JSON of an object, or the items of a list. What is
// not JSON becomes a text, which then is of the wrong type.
func (p *Param) read(content any) any {
	text, isText := content.(string)
	switch {
	case p.Type == typeObject && content != nil && content != "":
		object, err := decode.JSON([]byte(decode.ScriptText(content)))
		if err != nil {
			return "error"
		}
		return object
	case p.separator != "" && isText:
		var items []any
		for item := range strings.SplitSeq(text, p.separator) {
			items = append(items, item)
		}
		return items
	}
	return content
}

// DefaultText returns the default as a query has it; blank where there is none.
func (p *Param) DefaultText() string { return document.Text(p.Default) }

// ExampleText returns the example as a query has it; blank where there is none.
func (p *Param) ExampleText() string { return document.Text(p.Example) }

func (p *Param) compile(a *API) (err error) {
	if p.Schema != "" {
		if p.schema = a.Schema(p.Schema); p.schema == nil {
			return fmt.Errorf("%s: no definition %q", p.Name, p.Schema)
		}
		return nil
	}
	p.rules, err = validate.Compile(document.Rules(p.raw))
	return err
}

// tokenParam is the token as the API's framework sees it: one more text,
// looked at before every other parameter.
var tokenParam = Param{Name: "accessToken", In: "token", raw: ordered.Object{}.With("type", "string")}
