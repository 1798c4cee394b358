// Package leftovers lists the webhooks of an application by the beginning of their
// names, and deletes them.
package leftovers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/live"
)

const (
	perHook   = 50 * time.Millisecond // to delete it, beside the pace of the client
	mostPages = 100                   // of a list
	perPage   = 100
)

// Hook is a webhook that a suite made and did not delete.
type Hook struct {
	Path string // below the base URL
	Name string
	// Created is zero where the server does not say when.
	Created time.Time

	age time.Duration // by the clock of the server
}

// Younger reports whether the webhook is younger than a time by the clock of the server,
// or may be; 0 is no time.
func (h Hook) Younger(than time.Duration) bool {
	return than > 0 && (h.Created.IsZero() || h.age < than)
}

// anyID is the id of a webhook, without which no path leads to it.
var anyID = regexp.MustCompile(contract.IDPattern)

// Named returns the webhooks whose names begin with a prefix. The server may ignore the
// filter and the size of the page.
func Named(ctx context.Context, client *live.Client, applicationID, prefix string) ([]Hook, error) {
	var named []Hook
	hooks := "/applications/" + applicationID + "/webhooks"
	seen := map[string]bool{}
	for page := range mostPages {
		query := fmt.Sprintf("?perPage=%d&page=%d&filterField=name&filter=%s", perPage, page, url.QueryEscape(prefix+"*"))
		e, err := client.Do(ctx, live.Call{Method: http.MethodGet, Target: hooks + query})
		if err != nil {
			return named, err
		}
		if e.Status != http.StatusOK {
			return named, errors.New("the response to the list of webhooks is " + contract.StatusText(e.Status))
		}
		decoded, err := decode.JSON(e.Body)
		if err != nil {
			return named, fmt.Errorf("the list of webhooks can't be read: %w", err)
		}
		before := len(seen)
		fields, _ := decoded.(map[string]any)
		items, _ := fields["items"].([]any)
		for _, item := range items {
			item, isObject := item.(map[string]any)
			if !isObject {
				continue
			}
			id, _ := item["id"].(string)
			hook := read(hooks+"/"+id, item, e.Header)
			if !seen[hook.Path] && strings.HasPrefix(hook.Name, prefix) {
				if !anyID.MatchString(id) {
					return named, fmt.Errorf("the list of webhooks has %q with an id that is none", hook.Name)
				}
				named = append(named, hook)
			}
			seen[hook.Path] = true
		}
		if total, _ := fields["totalCount"].(float64); len(seen) == before || len(seen) == int(total) {
			return named, nil
		}
	}
	return named, fmt.Errorf("the list of webhooks has more than %d pages", mostPages)
}

// read returns an item of a list.
func read(path string, item map[string]any, header http.Header) Hook {
	h := Hook{Path: path}
	h.Name, _ = item["name"].(string)
	text, _ := item["creationDate"].(string)
	h.Created, _ = time.Parse(time.RFC3339, text) // zero where it can't be read
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	h.age = now.Sub(h.Created)
	return h
}

// Delete deletes a webhook. One that is gone already is deleted. A server that wants a body
// gets the one that Losant's client for JavaScript sends.
func Delete(ctx context.Context, client *live.Client, path string) error {
	for _, body := range [][]byte{nil, []byte("{}")} {
		e, err := client.Do(ctx, live.Call{Method: http.MethodDelete, Target: path, Body: body})
		switch {
		case err != nil:
			return err
		case e.Status < 300 || e.Status == http.StatusNotFound:
			return nil
		case body != nil || !slices.Contains(refusalsOfBodies, e.Status):
			return errors.New("the response to DELETE is " + contract.StatusText(e.Status))
		}
	}
	return nil
}

// refusalsOfBodies are the statuses of a server that refuses the body of a request, or
// that there is none.
var refusalsOfBodies = []int{http.StatusBadRequest, http.StatusLengthRequired, http.StatusUnsupportedMediaType}

// TimeToDelete returns how long it takes to list and to delete webhooks.
func TimeToDelete(client *live.Client, hooks int) time.Duration {
	return time.Duration(hooks) * (2*client.Pace() + perHook)
}

// Within returns a context that ends after a time, or when a channel is closed.
func Within(ctx context.Context, limit time.Duration, abandoned <-chan struct{}) (context.Context, context.CancelFunc) {
	limited, cancel := context.WithTimeout(ctx, limit)
	go func() {
		select {
		case <-abandoned:
			cancel()
		case <-limited.Done():
		}
	}()
	return limited, cancel
}
