package scenarios

import (
	_ "embed" // for the schema
	"slices"

	"github.com/losantmock/losantmock/scenarios/internal/document"
)

//go:embed scenario.schema.json
var schemaFile []byte

// schema is that of a scenario file.
var schema = document.NewSchema(schemaFile)

// Schema returns the JSON Schema of a scenario file, for editors and checkers.
func Schema() []byte { return slices.Clone(schemaFile) }

// MaxFileSize is the largest scenario file that is read, in bytes.
const MaxFileSize = document.MaxSize
