package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"

	"github.com/losantmock/losantmock/cmd/internal/loopback"
)

// listen listens on an address.
func listen(address string) (net.Listener, error) {
	listener, err := loopback.Listen(address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use: stop what listens there, or take another address with --listen; port 0 takes any that is free", address)
	}
	if errors.Is(err, syscall.EADDRNOTAVAIL) {
		return nil, fmt.Errorf("%s is no address of this machine: take another one with --listen", address)
	}
	if err != nil {
		return nil, fmt.Errorf("can't listen: %w", err)
	}
	return listener, nil
}

// listenAddress returns the address that the value of --listen stands for. A port alone
// is that of localhost, which other machines can't reach.
func listenAddress(text string) (string, error) {
	address := text
	if text != "" && strings.Trim(text, "0123456789") == "" {
		address = "localhost:" + text
	}
	_, port, err := net.SplitHostPort(address)
	switch {
	case strings.Contains(text, "/"):
		return "", fmt.Errorf("--listen %q: want an address such as localhost:8080, not a URL", text)
	case err != nil && net.ParseIP(strings.Trim(text, "[]")) != nil:
		return "", fmt.Errorf("--listen %q has no port: want %s", text, net.JoinHostPort(strings.Trim(text, "[]"), "8080"))
	case err != nil:
		return "", fmt.Errorf("--listen %q: want an address with its port, such as localhost:8080, or a port alone", text)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", fmt.Errorf("--listen %q: want a port from 0 to 65535, got %q", text, port)
	}
	return address, nil
}
