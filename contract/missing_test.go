package contract_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
)

// What was not found is read from the sentences that the documentation has.
func TestWhatA404SaysWasNotFound(t *testing.T) {
	t.Parallel()
	for description, want := range map[string]string{
		"Error if webhook was not found":                           "webhook",
		"Error if event is not found":                              "event",
		"Error if organization not found":                          "organization",
		"Error if applications were not found":                     "applications",
		"Error if instance, organization, or invite was not found": "instance|organization|invite",
		"Error if instance, organization or member was not found":  "instance|organization|member",
		"Error if application certificate authority was not found": "application certificate authority",
		"The device is unknown":                                    "",
	} {
		d, err := contract.ParseDefinition("file.json", []byte(defined(action("/a", `"responses":{"400":{"description":"`+description+`"},"404":{"description":"`+description+`"}}`), "")))
		if err != nil {
			t.Fatal(err)
		}
		refused, missing := &d.API().Operation("thing.do").Responses[0], &d.API().Operation("thing.do").Responses[1]
		if got := strings.Join(missing.MissingNames(), "|"); got != want || refused.MissingNames() != nil {
			t.Errorf("%s: %s, want %s", description, got, want)
		}
	}
}
