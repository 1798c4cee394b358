package contract_test

import (
	"slices"
	"testing"

	"github.com/losantmock/losantmock/contract"
)

// Every operation and every scope of a part of the API has its constant.
func TestNames(t *testing.T) {
	t.Parallel()
	api := contract.AtNewest()
	var operations []string
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			operations = append(operations, op.Name)
		}
	}
	slices.Sort(operations)
	constants := []string{
		contract.OperationApplicationGet, contract.OperationApplicationPatch,
		contract.OperationApplicationsGet, contract.OperationApplicationsPost,
		contract.OperationAuthAuthenticateUser,
		contract.OperationWebhookDelete, contract.OperationWebhookGet, contract.OperationWebhookPatch,
		contract.OperationWebhooksGet, contract.OperationWebhooksPost,
	}
	slices.Sort(constants)
	if !slices.Equal(operations, constants) {
		t.Errorf("operations %s, constants %s", operations, constants)
	}
	for _, scope := range []string{
		contract.ScopeAllApplication, contract.ScopeAllApplicationBounded, contract.ScopeAllApplicationRead,
		contract.ScopeAllOrganization, contract.ScopeAllOrganizationBounded, contract.ScopeAllOrganizationRead,
		contract.ScopeAllUser, contract.ScopeAllUserBounded, contract.ScopeAllUserRead,
	} {
		if !api.Grants([]string{scope}).Allows(api.Operation(contract.OperationWebhooksGet)) {
			t.Errorf("%s does not allow reading", scope)
		}
	}
}
