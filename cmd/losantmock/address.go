package main

import (
	"fmt"
	"net"
	"strconv"
	"strings"
)

// listenAddress returns the address that the value of --listen stands for. A port alone
// is that of this machine, which others can't reach.
func listenAddress(text string) (string, error) {
	address := text
	if text != "" && strings.Trim(text, "0123456789") == "" {
		address = "127.0.0.1:" + text
	}
	_, port, err := net.SplitHostPort(address)
	switch {
	case strings.Contains(text, "/"):
		return "", fmt.Errorf("--listen %q: want an address such as 127.0.0.1:8080, not a URL", text)
	case err != nil && net.ParseIP(strings.Trim(text, "[]")) != nil:
		return "", fmt.Errorf("--listen %q has no port: want %s", text, net.JoinHostPort(strings.Trim(text, "[]"), "8080"))
	case err != nil:
		return "", fmt.Errorf("--listen %q: want an address with its port, such as 127.0.0.1:8080, or a port alone", text)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", fmt.Errorf("--listen %q: want a port from 0 to 65535, got %q", text, port)
	}
	return address, nil
}
