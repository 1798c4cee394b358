package scenarios_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/losantmock/losantmock/scenarios"
)

// A built-in scenario and a file of one's own make one world.
func ExampleLoad() {
	dir, err := os.MkdirTemp("", "scenarios")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	orders := filepath.Join(dir, "orders.yaml")
	text := "name: orders\napplications: [{name: Shop, webhooks: [{name: Order placed}]}]\n"
	if err := os.WriteFile(orders, []byte(text), 0o600); err != nil {
		panic(err)
	}
	world, err := scenarios.Load("default", orders)
	if err != nil {
		panic(err)
	}
	fmt.Println(world.Name)
	for _, application := range world.Applications {
		fmt.Println(application.Name, len(application.Webhooks))
	}
	// Output:
	// default+orders
	// My Application 1
	// Shop 1
}

// A scenario that is made in Go is checked by the rules of files, and can be saved as
// one.
func ExampleScenario() {
	world := &scenarios.Scenario{
		Name: "shop",
		Applications: []scenarios.Application{{
			Name:     "Shop",
			Webhooks: []scenarios.Webhook{{Name: "Order placed", WaitForReply: true, Reply: &scenarios.Reply{Body: "thanks"}}},
		}},
	}
	text, err := world.Marshal()
	if err != nil {
		panic(err)
	}
	fmt.Print(string(text))
	// Output:
	// name: shop
	// applications:
	//     - name: Shop
	//       webhooks:
	//         - name: Order placed
	//           waitForReply: true
	//           reply:
	//             body: thanks
}

// One error reports all that is wrong, each with its place.
func ExampleParse() {
	_, err := scenarios.Parse("orders.yaml", []byte(`applications:
  - name: Shop
    webhooks:
      - {name: Order placed, responseCode: 999}
      - {name: Order sent, responsecode: 200}
`))
	fmt.Println(err)
	// Output:
	// orders.yaml:4:44: applications[0].webhooks[0].responseCode: 999 is more than maximum (599)
	// orders.yaml:5:28: applications[0].webhooks[1].responsecode: is not a known key: did you mean "responseCode"?
}
