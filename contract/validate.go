package contract

// Check holds a decoded JSON value against the schema and returns the one
// violation that the API would report, or nil. The place is what the violation
// calls the value, such as "webhook". Numbers must be float64, as
// encoding/json decodes them.
func (s *Schema) Check(place string, value any) *Violation {
	if found := s.CheckAll(place, value); len(found) > 0 {
		return &found[0]
	}
	return nil
}

// CheckAll returns every violation that [Schema.Check] looks for, first the one
// that the API would report.
func (s *Schema) CheckAll(place string, value any) []Violation {
	var found []Violation
	for _, f := range s.content().compiled.Check(place, value) {
		found = append(found, Violation(f))
	}
	return found
}
