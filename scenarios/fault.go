package scenarios

import "time"

// Fault makes requests go wrong on purpose: which, when, and how. The zero
// value of a condition holds for every request. Where several faults apply, the
// first one counts.
type Fault struct {
	Name string `yaml:"name,flow"`
	// Disabled faults apply to no request until they are switched on.
	Disabled bool `yaml:"disabled,omitempty"`

	// Which requests match.
	Operation   string `yaml:"operation,omitempty,flow"` // such as contract.OperationWebhooksPost, or contract.OperationTrigger
	Method      string `yaml:"method,omitempty,flow"`
	Path        string `yaml:"path,omitempty,flow"`        // a glob over the path as sent
	Application string `yaml:"application,omitempty,flow"` // id of one in the world
	Token       string `yaml:"token,omitempty,flow"`       // access token
	Matching    string `yaml:"matching,omitempty,flow"`    // a JSONPath that selects something in the request's body

	// When it applies to those that match. The first match is number 1.
	From        int       `yaml:"from,omitempty"`
	To          int       `yaml:"to,omitempty"`    // 0 is without end
	Every       int       `yaml:"every,omitempty"` // every k-th; 0 is each
	Probability float64   `yaml:"probability,omitempty"`
	After       time.Time `yaml:"after,omitempty"` // by the world's clock
	Until       time.Time `yaml:"until,omitempty"`
	// PerToken counts matches, and goes through the steps, for each access
	// token by itself. It remembers the [MaxRemembered] tokens that were used
	// last; any other token begins at 1.
	PerToken bool `yaml:"perToken,omitempty"`

	// TakesEffect lets the request do its work all the same: only its response
	// is lost. Without an effect that replaces the response, each request does.
	TakesEffect bool   `yaml:"takesEffect,omitempty"`
	Effect      Effect `yaml:",inline"`
	// Steps are effects one after another, in place of the one effect: the
	// first for the first request that the fault applies to, and so on. An
	// empty step lets a request pass. Behind the last step all pass, or it
	// begins again.
	Steps  []Effect `yaml:"steps,omitempty"`
	Repeat bool     `yaml:"repeat,omitempty"`
}

// MaxRemembered is the number of access tokens, or webhooks, for which a world
// counts how often each was used: those that were used last. It bounds the
// counts of a fault with PerToken, and what a [RateLimit] counts.
const MaxRemembered = 10_000

// Responses that an [Effect] names.
const (
	ResponseUnauthorized = "unauthorized" // 401
	ResponseForbidden    = "forbidden"    // 403
	ResponseRateLimited  = "rateLimited"  // 429
	ResponseServerError  = "serverError"  // 500
	ResponseMaintenance  = "maintenance"  // 503
)

// Transports: the ways in which an [Effect] breaks the connection. Their names
// are those of Toxiproxy and WireMock.
//
// On the handshake of a WebSocket they break the connection in place of opening it. With
// [Fault.TakesEffect], and with [TransportLimitData], the workflow is told of its connect
// and of its disconnect.
//
// Over HTTP/2, where many requests share a connection, the faults of a connection end
// all requests on it: [TransportResetPeer], [TransportEmptyResponse] and
// [TransportRandomThenClose]. The others reset the stream of their request alone:
// [TransportMalformedChunk] after a head and a part of a body, [TransportTimeout] after
// its silence, and [TransportLimitData] where the response is cut. Its head is sent
// whole there, or not at all; it counts as in HTTP/1.1.
const (
	TransportResetPeer       = "reset_peer"        // closes with a TCP reset
	TransportEmptyResponse   = "empty_response"    // closes without a response
	TransportMalformedChunk  = "malformed_chunk"   // sends a head and a chunk that is none
	TransportRandomThenClose = "random_then_close" // sends random bytes
	TransportTimeout         = "timeout"           // sends nothing for a time
	TransportLimitData       = "limit_data"        // closes in the midst of the response
)

// Effect is what a fault does to a response. Latency goes together with everything
// else. What has no effect beside the rest is refused.
type Effect struct {
	// Response is a response that the API knows, such as
	// [ResponseUnauthorized], and a short way to say what it consists of.
	Response string `yaml:"answer,omitempty,flow"`
	// RetryAfter is sent with a response or a status, in whole seconds; 0 is 1
	// second with [ResponseRateLimited], and none with others.
	RetryAfter time.Duration     `yaml:"retryAfter,omitempty"`
	Status     int               `yaml:"status,omitempty"`
	Headers    map[string]string `yaml:"headers,omitempty,flow"`
	Body       string            `yaml:"body,omitempty,flow"` // of the status; blank is an error as JSON

	Latency *Latency `yaml:"latency,omitempty"`
	// Throttle is how many bytes of the body go out in a second. A WebSocket has no
	// body: its messages are not slowed.
	Throttle int `yaml:"throttle,omitempty"`
	// Transport breaks the connection, such as [TransportResetPeer].
	Transport string `yaml:"transport,omitempty,flow"`
	// LimitData is how many bytes of the response [TransportLimitData] sends.
	LimitData int `yaml:"limitData,omitempty"`
	// Timeout is how long [TransportTimeout] waits; 0 is until the client leaves.
	Timeout time.Duration `yaml:"timeout,omitempty"`
}

// Latency is how long a response is held back: a fixed time, a time between two,
// or one of a log-normal distribution.
type Latency struct {
	Fixed  time.Duration `yaml:"fixed,omitempty"`
	Min    time.Duration `yaml:"min,omitempty"`
	Max    time.Duration `yaml:"max,omitempty"`
	Median time.Duration `yaml:"median,omitempty"`
	Sigma  float64       `yaml:"sigma,omitempty"`
	// Chunks sends the body in so many parts, with PerChunk before each. The messages
	// of a WebSocket go out whole.
	Chunks   int           `yaml:"chunks,omitempty"`
	PerChunk time.Duration `yaml:"perChunk,omitempty"`
}

// IsZero reports whether an effect does nothing.
func (e Effect) IsZero() bool {
	return e.Response == "" && e.Status == 0 && e.Latency == nil && e.Throttle == 0 && e.Transport == ""
}

// Replaces reports whether an effect takes the place of the response, rather than
// slow it down.
func (e Effect) Replaces() bool {
	return e.Response != "" || e.Status != 0 || e.Transport != "" && e.Transport != TransportLimitData
}
