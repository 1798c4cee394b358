package contract_test

import (
	"slices"
	"strings"
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
		contract.OperationApplicationDelete, contract.OperationApplicationGet, contract.OperationApplicationPatch,
		contract.OperationApplicationsGet, contract.OperationApplicationsPost,
		contract.OperationAuthAuthenticateUser,
		contract.OperationWebhookDelete, contract.OperationWebhookGet, contract.OperationWebhookPatch,
		contract.OperationWebhooksGet, contract.OperationWebhooksPost,
	}
	slices.Sort(constants)
	if !slices.Equal(operations, constants) {
		t.Errorf("operations %s, constants %s", operations, constants)
	}
	groups := slices.DeleteFunc(api.Scopes(), func(scope string) bool {
		return !strings.HasPrefix(scope, "all.") && !strings.HasPrefix(scope, "only.")
	})
	constants = []string{
		contract.ScopeAllApplication, contract.ScopeAllApplicationBounded, contract.ScopeAllApplicationCLI, contract.ScopeAllApplicationRead,
		contract.ScopeAllOrganization, contract.ScopeAllOrganizationBounded, contract.ScopeAllOrganizationRead,
		contract.ScopeAllUser, contract.ScopeAllUserBounded, contract.ScopeAllUserCLI, contract.ScopeAllUserRead,
		contract.ScopeOnlyOrganization, contract.ScopeOnlyOrganizationBounded, contract.ScopeOnlyOrganizationRead,
	}
	if !slices.Equal(groups, constants) {
		t.Errorf("groups %s, constants %s", groups, constants)
	}
}
