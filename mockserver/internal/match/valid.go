package match

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/matcher"

	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// validTexts check the texts that a criterion of a name can be equal to.
var validTexts = map[string]func(text string) error{
	"method": validMethod,
	"status": validStatus,
	"path":   validPath,
	"type":   validEvent,
	"port":   validPort,
	"scheme": validScheme,
}

var methodToken = regexp.MustCompile("^[-!#$%&'*+.^_`|~0-9A-Za-z]+$")

func validMethod(text string) error {
	if !methodToken.MatchString(text) {
		return fmt.Errorf("want a method such as GET, not %q", matcher.Shortened(text))
	}
	return nil
}

func validStatus(text string) error {
	if status, err := strconv.Atoi(text); err != nil || status < 100 || status > 599 {
		return fmt.Errorf("want a status from 100 to 599, not %q", matcher.Shortened(text))
	}
	return nil
}

// validPath checks the beginning of a path. The target of OPTIONS can be an
// asterisk.
func validPath(text string) error {
	if text != "*" && !strings.HasPrefix(text, "/") {
		return fmt.Errorf("%q does not begin with a slash: want a path such as /applications", matcher.Shortened(text))
	}
	return nil
}

func validPort(text string) error {
	if port, err := strconv.Atoi(text); err != nil || port < 1 || port > 65535 {
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
