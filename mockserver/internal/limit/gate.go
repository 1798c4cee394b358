package limit

import "sync"

// Gate bounds how many bytes are worked on at the same time. It is passed for work
// that waits for nothing else, so that nobody waits for a slow client.
type Gate struct {
	most int64

	mu   sync.Mutex
	left sync.Cond // signals that work has left
	used int64
}

// NewGate returns a gate for so many bytes.
func NewGate(most int64) *Gate {
	g := &Gate{most: most}
	g.left.L = &g.mu
	return g
}

// Enter waits until there is room for work with so many bytes, and returns the
// function that ends it. Work that is larger than the gate passes alone.
func (g *Gate) Enter(bytes int64) (leave func()) {
	bytes = min(bytes, g.most)
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.used+bytes > g.most {
		g.left.Wait()
	}
	g.used += bytes
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.used -= bytes
		g.left.Broadcast()
	}
}
