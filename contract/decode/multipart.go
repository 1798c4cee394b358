package decode

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
)

// maxParts is how many parts of a multipart body are read. The limit is ours.
const maxParts = 1000

// Parts calls visit for each part of a multipart body, with its content. The
// error is an [*Error].
func Parts(plain []byte, boundary string, visit func(part *multipart.Part, content []byte)) error {
	if boundary == "" {
		return badRequest("bad content-type header, no multipart boundary", nil)
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

func parseMultipart(plain []byte, boundary string) (Value, error) {
	fields := map[string]any{}
	err := Parts(plain, boundary, func(part *multipart.Part, content []byte) { fields[part.FormName()] = Text(content) })
	if err != nil {
		return Value{}, err
	}
	return Value{Given: true, Body: fields}, nil
}
