package match

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/matcher"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// validTexts check the texts that a criterion of a name can be equal to. What no
// request can have is refused: that it was not found would say nothing.
var validTexts = map[string]func(text string) error{
	"method":      validMethod,
	"status":      validStatus,
	"path":        validPath,
	"type":        validEvent,
	"host":        validHost,
	"port":        validPort,
	"scheme":      validScheme,
	"clientIp":    validIP,
	"operation":   validName,
	"application": validName,
	"webhook":     validName,
	"scope":       validName,
	"fault":       validName,
	"violation":   validName,
}

func validName(text string) error {
	if text == "" {
		return errors.New("it is blank: give it a value, or leave it out")
	}
	return nil
}

// token matches methods and names of header fields.
var token = regexp.MustCompile("^[-!#$%&'*+.^_`|~0-9A-Za-z]+$")

func validMethod(text string) error {
	if !token.MatchString(text) || strings.EqualFold(text, "ANY") || strings.EqualFold(text, "GET_OR_HEAD") {
		return fmt.Errorf("want a method such as GET, not %q", matcher.Shortened(text))
	}
	return nil
}

func validStatus(text string) error {
	if status, err := strconv.Atoi(text); err != nil || status < 100 || status > 599 || strconv.Itoa(status) != text {
		return fmt.Errorf("want a status from 100 to 599, not %q", matcher.Shortened(text))
	}
	return nil
}

// validPath checks a path without a query.
func validPath(text string) error {
	if strings.ContainsAny(text, "?#") {
		return fmt.Errorf("%q is no path, which ends before ? and #: match the query by itself", matcher.Shortened(text))
	}
	return validTarget(text)
}

// validTarget checks the beginning of a path, which may have a query. That of
// OPTIONS can be an asterisk.
func validTarget(text string) error {
	if text != "*" && !strings.HasPrefix(text, "/") {
		return fmt.Errorf("%q does not begin with a slash: want a path such as /applications", matcher.Shortened(text))
	}
	return nil
}

// validPathPattern checks the beginning of an expression for paths, so far as it
// can be seen.
func validPathPattern(text string) error {
	if text == "" || !strings.Contains(text, "|") && !strings.ContainsAny(text[:1], `/^([.\*`) {
		return fmt.Errorf("%q matches no path: each begins with a slash", matcher.Shortened(text))
	}
	return nil
}

func validHost(text string) error {
	if _, _, err := net.SplitHostPort(text); text == "" || err == nil {
		return fmt.Errorf("want a host such as localhost, without a port, not %q: there is port for that", matcher.Shortened(text))
	}
	return nil
}

func validIP(text string) error {
	if ip, err := netip.ParseAddr(text); err != nil || ip.String() != text {
		return fmt.Errorf("want an IP address such as 127.0.0.1 or ::1, not %q", matcher.Shortened(text))
	}
	return nil
}

// validHeaderName checks the name of a header field or a cookie.
func validHeaderName(name string) error {
	if !token.MatchString(name) {
		return fmt.Errorf("want a name such as Accept, not %q", matcher.Shortened(name))
	}
	return nil
}

func validPort(text string) error {
	if port, err := strconv.Atoi(text); err != nil || port < 1 || port > 65535 || strconv.Itoa(port) != text {
		return fmt.Errorf("want a port from 1 to 65535, not %q", matcher.Shortened(text))
	}
	return nil
}

func validScheme(text string) error {
	if text != "http" && text != "https" {
		return fmt.Errorf("want http or https, not %q", matcher.Shortened(text))
	}
	return nil
}

func validEvent(text string) error {
	events := []string{recorder.ConnectEvent, recorder.MessageEvent, recorder.DisconnectEvent}
	if !slices.Contains(events, text) {
		return fmt.Errorf("want a type of event, one of %s, not %q", strings.Join(events, ", "), matcher.Shortened(text))
	}
	return nil
}
