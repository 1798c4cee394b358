package scenarios

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/losantmock/losantmock/scenarios/internal/nodes"
)

// leastWebhookSize is how many bytes a webhook of a running world has in a file at
// least: an id, a name, a token and two times with their keys.
const leastWebhookSize = 128

// Marshal returns the scenario as the text of a file. It fails where the file
// could not be loaded.
func (s *Scenario) Marshal() ([]byte, error) { return Limits{}.Marshal(s) }

// Marshal is [Scenario.Marshal] with limits. What a pattern has made in a running world is
// listed, since each thing has an id and times of its own by then: such a world can be too
// large for a file.
func (l Limits) Marshal(s *Scenario) ([]byte, error) {
	text, err := nodes.Encode(s, MaxFileSize)
	if errors.Is(err, nodes.ErrTooLarge) {
		things, _ := s.Size()
		return nil, tooManyListed(things)
	}
	if err != nil {
		return nil, err
	}
	file := escaped(text)
	if _, err := l.Parse("scenario", file); err != nil {
		return nil, fmt.Errorf("this world can't be saved: %w", err)
	}
	return file, nil
}

// escaped returns the text of a file in which each ${ is text, and no variable.
func escaped(text []byte) []byte { return bytes.ReplaceAll(text, []byte("${"), []byte("$${")) }

// CheckListed returns an error for so many webhooks and other items of a running world
// that no file can list them.
func CheckListed(things int) error {
	if things > MaxFileSize/leastWebhookSize {
		return tooManyListed(things)
	}
	return nil
}

func tooManyListed(things int) error {
	return fmt.Errorf("this world can't be saved: the file of its %d webhooks and other items would have more than the %d bytes that are read, since each has an id and times of its own, which no pattern makes: keep the scenario that the world began with, and let generate make what is many", things, MaxFileSize)
}
