package mockserver

// Remembered is how many access tokens and webhooks the main world of a server
// remembers: those of its rate limits, and those of its faults.
func Remembered(s *Server) (callers, called, perToken int) {
	e := s.base.era()
	return e.state.callers.len(), e.state.called.len(), e.faults.remembered()
}
