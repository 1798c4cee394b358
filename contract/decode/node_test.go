package decode_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract/decode"
	"pgregory.net/rapid"
)

// readAll prints what Node's querystring reads in each of the queries on its
// standard input.
const readAll = `const queries = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const read = q => Object.entries(require('querystring').parse(q, '&', '=', {maxKeys: 0})).map(([k, v]) => [k, [].concat(v)]);
console.log(JSON.stringify(queries.map(q => Object.fromEntries(read(q)))));`

// Queries are read as Node's querystring reads them.
func TestQueriesAreReadAsNodeReadsThem(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("skipped: node is missing")
	}
	part := rapid.SampledFrom([]string{
		"a", "b", "=", "&", ";", "+", "%", "%zz", "%4", "%2", "%41", "%2B", "%26", "%3d", "%ff", "%C3%A9", "%E2%82", "%ED%A0%80", "%F0%9F%98%80", "%F0%9F%98",
		"%c3%28", "%00", "%25", "%2541", "[]", "[0]", "?", "#", "/", " ", "~", "%e2%82%ac", "%EF%BF%BD", "%ef%bb%bf",
	})
	query := rapid.Custom(func(t *rapid.T) string {
		var b bytes.Buffer
		for _, p := range rapid.SliceOfN(part, 0, 12).Draw(t, "parts") {
			b.WriteString(p)
		}
		return b.String()
	})
	queries := make([]string, size.Of(3_000, 30_000, 300_000))
	for i := range queries {
		queries[i] = query.Example(i)
	}
	given, err := json.Marshal(queries)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "node", "-e", readAll)
	command.Stdin = bytes.NewReader(given)
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var wanted []url.Values
	if err := json.Unmarshal(out, &wanted); err != nil {
		t.Fatal(err)
	}
	for i, raw := range queries {
		if diff := cmp.Diff(wanted[i], decode.Values(raw)); diff != "" {
			t.Fatalf("%q: %s", raw, diff)
		}
	}
}
