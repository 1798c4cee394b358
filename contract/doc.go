// Package contract says what Losant's webhooks API promises.
//
// The promise is one table: every operation with its method, path,
// parameters, scopes and responses, and the JSON Schema of everything that
// crosses the wire. Whatever needs to know the API looks it up in this table:
//
//	api, err := contract.At(contract.Newest)
//	op := api.Operation("webhooks.post")
//	v := op.CheckBody(map[string]any{"responseCode": 999.0})
//	fmt.Println(v) // webhook.name is required
//
// A broken promise is a [Violation], in the words that the real API uses.
//
// Read the package in this order. table.go has the operations, and schemas/
// the bodies; [At] compiles them as they stood at a [Version]. [API.Find] leads
// from a path to its operations, [Operation.CheckRequest] holds a [Request]
// against one, and [API.Check] an [Exchange]: a request with its response. A
// [Transport] checks the traffic of a client as it passes.
//
// The package opens no connection. Package suite asks a live server, package
// report shows what was found, package decode reads queries and bodies, and
// package secret keeps tokens from being shown.
package contract
