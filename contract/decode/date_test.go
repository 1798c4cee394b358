package decode_test

import (
	"testing"
	"time"

	"github.com/losantmock/losantmock/contract/decode"
)

func TestDate(t *testing.T) {
	t.Parallel()
	const want = "2016-06-13T04:00:00Z"
	for name, value := range map[string]any{
		"the form of the API":     "2016-06-13T04:00:00.000Z",
		"another zone":            "2016-06-13T06:00:00+02:00",
		"a blank before the time": "2016-06-13 04:00:00Z",
		"no zone":                 "2016-06-13T04:00:00",
		"no seconds":              "2016-06-13T04:00",
		"milliseconds since 1970": 1465790400000.0,
		"an object with a text":   map[string]any{"$date": "2016-06-13T04:00:00.000Z"},
		"an object with a number": map[string]any{"$date": 1465790400000.0},
	} {
		if at, ok := decode.Date(value); !ok || at.Format(time.RFC3339) != want {
			t.Errorf("%s: %v, %t", name, at, ok)
		}
	}
	if at, ok := decode.Date("2016-06-13"); !ok || at.Format(time.RFC3339) != "2016-06-13T00:00:00Z" {
		t.Errorf("a day alone: %v", at)
	}
	for name, value := range map[string]any{
		"no date": "now", "a day that there is not": "2016-02-30", "a number out of range": 1e300, "a year of five digits": 8e15, "nothing": nil, "a switch": true,
		"an object without $date": map[string]any{}, "an object in an object": map[string]any{"$date": map[string]any{"$date": 1.0}}, "more than $date": map[string]any{"$date": 1.0, "x": 1.0},
	} {
		if at, ok := decode.Date(value); ok {
			t.Errorf("%s is %v", name, at)
		}
	}
}
