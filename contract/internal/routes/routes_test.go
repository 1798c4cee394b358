package routes_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract/internal/routes"
)

func TestFind(t *testing.T) {
	t.Parallel()
	var r routes.Router
	for _, path := range []string{"/", "/devices", "/devices/{deviceId}", "/devices/export", "/devices/{deviceId}/{name}", "/{x}/export/y"} {
		r.Add(path)
	}
	for target, want := range map[string]string{
		"/":                                    "/",
		"/devices":                             "/devices",
		"/devices/":                            "/devices",
		"/devices//":                           "/devices/{deviceId} deviceId=",
		"/devices/export":                      "/devices/export, /devices/{deviceId} deviceId=export",
		"/devices/a%2Fb":                       "/devices/{deviceId} deviceId=a/b",
		"/%64evices/5":                         "/devices/{deviceId} deviceId=5",
		"/devices/export/y":                    "/devices/{deviceId}/{name} deviceId=export name=y, /{x}/export/y x=devices",
		"/Devices":                             "",
		"/other":                               "",
		"/devices/" + strings.Repeat("x", 100): "/devices/{deviceId} deviceId=" + strings.Repeat("x", 100),
		"/devices/" + strings.Repeat("x", 101): "",
	} {
		u, err := url.Parse(target)
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, match := range r.Find(u) {
			text := match.Path
			values := match.Values()
			for _, name := range []string{"x", "deviceId", "name"} {
				if _, has := values[name]; has {
					text += " " + name + "=" + values[name]
				}
			}
			found = append(found, text)
		}
		if got := strings.Join(found, ", "); got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}
