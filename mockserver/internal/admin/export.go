package admin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"

	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/world"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// requestFormats are the formats in which one request is exported; the first is the
// default.
var requestFormats = []string{"curl", "go", "wiremock"}

// exportRequest returns a request as a text to copy, with its secrets.
func (a *Admin) exportRequest(r *request) (any, error) {
	format, err := r.oneOf("format", requestFormats, requestFormats[0])
	if err != nil {
		return nil, err
	}
	found, err := a.getRequest(r)
	if err != nil {
		return nil, err
	}
	request := found.(journal.Request)
	request.ServerAddr = r.Host
	kind, text := "text/plain; charset=utf-8", ""
	switch format {
	case "curl":
		text, err = request.Command("-i")
	case "go":
		text, err = exportedOnce(r, &request, (*journal.Request).GoAssertion)
	default:
		kind = "application/json"
		text, err = exportedOnce(r, &request, (*journal.Request).Pattern)
	}
	if err != nil {
		return nil, withStatus(http.StatusConflict, err)
	}
	return document{map[string]string{"Content-Type": kind}, []byte(text)}, nil
}

var errNoPattern = errors.New("no pattern matches this request")

// exportedOnce returns the text of the pattern that says least of a request, among those
// that match fewest others: none, unless the same request arrived several times.
func exportedOnce(r *request, request *journal.Request, text func(*journal.Request, journal.Exactness) (string, error)) (string, error) {
	ctx, cancel := r.question()
	defer cancel()
	era, best, fewest := r.world.Era(), journal.ByValue, math.MaxInt
	var reason error
	for _, exactness := range journal.Exactnesses() {
		count, err := countLike(ctx, era, request, exactness)
		switch {
		case ctx.Err() != nil:
			return "", err
		case err != nil:
			reason = err
		case count < fewest:
			best, fewest = exactness, count
		}
	}
	if fewest == math.MaxInt {
		return "", reason
	}
	return text(request, best)
}

// countLike returns how many requests match the pattern of a request. It fails if that
// request does not.
func countLike(ctx context.Context, era *world.Era, request *journal.Request, e journal.Exactness) (int, error) {
	text, err := request.Pattern(e)
	if err != nil {
		return 0, err
	}
	pattern, err := match.ParsePattern([]byte(text))
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errNoPattern, err)
	}
	found := match.Requests(era.Journal, era).Find(ctx, pattern)
	if found.Err != nil {
		return 0, fmt.Errorf("%w: %w", errNoPattern, found.Err)
	}
	itself := era.Journal.Find(request.ID)
	if !slices.Contains(found.Records, itself) {
		return 0, fmt.Errorf("%w: %s", errNoPattern, cmp.Or(found.Reason("request"), "it has parts that no pattern can say"))
	}
	return len(found.Records), nil
}
