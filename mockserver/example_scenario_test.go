package mockserver_test

import (
	"fmt"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// WithScenario names scenarios: built-in ones, and files by their path.
func ExampleWithScenario() {
	server, err := mockserver.New(mockserver.WithScenario("paging"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(server.ScenarioName(), server.Applications()[0].Name)
	// Output: paging My Application
}

// WithWorld takes a scenario that is made in Go. Webhooks are listed one by
// one; Generate makes many after one pattern.
func ExampleWithWorld() {
	server, err := mockserver.New(mockserver.WithWorld(&scenarios.Scenario{
		Applications: []scenarios.Application{{
			Name:     "House",
			Webhooks: []scenarios.Webhook{{Name: "Bell"}},
			Generate: []scenarios.Generate{{Count: 3, Webhook: scenarios.Webhook{Name: "Door {{n}}"}}},
		}},
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, application := range server.Scenario().Applications {
		for hook := range application.AllWebhooks() {
			fmt.Println(application.Name, hook.Name)
		}
	}
	// Output:
	// House Bell
	// House Door 1
	// House Door 2
	// House Door 3
}

// AddApplication adds to a server that runs what the two options start from.
func ExampleWorld_AddApplication() {
	server, err := mockserver.New(mockserver.WithScenario("empty"))
	if err != nil {
		fmt.Println(err)
		return
	}
	house, err := server.AddApplication(scenarios.Application{
		Name:     "House",
		Generate: []scenarios.Generate{{Count: 2, Webhook: scenarios.Webhook{Name: "Door {{n}}"}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, hook := range house.Webhooks {
		fmt.Println(hook.Name, hook.ApplicationID == house.ID, len(hook.Token) > 0)
	}
	// Output:
	// Door 1 true true
	// Door 2 true true
}

func TestMain(m *testing.M) { mocktest.Main(m) }
