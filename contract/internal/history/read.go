package history

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/ordered"
)

// Read reads a folder of JSON files, by name without the ending.
func Read(files fs.ReadFileFS, folder string) (ordered.Object, error) {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		return nil, err
	}
	var sources ordered.Object
	for _, entry := range entries {
		data, err := files.ReadFile(path.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		tree, err := ordered.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("%s/%s: %w", folder, entry.Name(), err)
		}
		sources = sources.With(strings.TrimSuffix(entry.Name(), ".json"), tree)
	}
	return sources, nil
}

// Zero returns the JSON of a property that has counted nothing: a number, or an object
// of numbers.
func Zero(schema ordered.Object) string {
	if schema.Text("type") != "object" {
		return "0"
	}
	var inner []string
	for _, property := range schema.Object("properties") {
		inner = append(inner, strconv.Quote(property.Key)+":"+Zero(property.Value.(ordered.Object)))
	}
	return "{" + strings.Join(inner, ",") + "}"
}
