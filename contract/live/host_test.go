package live_test

import (
	"testing"

	"github.com/losantmock/losantmock/contract/live"
)

func TestHostsThatNoForeignPageCanUse(t *testing.T) {
	t.Parallel()
	for host, trusted := range map[string]bool{
		"localhost": true, "localhost:8080": true, "127.0.0.1": true, "10.0.0.1:80": true, "[::1]:8080": true, "[::1]": true, "::1": true,
		"losantmock": true, "losantmock:8080": true, "mock.example": true, "MOCK.example:8080": true,
		"": false, ":8080": false, "evil.example": false, "evil.example:8080": false, "127.0.0.1.evil.example": false, "mock.example.evil": false,
		"a:b:c": false, "localhost.": false,
	} {
		if got := live.TrustedHost(host, "mock.example"); got != trusted {
			t.Errorf("%q is trusted: %t", host, got)
		}
	}
	if live.TrustedHost("mock.example") {
		t.Error("a name that was not given is trusted")
	}
}
