package contract_test

import (
	"testing"

	"github.com/losantmock/losantmock/contract"
)

// Whatever a definition says, it is refused or it can be used: nothing panics.
func FuzzDefinition(f *testing.F) {
	f.Add([]byte(`{"info":{"version":"1.20.1"},"params":[],"authGroups":{"all.User":["x.get"]},"resources":{"x":{"path":"/x/{xId}","auth":["x.*"],` +
		`"params":[{"name":"xId","in":"path","required":true,"type":"string","pattern":"^a$"}],"links":{"y":{"href":"/y"}},"actions":{"get":{"method":"GET","auth":["x.get"],` +
		`"params":[{"name":"q","in":"query","type":"object","schema":{"$ref":"#/definitions/q"}},{"name":"l","in":"query","type":"array","enum":["a"]},{"name":"f","in":"multipart","type":"file"}],` +
		`"responses":{"200":{"description":"x","schema":{"properties":{"a":{"$ref":"#/definitions/q"}}}},"404":{"description":"Error if x was not found"}}}}}},` +
		`"definitions":{"q":{"type":["object","null"],"patternProperties":{"(?=a)":{"enum":[1,null,[],{}]}},"additionalProperties":{"$ref":"#/definitions/q"},"items":{"maxLength":"5"}}},"examples":{"q":5}}`))
	f.Add([]byte(`{"resources":{"webhook":{"path":"/applications/{applicationId}/webhooks/{webhookId}","actions":{"get":{"method":"GET","params":[{"name":"n","in":"query","enum":["a"]}]}}}},"definitions":{"webhook":{"properties":{"new":{"type":"string"}}}}}`))
	f.Add([]byte(`{"resources":{"x":{"path":"//","actions":{"":{"method":"PUT"}}}}}`))
	values := []any{nil, true, 1.5, "a", []any{"a", nil}, map[string]any{"a": map[string]any{}, "1": []any{}}}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := contract.ParseDefinition("fuzz", data)
		if err != nil {
			return
		}
		api := d.API()
		for _, resource := range api.Resources {
			for _, op := range resource.Actions {
				for _, value := range values {
					op.CheckBody(value)
				}
				for _, r := range op.Responses {
					if s := api.Schema(r.Schema); s != nil {
						s.Example()
						for _, value := range values {
							s.Check("x", value)
						}
					}
				}
			}
		}
		if _, err := contract.ParseDefinition("again", api.Definition()); err != nil {
			t.Errorf("what GET / returns can't be read: %v", err)
		}
	})
}
