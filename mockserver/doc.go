// Package mockserver stands in for Losant's webhooks API.
//
// In a test it starts on a port of its own, closes with the test and says
// what it received when the test fails:
//
//	srv := mockserver.Start(t)
//	client := losant.New(srv.URL, srv.Token("all.Application"))
//
// [New] gives the same thing as an http.Handler, for those who have a server.
//
// The way of a request is in request.go, top to bottom: route, body,
// parameters, token, scope, resource. What an operation takes and answers is
// never written here: it comes from the table in package contract.
package mockserver
