// Package contract says what Losant's webhooks API promises.
//
// The promise is one table: every operation with its method, path,
// parameters, scopes and answers, and the JSON Schema of everything that
// crosses the wire. Whatever needs to know the API asks this table:
//
//	api, err := contract.At(contract.Newest)
//	op := api.Operation("webhooks.post")
//	v := op.CheckBody(map[string]any{"responseCode": 999.0})
//	fmt.Println(v) // webhook.name is required
//
// A broken promise is a [Violation], told in the words the real API uses.
//
// The package knows nothing of stand-ins: it serves a person who only wants
// to hold Losant's API to its documentation.
package contract
