package admin

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/nearest"
	"github.com/losantmock/losantmock/mockserver/internal/matcher"
)

// readQuery reads the query of a call, whose parameters are known. Another
// parameter, one that is there twice, one that is blank, and one that can't be
// decoded are errors: a list that ignored them would be taken for the one that was
// asked for.
func readQuery(raw string, known []string) (map[string]string, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, failure(http.StatusUnprocessableEntity, "", "the query can't be read: "+err.Error())
	}
	query := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch {
		case !slices.Contains(known, name):
			return nil, failure(http.StatusUnprocessableEntity, name, unknownParameter(name, known))
		case len(values[name]) > 1:
			return nil, failure(http.StatusUnprocessableEntity, name, fmt.Sprintf("the query has %s twice", name))
		case values.Get(name) == "":
			return nil, failure(http.StatusUnprocessableEntity, name, name+" is blank: give it a value, or leave it out")
		}
		query[name] = values.Get(name)
	}
	return query, nil
}

func unknownParameter(name string, known []string) string {
	reason := fmt.Sprintf("this call has no parameter %q", name)
	if near := nearest.DidYouMean(name, known); near != "" {
		return reason + near
	}
	if len(known) == 0 {
		return reason + ": it takes none"
	}
	return reason + ": it takes " + strings.Join(known, ", ")
}

// inQuery returns an error of criteria as one of the parameter that they are from.
func inQuery(err error) error {
	var wrong *matcher.PatternError
	if !errors.As(err, &wrong) {
		return err
	}
	return failure(http.StatusUnprocessableEntity, strings.TrimPrefix(wrong.Pointer, "/"), wrong.Detail)
}

// wholeNumber reads a number from the query, by default def.
func (r *request) wholeNumber(name string, def int) (int, error) {
	text := r.query[name]
	if text == "" {
		return def, nil
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, failure(http.StatusBadRequest, name, text+" is not a whole number")
	}
	return int(n), nil
}

// truth reads true or false from the query, by default false.
func (r *request) truth(name string) (bool, error) {
	switch text := r.query[name]; text {
	case "true":
		return true, nil
	case "false", "":
		return false, nil
	default:
		return false, failure(http.StatusUnprocessableEntity, name, fmt.Sprintf("%q is neither true nor false", text))
	}
}

// oneOf reads one of several words from the query.
func (r *request) oneOf(name string, words []string, def string) (string, error) {
	word := cmp.Or(r.query[name], def)
	if !slices.Contains(words, word) {
		return "", failure(http.StatusUnprocessableEntity, name, fmt.Sprintf("%q is none of %s", word, strings.Join(words, ", ")))
	}
	return word, nil
}
