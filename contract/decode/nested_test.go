package decode_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract/decode"
	"pgregory.net/rapid"
)

// Names with brackets make the lists and objects that package qs makes of them, as long as
// no index makes an object of a list: how qs then merges changes from version to version.
func TestBracketsAreReadAsQsReadsThem(t *testing.T) {
	t.Parallel()
	qs, err := filepath.Abs("../../cmd/losantmock/testdata/node/node_modules/qs")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("skipped: node is missing")
	}
	if found, _ := filepath.Glob(qs + "/lib/parse.js"); found == nil {
		t.Skip("skipped: qs is missing (npm ci in cmd/losantmock/testdata/node)")
	}
	pair := rapid.Custom(func(t *rapid.T) string {
		keys := rapid.SliceOfN(rapid.SampledFrom([]string{"[]", "[0]", "[1]", "[2]", "[a]", "[b]", "[7]"}), 0, 7).Draw(t, "keys")
		return rapid.SampledFrom([]string{"x", "y"}).Draw(t, "name") + strings.Join(keys, "") + "=" + rapid.SampledFrom([]string{"1", "2", ""}).Draw(t, "text")
	})
	queries := []string{"x[0][key]=a&x[0][value]=b&x[1][key]=c", "x" + strings.Repeat("[]=1&x", 25) + "[]=2"}
	for i := range size.Of(300, 3_000, 30_000) {
		queries = append(queries, strings.Join(rapid.SliceOfN(pair, 1, 4).Example(i), "&"))
	}
	given, err := json.Marshal(queries)
	if err != nil {
		t.Fatal(err)
	}
	const program = `const qs = require(process.argv[1]); const all = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(all.map(q => qs.parse(q))));`
	command := exec.CommandContext(t.Context(), "node", "-e", program, qs)
	command.Stdin = strings.NewReader(string(given))
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var wanted []map[string]any
	if err := json.Unmarshal(out, &wanted); err != nil {
		t.Fatal(err)
	}
	for i, query := range queries {
		got := map[string]any{}
		for name, v := range decode.ParseQuery(query) {
			got[name] = v.Body
			if !v.List {
				got[name] = v.Text
			}
		}
		if diff := cmp.Diff(wanted[i], got); diff != "" {
			t.Errorf("%q: %s", query, diff)
		}
	}
}
