package generic_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
)

// open opens a stream, and returns its response.
func (c client) open(ctx context.Context, path string) *http.Response {
	c.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.srv.URL+path, nil)
	if err != nil {
		c.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer any")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { response.Body.Close() })
	return response
}

// A stream opens, keeps itself alive, and ends with its world.
func TestAStreamLastsAsLongAsItsWorld(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]mockserver.Option{"plain": nil, "pedantic": {mockserver.WithPedantic()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := start(t, options...)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			response := c.open(ctx, c.line(`{"name":"South"}`)+"/arrivals?keepAliveInterval=1")
			if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "text/event-stream" {
				t.Fatalf("%d %v", response.StatusCode, response.Header)
			}
			lines := bufio.NewScanner(response.Body)
			for seen := 0; seen < 2 && lines.Scan(); {
				if strings.HasPrefix(lines.Text(), ":") {
					seen++
				} else if lines.Text() != "" {
					t.Fatalf("%q", lines.Text())
				}
			}
			c.srv.Reset()
			if _, err := io.ReadAll(response.Body); err != nil {
				t.Errorf("the stream does not end: %v", err)
			}
		})
	}
}

func TestAFileIsTaken(t *testing.T) {
	t.Parallel()
	c := start(t)
	path := c.line(`{"name":"South"}`)
	upload := func(field string, want int) {
		t.Helper()
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		file, err := form.CreateFormFile(field, "plan.txt")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = file.Write([]byte("twelve bytes"))
		form.Close()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.srv.URL+path+"/plan", &body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer any")
		request.Header.Set("Content-Type", form.FormDataContentType())
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		if response.StatusCode != want {
			t.Fatalf("%d, want %d: %s", response.StatusCode, want, text)
		}
	}
	if got := c.send("GET "+path, "", http.StatusOK).Get("status").String(); got != "pending" {
		t.Errorf("before the file has come it is %s", got)
	}
	upload("another", http.StatusBadRequest)
	if got := c.send("GET "+path, "", http.StatusOK).Get("status").String(); got != "pending" {
		t.Errorf("after an upload without the file it is %s", got)
	}
	upload("planFile", http.StatusOK)
	got := c.send("GET "+path, "", http.StatusOK)
	if got.Get("planFileName").String() != "plan.txt" || got.Get("fileSize").Int() != 12 || got.Get("status").String() != "completed" {
		t.Error(got)
	}
}
