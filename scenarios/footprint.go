package scenarios

import "github.com/losantmock/losantmock/scenarios/internal/footprint"

// Footprint returns about how many bytes of memory the scenario takes as it is
// written: its patterns count once, however many webhooks they generate.
func (s *Scenario) Footprint() int64 { return footprint.Of(*s) }
