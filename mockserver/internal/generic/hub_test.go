package generic

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// An event reaches the open streams of its operation whose ids it names, and no other.
func TestAnEventReachesItsStreams(t *testing.T) {
	t.Parallel()
	var hub Hub
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stream := hub.open("line.arrivals", map[string]string{"lineId": r.URL.Path[1:]}, time.Hour)
		defer stream.Close()
		stream.Serve(w, r.Context(), t.Context())
	}))
	t.Cleanup(srv.Close)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	lines := map[string]*bufio.Scanner{}
	for _, id := range []string{"a", "b"} {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/"+id, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { response.Body.Close() })
		lines[id] = bufio.NewScanner(response.Body)
	}
	read := func(id string, want ...string) {
		t.Helper()
		for _, text := range append(want, "") {
			if !lines[id].Scan() || lines[id].Text() != text {
				t.Fatalf("%s has %q, want %q", id, lines[id].Text(), text)
			}
		}
	}
	read("a", ": keepalive")
	read("b", ": keepalive")
	for _, sent := range []struct {
		operation string
		path      map[string]string
		want      int
	}{
		{"line.departures", nil, 0},
		{"line.arrivals", map[string]string{"lineId": "c"}, 0},
		{"line.arrivals", map[string]string{"lineId": "b"}, 1},
		{"line.arrivals", nil, 2},
	} {
		if got := hub.Send(sent.operation, sent.path, "arrival", []byte(`{"stop":"quay"}`)); got != sent.want {
			t.Errorf("%v: %d streams, want %d", sent, got, sent.want)
		}
	}
	event := []string{"event: arrival", `data: {"stop":"quay"}`}
	read("a", event...)
	read("b", event...)
	read("b", event...)
}
