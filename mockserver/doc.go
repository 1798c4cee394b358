// Package mockserver stands in for Losant's webhooks API.
//
// In a test, [Start] serves on a port of its own, closes with the test and logs
// what it received when the test fails:
//
//	srv := mockserver.Start(t)
//	client := losant.New(srv.URL, srv.Token(contract.ScopeAllApplication))
//
// [New] returns the same thing as an http.Handler, for programs that have a
// server.
//
// What an operation takes and returns is never written here: it comes from the
// table in package contract. The rest stands in internal packages, one for each
// idea; internal/world/serve.go has the way of every request, top to bottom.
package mockserver
