package generic_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// openLosantRest starts a server of all that Losant's client can call.
func openLosantRest(t *testing.T) client {
	t.Helper()
	if _, err := os.Stat(losantRest); err != nil {
		t.Skip("skipped: losant-rest is missing (npm ci in cmd/losantmock/testdata/node)")
	}
	return client{t, mockserver.Start(t, mockserver.WithDefinition(losantRest))}
}

// The newest of the gravest events that are new is shown, with the count of all new ones.
func TestTheForemostItem(t *testing.T) {
	t.Parallel()
	c := openLosantRest(t)
	events := "/applications/" + mocktest.ApplicationID + "/events"
	shown := func(query, subject string, count int64) string {
		t.Helper()
		got := c.send("GET "+events+"/mostRecentBySeverity"+query, "", http.StatusOK)
		if got.Get("event.subject").String() != subject || got.Get("newCount").Int() != count || !got.Get("newCount").Exists() {
			t.Errorf("%s: %s, want %q and %d", query, got, subject, count)
		}
		return got.Get("event.id").String()
	}
	shown("", "", 0)
	for _, e := range []string{"error Old pump", "info Lamp", "error Pump", "warning Door"} {
		level, subject, _ := strings.Cut(e, " ")
		c.send("POST "+events, `{"level":"`+level+`","subject":"`+subject+`"}`, http.StatusCreated)
	}
	id := shown("", "Pump", 4)
	shown("?filter=*o*r", "Door", 1)
	shown(`?filter=Lamp&query={"level":"warning"}`, "Door", 1) // the query takes the place of the filter
	shown(`?query={"level":"info"}`, "Lamp", 1)
	c.send("PATCH "+events+"/"+id, `{"state":"acknowledged"}`, http.StatusOK)
	shown("", "Old pump", 3)
}
