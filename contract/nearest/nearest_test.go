package nearest_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract/nearest"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"webhooks.get", "webhooks.post", "webhook.delete"}
	for word, want := range map[string]string{
		"webhooks.pots":           "webhooks.post",
		"webhook.remove":          "webhook.delete",
		"WEBHOOKS.GET":            "webhooks.get",
		"webhoks.get":             "webhooks.get",
		"something else":          "",
		"":                        "",
		strings.Repeat("é", 1000): "",
	} {
		if got := nearest.Name(word, known); got != want {
			t.Errorf("%.20q is near %q, want %q", word, got, want)
		}
	}
}
