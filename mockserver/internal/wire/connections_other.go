//go:build !unix

package wire

func maxConnections() int { return mostConnections }
