package scenarios

import "time"

// Fault makes requests go wrong on purpose: which, when, and how. The zero
// value of a criterion matches any request. Of several faults the first that
// applies is used.
type Fault struct {
	Name string `yaml:"name,flow"`
	// Disabled faults apply to no request until they are switched on.
	Disabled bool `yaml:"disabled,omitempty"`

	// Which requests match.
	Operation   string `yaml:"operation,omitempty,flow"` // such as "webhooks.post", or "trigger"
	Method      string `yaml:"method,omitempty,flow"`
	Path        string `yaml:"path,omitempty,flow"`        // a glob over the path as sent
	Application string `yaml:"application,omitempty,flow"` // id
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

	// TakesEffect lets the request do its work all the same: its response
	// alone is lost.
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

// Effect is what a fault does to a response. Latency and throttling go together
// with everything else.
type Effect struct {
	// Answer is a shorthand for a whole response: unauthorized, forbidden,
	// rateLimited, serverError or maintenance.
	Answer string `yaml:"answer,omitempty,flow"`
	// RetryAfter is sent with rateLimited and maintenance, in whole seconds.
	RetryAfter time.Duration     `yaml:"retryAfter,omitempty"`
	Status     int               `yaml:"status,omitempty"`
	Headers    map[string]string `yaml:"headers,omitempty,flow"`
	Body       string            `yaml:"body,omitempty,flow"`

	Latency *Latency `yaml:"latency,omitempty"`
	// Throttle is how many bytes of the body go out in a second.
	Throttle int `yaml:"throttle,omitempty"`
	// Transport breaks the connection: reset_peer, empty_response,
	// malformed_chunk, random_then_close, timeout or limit_data, as toxiproxy
	// and WireMock name them.
	Transport string `yaml:"transport,omitempty,flow"`
	// LimitData is after how many bytes limit_data closes.
	LimitData int `yaml:"limitData,omitempty"`
	// Timeout is after how long timeout closes; 0 is when the client closes.
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
	// Chunks sends the body in so many parts, with PerChunk before each.
	Chunks   int           `yaml:"chunks,omitempty"`
	PerChunk time.Duration `yaml:"perChunk,omitempty"`
}

// IsZero reports whether an effect does nothing.
func (e Effect) IsZero() bool {
	return e.Answer == "" && e.Status == 0 && e.Latency == nil && e.Throttle == 0 && e.Transport == ""
}

// Replaces reports whether an effect takes the place of the response, rather
// than slow it down.
func (e Effect) Replaces() bool {
	return e.Answer != "" || e.Status != 0 || e.Transport != "" && e.Transport != "limit_data"
}
