package scenarios

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios/internal/nodes"
)

// checkEffects checks the effect of a fault, or those of its steps.
func (c cursor) checkEffects(api *contract.API) {
	effects := c.items("steps")
	if key, ok := c.effectKey(); ok && len(effects) > 0 {
		c.WrongKey("steps", "can't be used with "+key+": put it into a step")
	}
	c.Needs("repeat", "steps")
	effects = append(effects, c)
	withoutBody := strings.EqualFold(c.Text("method"), http.MethodHead)
	streams := c.matchesStreamsAlone(api)
	does, replaces := false, false
	for _, effect := range effects {
		effect.checkEffect()
		if withoutBody {
			effect.checkNoBody("method HEAD")
		}
		if streams && !effect.Has("answer") && !effect.Has("status") {
			effect.checkNoBody("a stream of events")
			if effect.Text("transport") == TransportLimitData {
				effect.WrongKey("transport", "limit_data can't be used with a stream of events, which has no body to cut: use reset_peer or empty_response")
			}
		}
		_, ok := effect.effectKey()
		does = does || ok
		replaces = replaces || effect.Has("answer") || effect.Has("status") || breaksOff(effect.Text("transport"))
	}
	switch {
	case !does:
		c.Wrong("does nothing: give it answer, status, latency, throttle, transport or steps")
	case !replaces && c.Text("takesEffect") == "true":
		c.WrongKey("takesEffect", "has no effect without answer, status or a transport that sends no response: each request takes effect")
	}
}

// effectKey returns a key by which a fault, or a step, has an effect of its own.
func (c cursor) effectKey() (string, bool) {
	for _, key := range []string{"answer", "status", "latency", "throttle", "transport"} {
		if c.Has(key) {
			return key, true
		}
	}
	return "", false
}

// breaksOff reports whether a transport sends nothing of a response.
func breaksOff(transport string) bool { return transport != "" && transport != TransportLimitData }

// checkEffect checks that each key of an effect changes something.
func (c cursor) checkEffect() {
	for _, key := range []string{"retryAfter", "timeout"} {
		c.checkDuration(key)
	}
	c.Excludes("status", "answer")
	c.Excludes("body", "answer")
	c.Needs("body", "status")
	c.Needs("headers", "status", "answer")
	c.Needs("retryAfter", "status", "answer")
	c.Excludes("throttle", "transport")
	transport := c.Text("transport")
	if breaksOff(transport) {
		c.Excludes("transport", "answer", "status")
	}
	if transport != TransportLimitData && c.Has("limitData") {
		c.WrongKey("limitData", "needs transport: limit_data")
	}
	if transport != TransportTimeout && c.Has("timeout") {
		c.WrongKey("timeout", "needs transport: timeout")
	}
	if status := c.Number("status"); slices.Contains(bodiless, status) {
		c.checkNoBody("status " + strconv.Itoa(status))
	}
	c.checkHeaders()
	c.checkLatency()
}

// checkNoBody checks that an effect says nothing of a body that a response does not have.
func (c cursor) checkNoBody(because string) {
	latency, _ := c.get("latency")
	for _, about := range []struct {
		cursor
		key string
	}{{c, "body"}, {c, "throttle"}, {latency, "chunks"}} {
		if about.Node.Kind != 0 && about.Has(about.key) {
			about.WrongKey(about.key, "can't be used with "+because+", which has no body")
		}
	}
}

// bodiless are the statuses of responses without a body.
var bodiless = []int{http.StatusNoContent, http.StatusResetContent, http.StatusNotModified}

var fieldName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// framingFields are the header fields that follow from the response.
var framingFields = []string{"Content-Length", "Transfer-Encoding", "Trailer"}

// checkHeaders checks that the header fields of an effect can be sent.
func (c cursor) checkHeaders() {
	headers, ok := c.get("headers")
	if !ok {
		return
	}
	headers.checkNames()
	for key, node := range nodes.Pairs(headers.Node) {
		name, value := key.Value, node.Value
		switch canonical := http.CanonicalHeaderKey(name); {
		case !fieldName.MatchString(name):
			headers.WrongKey(name, "is not the name of a header field")
		case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7F }):
			headers.WrongKey(name, "has a control character in its value")
		case slices.Contains(framingFields, canonical):
			headers.WrongKey(name, "can't be set: it follows from the body")
		case canonical == "Retry-After" && c.Has("retryAfter"):
			headers.WrongKey(name, "can't be used with retryAfter")
		}
	}
}

// checkNames checks that no name of a header field is that of another in other letters,
// of which one alone would be sent.
func (c cursor) checkNames() {
	seen := map[string]string{}
	for key := range nodes.Pairs(c.Node) {
		canonical := http.CanonicalHeaderKey(key.Value)
		if first, ok := seen[canonical]; ok && first != key.Value {
			c.WrongKey(key.Value, "is the same header field as "+first+": want one")
		}
		seen[canonical] = key.Value
	}
}

// checkLatency checks that a latency says one time.
func (c cursor) checkLatency() {
	latency, ok := c.get("latency")
	if !ok {
		return
	}
	for _, key := range []string{"fixed", "min", "max", "median", "perChunk"} {
		latency.checkDuration(key)
	}
	if c.Has("transport") {
		for _, key := range []string{"chunks", "perChunk"} {
			if latency.Has(key) {
				latency.WrongKey(key, "can't be used with transport")
			}
		}
	}
	if len(latency.Node.Content) == 0 {
		latency.Wrong("says no time: give it fixed, min and max, median, or chunks and perChunk")
	}
	latency.Excludes("fixed", "min", "max", "median")
	latency.Excludes("median", "min", "max")
	latency.Needs("sigma", "median")
	latency.Needs("min", "max")
	latency.Needs("chunks", "perChunk")
	latency.Needs("perChunk", "chunks")
	least, leastErr := time.ParseDuration(latency.Text("min"))
	most, mostErr := time.ParseDuration(latency.Text("max"))
	if leastErr == nil && mostErr == nil && least > most {
		latency.WrongKey("min", "is more than max")
	}
}
