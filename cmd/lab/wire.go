package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

// client asks a server on one connection, one request after another. It does
// little itself, so that what is measured is the server.
type client struct {
	conn      net.Conn
	host      string
	responses *bufio.Reader
}

func dial(url string) (*client, error) {
	host := strings.TrimPrefix(url, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return nil, err
	}
	return &client{conn, host, bufio.NewReaderSize(conn, 64<<10)}, nil
}

func (c *client) close() { _ = c.conn.Close() }

// text is a request as it is sent.
func (c *client) text(method, target, body string) string {
	text := method + " " + target + " HTTP/1.1\r\nHost: " + c.host + "\r\nAuthorization: Bearer any\r\n"
	if body != "" {
		text += "Content-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n"
	}
	return text + "\r\n" + body
}

// ask sends a request and reads the response. The body holds until the next
// call; it is nil where it is too large to be kept.
func (c *client) ask(text string) (status int, body []byte, err error) {
	if _, err := io.WriteString(c.conn, text); err != nil {
		return 0, nil, err
	}
	return c.response()
}

// response reads a response of a known length.
func (c *client) response() (status int, body []byte, err error) {
	length := 0
	for {
		line, err := c.responses.ReadSlice('\n')
		if err != nil {
			return 0, nil, err
		}
		if status == 0 {
			if len(line) < len("HTTP/1.1 200") {
				return 0, nil, fmt.Errorf("the response begins with %q", line)
			}
			if status, err = strconv.Atoi(string(line[9:12])); err != nil {
				return 0, nil, fmt.Errorf("the response begins with %q", line)
			}
			continue
		}
		if len(line) <= len("\r\n") {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, nil, err
			}
		}
	}
	if length < c.responses.Size() {
		body, err = c.responses.Peek(length)
	}
	if err == nil {
		_, err = c.responses.Discard(length)
	}
	return status, body, err
}
