package pairs_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
)

// losantRest is the package of Losant's own client for JavaScript, where it is
// installed.
const losantRest = "../../cmd/losantmock/testdata/node/node_modules/losant-rest"

func whole(t *testing.T) (*contract.API, *pairs.Table) {
	t.Helper()
	if _, err := os.Stat(losantRest); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("losant-rest is missing: npm ci in cmd/losantmock/testdata/node")
	}
	d, err := contract.LoadDefinition(losantRest)
	if err != nil {
		t.Fatal(err)
	}
	return d.API(), pairs.Of(d.API())
}

// What the documentation says of each collection is found in the definition.
func TestThePairsOfLosantsAPI(t *testing.T) {
	t.Parallel()
	_, table := whole(t)
	byName := map[string]*pairs.Pair{}
	for _, p := range table.Pairs {
		byName[p.Name] = p
	}
	if len(byName) != 34 {
		t.Errorf("%d pairs, want 34", len(byName))
	}
	for name, want := range map[string]struct{ title, key, twins, parents, sort string }{
		"applications":         {"Application", "id", "applicationId", "", "name"},
		"devices":              {"Device", "id", "deviceId", "applications", "name"},
		"dataTableRows":        {"Data table row", "id", "", "applications dataTables", ""},
		"files":                {"File", "id", "", "applications", "lastUpdated"},
		"applicationKeys":      {"Application key", "id", "applicationKeyId", "applications", "key"},
		"applicationTemplates": {"Template", "id", "", "", "name"},
		"auditLogs":            {"Audit log", "id", "auditLogId", "orgs", "creationDate"},
		"flowVersions":         {"Flow version", "id", "flowVersionId", "applications flows", "version"},
		"experienceVersions":   {"Experience version", "id", "experienceVersionId", "applications", "version"},
		"instanceOrgs":         {"Organization", "id", "", "instances", "name"},
		"instanceMembers":      {"Member", "userId", "", "instances", "email"},
		"instanceOrgMembers":   {"Member", "userId", "", "instances instanceOrgs", "email"},
		"userApiTokens":        {"API token", "id", "apiTokenId", "", "name"},
	} {
		p := byName[name]
		if p == nil {
			t.Errorf("no pair %s", name)
			continue
		}
		var parents []string
		for _, step := range p.Parents {
			parents = append(parents, step.Pair.Name)
		}
		sort, _, _ := strings.Cut(strings.Join(p.SortFields(), " "), " ")
		got := struct{ title, key, twins, parents, sort string }{p.Title, p.Key, strings.Join(p.Twins, " "), strings.Join(parents, " "), sort}
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// Each operation has the kind that the documentation says.
func TestTheKindsOfLosantsOperations(t *testing.T) {
	t.Parallel()
	api, table := whole(t)
	count := map[pairs.Kind]int{}
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			count[table.Role(op).Kind]++
		}
	}
	for kind, want := range map[pairs.Kind]int{pairs.List: 34, pairs.Create: 31, pairs.Read: 34, pairs.Change: 32, pairs.Delete: 31, pairs.Stream: 3, pairs.Upload: 4} {
		if count[kind] != want {
			t.Errorf("%d of kind %d, want %d", count[kind], kind, want)
		}
	}
	for name, want := range map[string]pairs.Kind{
		"device.stateStream": pairs.Stream, "device.getState": pairs.Reading, "device.sendState": pairs.Success,
		"notebook.upload": pairs.Upload, "devices.delete": pairs.Other, "files.post": pairs.Create, "file.get": pairs.Read,
	} {
		if got := table.Role(api.Operation(name)).Kind; got != want {
			t.Errorf("%s is of kind %d, want %d", name, got, want)
		}
	}
	if limits := table.Limits(api); !slices.ContainsFunc(limits, func(l contract.Partial) bool {
		return l.Operation == "devices.get" && l.Reason == "checked and not applied: excludeConnectionInfo"
	}) {
		t.Errorf("%v", limits)
	}
}
