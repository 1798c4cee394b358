package journal

import (
	"bytes"
	"compress/gzip"
	"io"
	"iter"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/secret"
)

// redacted returns copies of requests without their secrets. It learns the secrets
// of all requests before it yields the first.
func redacted(requests iter.Seq[Request]) iter.Seq[Request] {
	return func(yield func(Request) bool) {
		r := secret.NewRedactor()
		for q := range requests {
			redactFields(r, q)
		}
		replacer := r.Replacer()
		for q := range requests {
			clean := redactFields(r, q)
			redactTexts(r, replacer, &clean)
			clean.Redacted = true
			if !yield(clean) {
				return
			}
		}
	}
}

// redactFields replaces the secrets of a request in the fields that hold them.
func redactFields(r *secret.Redactor, q Request) Request {
	if q.Token != "" {
		q.Token = r.Placeholder(secret.Token, q.Token)
	}
	q.Trigger = nil // it repeats the request with its secrets
	if token, ok := q.PathParams["token"]; ok {
		q.PathParams = maps.Clone(q.PathParams)
		q.PathParams["token"] = r.Placeholder(secret.Token, token)
	}
	q.Target = r.Target(q.Target)
	q.Header = r.Header(q.Header)
	q.ResponseHeader = r.Header(q.ResponseHeader)
	rewriteBody(&q, func(plain []byte) []byte { return r.Body(q.Header, plain) })
	q.ResponseBody = r.Body(q.ResponseHeader, q.ResponseBody)
	return q
}

// redactTexts replaces the known secrets in all texts of a request.
func redactTexts(r *secret.Redactor, replacer *strings.Replacer, q *Request) {
	q.Target = r.InTarget(replacer, q.Target)
	for _, h := range []http.Header{q.Header, q.ResponseHeader} {
		for name, values := range h {
			if name == "Content-Type" {
				continue // says how to read the body
			}
			for i := range values {
				values[i] = replacer.Replace(values[i])
			}
		}
	}
	q.Hint, q.Panic = replacer.Replace(q.Hint), replacer.Replace(q.Panic)
	q.Violation = redactViolation(replacer, q.Violation)
	q.PathParams = maps.Clone(q.PathParams)
	for name, value := range q.PathParams {
		q.PathParams[name] = replacer.Replace(value)
	}
	rewriteBody(q, func(plain []byte) []byte { return []byte(replacer.Replace(string(plain))) })
	q.ResponseBody = []byte(replacer.Replace(string(q.ResponseBody)))
	fixContentLength(q.Header, q.SentBody())
	fixContentLength(q.ResponseHeader, q.ResponseBody)
	q.ReadTarget()
}

// redactViolation returns a copy of a violation with the known secrets replaced; nil
// for none.
func redactViolation(replacer *strings.Replacer, v *contract.Violation) *contract.Violation {
	if v == nil {
		return nil
	}
	clean := &contract.Violation{Field: replacer.Replace(v.Field), What: replacer.Replace(v.What), Detail: replacer.Replace(v.Detail)}
	for _, key := range v.Path {
		clean.Path = append(clean.Path, replacer.Replace(key))
	}
	return clean
}

// mostRedacted is how many bytes of a body that stays compressed are inflated to
// replace its secrets.
const mostRedacted = 16 << 20

// rewriteBody changes the body of a request. One that could not be inflated, because
// it is cut off or too large, is changed as far as it can be; of one that is much too
// large the rest is cut off.
func rewriteBody(q *Request, change func([]byte) []byte) {
	z, err := gzip.NewReader(bytes.NewReader(q.Body))
	if err != nil {
		q.replaceBody(change(q.Body))
		return
	}
	plain, _ := io.ReadAll(io.LimitReader(z, mostRedacted+1)) // the end may be missing
	read := plain[:min(len(plain), mostRedacted)]             // nobody has looked at what follows
	if changed := change(read); !bytes.Equal(changed, plain) {
		q.replaceBody(compressed(changed))
	}
}

// fixContentLength sets Content-Length to the length of the body as it is now.
func fixContentLength(h http.Header, body []byte) {
	if h.Get("Content-Length") != "" {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
}
