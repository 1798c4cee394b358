package scenarios

import "github.com/agnivade/levenshtein"

// didYouMean returns a question about the known name that comes nearest to an
// unknown one; blank if none is near.
func didYouMean(name string, known []string) string {
	nearest, limit := "", len(name)/3+2
	for _, candidate := range known {
		if far := levenshtein.ComputeDistance(name, candidate); far < limit {
			nearest, limit = candidate, far
		}
	}
	if nearest == "" {
		return ""
	}
	return ": did you mean " + nearest + "?"
}
