package decode

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"
)

// Fields reads a query or a form as a workflow receives it. A field that
// stands several times, or as name[]=, is a list of all its values.
func Fields(raw string) map[string]any {
	c := NewCollector()
	for _, pair := range Pairs(raw) {
		name, bracketed := strings.CutSuffix(pair.Name, "[]")
		c.Add(name, pair.Text)
		c.lists[name] = c.lists[name] || bracketed
	}
	return c.Fields()
}

// Collector collects the fields of a query or a body, of which one may stand
// several times.
type Collector struct {
	values map[string][]any
	lists  map[string]bool // fields that are lists, however often they stand
}

// NewCollector returns a collector without fields.
func NewCollector() *Collector {
	return &Collector{values: map[string][]any{}, lists: map[string]bool{}}
}

// Add adds a value to a field.
func (c *Collector) Add(name string, value any) { c.values[name] = append(c.values[name], value) }

// Fields returns each field with its value, or with the list of its values
// where there are several.
func (c *Collector) Fields() map[string]any {
	fields := make(map[string]any, len(c.values))
	for name, values := range c.values {
		if len(values) > 1 || c.lists[name] {
			fields[name] = values
		} else {
			fields[name] = values[0]
		}
	}
	return fields
}

// maxParts is how many parts of a multipart body are read. The limit is ours.
const maxParts = 1000

// Parts calls visit for each part of a multipart body, with its content. The
// error is an [*Error].
func Parts(plain []byte, boundary string, visit func(part *multipart.Part, content []byte)) error {
	if boundary == "" {
		return badRequest("bad content-type header, no multipart boundary", nil)
	}
	if !bytes.Contains(plain, []byte("--"+boundary)) {
		return badRequest("The multipart body can't be read: its boundary is missing", nil)
	}
	reader := multipart.NewReader(bytes.NewReader(plain), boundary)
	for range maxParts {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var content []byte
		if err == nil {
			content, err = io.ReadAll(part)
		}
		if err != nil {
			return badRequest("The multipart body can't be read", err)
		}
		visit(part, content)
	}
	return badRequest(fmt.Sprintf("The multipart body has more than %d parts", maxParts), nil)
}

// parseMultipart reads the fields and the files of a multipart body. A part with a
// filename, also a blank one, is a file and no field. A body without its boundary has no
// parts.
func parseMultipart(raw []byte, boundary string) (Value, error) {
	fields, files := map[string]any{}, map[string]File{}
	if len(raw) == 0 || boundary != "" && !bytes.Contains(raw, []byte("--"+boundary)) {
		return Value{Given: true, Body: fields}, nil
	}
	err := Parts(raw, boundary, func(part *multipart.Part, content []byte) {
		_, parameters, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		if name, isFile := parameters["filename"]; isFile {
			files[part.FormName()] = File{Name: name, Type: part.Header.Get("Content-Type"), Content: content}
		} else {
			fields[part.FormName()] = Text(content)
		}
	})
	if err != nil {
		return Value{}, err
	}
	return Value{Given: true, Body: fields, files: &files}, nil
}
