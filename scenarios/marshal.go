package scenarios

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// Marshal returns the scenario as the text of a file. It fails where the file
// could not be loaded.
func (s *Scenario) Marshal() ([]byte, error) {
	text, err := yaml.Marshal(s)
	if err != nil {
		return nil, err
	}
	if _, err := Parse("scenario", text); err != nil {
		return nil, fmt.Errorf("this world is no scenario: %w", err)
	}
	return text, nil
}
