package journal

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Read reads the requests of a journal file, oldest first. It ignores what
// follows the last line break, which is a torn line.
func Read(r io.Reader) ([]Request, error) {
	lines := bufio.NewReader(r)
	var requests []Request
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return requests, nil
		}
		if err != nil {
			return requests, err
		}
		var request Request
		if err := json.Unmarshal(line, &request); err != nil {
			return requests, fmt.Errorf("line %d can't be read as a request: %w", number, err)
		}
		requests = append(requests, request)
	}
}
