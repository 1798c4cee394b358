package routes_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract/internal/routes"
)

func TestFind(t *testing.T) {
	t.Parallel()
	r := routes.New([]string{"/", "/devices", "/devices/{deviceId}"}, []string{"/devices/export", "/devices/{deviceId}/{name}", "/{x}/export/y"})
	for target, want := range map[string]string{
		"/":                                    "/ map[]",
		"/devices":                             "/devices map[]",
		"/devices/":                            "/devices map[]",
		"/devices//":                           "/devices/{deviceId} map[deviceId:]",
		"/devices/export":                      "/devices/export map[]",
		"/devices/exports":                     "/devices/{deviceId} map[deviceId:exports]",
		"/devices/a%2Fb":                       "/devices/{deviceId} map[deviceId:a/b]",
		"/%64evices/5":                         "/devices/{deviceId} map[deviceId:5]",
		"/devices/export/z":                    "/devices/{deviceId}/{name} map[deviceId:export name:z]",
		"/rooms/export/y":                      "/{x}/export/y map[x:rooms]",
		"/Devices":                             " map[]",
		"/devices5":                            " map[]",
		"/other":                               " map[]",
		"/devices/" + strings.Repeat("x", 100): "/devices/{deviceId} map[deviceId:" + strings.Repeat("x", 100) + "]",
		"/devices/" + strings.Repeat("x", 101): " map[]",
	} {
		u, err := url.Parse(target)
		if err != nil {
			t.Fatal(err)
		}
		path, values := r.Find(u)
		if got := fmt.Sprint(path, " ", values); got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	for pair, want := range map[[2]string]bool{
		{"/devices/{deviceId}", "/devices/export"}:     true,
		{"/devices/{deviceId}", "/devices/export/now"}: false,
		{"/devices/export", "/devices/{deviceId}"}:     false,
		{"/devices/export", "/devices/export"}:         false,
		{"/rooms/{roomId}", "/devices/export"}:         false,
	} {
		if got := routes.Covers(pair[0], pair[1]); got != want {
			t.Errorf("%s covers %s: %t", pair[0], pair[1], got)
		}
	}
	values := routes.Values("/devices/{deviceId}/{name}", "/devices/export/{key}", map[string]string{"key": "5"})
	if got := fmt.Sprint(values); got != "map[deviceId:export name:5]" {
		t.Error(got)
	}
}
