// Package scenarios reads the worlds that a stand-in starts from.
//
// A scenario is a YAML file that reads like the API: applications with their
// webhooks, users, access tokens, and how time and ids go on. What it leaves
// out gets the API's documented default or is generated.
//
//	world, err := scenarios.Load("default", "orders.yaml")
//
// A file is held against scenario.schema.json, which is made from the
// contract, and then against what no schema can say: ids and tokens that
// appear twice, references, properties newer than the API version asked for.
// All that is wrong is told at once, each with file, line, column and the path
// of the key.
package scenarios
