package admin

import (
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/match"
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
	request.ServerAddr = serverOf(r, r.world.Era().Journal)
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

// exportedOnce returns the text of the pattern that finds a request once, as far as there is
// one.
func exportedOnce(r *request, request *journal.Request, text func(*journal.Request, journal.Exactness) (string, error)) (string, error) {
	ctx, cancel := r.question()
	defer cancel()
	era := r.world.Era()
	exactness, err := match.Once(ctx, match.Requests(era.Journal, era), era.Journal.Find(request.ID), request)
	if err != nil {
		return "", err
	}
	return text(request, exactness)
}
