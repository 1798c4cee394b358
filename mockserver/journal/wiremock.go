package journal

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/losantmock/losantmock/contract/decode"
)

// MarshalJSON writes a request in the shape of WireMock's serve events, with
// further members of ours.
func (r Request) MarshalJSON() ([]byte, error) { return r.encode(0, InBase64) }

// LineVersion is the version of the lines of a journal, which they carry as the
// member v. It changes when a program that reads the present lines could
// misunderstand new ones. [Read] reads all versions up to it; lines without the
// member are of version 1. In version 2 bodies have no content encoding.
const LineVersion = 2

// maxReadBody is the most bytes that a body in a line of version 1 inflates to.
const maxReadBody = 16 << 20

// Line returns a request as a line of a journal file. A body that is text is not
// written in base64 as well, which halves the line.
func (r Request) Line() ([]byte, error) { return r.encode(LineVersion, binaryInBase64) }

// InBase64 returns a body in base64.
func InBase64(body []byte) string { return base64.StdEncoding.EncodeToString(body) }

// binaryInBase64 returns a body in base64 if it is no text; otherwise nothing.
func binaryInBase64(body []byte) string {
	if utf8.Valid(body) {
		return ""
	}
	return InBase64(body)
}

// encode returns a request as JSON with a line break; without a version, as the
// admin API shows it.
func (r Request) encode(version int, bodyAsBase64 func([]byte) string) ([]byte, error) {
	event := serveEvent{
		V:                  version,
		ID:                 r.ID,
		Request:            NewLoggedRequest(r, bodyAsBase64),
		ResponseDefinition: responseDefinition{Status: r.Status},
		Response: loggedResponse{
			Status:             r.Status,
			Headers:            headerValues(r.ResponseHeader),
			RawHeadersAsBase64: binaryFields(r.ResponseHeader),
		},
		WasMatched: r.matched(),
		Timing: timing{
			ProcessTime: r.Duration.Milliseconds(),
			ServeTime:   r.Duration.Milliseconds(),
			TotalTime:   r.Duration.Milliseconds(),
		},
		SubEvents: []any{},
		ourFields: ourFields{
			Sequence:   r.Sequence,
			Operation:  r.Operation,
			PathParams: r.PathParams,
			Token:      r.Token,
			Scopes:     r.Scopes,
			Needed:     r.NeededScopes,
			Violation:  r.Violation,
			Trigger:    r.Trigger,
			Fault:      r.Fault,
			Hint:       r.Hint,
			Redacted:   r.Redacted,
			Duration:   r.Duration.Microseconds(),
			Timeline:   newTimeline(r.Timeline),
			Pending:    r.Pending,
			Aborted:    r.Aborted,
			Panic:      r.Panic,
		},
	}
	event.Response.Body, event.Response.BodyAsBase64 = bodyTexts(r.ResponseBody, bodyAsBase64)
	if !event.WasMatched {
		event.ResponseDefinition.FromConfiguredStub = new(false)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(event)
	return b.Bytes(), err
}

// UnmarshalJSON reads what MarshalJSON writes: a response of the admin API, or a
// line of a journal file.
func (r *Request) UnmarshalJSON(data []byte) error {
	var event serveEvent
	if err := json.Unmarshal(data, &event); err != nil {
		return err
	}
	if event.V > LineVersion {
		return fmt.Errorf("it has version %d, and this losantmock reads versions up to %d: take a newer one", event.V, LineVersion)
	}
	body, err := bodyOf(event.Request.BodyAsBase64, event.Request.Body)
	if err != nil {
		return err
	}
	responseBody, err := bodyOf(event.Response.BodyAsBase64, event.Response.Body)
	if err != nil {
		return err
	}
	logged := event.Request
	header := httpHeader(logged.Headers, logged.RawHeadersAsBase64)
	host := header.Get("Host")
	delete(header, "Host")
	target, err := bodyOf(logged.RawURLAsBase64, logged.URL)
	if err != nil {
		return err
	}
	*r = Request{
		ID:             event.ID,
		Sequence:       event.Sequence,
		Time:           time.UnixMilli(logged.LoggedDate).UTC(),
		Duration:       time.Duration(event.Duration) * time.Microsecond,
		Method:         logged.Method,
		BasePath:       basePath(logged.AbsoluteURL, cmp.Or(logged.Scheme, "http")+"://"+host, logged.URL),
		Target:         string(target),
		Proto:          logged.Protocol,
		Scheme:         cmp.Or(logged.Scheme, "http"),
		Host:           host,
		RemoteAddr:     logged.ClientIP,
		Header:         header,
		Pending:        event.Pending,
		Aborted:        event.Aborted,
		Operation:      event.Operation,
		PathParams:     event.PathParams,
		Token:          event.Token,
		Scopes:         event.Scopes,
		NeededScopes:   event.Needed,
		Timeline:       event.Timeline.times(),
		Status:         event.Response.Status,
		ResponseHeader: httpHeader(event.Response.Headers, event.Response.RawHeadersAsBase64),
		ResponseBody:   responseBody,
		Violation:      event.Violation,
		Trigger:        event.Trigger,
		Fault:          event.Fault,
		Hint:           event.Hint,
		Redacted:       event.Redacted,
		Panic:          event.Panic,
	}
	r.ReadTarget()
	if logged.RawBodyAsBase64 == "" && !logged.BodyEncoded {
		r.SetBody(body, maxReadBody)
		return nil
	}
	r.Body, r.BodyEncoded = body, logged.BodyEncoded
	if logged.BodyEncoded {
		return nil
	}
	r.RawBody, err = base64.StdEncoding.DecodeString(logged.RawBodyAsBase64)
	return err
}

// basePath returns what stands between the origin and the target in an absolute URL.
func basePath(absolute, origin, target string) string {
	base, ends := strings.CutSuffix(absolute, target)
	base, within := strings.CutPrefix(base, origin)
	switch {
	case !within || !ends:
		return "" // of another program
	case strings.HasSuffix(origin, "://"): // the URL has the address of the server
		_, path, _ := strings.Cut(base, "/")
		return strings.TrimSuffix("/"+path, "/")
	default:
		return base
	}
}

// bodyOf returns a body that was written in base64, or as text alone.
func bodyOf(encoded, text string) ([]byte, error) {
	if encoded == "" {
		return []byte(text), nil
	}
	return base64.StdEncoding.DecodeString(encoded)
}

// matched reports whether the request led to an operation, or succeeded without
// one, as OPTIONS and the API's description of itself do.
func (r *Request) matched() bool {
	return r.Operation != "" || r.Status != 0 && r.Status < 400
}

// httpHeader returns the header of which headerValues and binaryFields have
// returned the values.
func httpHeader(values map[string]any, binary map[string][][]byte) http.Header {
	h := http.Header{}
	for name, value := range values {
		switch value := value.(type) {
		case string:
			h[name] = []string{value}
		case []any:
			for _, one := range value {
				if text, ok := one.(string); ok {
					h[name] = append(h[name], text)
				}
			}
		}
	}
	for name, values := range binary {
		h[name] = nil
		for _, value := range values {
			h[name] = append(h[name], string(value))
		}
	}
	return h
}

// binaryFields returns the fields of a header with a value that is not UTF-8,
// which no text of JSON holds.
func binaryFields(h http.Header) map[string][][]byte {
	var fields map[string][][]byte
	for name, values := range h {
		if !slices.ContainsFunc(values, func(value string) bool { return !utf8.ValidString(value) }) {
			continue
		}
		if fields == nil {
			fields = map[string][][]byte{}
		}
		for _, value := range values {
			fields[name] = append(fields[name], []byte(value))
		}
	}
	return fields
}

// NewLoggedRequest returns a request in WireMock's form.
func NewLoggedRequest(r Request, bodyAsBase64 func([]byte) string) LoggedRequest {
	host, port := HostAndPort(r.Host)
	header := http.Header{"Host": {r.Host}} // net/http removes it from the header
	maps.Copy(header, r.Header)
	logged := LoggedRequest{
		URL:              r.Target,
		AbsoluteURL:      r.url(),
		Method:           r.Method,
		ClientIP:         ClientIP(r.RemoteAddr),
		Headers:          headerValues(header),
		Cookies:          map[string]string{},
		LoggedDate:       r.Time.UnixMilli(),
		Protocol:         r.Proto,
		Scheme:           r.scheme(),
		Host:             host,
		Port:             port,
		LoggedDateString: r.Time.Format("2006-01-02T15:04:05.000Z"),
		QueryParams:      multiValues(r.Query),
		FormParams:       multiValues(FormValues(r.Header["Content-Type"], r.Body)),
	}
	logged.Body, logged.BodyAsBase64 = bodyTexts(r.Body, bodyAsBase64)
	logged.RawBodyAsBase64, logged.BodyEncoded = InBase64(r.RawBody), r.BodyEncoded
	logged.RawURLAsBase64 = binaryInBase64([]byte(r.Target))
	logged.RawHeadersAsBase64 = binaryFields(header)
	for _, cookie := range decode.Cookies(r.Header["Cookie"]) {
		logged.Cookies[cookie.Name] = cookie.Text
	}
	return logged
}

// headerValues returns a header with a text for a field of one value, and a list
// for one of several values.
func headerValues(h http.Header) map[string]any {
	values := make(map[string]any, len(h))
	for name, list := range h {
		if len(list) == 1 {
			values[name] = list[0]
		} else {
			values[name] = list
		}
	}
	return values
}

func multiValues(values url.Values) map[string]multiValue {
	m := make(map[string]multiValue, len(values))
	for key, list := range values {
		m[key] = multiValue{key, list}
	}
	return m
}

// ClientIP returns the address of a client without its port.
func ClientIP(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	return host
}

// HostAndPort returns the name and the port in a Host header. As in WireMock the
// port is -1 if the header has none.
func HostAndPort(host string) (string, int) {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		return strings.Trim(host, "[]"), -1
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return name, -1
	}
	return name, n
}

// FormValues returns the fields of an urlencoded body; none for another type of
// body.
func FormValues(contentType []string, body []byte) url.Values {
	if len(contentType) > 0 && decode.KindOf(contentType[0]) == decode.KindForm {
		return decode.Values(string(body))
	}
	return url.Values{}
}
