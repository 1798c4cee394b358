package wire

import (
	"testing"
	"time"
)

func TestInstantsAreWrittenAsADateOfJavaScript(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2016-06-13T04:00:00Z":           `"2016-06-13T04:00:00.000Z"`,
		"2016-06-13T04:00:00.007999999Z": `"2016-06-13T04:00:00.007Z"`,
		"2016-06-13T06:00:00.12+02:00":   `"2016-06-13T04:00:00.120Z"`,
		"9999-12-31T23:59:59.987Z":       `"9999-12-31T23:59:59.987Z"`,
		"0000-01-01T00:00:00Z":           `"0000-01-01T00:00:00.000Z"`,
	} {
		at, err := time.Parse(time.RFC3339Nano, text)
		if got := string(AppendTime(nil, at)); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
	}
}
