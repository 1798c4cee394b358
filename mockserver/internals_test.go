package mockserver

import (
	"regexp"

	"github.com/gorilla/mux"
)

var pathParam = regexp.MustCompile(`\{[^}]*\}`)

// AdminRoutes are the calls of the admin API as the router has them, with
// something in the place of each parameter.
func AdminRoutes(s *TestServer) []string {
	var calls []string
	_ = s.server.admin.router.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := route.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, err := route.GetMethods()
		if err != nil {
			return err
		}
		for _, method := range methods {
			calls = append(calls, method+" "+pathParam.ReplaceAllString(path, "x"))
		}
		return nil
	})
	return calls
}

// Remembered is how many access tokens and webhooks the main world of a server
// remembers: those of its rate limits, and those of its faults.
func Remembered(s *Server) (callers, called, perToken int) {
	e := s.base.era()
	for _, rule := range e.faults.rules {
		perToken += rule.perToken.len()
	}
	return e.state.callers.calls.len(), e.state.called.calls.len(), perToken
}
