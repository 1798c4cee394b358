package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/spf13/pflag"
)

// adminClient calls the admin API of a running server.
type adminClient struct {
	url   string
	token string
}

func (c *adminClient) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&c.url, "url", "http://127.0.0.1:8080", "base `URL` of the server")
	flags.StringVar(&c.token, "admin-token", "", "bearer `token` of the server's admin API")
}

// do sends a call and returns the response, which the caller must close. A response
// that is not 200 is an error with what it says.
func (c *adminClient) do(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.url, "/")+"/__admin"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		defer response.Body.Close()
		err := fmt.Errorf("%s %s responds with %s: %w", method, path, response.Status, reason(response.Body))
		if response.StatusCode == http.StatusUnprocessableEntity {
			return nil, &refusedError{err}
		}
		return nil, err
	}
	return response, nil
}

// refusedError reports that the server can't understand a call.
type refusedError struct{ error }

// get requests JSON, and decodes it.
func (c *adminClient) get(ctx context.Context, path string, into any) error {
	return c.call(ctx, http.MethodGet, path, nil, into)
}

func (c *adminClient) call(ctx context.Context, method, path string, body []byte, into any) error {
	response, err := c.do(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return json.NewDecoder(response.Body).Decode(into)
}

// reason reads the words of an error from its JSON.
func reason(body io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(body, 64<<10))
	if err != nil {
		return err
	}
	var document struct {
		Errors []struct {
			Title, Detail string
			Source        struct{ Pointer string }
		}
	}
	if json.Unmarshal(text, &document) != nil || len(document.Errors) == 0 {
		return errors.New(string(text))
	}
	e := document.Errors[0]
	var words []string
	for _, part := range []string{e.Title, e.Source.Pointer, e.Detail} {
		if part != "" {
			words = append(words, part)
		}
	}
	return errors.New(strings.Join(words, ": "))
}
