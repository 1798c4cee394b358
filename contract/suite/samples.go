package suite

import (
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/sample"
)

// Sample is a request body made from a schema: one that the schema allows at
// the edge of a limit, or one that it refuses just beyond.
type Sample = sample.Sample

// Samples returns bodies made from a valid one: each limit at, below and above
// its edge, each value of each enum and one that is none, each wrong type, each
// required property left out, and one property too many. Texts that are made
// begin with the valid body's own where there is room. The schema decides which
// of them it allows.
func Samples(s *contract.Schema, valid map[string]any) []Sample { return sample.Of(s, valid) }
