//go:build !unix

package mockserver

func maxConnections() int { return mostConnections }
