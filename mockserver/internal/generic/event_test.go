package generic_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
)

func TestEventsReachOpenStreams(t *testing.T) {
	t.Parallel()
	c := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	south, north := c.line(`{"name":"South"}`), c.line(`{"name":"North"}`)
	southID := south[strings.LastIndexByte(south, '/')+1:]
	first := bufio.NewScanner(c.open(ctx, south+"/arrivals").Body)
	second := bufio.NewScanner(c.open(ctx, north+"/arrivals").Body)
	for _, stream := range []*bufio.Scanner{first, second} {
		stream.Scan() // the first keep-alive: it is open
	}
	if reached := c.srv.SendEvent("line.arrivals", mockserver.Event{Data: map[string]any{"stop": "quay"}, Path: map[string]string{"lineId": southID}}); reached != 1 {
		t.Errorf("reached %d streams", reached)
	}
	if got := c.send("POST /__admin/streams/line.arrivals", `{"event":"arrival","data":{"stop": "pier"}}`, http.StatusOK).Get("reached").Int(); got != 2 {
		t.Errorf("reached %d streams", got)
	}
	for stream, want := range map[*bufio.Scanner]string{first: `{"stop":"quay"} {"stop":"pier"}`, second: `{"stop":"pier"}`} {
		var got []string
		for len(got) < strings.Count(want, " ")+1 && stream.Scan() {
			if data, ok := strings.CutPrefix(stream.Text(), "data: "); ok {
				got = append(got, data)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := c.send("POST /__admin/streams/line.arrivals", `{"data":{"stop":"pier"},"path":{"lineId":"none"}}`, http.StatusOK).Get("reached").Int(); got != 0 {
		t.Errorf("reached %d streams", got)
	}
	for body, want := range map[string]string{
		`{"data":{"stop":7}}`:                     "data.stop is the wrong type",
		`{}`:                                      "data is required: what the event is to have, as JSON of the schema arrival",
		`{"event":"arrivals","data":{}}`:          `"arrivals" is no event of line.arrivals: did you mean "arrival"?: there are arrival`,
		`{"data":{},"path":{"line":"a"}}`:         "path: line is no parameter of /applications/{applicationId}/lines/{lineId}/arrivals",
		`{"data":{},"path":{},"operation":"new"}`: "operation",
	} {
		if got := c.send("POST /__admin/streams/line.arrivals", body, http.StatusUnprocessableEntity).Get("errors.0").String(); !strings.Contains(strings.ReplaceAll(got, `\"`, `"`), want) {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
	if got := c.send("POST /__admin/streams/line.arrival", `{"data":{}}`, http.StatusUnprocessableEntity).Get("errors.0.title").String(); got != `"line.arrival" is no operation that sends events: did you mean "line.arrivals"?: there are line.arrivals` {
		t.Error(got)
	}
}

func TestItemsAreAddedThroughTheAdminAPI(t *testing.T) {
	t.Parallel()
	c := start(t)
	line := c.send("POST /__admin/resources/lines", `{"name":"South","driver":"Grace"}`, http.StatusOK)
	if got := c.send("GET "+linesPath+"/"+line.Get("id").String(), "", http.StatusOK); got.Get("driver").String() != "Grace" {
		t.Error(got)
	}
	c.send("POST /__admin/resources"+linesPath+"/"+line.Get("id").String()+"/stops", `{"name":"pier"}`, http.StatusOK)
	refused := c.send("POST /__admin/resources/lines", `{"name":7}`, http.StatusUnprocessableEntity)
	if got := refused.Get("errors.0.title").String(); !strings.Contains(got, "resources.lines[0].name: want text, got the number 7") {
		t.Error(refused)
	}
	definition := c.send("GET /__admin/definition", "", http.StatusOK)
	if definition.Get("source").String() != railway || definition.Get("resources").Int() < 6 {
		t.Error(definition)
	}
}
