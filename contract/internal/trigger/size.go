package trigger

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
)

// mostBytes is the size of the largest body that a webhook accepts. Losant writes
// "256 KB", which may be 256,000 bytes as well.
//
// Source: Losant's documentation of webhooks.
const (
	mostBytes = 256 << 10
	safeBytes = 256_000
)

// sizeCases are about the size of bodies.
func sizeCases() []Case {
	small := []Rule{status(documented, 200), success(documented)}
	large := []Rule{status(documented, 413)}
	text := strings.Repeat("x", mostBytes+1)
	return []Case{{Title: "how large a call may be", Calls: []Call{
		{Title: "256000 bytes", request: request{body: text[:safeBytes], typed: "text/plain"}, rules: small},
		{Title: "262144 bytes", request: request{body: text[:mostBytes], typed: "text/plain"}, rules: []Rule{status(ours, 200)}},
		{Title: "262145 bytes", request: request{body: text, typed: "text/plain", header: map[string]string{"Origin": origin}}, rules: []Rule{status(documented, 413), failure(), allowsOrigin()}},
		{Title: "256000 bytes of JSON", request: request{body: `"` + text[:safeBytes-2] + `"`}, rules: small},
		{Title: "262145 bytes of JSON", request: request{body: `"` + text[2:] + `"`}, rules: large},
		{Title: "256000 bytes of a form", request: request{body: "a=" + text[:safeBytes-2], typed: formTyped}, rules: small},
		{Title: "262145 bytes of a form", request: request{body: "a=" + text[2:], typed: formTyped}, rules: large},
		{Title: "256000 bytes of parts", request: request{body: parts(text[:safeBytes-len(parts(""))]), typed: partsTyped}, rules: small},
		{Title: "262145 bytes of parts", request: request{body: parts(text[len(parts("")):]), typed: partsTyped}, rules: large},
		{Title: "262145 bytes without a type", request: request{body: text, typed: untyped}, rules: large},
		{Title: "262145 bytes with PUT", request: request{method: http.MethodPut, body: text, typed: octetTyped}, rules: large},
	}}}
}

// parts returns a body of multipart/form-data with one part.
func parts(value string) string {
	return "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + value + "\r\n--x--\r\n"
}

func zipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.String()
}
