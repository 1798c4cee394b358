package openapi_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/openapi"
)

type object = map[string]any

// Every response of the OpenAPI document has an example that its schema allows,
// and parameters are texts, as in the API's own definition.
func TestTheOpenAPIHasExamples(t *testing.T) {
	t.Parallel()
	api := contract.AtNewest()
	text, err := openapi.Of(api)
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]struct {
			OperationID string
			Parameters  []struct {
				Name    string
				Schema  object
				Example any
			}
			Responses map[string]struct {
				Content map[string]struct{ Example any }
			}
		}
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	messages := map[string]bool{}
	for path, operations := range document.Paths {
		for method, op := range operations {
			statuses := slices.Collect(maps.Keys(op.Responses))
			if !slices.Contains(statuses, "400") || !slices.Contains(statuses, "401") || len(statuses) < 3 {
				t.Errorf("%s %s has the responses %q", method, path, statuses)
			}
			for status, response := range op.Responses {
				example := response.Content["application/json"].Example
				schema := api.Schema("error")
				for _, r := range api.Operation(op.OperationID).Responses {
					if status == "200" || status == "201" {
						schema = api.Schema(r.Schema)
						break
					}
				}
				if v := schema.Check(schema.Name, example); v != nil || example == nil {
					t.Errorf("%s %s: the example of %s is %v: %v", method, path, status, example, v)
				}
				if message, ok := example.(object)["message"].(string); ok {
					messages[message] = true
				}
			}
			for _, p := range op.Parameters {
				_, text := p.Schema["default"].(string)
				if p.Schema["type"] != "string" || p.Schema["default"] != nil && !text {
					t.Errorf("%s %s: %s is %v", method, path, p.Name, p.Schema)
				}
			}
		}
	}
	for _, message := range []string{
		"applicationId pattern mismatch", "sortField must be an enum value", "application.name is required", "credentials.email is required",
		"Access is forbidden", "Invalid access token", "Application was not found", "Webhook was not found",
	} {
		if !messages[message] {
			t.Errorf("no example says %q", message)
		}
	}
}
