package journal

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/secret"
)

// redacted returns copies of requests without their secrets.
func redacted(requests []Request) []Request {
	r := secret.NewRedactor()
	clean := make([]Request, len(requests))
	for i := range requests {
		clean[i] = inPlace(r, requests[i])
	}
	replacer := r.Replacer()
	for i := range clean {
		everywhere(replacer, &clean[i])
	}
	return clean
}

// inPlace replaces the secrets of a request where they are known to stand.
func inPlace(r *secret.Redactor, q Request) Request {
	if q.Token != "" {
		q.Token = r.Placeholder(secret.Token, q.Token)
	}
	q.Trigger = nil // the request says it all, and its secrets would have to be found again
	if token, ok := q.PathParams["token"]; ok {
		q.PathParams = maps.Clone(q.PathParams)
		q.PathParams["token"] = r.Placeholder(secret.Token, token)
	}
	q.Target = r.Target(q.Target)
	q.Header = r.Header(q.Header)
	q.ResponseHeader = r.Header(q.ResponseHeader)
	q.Body = []byte(r.Form(r.JSON(string(q.Body))))
	q.ResponseBody = []byte(r.JSON(string(q.ResponseBody)))
	return q
}

// everywhere replaces secrets in all texts of a request.
func everywhere(replacer *strings.Replacer, q *Request) {
	q.Target = replacer.Replace(q.Target)
	for _, h := range []http.Header{q.Header, q.ResponseHeader} {
		for _, values := range h {
			for i := range values {
				values[i] = replacer.Replace(values[i])
			}
		}
	}
	for _, b := range []*[]byte{&q.Body, &q.ResponseBody} {
		*b = []byte(replacer.Replace(string(*b)))
	}
	settleLength(q.Header, q.Body)
	settleLength(q.ResponseHeader, q.ResponseBody)
	if u, err := url.ParseRequestURI(q.Target); err == nil {
		q.Path, q.Query = u.Path, u.Query()
	}
}

// settleLength lets Content-Length be that of the body as it is now.
func settleLength(h http.Header, body []byte) {
	if h.Get("Content-Length") != "" {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
}
