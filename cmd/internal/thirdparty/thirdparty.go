// Package thirdparty makes the calls of webhooks as their third parties make them: header
// fields, bodies and signatures.
package thirdparty

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// Names are those of the third parties.
var Names = []string{"facebook", "fitbit", "twilio", "alexa"}

// TextMessage returns the form that Twilio sends for a text message.
func TextMessage(text string) string {
	return url.Values{
		"MessageSid": {"SM" + strings.Repeat("0", 32)}, "From": {"+15005550006"}, "To": {"+15005550001"}, "Body": {text}, "NumMedia": {"0"},
	}.Encode()
}

// WithQuery returns a path, which may have a query, with a form as a further part of it.
func WithQuery(path, form string) string {
	if strings.Contains(path, "?") {
		return path + "&" + form
	}
	return path + "?" + form
}

// LaunchRequest sets the header fields of Alexa, and returns the body: a request that
// launches a skill, in place of none.
func LaunchRequest(body []byte, header http.Header) []byte {
	header.Set("Signature", "losantmock")
	header.Set("SignatureCertChainUrl", "https://s3.amazonaws.com/echo.api/echo-api-cert.pem")
	header.Set("Timestamp", time.Now().UTC().Format(time.RFC3339))
	if body == nil {
		return []byte(`{"version":"1.0","request":{"type":"LaunchRequest"}}`)
	}
	return body
}

// notSent are the header fields that follow from the rest of a request.
var notSent = []string{"Content-Length", "Transfer-Encoding", "Trailer"}

// Fields reads header fields, each written as Name: value.
func Fields(texts []string) (http.Header, error) {
	header := http.Header{}
	for _, text := range texts {
		name, value, ok := strings.Cut(text, ":")
		name, value = http.CanonicalHeaderKey(strings.TrimSpace(name)), strings.TrimSpace(value)
		switch {
		case !ok || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value):
			return nil, fmt.Errorf("--header %q: want Name: value", text)
		case slices.Contains(notSent, name):
			return nil, fmt.Errorf("--header %q can't be set: it follows from the body", text)
		}
		header.Add(name, value)
	}
	return header, nil
}
