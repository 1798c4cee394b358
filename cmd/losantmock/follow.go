package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/mockserver"
)

// followStream prints the requests of the server's stream, once there is a
// response. It ends with Ctrl-C: that the stream ends is an error.
func (c *requestsCommand) followStream(ctx context.Context, w, stderr io.Writer) error {
	if err := c.client.CheckSandbox(ctx); err != nil {
		return err
	}
	response, err := c.client.Do(ctx, http.MethodGet, "/requests/stream", nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.Header.Get("Content-Type") != "text/event-stream" {
		return exit.Unsure(c.client.NotLosantmock())
	}
	lines := bufio.NewReader(response.Body)
	event := ""
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			switch {
			case ctx.Err() != nil:
				return nil // Ctrl-C
			case err == io.EOF:
				return exit.Unsure(fmt.Errorf("the stream of %s has ended without a reason", c.client.URL))
			default:
				return exit.Unsure(fmt.Errorf("the stream of %s was cut off: %w", c.client.URL, err))
			}
		}
		if name, ok := strings.CutPrefix(line, "event: "); ok {
			event = strings.TrimSpace(name)
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			if err := c.printEvent(w, stderr, event, []byte(data)); err != nil {
				return err
			}
		}
	}
}

// printEvent prints an event of the stream.
func (c *requestsCommand) printEvent(w, stderr io.Writer, event string, data []byte) error {
	var r mockserver.Request
	var about struct {
		Reason  string
		Evicted uint64
	}
	into := any(&about)
	if event == "request" {
		into = &r
	}
	if err := json.Unmarshal(data, into); err != nil {
		return exit.Unsure(fmt.Errorf("the stream can't be read: %w", err))
	}
	switch {
	case event == "closed":
		return exit.Unsure(errors.New(about.Reason))
	case event == "incomplete":
		warnIncomplete(stderr, about.Evicted)
	case event == "request" && !r.Pending && c.wants(r):
		return c.print(w, r)
	}
	return nil
}
