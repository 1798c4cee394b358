package scenarios

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// checkTriggers checks what no schema can say of the section triggers.
func (c cursor) checkTriggers() {
	triggers, _ := c.get("triggers")
	limit, _ := triggers.get("rateLimit")
	triggers.checkDuration("replyTimeout")
	limit.checkDuration("per")
}

func (c cursor) checkDuration(key string) {
	at, ok := c.get(key)
	if !ok {
		return
	}
	if d, err := time.ParseDuration(at.Node.Value); err != nil || d <= 0 {
		at.Wrong(at.Quoted() + " is not a duration above 0 that fits into 292 years")
	}
}

// checkPlay checks how a scenario plays the workflow of a webhook.
func (c cursor) checkPlay() {
	var given []string
	for _, key := range []string{"reply", "replies", "forward"} {
		if _, ok := c.get(key); ok {
			given = append(given, key)
		}
	}
	if len(given) == 0 {
		return
	}
	if len(given) > 1 {
		c.WrongKey(given[1], "can't be used with "+given[0])
	}
	if given[0] != "forward" {
		c.checkWaits(given[0])
	}
	if reply, ok := c.get("reply"); ok {
		reply.checkReply()
	}
	for _, reply := range c.items("replies") {
		reply.checkReply()
	}
	if forward, ok := c.get("forward"); ok {
		c.checkForward(forward)
	}
}

// checkWaits checks that a call of the webhook waits for what a key sends.
func (c cursor) checkWaits(key string) {
	if c.Text("waitForReply") != "true" && c.Text("isWebsocket") != "true" {
		c.WrongKey(key, "needs waitForReply: true, or isWebsocket: true: no call waits for it")
	}
}

// checkForward checks where a webhook forwards to: a URL, or a mapping with one.
func (c cursor) checkForward(forward cursor) {
	url := forward
	if forward.Node.Kind == yaml.MappingNode {
		url, _ = forward.get("url")
		if _, ok := forward.get("reply"); ok {
			c.checkWaits("forward")
		}
	}
	if url.Node.Kind != yaml.ScalarNode {
		return // the schema reports it
	}
	if err := CheckForward(url.Node.Value); err != nil {
		url.Wrong(url.Quoted() + " " + err.Error())
	}
}

func (c cursor) checkReply() {
	if headers, ok := c.get("headers"); ok {
		headers.checkNames()
	}
	body, ok := c.get("body")
	switch {
	case !ok:
	case len(body.Node.Value) > MaxReplyBody:
		body.Wrong(fmt.Sprintf("has more than %d bytes", MaxReplyBody))
	default:
		body.checkTemplate(nil, nil, false) // over a payload
	}
	if delay, ok := c.get("delay"); ok {
		if _, err := time.ParseDuration(delay.Node.Value); err != nil {
			delay.Wrong(delay.Quoted() + " is not a duration that fits into 292 years")
		}
	}
}

// CheckForward returns why a payload can't be forwarded to a URL: what the URL is, which
// the error does not quote. The URL must be that of this machine or of a named host: an
// address could be anything in the network, such as a cloud's metadata.
func CheckForward(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return errors.New("is not a URL such as http://localhost:3000/webhook")
	case u.User != nil:
		return errors.New("must have no user")
	}
	if port, err := strconv.ParseUint(u.Port(), 10, 16); u.Port() != "" && (err != nil || port == 0) {
		return fmt.Errorf("%q has the port %s: want one from 1 to 65535", text, u.Port())
	}
	host := u.Hostname()
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return nil
	}
	// A host whose last label begins with a digit is an address too, in one of
	// the many ways to write it.
	last := host[strings.LastIndex(host, ".")+1:]
	if strings.Contains(host, ":") || last == "" || '0' <= last[0] && last[0] <= '9' {
		return errors.New("names an address: name a host, or this machine")
	}
	return nil
}
