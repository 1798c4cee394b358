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
	"strings"
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
		{"JSON in capitals", typed(`APPLICATION/JSON;CHARSET="UTF-8"`, jsonWith)},
		{"another type of JSON", typed("application/vnd.api+json", jsonWith)},
		{"another type of JSON with more behind it", typed("application/foo+jsonx ;x", jsonWith)},
		{"a blank encoding", headed(jsonHeader("Content-Encoding", ""), jsonWith)},
		{"JSON that is no UTF-8", typed("application/json", written("{\"name\":%s,\"verificationCode\":\"a\xffb\"}"))},
		{"gzip", zipped},
		{"a digest", digested(jsonWith)},
		{"a form", typed("application/x-www-form-urlencoded", formWith("name"))},
		{"a form in capitals", typed("APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-8", formWith("name"))},
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
		{"JSON of a type with a blank behind it", typed("application/json ;charset=utf-8", jsonWith)},
		{"JSON of two types", typed("application/json,text/plain", jsonWith)},
		{"JSON of a blank type", typed("", jsonWith)},
		{"JSON as text of JSON", typed("text/json", jsonWith)},
		{"a patch of JSON", typed("application/merge-patch+json", jsonWith)},
		{"another patch of JSON", typed("application/json-patch+json", jsonWith)},
		{"a type of JSON with a digit", typed("application/vnd.a2+json", jsonWith)},
		{"a type of JSON with an underscore", typed("application/a_b+json", jsonWith)},
		{"a type of JSON with nothing in front", typed("application/+json", jsonWith)},
		{"a table", typed("text/csv", func(name string) []byte { return []byte("name\n" + name + "\n") })},
		{"a form with a number", typed("application/x-www-form-urlencoded", formOf("responseCode=201"))},
		{"a form with true", typed("application/x-www-form-urlencoded", formOf("waitForReply=true"))},
		{"a form with two names", typed("application/x-www-form-urlencoded", formWith("name", "name"))},
		{"gzip in capitals", func(name string) (http.Header, []byte) {
			_, body := zipped(name)
			return jsonHeader("Content-Encoding", "GZIP"), body
		}},
		{"deflate", headed(jsonHeader("Content-Encoding", "deflate"), jsonWith)},
		{"parts without a boundary", typed("multipart/form-data", inParts)},
		{"another encoding", headed(jsonHeader("Content-Encoding", "identity"), jsonWith)},
		{"another digest", digested(written(`{"name":%s} `))},
	}
}

// BrokenForms returns forms that the framework of the API fails to read, with a 500.
func BrokenForms() []Form {
	return []Form{
		{"broken gzip", headed(jsonHeader("Content-Encoding", "gzip"), jsonWith)},
		{"a table with a quote in the wrong place", typed("text/csv", jsonWith)},
	}
}

// formWith returns what writes a name as each of some fields of a form.
func formWith(fields ...string) func(name string) []byte {
	return func(name string) []byte {
		var pairs []string
		for _, field := range fields {
			pairs = append(pairs, field+"="+url.QueryEscape(name))
		}
		return []byte(strings.Join(pairs, "&"))
	}
}

// formOf returns what writes a form with a name and more fields. Those are texts in a form.
func formOf(more string) func(name string) []byte {
	return func(name string) []byte { return append(formWith("name")(name), "&"+more...) }
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
