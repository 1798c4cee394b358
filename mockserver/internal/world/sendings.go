package world

import "sync"

// sendings are the requests that the worlds have sent to themselves, and that have no
// response yet.
type sendings struct {
	mu   sync.Mutex
	byID map[sendingID]*Sending
}

// sendingID is the id of a request in the journal of an era: worlds with a seed have
// requests with the same ids.
type sendingID struct {
	era *Era
	id  string
}

// add adds a request until it has its response.
func (s *sendings) add(id sendingID, sent *Sending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID == nil {
		s.byID = map[sendingID]*Sending{}
	}
	s.byID[id] = sent
	go func() {
		<-sent.Done
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.byID, id)
	}()
}

// Sent returns the request of an id that [World.Send] has sent and that has no response yet;
// nil for none.
func (w *World) Sent(id string) *Sending {
	s := &w.all.sendings
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID[sendingID{w.Era(), id}]
}

// SentCount returns how many requests of all worlds [World.Send] has sent that have no
// response yet.
func (all *Worlds) SentCount() int {
	all.sendings.mu.Lock()
	defer all.sendings.mu.Unlock()
	return len(all.sendings.byID)
}
