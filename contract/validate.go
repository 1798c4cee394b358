package contract

import (
	"errors"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/measure"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// Check holds a decoded JSON value against the schema and returns the one
// violation that the API would report, or nil. The place is what the violation
// calls the value, such as "webhook". Numbers must be float64, as
// encoding/json decodes them.
func (s *Schema) Check(place string, value any) *Violation {
	found := s.CheckAll(place, value)
	if len(found) == 0 {
		return nil
	}
	return &found[0]
}

// CheckAll returns every violation that [Schema.Check] looks for, first the one
// that the API would report.
func (s *Schema) CheckAll(place string, value any) []Violation {
	var failure *jsonschema.ValidationError
	if !errors.As(s.compiled.Validate(measure.Value(value)), &failure) {
		return nil // the library returns no other error for a decoded value
	}
	failures := leaves(failure, nil)
	slices.SortStableFunc(failures, func(a, b *jsonschema.ValidationError) int {
		return slices.Compare(s.rank(a), s.rank(b))
	})
	var found []Violation
	for _, failure := range failures {
		found = append(found, violations(place, failure)...)
	}
	return found
}

// rank orders failures as the API's framework finds them: what an object
// lacks, what it has too much of, then its properties in the order of the
// schema; at one value the type comes before all else.
func (s *Schema) rank(failure *jsonschema.ValidationError) []int {
	at := failure.InstanceLocation
	property := -1
	if len(at) > 0 {
		property = slices.Index(s.properties, at[0])
	}
	var phase int
	switch failure.ErrorKind.(type) {
	case *kind.Type:
		phase = 0
	case *kind.Required:
		phase = 1
	case *kind.AdditionalProperties:
		phase = 2
	default:
		phase = 3
	}
	return []int{property, len(at), phase}
}

// leaves returns the failures that have no further cause. Alternatives fail as a
// whole: the API does not say what each of them lacks.
func leaves(err *jsonschema.ValidationError, found []*jsonschema.ValidationError) []*jsonschema.ValidationError {
	if _, alternatives := err.ErrorKind.(*kind.OneOf); alternatives || len(err.Causes) == 0 {
		return append(found, err)
	}
	for _, cause := range err.Causes {
		found = leaves(cause, found)
	}
	return found
}

// violations returns one failure of the schema in the API's words, each missing
// property and each additional one by itself.
func violations(place string, failure *jsonschema.ValidationError) []Violation {
	path := failure.InstanceLocation
	at := strings.Join(append([]string{place}, path...), ".")
	one := func(what, detail string) []Violation {
		return []Violation{{Field: at, What: what, Detail: detail, Path: path}}
	}
	switch k := failure.ErrorKind.(type) {
	case *kind.Required:
		var found []Violation
		for _, name := range k.Missing {
			found = append(found, Violation{Field: at + "." + name, What: isRequired, Detail: name, Path: path})
		}
		return found
	case *kind.AdditionalProperties:
		var found []Violation
		for _, name := range slices.Sorted(slices.Values(k.Properties)) {
			found = append(found, Violation{Field: at, What: additionalProperties, Detail: name, Path: path})
		}
		return found
	case *kind.Type:
		return one(wrongType, strings.Join(k.Want, " or "))
	case *kind.Enum:
		return one(mustBeEnum, enumText(k.Want))
	case *kind.Pattern:
		return one(patternMismatch, k.Want)
	case *kind.MinLength:
		return one(tooShort, strconv.Itoa(k.Want))
	case *kind.MaxLength:
		return one(tooLong, strconv.Itoa(k.Want))
	case *kind.Minimum:
		return one(lessThanMinimum, ratText(k.Want))
	case *kind.Maximum:
		return one(moreThanMaximum, ratText(k.Want))
	case *kind.MinItems:
		return one("has less items than allowed", strconv.Itoa(k.Want))
	case *kind.MaxItems:
		return one("has more items than allowed", strconv.Itoa(k.Want))
	case *kind.MaxProperties:
		return one("has more properties than allowed", strconv.Itoa(k.Want))
	case *kind.OneOf:
		return one("no (or more than one) schemas match", "")
	case *kind.UniqueItems:
		return one("must be unique", "")
	case *kind.Format:
		return one("must be "+k.Want+" format", "")
	default:
		return one("is not valid", "")
	}
}

func enumText(values []any) string {
	texts := make([]string, len(values))
	for i, value := range values {
		switch value := value.(type) {
		case string:
			texts[i] = value
		case bool:
			texts[i] = strconv.FormatBool(value)
		}
	}
	return strings.Join(texts, ", ")
}

func ratText(r *big.Rat) string {
	f, _ := r.Float64()
	return strconv.FormatFloat(f, 'f', -1, 64)
}
