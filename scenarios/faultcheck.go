package scenarios

import (
	"fmt"
	"strings"

	"github.com/gobwas/glob"
	"github.com/losantmock/losantmock/contract"
	"github.com/theory/jsonpath"
)

// checkFaults checks what no schema can say of faults, and of the rate limit
// beside them.
func (c cursor) checkFaults(api *contract.API) {
	section, _ := c.get("api")
	limit, _ := section.get("rateLimit")
	limit.checkDuration("per")
	for _, fault := range c.items("faults") {
		if name := fault.text("operation"); name != "" && name != contract.OperationTrigger && api.Operation(name) == nil {
			operation, _ := fault.get("operation")
			operation.wrong(operation.quoted() + " is no operation of the API, nor trigger")
		}
		if path, ok := fault.get("path"); ok && path.checkExpression() {
			if _, err := glob.Compile(path.node.Value, '/'); err != nil || strings.Count(path.node.Value, "{") > 1 {
				path.wrong(path.quoted() + " is no glob, or too complex a one")
			}
		}
		if matching, ok := fault.get("matching"); ok && matching.checkExpression() {
			if _, err := jsonpath.Parse(matching.node.Value); err != nil {
				matching.wrong(matching.quoted() + " is no JSONPath: " + err.Error())
			}
		}
		fault.checkTimes("after", "until")
		fault.checkEffect()
		steps := fault.items("steps")
		for _, step := range steps {
			step.checkEffect()
		}
		effect, has := fault.effectKey()
		switch {
		case has && len(steps) > 0:
			fault.wrongKey("steps", "can't stand beside "+effect+": put it into a step")
		case !has && len(steps) == 0:
			fault.wrong("does nothing: give it answer, status, latency, throttle, transport or steps")
		}
	}
}

// maxExpression is the largest glob or JSONPath of a fault, in bytes. Their parsers
// call themselves for each level, and a stack that is too deep ends the program.
const maxExpression = 4096

// checkExpression checks that an expression is not too large to be parsed.
func (c cursor) checkExpression() bool {
	if len(c.node.Value) > maxExpression {
		c.wrong(fmt.Sprintf("has %d bytes, and at most %d are read: shorten it, or write several faults", len(c.node.Value), maxExpression))
		return false
	}
	return true
}

// effectKey is a key by which a fault has an effect of its own.
func (c cursor) effectKey() (string, bool) {
	for _, key := range []string{"answer", "status", "latency", "throttle", "transport"} {
		if _, ok := c.get(key); ok {
			return key, true
		}
	}
	return "", false
}

func (c cursor) checkEffect() {
	for _, key := range []string{"retryAfter", "timeout"} {
		c.checkDuration(key)
	}
	for _, pair := range [][2]string{{"status", "answer"}, {"transport", "answer"}, {"transport", "status"}} {
		_, first := c.get(pair[0])
		_, second := c.get(pair[1])
		if first && second && c.text("transport") != TransportLimitData {
			c.wrongKey(pair[0], "can't stand beside "+pair[1])
		}
	}
	if transport := c.text("transport"); transport != TransportLimitData {
		if _, ok := c.get("limitData"); ok {
			c.wrongKey("limitData", "needs transport: limit_data")
		}
	}
	latency, ok := c.get("latency")
	if !ok {
		return
	}
	for _, key := range []string{"fixed", "min", "max", "median", "perChunk"} {
		latency.checkDuration(key)
	}
}
