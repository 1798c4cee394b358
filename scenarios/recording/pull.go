package recording

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/scenarios"
)

// Pull reads an application and its webhooks from a live API. It fails where the
// client does, or where a response is not 200. The scenario holds their secrets
// too: see [WithoutSecrets].
func Pull(ctx context.Context, client *live.Client, applicationID string) (*scenarios.Scenario, error) {
	recording := New(contract.AtNewest())
	path := "/applications/" + applicationID
	if _, err := pull(ctx, client, recording, path); err != nil {
		return nil, err
	}
	for page := 0; ; page++ {
		e, err := pull(ctx, client, recording, fmt.Sprintf("%s/webhooks?sortField=id&perPage=%d&page=%d", path, contract.MaxPerPage, page))
		if err != nil {
			return nil, err
		}
		var list struct{ Items []json.RawMessage }
		if err := json.Unmarshal(e.Body, &list); err != nil {
			return nil, fmt.Errorf("the list of webhooks can't be read: %w", err)
		}
		if len(list.Items) == 0 {
			return recording.Scenario(), nil
		}
	}
}

func pull(ctx context.Context, client *live.Client, recording *Recording, target string) (*contract.Exchange, error) {
	e, err := client.Do(ctx, live.Call{Method: http.MethodGet, Target: target})
	if err != nil {
		return nil, err
	}
	if e.Status != http.StatusOK {
		return nil, fmt.Errorf("the response to GET %s is %d %s", target, e.Status, http.StatusText(e.Status))
	}
	recording.Observe(e)
	return e, nil
}
