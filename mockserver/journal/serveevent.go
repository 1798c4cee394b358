package journal

import (
	"time"

	"github.com/losantmock/losantmock/contract"
)

// serveEvent is a request in the JSON of WireMock's journal, which has clients in
// many test suites, with further members of ours.
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

// ourFields are the members that WireMock does not have.
type ourFields struct {
	Sequence   uint64              `json:"sequence"`
	Operation  string              `json:"operation,omitempty"`
	PathParams map[string]string   `json:"pathParams,omitempty"`
	Token      string              `json:"token,omitempty"`
	Scopes     []string            `json:"scopes,omitempty"`
	Needed     []string            `json:"neededScopes,omitempty"`
	Violation  *contract.Violation `json:"violation,omitempty"`
	Trigger    *Trigger            `json:"trigger,omitempty"`
	Fault      string              `json:"fault,omitempty"`
	Hint       string              `json:"hint,omitempty"`
	Duration   int64               `json:"durationMicros"`
	Timeline   *timeline           `json:"timeline,omitempty"`
	Pending    bool                `json:"pending,omitempty"`
	Aborted    bool                `json:"aborted,omitempty"`
	Redacted   bool                `json:"redacted,omitempty"`
	Panic      string              `json:"panic,omitempty"`
}

// timeline is a [Timeline] in microseconds; without what is not known.
type timeline struct {
	Received      int64 `json:"received,omitempty"`
	ResponseBegun int64 `json:"responseBegun,omitempty"`
	Ended         int64 `json:"ended,omitempty"`
}

// newTimeline returns nil for a timeline of which nothing is known.
func newTimeline(t Timeline) *timeline {
	if t == (Timeline{}) {
		return nil
	}
	return &timeline{inMicros(t.Received), inMicros(t.ResponseBegun), inMicros(t.Ended)}
}

// inMicros returns a time in microseconds; 0 for 0 alone.
func inMicros(d time.Duration) int64 {
	if d == 0 {
		return 0
	}
	return max(1, d.Microseconds())
}

func (t *timeline) times() Timeline {
	if t == nil {
		return Timeline{}
	}
	in := func(micros int64) time.Duration { return time.Duration(micros) * time.Microsecond }
	return Timeline{in(t.Received), in(t.ResponseBegun), in(t.Ended)}
}

// LoggedRequest is a request without its response in WireMock's JSON.
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
	sentBytes
}

// sentBytes are the members of ours with what was sent where the other members do
// not show it byte by byte: a body that was compressed, and texts that are not
// UTF-8. BodyEncoded is true for a body that is shown compressed, since it can't be
// inflated.
type sentBytes struct {
	BodyEncoded        bool                `json:"bodyEncoded,omitempty"`
	RawBodyAsBase64    string              `json:"rawBodyAsBase64,omitempty"`
	RawURLAsBase64     string              `json:"rawUrlAsBase64,omitempty"`
	RawHeadersAsBase64 map[string][][]byte `json:"rawHeadersAsBase64,omitempty"`
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

	RawHeadersAsBase64 map[string][][]byte `json:"rawHeadersAsBase64,omitempty"`
}

type timing struct {
	AddedDelay       int64 `json:"addedDelay"`
	ProcessTime      int64 `json:"processTime"`
	ResponseSendTime int64 `json:"responseSendTime"`
	ServeTime        int64 `json:"serveTime"`
	TotalTime        int64 `json:"totalTime"`
}
