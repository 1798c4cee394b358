package journal

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
)

// The journal as JSON has the shape that WireMock gives its own, because test
// suites have clients for it. What we know beyond it stands beside.

type serveEvent struct {
	V                  int                `json:"v,omitempty"` // of a line: see LineVersion
	ID                 string             `json:"id"`
	Request            LoggedRequest      `json:"request"`
	ResponseDefinition responseDefinition `json:"responseDefinition"`
	Response           loggedResponse     `json:"response"`
	WasMatched         bool               `json:"wasMatched"`
	Timing             timing             `json:"timing"`
	SubEvents          []any              `json:"subEvents"`
	ourFields
}

// ourFields is what we know of a request beyond WireMock.
type ourFields struct {
	Sequence   uint64              `json:"sequence"`
	Operation  string              `json:"operation,omitempty"`
	PathParams map[string]string   `json:"pathParams,omitempty"`
	Token      string              `json:"token,omitempty"`
	Scopes     []string            `json:"scopes,omitempty"`
	Violation  *contract.Violation `json:"violation,omitempty"`
	Trigger    *Trigger            `json:"trigger,omitempty"`
	Fault      string              `json:"fault,omitempty"`
	Hint       string              `json:"hint,omitempty"`
	Duration   int64               `json:"durationMicros"`
	Pending    bool                `json:"pending,omitempty"`
	Aborted    bool                `json:"aborted,omitempty"`
	Panic      string              `json:"panic,omitempty"`
}

type LoggedRequest struct {
	URL                 string                `json:"url"`
	AbsoluteURL         string                `json:"absoluteUrl"`
	Method              string                `json:"method"`
	ClientIP            string                `json:"clientIp"`
	Headers             map[string]any        `json:"headers"`
	Cookies             map[string]string     `json:"cookies"`
	BrowserProxyRequest bool                  `json:"browserProxyRequest"`
	LoggedDate          int64                 `json:"loggedDate"`
	BodyAsBase64        string                `json:"bodyAsBase64"`
	Body                string                `json:"body"`
	Protocol            string                `json:"protocol"`
	Scheme              string                `json:"scheme"`
	Host                string                `json:"host"`
	Port                int                   `json:"port"`
	LoggedDateString    string                `json:"loggedDateString"`
	QueryParams         map[string]multiValue `json:"queryParams"`
	FormParams          map[string]multiValue `json:"formParams"`
}

type multiValue struct {
	Key    string   `json:"key"`
	Values []string `json:"values"`
}

type responseDefinition struct {
	Status             int   `json:"status"`
	FromConfiguredStub *bool `json:"fromConfiguredStub,omitempty"`
}

type loggedResponse struct {
	Status       int            `json:"status"`
	Headers      map[string]any `json:"headers,omitempty"`
	BodyAsBase64 string         `json:"bodyAsBase64"`
	Body         string         `json:"body"`
}

type timing struct {
	AddedDelay       int64 `json:"addedDelay"`
	ProcessTime      int64 `json:"processTime"`
	ResponseSendTime int64 `json:"responseSendTime"`
	ServeTime        int64 `json:"serveTime"`
	TotalTime        int64 `json:"totalTime"`
}

// MarshalJSON writes a request in the shape of WireMock's serve events.
func (r Request) MarshalJSON() ([]byte, error) { return r.encode(0, InBase64) }

// LineVersion is the version of the lines of a journal, which they carry as the
// member v. It changes when a program that reads the present lines could
// misunderstand new ones. [Read] reads all versions up to it; lines without the
// member are of version 1.
const LineVersion = 1

// Line is a request as a line of a journal file. What is text stands there as
// text alone, which halves the line.
func (r Request) Line() ([]byte, error) { return r.encode(LineVersion, binaryInBase64) }

func InBase64(body []byte) string { return base64.StdEncoding.EncodeToString(body) }

func binaryInBase64(body []byte) string {
	if utf8.Valid(body) {
		return ""
	}
	return InBase64(body)
}

// encode writes a request as JSON with a line's end; without a version, as the
// admin API shows it.
func (r Request) encode(version int, bodyAsBase64 func([]byte) string) ([]byte, error) {
	event := serveEvent{
		V:                  version,
		ID:                 r.ID,
		Request:            NewLoggedRequest(r, bodyAsBase64),
		ResponseDefinition: responseDefinition{Status: r.Status},
		Response: loggedResponse{
			Status:       r.Status,
			Headers:      headerValues(r.ResponseHeader),
			BodyAsBase64: bodyAsBase64(r.ResponseBody),
			Body:         decode.Text(r.ResponseBody),
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
			Violation:  r.Violation,
			Trigger:    r.Trigger,
			Fault:      r.Fault,
			Hint:       r.Hint,
			Duration:   r.Duration.Microseconds(),
			Pending:    r.Pending,
			Aborted:    r.Aborted,
			Panic:      r.Panic,
		},
	}
	if !event.WasMatched {
		event.ResponseDefinition.FromConfiguredStub = new(false)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(event)
	return b.Bytes(), err
}

// UnmarshalJSON reads what MarshalJSON writes: an answer of the admin API, or
// a line of a journal file.
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
	answer, err := bodyOf(event.Response.BodyAsBase64, event.Response.Body)
	if err != nil {
		return err
	}
	logged := event.Request
	header := httpHeader(logged.Headers)
	delete(header, "Host")
	*r = Request{
		ID:             event.ID,
		Sequence:       event.Sequence,
		Time:           time.UnixMilli(logged.LoggedDate).UTC(),
		Duration:       time.Duration(event.Duration) * time.Microsecond,
		Method:         logged.Method,
		Target:         logged.URL,
		Proto:          logged.Protocol,
		Host:           strings.TrimSuffix(strings.TrimPrefix(logged.AbsoluteURL, "http://"), logged.URL),
		RemoteAddr:     logged.ClientIP,
		Header:         header,
		Body:           body,
		Pending:        event.Pending,
		Aborted:        event.Aborted,
		Operation:      event.Operation,
		PathParams:     event.PathParams,
		Token:          event.Token,
		Scopes:         event.Scopes,
		Status:         event.Response.Status,
		ResponseHeader: httpHeader(event.Response.Headers),
		ResponseBody:   answer,
		Violation:      event.Violation,
		Trigger:        event.Trigger,
		Fault:          event.Fault,
		Hint:           event.Hint,
		Panic:          event.Panic,
	}
	if u, err := url.ParseRequestURI(logged.URL); err == nil {
		r.Path, r.Query = u.Path, u.Query()
	}
	return nil
}

// bodyOf reads a body that stands there encoded, or as text alone.
func bodyOf(encoded, text string) ([]byte, error) {
	if encoded == "" {
		return []byte(text), nil
	}
	return base64.StdEncoding.DecodeString(encoded)
}

// matched tells whether the request led anywhere: to an operation, to the
// API's description of itself, or to what every path answers to OPTIONS.
func (r *Request) matched() bool {
	return r.Operation != "" || r.Status != 0 && r.Status < 400
}

func httpHeader(values map[string]any) http.Header {
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
	return h
}

func NewLoggedRequest(r Request, bodyAsBase64 func([]byte) string) LoggedRequest {
	host, port := HostAndPort(r.Host)
	header := http.Header{"Host": {r.Host}} // which net/http takes out of the header
	maps.Copy(header, r.Header)
	logged := LoggedRequest{
		URL:              r.Target,
		AbsoluteURL:      "http://" + r.Host + r.Target,
		Method:           r.Method,
		ClientIP:         ClientIP(r.RemoteAddr),
		Headers:          headerValues(header),
		Cookies:          map[string]string{},
		LoggedDate:       r.Time.UnixMilli(),
		BodyAsBase64:     bodyAsBase64(r.Body),
		Body:             decode.Text(r.Body),
		Protocol:         r.Proto,
		Scheme:           "http",
		Host:             host,
		Port:             port,
		LoggedDateString: r.Time.Format("2006-01-02T15:04:05.000Z"),
		QueryParams:      multiValues(r.Query),
		FormParams:       multiValues(FormValues(r.Header["Content-Type"], r.Body)),
	}
	for _, cookie := range (&http.Request{Header: r.Header}).Cookies() {
		logged.Cookies[cookie.Name] = cookie.Value
	}
	return logged
}

// headerValues gives a text for a field that stands once, else a list.
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

func ClientIP(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	return host
}

// HostAndPort reads a Host header; the port is -1 where it names none, as
// WireMock has it.
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

// FormValues reads the fields of an urlencoded body; none of any other.
func FormValues(contentType []string, body []byte) url.Values {
	if len(contentType) > 0 {
		if kind, _ := decode.KindOf(contentType[0]); kind == decode.KindForm {
			values, _ := url.ParseQuery(string(body)) // what can be read is enough
			return values
		}
	}
	return url.Values{}
}
