package mockserver

// Remembered is how many access tokens and webhooks the main world of a server
// remembers: those of its rate limits, and those of its faults.
func Remembered(s *Server) (callers, called, perToken int) {
	e := s.base.Era()
	return e.State.Callers.Len(), e.State.Called.Len(), e.Faults.Remembered()
}
