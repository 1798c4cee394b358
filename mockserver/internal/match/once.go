package match

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/journal"
)

var errNoPattern = errors.New("no pattern matches this request")

// Once returns the exactness of the pattern that says least of a request, whose entry is
// itself, among those that match fewest others: none, unless the same request arrived
// several times. It fails where no pattern matches the request.
func Once(ctx context.Context, kept Kept[*recorder.Entry, *Subject], itself *recorder.Entry, request *journal.Request) (journal.Exactness, error) {
	best, fewest := journal.ByValue, math.MaxInt
	var reason error
	for _, exactness := range journal.Exactnesses() {
		count, err := countLike(ctx, kept, itself, request, exactness)
		switch {
		case ctx.Err() != nil:
			return best, err
		case err != nil:
			reason = err
		case count < fewest:
			best, fewest = exactness, count
		}
	}
	if fewest == math.MaxInt {
		return best, reason
	}
	return best, nil
}

// countLike returns how many requests match the pattern of a request. It fails if that
// request does not.
func countLike(ctx context.Context, kept Kept[*recorder.Entry, *Subject], itself *recorder.Entry, request *journal.Request, e journal.Exactness) (int, error) {
	text, err := request.Pattern(e)
	if err != nil {
		return 0, err
	}
	pattern, err := ParsePattern([]byte(text))
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errNoPattern, err)
	}
	found := kept.Find(ctx, pattern)
	if found.Err != nil {
		return 0, fmt.Errorf("%w: %w", errNoPattern, found.Err)
	}
	if !slices.Contains(found.Records, itself) {
		return 0, fmt.Errorf("%w: %s", errNoPattern, cmp.Or(found.Reason("request"), "it has parts that no pattern can say"))
	}
	return len(found.Records), nil
}
