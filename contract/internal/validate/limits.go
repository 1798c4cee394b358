package validate

import "strconv"

// limit is a keyword that limits how large a value may be.
type limit struct {
	keyword string
	measure func(value any) (size float64, measured bool)
	upper   bool
	what    string
}

// The limits in the order of the framework.
var limits = []limit{
	{"maxProperties", propertyCount, true, "has more properties than allowed"},
	{"minProperties", propertyCount, false, "has less properties than allowed"},
	{"maxItems", itemCount, true, "has more items than allowed"},
	{"minItems", itemCount, false, "has less items than allowed"},
	{"maxLength", textLength, true, TooLong},
	{"minLength", textLength, false, TooShort},
	{"minimum", size, false, LessThanMinimum},
	{"maximum", size, true, MoreThanMaximum},
}

func propertyCount(value any) (float64, bool) {
	fields, ok := value.(map[string]any)
	return float64(len(fields)), ok
}

func itemCount(value any) (float64, bool) {
	list, ok := value.([]any)
	return float64(len(list)), ok
}

func textLength(value any) (float64, bool) {
	text, ok := value.(string)
	return length(text), ok
}

func size(value any) (float64, bool) {
	f, ok := value.(float64)
	return f, ok
}

// length returns the length of a text in UTF-16 code units, as JavaScript counts.
func length(text string) float64 {
	units := 0
	for _, character := range text {
		units++
		if character > 0xFFFF {
			units++
		}
	}
	return float64(units)
}

func (c *compiler) checkLimits(schema Object) (check, error) {
	var checks []check
	for _, l := range limits {
		if bound, ok := Number(schema, l.keyword); ok {
			checks = append(checks, l.check(bound))
		}
	}
	if len(checks) == 0 {
		return nil, nil
	}
	return func(w *walk, value any) {
		for _, check := range checks {
			check(w, value)
		}
	}, nil
}

func (l limit) check(bound float64) check {
	detail := strconv.FormatFloat(bound, 'f', -1, 64)
	return func(w *walk, value any) {
		size, measured := l.measure(value)
		if measured && (l.upper && size > bound || !l.upper && size < bound) {
			w.fail(l.what, detail)
		}
	}
}
