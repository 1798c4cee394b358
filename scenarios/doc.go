// Package scenarios reads the worlds that a stand-in starts from.
//
// A scenario is a YAML file that reads like the API: applications with their
// webhooks, users, access tokens, and how time and ids go on. What it leaves
// out has the API's documented default or is generated.
//
//	world, err := scenarios.Load("default", "orders.yaml")
//
// A file is checked against scenario.schema.json, which is made from the
// contract, and then for what no schema can say: ids and tokens that appear
// twice, references, properties that are newer than the API version. One error
// reports all [Problems], each with file, line, column and the path of the key.
package scenarios
