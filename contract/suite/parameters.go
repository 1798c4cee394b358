package suite

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

const (
	nowhereID    = "000000000000000000000000"
	unknownToken = "Bearer losantmock-check-token-that-nobody-issued"
	longestRun   = 100 // items that are read to see a whole list: the default, since the largest page is not public
)

// reading returns the operations that read, but for those on applications where the
// token may not read its own.
func (r *run) reading() []*contract.Operation {
	var ops []*contract.Operation
	for _, resource := range r.API.Resources {
		for _, op := range resource.Actions {
			if op.Method == http.MethodGet && (!r.noApplication || !isOfApplications(op)) {
				ops = append(ops, op)
			}
		}
	}
	return ops
}

// hookID returns the id of a webhook to read, where a path needs one.
func (r *run) hookID(op *contract.Operation) string {
	if !strings.Contains(op.Path, "{webhookId}") {
		return ""
	}
	id, _ := r.webhook()["id"].(string)
	return id
}

func (r *run) validParameters() {
	for _, op := range r.reading() {
		path := r.path(op, r.hookID(op))
		r.get(path)
		r.get(path + "?noSuchParameter=1")
		r.get(path + "/")
		for i := range op.Params {
			for _, value := range accepted(&op.Params[i]) {
				query := op.Params[i].Name + "=" + url.QueryEscape(value)
				if op.Params[i].Name == "filter" {
					query += "&filterField=name"
				}
				r.get(path + "?" + query)
			}
		}
	}
}

// accepted returns texts that the parameter allows.
func accepted(p *contract.Param) []string {
	texts := slices.Clone(p.Enum)
	if p.Whole != nil {
		texts = append(texts, strconv.Itoa(p.Whole.Min), strconv.Itoa(p.Whole.Min+1))
	}
	if p.Name == "perPage" {
		texts = append(texts, strconv.Itoa(p.Whole.Max)) // which is ours: another one is news
	}
	if p.BlankIsNone || p.Name == "filter" {
		texts = append(texts, "")
	}
	if len(texts) == 0 || p.Name == "filter" {
		texts = append(texts, p.ExampleText())
	}
	return texts
}

func (r *run) invalidParameters() {
	for _, op := range r.reading() {
		path := r.path(op, r.hookID(op))
		for i := range op.Params {
			for _, value := range refused(&op.Params[i]) {
				r.get(path + "?" + op.Params[i].Name + "=" + url.QueryEscape(value))
			}
			twice := op.Params[i].Name + "=" + url.QueryEscape(op.Params[i].ExampleText())
			r.get(path + "?" + twice + "&" + twice)
		}
		for _, param := range op.Resource.Params {
			own := map[string]string{"applicationId": r.ApplicationID, "webhookId": r.hookID(op)}[param.Name]
			if own == "" {
				continue // of a server that left it out
			}
			for _, id := range []string{own[1:], own + "0", "x" + own[1:], "my-webhook"} {
				r.get(strings.Replace(path, own, id, 1))
			}
		}
	}
}

// refused returns texts that the parameter does not allow. Its maximum is not
// public, so that none is too large.
func refused(p *contract.Param) []string {
	switch {
	case len(p.Enum) > 0:
		others := []string{"no-such-value", strings.ToUpper(p.Enum[0]), "description"}
		if !p.BlankIsNone {
			others = append(others, "")
		}
		return others
	case p.Whole != nil:
		return []string{strconv.Itoa(p.Whole.Min - 1), "x", "1.5"}
	case p.Pattern != "":
		return []string{"x", p.ExampleText() + "0"}
	default:
		return nil
	}
}

func (r *run) unknownIDs() {
	for _, op := range r.reading() {
		if len(op.Resource.Params) == 0 {
			continue
		}
		// The last id of the path leads nowhere.
		path := r.path(op, nowhereID)
		if !strings.Contains(op.Path, "{webhookId}") {
			path = strings.Replace(op.Path, "{applicationId}", nowhereID, 1)
		}
		a := r.get(path)
		r.wantStatus(a, http.StatusNotFound, "what is not there")
	}
}
