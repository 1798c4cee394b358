package suite

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/readable"
	"github.com/losantmock/losantmock/contract/internal/reply"
)

// readDefined reads what a definition from outside has beside webhooks.
func (r *run) readDefined() {
	for _, op := range r.defined.Asked() {
		r.get(readable.Path(op, r.ApplicationID))
	}
}

func (r *run) readTwice() {
	for _, op := range r.reading() {
		r.exposed = false // by another operation
		path := r.path(op, r.hookID(op))
		switch op.Resource.Name {
		case "applications": // of which those of others may change
			r.get(path)
			r.get(path)
			continue
		case "webhooks":
			path += "?" + strings.TrimPrefix(r.scope(), "&")
		}
		first, second := r.get(path), r.get(path)
		if first.Lost() || second.Lost() {
			continue
		}
		r.want(first.Status == second.Status, "", fmt.Sprintf("%s twice: %d, then %d", path, first.Status, second.Status))
		r.want(!r.Write || reflect.DeepEqual(r.known(op, first), r.known(op, second)), "", path+" twice: two different responses")
	}
}

// known returns the properties that the contract knows of the things in a
// response, by their ids. Their order among equals may change, and so may what
// the contract does not know.
func (r *run) known(op *contract.Operation, a reply.Reply) map[string]any {
	schema := r.API.Schema(op.Resource.Name)
	things, names := []map[string]any{a.Fields}, schema.Properties()
	if items := schema.ItemsOf(); items != "" {
		things, names = a.Items(), r.API.Schema(items).Properties()
	}
	values := map[string]any{}
	for _, thing := range things {
		for _, name := range names {
			values[fmt.Sprint(thing["id"], ".", name)] = thing[name]
		}
	}
	return values
}

// readListed reads single webhooks of a list, which are as the list has them.
func (r *run) readListed() {
	list := r.get(r.hooks() + "?perPage=3" + r.scope())
	for _, item := range list.Items() {
		a := r.get(r.hook(item))
		r.wantStatus(a, http.StatusOK, "what a list names")
		if a.Status == http.StatusOK {
			r.wantSame(item, a.Fields, "as the list has it")
		}
	}
}
