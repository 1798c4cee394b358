package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"

	"github.com/losantmock/losantmock/cmd/internal/loopback"
)

// listen listens on the address of a flag.
func listen(address string) (net.Listener, error) {
	listener, err := loopback.Listen(address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use: stop what listens there, or take another address with --listen; port 0 takes any that is free", address)
	}
	if err != nil {
		return nil, fmt.Errorf("can't listen: %w", err)
	}
	return listener, nil
}
