package sample

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
)

// Form is a way to write a webhook with a name as the body of a request.
type Form struct {
	Title string
	Write func(name string) (http.Header, []byte)
}

// ReadForms returns the forms that the framework of the API reads.
func ReadForms() []Form {
	return []Form{
		{"JSON with a charset", typed("application/json; charset=utf-8", jsonWith)},
		{"another type of JSON", typed("application/vnd.api+json", jsonWith)},
		{"gzip", zipped},
		{"a digest", digested(jsonWith)},
		{"a form", typed("application/x-www-form-urlencoded", func(name string) []byte { return []byte("name=" + url.QueryEscape(name)) })},
		{"a form in parts", typed("multipart/form-data; boundary="+boundary, inParts)},
		{"two equal keys", typed("application/json", written(`{"name":%s,"responseCode":201,"responseCode":204}`))},
		{"an escaped key", typed("application/json", written(`{"n\u0061me":%s}`))},
		{"a whole number with a fraction", typed("application/json", written(`{"name":%s,"responseCode":202.0}`))},
		{"a whole number with an exponent", typed("application/json", written(`{"name":%s,"responseCode":2.03e2}`))},
	}
}

// OtherForms returns forms of JSON that the framework of the API does not read as
// JSON.
func OtherForms() []Form {
	return []Form{
		{"JSON as text", typed("text/plain", jsonWith)},
		{"JSON as bytes", typed("application/octet-stream", jsonWith)},
		{"JSON of no type", headed(http.Header{"Content-Type": nil}, jsonWith)},
		{"JSON as XML", typed("application/xml", jsonWith)},
		{"a patch of JSON", typed("application/merge-patch+json", jsonWith)},
		{"parts without a boundary", typed("multipart/form-data", inParts)},
		{"another encoding", headed(jsonHeader("Content-Encoding", "identity"), jsonWith)},
		{"another digest", digested(written(`{"name":%s} `))},
	}
}

// headed returns what writes a body with a header.
func headed(header http.Header, write func(name string) []byte) func(string) (http.Header, []byte) {
	return func(name string) (http.Header, []byte) { return header, write(name) }
}

// typed returns what writes a body with a content type.
func typed(contentType string, write func(name string) []byte) func(string) (http.Header, []byte) {
	return headed(http.Header{"Content-Type": {contentType}}, write)
}

// jsonHeader returns the header of JSON with a field more.
func jsonHeader(name, value string) http.Header {
	return http.Header{"Content-Type": {"application/json"}, name: {value}}
}

// digested returns what writes JSON with the digest of a body.
func digested(write func(name string) []byte) func(string) (http.Header, []byte) {
	return func(name string) (http.Header, []byte) {
		sum := md5.Sum(write(name))
		return jsonHeader("Content-Md5", base64.StdEncoding.EncodeToString(sum[:])), jsonWith(name)
	}
}

// written returns what writes a name, as JSON, into a text.
func written(format string) func(name string) []byte {
	return func(name string) []byte {
		text, err := json.Marshal(name)
		if err != nil {
			panic(err) // a text can be written
		}
		return fmt.Appendf(nil, format, text)
	}
}

func jsonWith(name string) []byte { return written(`{"name":%s}`)(name) }

func zipped(name string) (http.Header, []byte) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(jsonWith(name)) // to memory
	_ = w.Close()
	return jsonHeader("Content-Encoding", "gzip"), b.Bytes()
}

// boundary stands between the parts of a body. Some parsers want it long.
const boundary = "part-of-a-form-with-more-than-27-letters"

func inParts(name string) []byte {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary(boundary) // a valid one
	_ = w.WriteField("name", name)
	_ = w.Close()
	return b.Bytes()
}
