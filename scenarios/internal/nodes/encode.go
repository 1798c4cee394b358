package nodes

import (
	"bytes"
	"errors"
	"strconv"

	"github.com/losantmock/losantmock/scenarios/internal/reading"
	"gopkg.in/yaml.v3"
)

// ErrTooLarge is the error for a text that would have too many bytes.
var ErrTooLarge = errors.New("the text would be too large")

// Encode returns a Go value as YAML that YAML 1.1 and YAML 1.2 read alike, apart from
// dates. It fails with [ErrTooLarge] if the text would have more than so many bytes.
func Encode(value any, most int) ([]byte, error) {
	text, err := encode(value, most)
	if err != nil {
		return nil, err
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, err
	}
	// The encoder writes a text such as 12e34 without quotes, as YAML 1.1 reads it.
	changed := false
	Walk(root.Content[0], nil, func(node *yaml.Node, _ []string, _ bool) {
		changed = readAlike(node) || changed
	})
	if !changed {
		return text, nil
	}
	return encode(&root, most)
}

// readAlike writes a scalar as YAML 1.1 and YAML 1.2 read it alike, and reports whether
// that is another way than before.
func readAlike(node *yaml.Node) bool {
	if node.Kind != yaml.ScalarNode || node.Style != 0 {
		return false
	}
	how, _ := reading.Differing(node.Value)
	switch {
	case how == "":
		return false
	case node.Tag == "!!float":
		number, _ := strconv.ParseFloat(node.Value, 64) // the encoder wrote it
		node.Value = numberText(number)
	case node.Tag == "!!str":
		node.Style = yaml.DoubleQuotedStyle
	default:
		return false
	}
	return true
}

func encode(value any, most int) ([]byte, error) {
	text := limited{most: most}
	encoder := yaml.NewEncoder(&text)
	err := encoder.Encode(value)
	if err == nil {
		err = encoder.Close()
	}
	if text.full {
		err = ErrTooLarge
	}
	return text.Bytes(), err
}

// limited is a text of at most so many bytes.
type limited struct {
	bytes.Buffer
	most int
	full bool
}

// Write adds a part of the text, or fails if that makes it too large.
func (l *limited) Write(part []byte) (int, error) {
	if l.Len()+len(part) > l.most {
		l.full = true
		return 0, ErrTooLarge
	}
	return l.Buffer.Write(part)
}
