package secret

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
)

// Body returns a body without the secrets in its fields. It reads the body as the
// API does, by the content type in its header. The body has no content encoding.
func (r *Redactor) Body(header http.Header, plain []byte) []byte {
	contentType := header.Get("Content-Type")
	kind := decode.KindOf(contentType)
	name, parameters := decode.MediaType(contentType)
	switch {
	case strings.HasPrefix(name, "multipart/"):
		return r.parts(plain, parameters["boundary"])
	case kind == decode.KindForm:
		return []byte(r.Form(string(plain)))
	case json.Valid(plain):
		return []byte(r.JSON(string(plain)))
	default:
		if without := bytes.ReplaceAll(plain, []byte{0}, nil); len(without) < len(plain) { // as in UTF-16
			if clean := r.Body(header, without); !bytes.Equal(clean, without) {
				return clean
			}
		}
		return []byte(r.loose(r.Text(r.Form(string(plain))))) // each may be in a text
	}
}

// looseField is a field with its value in a text that is meant to be an object: with the
// quotation marks of another language than JSON, without any, or as an element of XML.
var looseField = regexp.MustCompile(`([\w.-]+)('?"?\s*(?:[:=]|=>)\s*|>)([ubrUBR]?'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s'",;&={}<>\[\]][^'",;&{}<>\[\]\r\n]*)`)

// loose returns a text without the secrets in its fields. How it is to be read is unknown.
func (r *Redactor) loose(text string) string {
	return looseField.ReplaceAllStringFunc(text, func(found string) string {
		field := looseField.FindStringSubmatch(found)
		name, between, value := field[1], field[2], field[3]
		kind, ok := r.jsonKind(name, "", false)
		if !ok {
			return found
		}
		before, after := "", ""
		if quote := value[len(value)-1:]; quote == "'" || quote == `"` {
			at := strings.Index(value, quote) + 1
			before, value, after = value[:at], value[at:len(value)-1], quote
		}
		if value == "" || slices.Contains([]string{"None", "True", "False", "null", "true", "false"}, value) {
			return found
		}
		return name + between + before + r.Placeholder(kind, value) + after
	})
}

// parts returns a multipart body without the secrets in its parts. A body without
// secrets stays as it is.
func (r *Redactor) parts(plain []byte, boundary string) []byte {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	changed := w.SetBoundary(boundary) != nil
	err := decode.Parts(plain, boundary, func(part *multipart.Part, content []byte) {
		clean := []byte(r.Text(string(content)))
		if kind, ok := parameterKind(url.QueryEscape(part.FormName())); ok && len(content) > 0 {
			clean = []byte(r.Placeholder(kind, decode.Text(content)))
		}
		changed = changed || !bytes.Equal(clean, content)
		if to, err := w.CreatePart(part.Header); err == nil {
			_, _ = to.Write(clean) // a buffer takes everything
		}
	})
	if err != nil || !changed { // a text beside the parts, or with another boundary
		return []byte(r.Text(r.tornParts(string(plain))))
	}
	_ = w.Close()
	return b.Bytes()
}

// tornPart is a part with its content in a multipart body that can't be read.
var tornPart = regexp.MustCompile(`(?is)(\bname\s*=\s*"?([^"\r\n;]+)[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n)(.*?)(\r?\n--|$)`)

func (r *Redactor) tornParts(text string) string {
	return tornPart.ReplaceAllStringFunc(text, func(found string) string {
		part := tornPart.FindStringSubmatch(found)
		kind, ok := parameterKind(part[2])
		if !ok || part[3] == "" {
			return found
		}
		return part[1] + r.Placeholder(kind, part[3]) + part[4]
	})
}

// jsonString is a string of JSON, or the key of a member up to its value.
var jsonString = regexp.MustCompile(`(?s)"((?:[^"\\]|\\.)*)"(\s*:\s*)?`)

// JSON returns a text of JSON, or one with JSON in it, without the secrets in its
// fields, however their names are escaped, and in the texts inside.
func (r *Redactor) JSON(text string) string { return r.json(text, mostNested) }

func (r *Redactor) json(text string, depth int) string {
	var value any
	valid := json.Unmarshal([]byte(text), &value) == nil
	keyed := !valid && tornOwner.MatchString(text)
	r.learnKeys(value)
	var b strings.Builder
	for {
		at := jsonString.FindStringSubmatchIndex(text)
		if at == nil {
			b.WriteString(text)
			return b.String()
		}
		found, key := text[at[0]:at[1]], at[4] >= 0
		b.WriteString(text[:at[0]])
		behindQuote := text[at[0]+1:]
		text = text[at[1]:]
		content := unquoted(found[1 : at[3]-at[0]])
		kind, secret := r.jsonKind(content, text, keyed)
		switch {
		case key && secret:
			b.WriteString(found)
			text = r.jsonValue(&b, kind, text)
		case key:
			b.WriteString(found)
		case valid:
			b.WriteString(r.jsonText(found, content, depth))
		default: // a stray quotation mark, behind which a key may begin
			b.WriteByte('"')
			text = behindQuote
		}
	}
}

// jsonText returns a string of JSON without the secrets in its content.
func (r *Redactor) jsonText(quoted, content string, depth int) string {
	clean := r.text(content, depth-1)
	if clean == content {
		return quoted
	}
	return `"` + jsonForm(clean) + `"`
}

// jsonValue writes a placeholder for the value at the beginning of a text, and
// returns what follows it. Of a value that ends too early nothing remains.
func (r *Redactor) jsonValue(b *strings.Builder, kind Kind, text string) (rest string) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		if strings.HasPrefix(text, `"`) || strings.HasPrefix(text, "[") || strings.HasPrefix(text, "{") {
			b.WriteString(`"` + r.Placeholder(kind, unquoted(strings.TrimPrefix(text, `"`))) + `"`)
			return ""
		}
		end := strings.IndexAny(text, ",}] \t\r\n\"") // a value without quotation marks
		if end < 0 {
			end = len(text)
		}
		if end > 0 {
			b.WriteString(`"` + r.Placeholder(kind, text[:end]) + `"`)
		}
		return text[end:]
	}
	raw, rest := text[:d.InputOffset()], text[d.InputOffset():]
	switch value := value.(type) {
	case string:
		if value != "" {
			raw = `"` + r.Placeholder(kind, value) + `"`
		}
	case bool, nil:
	default:
		raw = `"` + r.Placeholder(kind, raw) + `"`
	}
	b.WriteString(raw)
	return rest
}

// unquoted returns what stands between the quotation marks of JSON, decoded; as it
// stands if it can't be.
func unquoted(text string) string {
	var decoded string
	if json.Unmarshal([]byte(`"`+text+`"`), &decoded) != nil {
		return text
	}
	return decoded
}
