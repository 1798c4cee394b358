package trigger

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
)

// Rule is something that the outcome of a call must be.
type Rule struct {
	source contract.Source
	field  string // "status", "body", or a header field
	// problem returns what is wrong; blank where nothing is.
	problem func(*Outcome) string
}

// check returns the check that the rule belongs to.
func (r *Rule) check() contract.CheckName {
	if r.source == contract.Documented {
		return contract.CheckTrigger
	}
	return contract.CheckTriggerAssumption
}

// unless returns a problem, unless a condition holds.
func unless(holds bool, format string, args ...any) string {
	if holds {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

// status requires a status.
func status(source contract.Source, want int) Rule {
	return Rule{source, "status", func(o *Outcome) string {
		return unless(o.Exchange.Status == want, "want %s, got %s", contract.StatusText(want), shown(o))
	}}
}

// refused requires a status of 400 to 499.
func refused(source contract.Source) Rule {
	return Rule{source, "status", func(o *Outcome) string {
		return unless(o.Exchange.Status/100 == 4, "want a refusal, got %s", shown(o))
	}}
}

func shown(o *Outcome) string {
	if o.Exchange.Status == 0 {
		return "no response"
	}
	return contract.StatusText(o.Exchange.Status)
}

// asJSON requires a body that is one value of JSON.
func asJSON(source contract.Source, want any) Rule {
	return Rule{source, "body", func(o *Outcome) string {
		got, err := decode.JSON(o.Exchange.Body)
		return unless(err == nil && reflect.DeepEqual(got, want), "want %s, got %s", contract.Brief(want), contract.Brief(string(o.Exchange.Body)))
	}}
}

// success requires the body {"success": true}.
func success(source contract.Source) Rule { return asJSON(source, map[string]any{"success": true}) }

// failure requires a body with an error.
func failure() Rule {
	return Rule{contract.Ours, "body", func(o *Outcome) string {
		got, _ := decode.JSON(o.Exchange.Body)
		fields, _ := got.(map[string]any)
		text, _ := fields["error"].(string)
		return unless(text != "", `want {"error": ...}, got %s`, contract.Brief(string(o.Exchange.Body)))
	}}
}

// text requires a body.
func text(source contract.Source, want string) Rule {
	return Rule{source, "body", func(o *Outcome) string {
		return unless(string(o.Exchange.Body) == want, "want %q, got %s", want, contract.Brief(string(o.Exchange.Body)))
	}}
}

// blank requires a body without text.
func blank(source contract.Source) Rule { return text(source, "") }

// header requires a header field once, with one of some values.
func header(source contract.Source, name string, want ...string) Rule {
	return Rule{source, http.CanonicalHeaderKey(name), func(o *Outcome) string {
		got := strings.Join(o.Exchange.Header.Values(name), ", ")
		return unless(slices.Contains(want, got), "want %q, got %q", strings.Join(want, " or "), got)
	}}
}

// includes requires words in a header field that is a list, whatever their case.
func includes(source contract.Source, name string, words ...string) Rule {
	return Rule{source, http.CanonicalHeaderKey(name), func(o *Outcome) string {
		got := strings.Join(o.Exchange.Header.Values(name), ",")
		parts := strings.Split(strings.ToLower(strings.ReplaceAll(got, " ", "")), ",")
		for _, word := range words {
			if !slices.Contains(parts, strings.ToLower(word)) && !slices.Contains(parts, "*") {
				return fmt.Sprintf("want %s in it, got %q", word, got)
			}
		}
		return ""
	}}
}

// mediaType requires a content type, whatever its parameters.
func mediaType(want string) Rule {
	return Rule{contract.Ours, "Content-Type", func(o *Outcome) string {
		got, _ := decode.MediaType(o.Exchange.Header.Get("Content-Type"))
		return unless(got == want, "want %s, got %q", want, got)
	}}
}

// has requires a header field.
func has(source contract.Source, name string) Rule {
	return Rule{source, http.CanonicalHeaderKey(name), func(o *Outcome) string {
		return unless(o.Exchange.Header.Get(name) != "", "is missing")
	}}
}

// without forbids a header field.
func without(source contract.Source, name string) Rule {
	return Rule{source, http.CanonicalHeaderKey(name), func(o *Outcome) string {
		return unless(o.Exchange.Header.Get(name) == "", "want none, got %q", o.Exchange.Header.Get(name))
	}}
}

// only limits a rule to outcomes that it is about.
func only(about func(*Outcome) bool, rule Rule) Rule {
	problem := rule.problem
	rule.problem = func(o *Outcome) string {
		if about(o) {
			return problem(o)
		}
		return ""
	}
	return rule
}

// isHTTP1 reports whether the response came over HTTP/1, which alone has upgrades.
func isHTTP1(o *Outcome) bool { return !o.http2 }

// isSoon reports whether the response came soon after the webhook was made, which is
// when calls with a time are no older than they say.
func isSoon(o *Outcome) bool { return o.age < 2*time.Second }

// held requires that no response came.
func held(source contract.Source) Rule {
	return Rule{source, "status", func(o *Outcome) string {
		return unless(o.Exchange.Status == 0, "want it to be held until a workflow replies, got %s", shown(o))
	}}
}

// after requires the response at a time.
func after(source contract.Source, least, most time.Duration) Rule {
	return Rule{source, "time", func(o *Outcome) string {
		return unless(o.took >= least && o.took <= most, "want the response after %s to %s, got it after %s", least, most, o.took.Round(time.Second/10))
	}}
}

// staysOpen requires that a WebSocket is not closed.
func staysOpen(source contract.Source) Rule {
	return Rule{source, "close code", func(o *Outcome) string {
		return unless(o.closed == 0, "want it to stay open, and it was closed with %d", o.closed)
	}}
}

// closedWith requires that a WebSocket is closed with one of some codes.
func closedWith(source contract.Source, want ...int) Rule {
	return Rule{source, "close code", func(o *Outcome) string {
		return unless(slices.Contains(want, o.closed), "want it to be closed with %d, got %d (0: it stays open, -1: it ends without a code)", want[0], o.closed)
	}}
}
