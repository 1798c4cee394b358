package groups_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract/internal/groups"
)

func TestOf(t *testing.T) {
	t.Parallel()
	for operation, want := range map[string]string{
		"device.get GET /applications/{applicationId}/devices/{deviceId}":          "all.Application all.Application.bounded all.Application.read all.Device all.Device.read all.Organization all.Organization.bounded all.Organization.read all.User all.User.bounded all.User.read",
		"device.sendState POST /applications/{applicationId}/devices/{deviceId}/s": "all.Application all.Application.bounded all.Device all.Organization all.Organization.bounded all.User all.User.bounded",
		"data.export POST /applications/{applicationId}/data/export":               "all.Application all.Application.bounded all.Application.read all.Device all.Device.read all.Organization all.Organization.bounded all.Organization.read all.User all.User.bounded all.User.read",
		"application.archiveData GET /applications/{applicationId}/archiveData":    "all.Application all.Application.bounded all.Organization all.Organization.bounded all.User all.User.bounded",
		"application.patch PATCH /applications/{applicationId}":                    "all.Application all.Application.bounded all.Application.cli all.Organization all.Organization.bounded all.User all.User.bounded all.User.cli",
		"applications.post POST /applications":                                     "all.Organization all.Organization.bounded all.User all.User.bounded only.Organization only.Organization.bounded",
		"org.removeMember DELETE /orgs/{orgId}/member":                             "all.Organization all.User only.Organization",
		"instanceMembers.get GET /instances/{instanceId}/members":                  "all.Instance all.Instance.bounded all.Instance.read all.User all.User.bounded all.User.read",
		"me.refreshToken GET /me/refreshToken":                                     "all.User only.User",
		"me.get GET /me":                                                           "all.User all.User.bounded all.User.read only.User only.User.bounded only.User.read",
	} {
		parts := strings.Fields(operation)
		got := groups.Of(parts[0], parts[1], parts[2], func(string) bool { return true })
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %s, want %s", operation, got, want)
		}
	}
	old := groups.Of("applications.get", "GET", "/applications", func(version string) bool { return version == "1.20.1" })
	if got := strings.Join(old, " "); got != "all.Organization all.Organization.read all.User all.User.read all.User.cli" {
		t.Error(got)
	}
}
