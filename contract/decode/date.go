package decode

import "time"

// A date is in one of the years from 0 to 9999, which have four digits.
var (
	firstMillis = float64(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli())
	lastMillis  = float64(time.Date(9999, 12, 31, 23, 59, 59, 999_000_000, time.UTC).UnixMilli())
)

// DateForm is how the API writes a date, which is in UTC.
const DateForm = "2006-01-02T15:04:05.000Z"

// dateForms are the forms in which a date may be written. Without a zone it is in UTC.
var dateForms = []string{
	time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", time.DateOnly,
}

// Date returns the instant that a decoded value of JSON stands for, and reports whether it
// stands for one: the milliseconds since 1970, a text such as "2016-06-13T04:00:00.000Z"
// or "2016-06-13", or an object with one of them as $date. The API documents the types;
// which texts it reads is not public.
func Date(value any) (at time.Time, ok bool) {
	switch value := value.(type) {
	case float64:
		at = time.UnixMilli(int64(value)).UTC()
		return at, value >= firstMillis && value <= lastMillis
	case string:
		for _, form := range dateForms {
			if at, err := time.Parse(form, value); err == nil {
				return Date(float64(at.UnixMilli()))
			}
		}
	case map[string]any:
		if inner, has := value["$date"]; has && len(value) == 1 {
			if _, nested := inner.(map[string]any); !nested {
				return Date(inner)
			}
		}
	}
	return at, false
}
