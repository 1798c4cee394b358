// Package curl writes a command line that sends a request again.
//
//	request := curl.Request{Method: "GET", Scheme: "http", Host: "localhost:8080", Target: "/applications"}
//	command, err := request.Command("-i")
//
// The line is safe to paste into a POSIX shell, whatever the request contains,
// and curl sends the same method, target, header fields and body. What stands
// in no argument, such as a NUL, is written by the shell's own printf.
//
// The package imports no other package of this module.
package curl

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Request is what a command sends.
type Request struct {
	Method string
	// Scheme is "http" or "https".
	Scheme string
	// Host is the host to connect to, with its port where it has one. One that
	// no URL can hold is sent as a header field to Address.
	Host string
	// Address is the host to connect to, with its port, in place of Host; blank for Host,
	// and for localhost where Host is none.
	Address string
	// Target is what follows the method on the wire: a path with its query, as
	// it was sent.
	Target string
	// Header has the fields to send. The command leaves out those that curl
	// has to decide about, such as Content-Length.
	Header http.Header
	// Body is the body to send; nil sends none.
	Body []byte
	// BodyFile is the name of a file with the body, which the command reads in
	// place of having the body itself; blank for none.
	BodyFile string
	// Exact makes curl send the request field by field: also those that curl
	// decides about otherwise, and none that Header lacks.
	Exact bool
	// Old sends the request as HTTP/1.0.
	Old bool
	// NoHTTP2 sends the request as HTTP/1.1 where curl would try HTTP/2, over TLS.
	NoHTTP2 bool
	// Authority is the file of the authority that curl trusts over TLS; blank for
	// those that it trusts anyway.
	Authority string
	// TokenVariable is the environment variable that the command takes an
	// access token from; blank sends no other than that of Header.
	TokenVariable string
}

// Command returns a line for a POSIX shell that sends the request with curl,
// with some more of curl's options in front. The line has no control
// characters, whatever the request contains. The error says what of the
// request no command can send, because HTTP has no such text: a method or a
// field's name that is no token, a blank in a target, a line break in a field.
//
// Where the request lacks Accept or User-Agent, and is not Exact, curl sends its
// own. A HEAD with a body has Connection: close, without which curl would not end.
func (r *Request) Command(options ...string) (string, error) {
	if err := r.check(); err != nil {
		return "", err
	}
	words := slices.Concat([]string{"curl"}, options, r.tlsOptions(), r.addressOptions(), r.versionOptions(), r.methodOptions(), r.headerOptions())
	words = append(words, r.targetOptions()...)
	switch {
	case r.Body == nil:
	case r.BodyFile != "":
		words = append(words, "--data-binary", quote("@"+r.BodyFile))
	case fitsArgument(r.Body):
		words = append(words, "--data-raw", quote(string(r.Body)))
	default:
		words = slices.Concat([]string{"printf", "'" + format(string(r.Body)) + "'", "|"}, words, []string{"--data-binary", "@-"})
	}
	return strings.Join(append(words, quote(r.url())), " "), nil
}

func (r *Request) tlsOptions() []string {
	if r.Authority != "" {
		return []string{"--cacert", quote(r.Authority)}
	}
	return nil
}

func (r *Request) versionOptions() []string {
	switch {
	case r.Old:
		return []string{"--http1.0"}
	case r.NoHTTP2 && r.Scheme == "https":
		return []string{"--http1.1"}
	default:
		return nil
	}
}

func (r *Request) methodOptions() []string {
	switch {
	case r.Method == http.MethodGet && r.Body == nil:
		return nil
	case r.Method == http.MethodHead && r.Body == nil:
		return []string{"-I"}
	case r.Method == http.MethodHead:
		// With a body curl waits for that of the response, which never comes.
		options := []string{"-X", r.Method, "--ignore-content-length"}
		if !r.Exact || !r.has("Connection") {
			options = append(options, "-H", "'Connection: close'")
		}
		return options
	default:
		return []string{"-X", quote(r.Method)}
	}
}

// The fields that curl decides about: those that follow from the rest of the
// request, and where it need not be exact, those of the connection and the encodings
// that curl can undo.
var (
	framing    = []string{"Content-Length", "Transfer-Encoding", "Host"}
	negotiated = []string{"Accept-Encoding", "Connection"}
)

func (r *Request) headerOptions() []string {
	options := r.hostOptions()
	add := func(field string) { options = append(options, "-H", quote(field)) }
	if r.TokenVariable != "" {
		options = append(options, "-H", `"Authorization: Bearer $`+r.TokenVariable+`"`)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		if r.decidedByCurl(name) {
			continue
		}
		for _, value := range r.Header[name] {
			if strings.Trim(value, " \t") == "" {
				add(name + ";") // which is how curl sends an empty field
			} else {
				add(name + ": " + value)
			}
		}
	}
	if r.Body != nil && !r.has("Content-Type") {
		add("Content-Type:") // which curl would send as that of a form
	}
	if r.Exact {
		options = append(options, r.exactOptions()...)
	}
	return options
}

// exactOptions keep curl from adding fields, and from choosing how the body is sent.
func (r *Request) exactOptions() []string {
	var options []string
	for _, name := range []string{"Accept", "User-Agent"} {
		if !r.has(name) {
			options = append(options, "-H", name+":")
		}
	}
	if len(r.Body) >= leastExpected && !r.has("Expect") {
		options = append(options, "-H", "Expect:")
	}
	switch {
	case r.Body == nil && r.Header.Get("Content-Length") == "0":
		options = append(options, "-H", "'Content-Length: 0'")
	case r.Body != nil && !r.has("Content-Length") && !r.Old:
		options = append(options, "-H", "'Transfer-Encoding: chunked'")
	}
	if r.has("Accept-Encoding") {
		options = append(options, "--compressed") // shows the response inflated
	}
	return options
}

// leastExpected is the size of a body for which a curl sends Expect by itself: those
// before 7.75 do from 1 KiB on.
const leastExpected = 1 << 10

func (r *Request) has(name string) bool { return len(r.Header.Values(name)) > 0 }

// decidedByCurl reports whether the command leaves a field to curl.
func (r *Request) decidedByCurl(name string) bool {
	name = http.CanonicalHeaderKey(name)
	return slices.Contains(framing, name) || !r.Exact && slices.Contains(negotiated, name)
}

// targetOptions keep curl from changing the target.
func (r *Request) targetOptions() []string {
	var options []string
	if !plainTarget(r.Target) {
		options = append(options, "--request-target", quote(r.Target))
	}
	if strings.ContainsAny(r.url(), "[]{}") {
		options = append(options, "-g") // they stand for themselves
	}
	if plainTarget(r.Target) && strings.Contains(strings.ReplaceAll(strings.ToLower(r.Target), "%2e", "."), "/.") {
		options = append(options, "--path-as-is")
	}
	return options
}

func (r *Request) url() string {
	url := r.Scheme + "://" + r.connectTo()
	if plainTarget(r.Target) {
		url += r.Target
	}
	return url
}

const alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// plainTarget reports whether curl sends a target as it stands in a URL.
func plainTarget(target string) bool {
	return strings.HasPrefix(target, "/") && only(target, alphanumeric+"-._~:/?[]{}@!$&'()*+,;=%")
}

func only(text, characters string) bool { return strings.Trim(text, characters) == "" }

// check returns an error for what HTTP can't hold.
func (r *Request) check() error {
	if !token(r.Method) {
		return fmt.Errorf("no command can send the method %q", r.Method)
	}
	if strings.ContainsFunc(r.Target, func(c rune) bool { return c <= ' ' || c == 0x7f }) || r.Target == "" {
		return fmt.Errorf("no command can send the target %q", r.Target)
	}
	if strings.ContainsFunc(r.Host, control) {
		return fmt.Errorf("no command can send the host %q", r.Host)
	}
	if err := r.checkLength(); err != nil {
		return err
	}
	for name, values := range r.Header {
		if !token(name) {
			return fmt.Errorf("no command can send a header field with the name %q", name)
		}
		if i := slices.IndexFunc(values, func(value string) bool { return strings.ContainsFunc(value, control) }); i >= 0 {
			return fmt.Errorf("no command can send the header field %s with the value %q", name, values[i])
		}
	}
	return nil
}

// checkLength returns an error for fields that contradict each other about where
// the body ends. curl decides about them, and would send others.
func (r *Request) checkLength() error {
	lengths, encodings := r.Header.Values("Content-Length"), r.Header.Values("Transfer-Encoding")
	switch {
	case len(lengths) > 0 && len(encodings) > 0:
		return errors.New("no command can send both Content-Length and Transfer-Encoding")
	case len(lengths) > 1 || len(lengths) == 1 && !only(lengths[0], "0123456789"):
		return fmt.Errorf("no command can send Content-Length with %q", lengths)
	case len(encodings) > 1 || len(encodings) == 1 && !strings.EqualFold(encodings[0], "chunked"):
		return fmt.Errorf("no command can send Transfer-Encoding with %q", encodings)
	default:
		return nil
	}
}

// token reports whether a text is one word of HTTP.
func token(text string) bool { return text != "" && only(text, alphanumeric+"!#$%&'*+-.^_`|~") }

// control reports whether a character can stand in no header field.
func control(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }
