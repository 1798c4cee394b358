package contract_test

import (
	"testing"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
)

// A parameter of type object is JSON in a text. What JavaScript makes a text of, as of a
// list, is read as that text.
func TestObjectsInAQuery(t *testing.T) {
	t.Parallel()
	d, err := contract.ParseDefinition("file.json", []byte(`{"info":{"version":"1.20.1"},
		"resources":{"boats":{"path":"/boats","actions":{"get":{"method":"GET","params":[{"name":"query","in":"query","type":"object","schema":{"$ref":"#/definitions/query"}}]}}}},
		"definitions":{"query":{"type":"object","properties":{"a":{"type":"number"}},"additionalProperties":false}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"":                            "",
		`query={"a":1}`:               "",
		`query={"a":"1"}`:             "query.a is the wrong type",
		`query={"b":1}`:               "query has additional properties",
		"query=":                      "query is the wrong type",
		"query=x":                     "query is the wrong type",
		"query=[1]":                   "query is the wrong type",
		"query[a]=1":                  "query is the wrong type",
		`query[]={"a":1}`:             "",
		`query[]={"a":"1"}`:           "query.a is the wrong type",
		`query={"a":1&query="b":1}`:   "query has additional properties",
		`query=[{"a":1}&query={}]`:    "query is the wrong type",
		`query[]={"a":1&query[]="b"}`: "query is the wrong type",
		"query[]=":                    "query is the wrong type",
	} {
		r := contract.Request{Query: decode.ParseQuery(query)}
		got := ""
		if v := d.API().Operation("boats.get").CheckRequest(&r); v != nil {
			got = v.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}
