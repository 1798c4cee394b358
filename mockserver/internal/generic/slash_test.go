package generic_test

import (
	"net/http"
	"testing"
)

// A path with a slash too many is served where the API allows it, and is refused elsewhere
// with the path to use.
func TestASlashTooMany(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	c.send("GET "+devicesPath+"/", "", http.StatusOK)
	for request, want := range map[string]struct {
		status int
		title  string
	}{
		"POST /__admin/resources/devices/":  {http.StatusUnprocessableEntity, `"devices/" has a slash too many: write "devices"`},
		"POST /__admin/resources//devices":  {http.StatusUnprocessableEntity, `"/devices" has a slash too many: write "devices"`},
		"POST /__admin/resources/a//b/c///": {http.StatusUnprocessableEntity, `"a//b/c///" has a slash too many: write "a/b/c"`},
		"GET /__admin/requests/":            {http.StatusNotFound, "GET /__admin/requests/ is no call of the admin API: leave out the slash at its end. GET /__admin/docs lists the calls"},
		"POST /__admin/streams/room.watch/": {http.StatusNotFound, "POST /__admin/streams/room.watch/ is no call of the admin API: leave out the slash at its end. GET /__admin/docs lists the calls"},
	} {
		if got := c.send(request, `{"name":"d"}`, want.status).Get("errors.0.title").String(); got != want.title {
			t.Errorf("%s: %s, want %s", request, got, want.title)
		}
	}
}
