package contract_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
)

// groupsOfTheClient has the groups of scopes that the API has at 1.30.0, and how many
// operations each of them grants by the documentation of npm's client. That is of 1.20.1,
// which had 12 of the groups.
var groupsOfTheClient = map[string]int{
	"all.Application": 195, "all.Application.bounded": 0, "all.Application.cli": 29, "all.Application.read": 84,
	"all.Device": 13, "all.Device.read": 9,
	"all.Instance": 24, "all.Instance.bounded": 0, "all.Instance.read": 11,
	"all.Organization": 215, "all.Organization.bounded": 0, "all.Organization.read": 91,
	"all.User": 264, "all.User.bounded": 0, "all.User.cli": 30, "all.User.read": 113,
	"only.Organization": 0, "only.Organization.bounded": 0, "only.Organization.read": 0,
	"only.User": 0, "only.User.bounded": 0, "only.User.read": 0,
}

func TestTheGroupsOfScopesOfTheClient(t *testing.T) {
	t.Parallel()
	api := theClients(t).API()
	for group, want := range groupsOfTheClient {
		if got := granted(api, group); got != want {
			t.Errorf("%s grants %d operations, want %d", group, got, want)
		}
	}
}

// granted returns how many operations that need a token a scope grants.
func granted(api *contract.API, scope string) (n int) {
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			if !op.Public && api.Grants([]string{scope}).Allows(op) {
				n++
			}
		}
	}
	return n
}

// Each of the groups is read from documentation, in each place of a list.
func TestEachGroupOfScopesIsReadFromDocumentation(t *testing.T) {
	t.Parallel()
	lists := map[string]string{"first": "GROUP, thing.*, or thing.first.", "middle": "all.Other,\nGROUP, thing.*, or thing.middle.", "last": "thing.last or GROUP.", "none": "all.Other, or thing.none."}
	actions, docs := "", "# Thing\n"
	for name, list := range lists {
		actions += `,"` + name + `":{"method":"GET","path":"/` + name + `","auth":["thing.` + name + `"]}`
		docs += "\n## " + name + "\n\n`client.thing." + name + "(params)`\n\nIt needs one of the following scopes:\n" + list + "\n"
	}
	for group := range groupsOfTheClient {
		folder := t.TempDir()
		for name, text := range map[string]string{
			"lib/schemas/apiInfo.json": `{"thing":{"path":"/things","auth":["thing.*"],"actions":{` + actions[1:] + `}}}`,
			"docs/thing.md":            strings.ReplaceAll(docs, "GROUP", group),
		} {
			path := filepath.Join(folder, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		d, err := contract.LoadDefinition(folder)
		if err != nil {
			t.Fatal(err)
		}
		for name := range lists {
			if got := d.API().Grants([]string{group}).Allows(d.API().Operation("thing." + name)); got != (name != "none") {
				t.Errorf("%s in the list of %s: grants %t", group, name, got)
			}
		}
	}
}
