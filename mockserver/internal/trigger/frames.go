package trigger

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"net"
	"net/http"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// frameWriter is a ResponseWriter whose connection is a [frameConn] once it is
// hijacked.
type frameWriter struct{ http.ResponseWriter }

// Hijack takes over the connection.
func (w frameWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	early, _ := buffered.Peek(buffered.Reader.Buffered()) // frames that came with the handshake
	checked := &frameConn{Conn: conn, reader: io.MultiReader(bytes.NewReader(early), conn)}
	return checked, bufio.NewReadWriter(bufio.NewReader(checked), buffered.Writer), nil
}

// frameConn is a connection that checks what the library for WebSockets does not: that
// a length has no more bytes than it needs, and that the reason of a close frame is
// UTF-8. Reading fails before such a frame is complete.
type frameConn struct {
	net.Conn
	reader io.Reader

	header  []byte // of the frame, as far as it was read
	left    uint64 // how many bytes of the payload are to come
	payload []byte // of a close frame, without its mask
	invalid error  // why the connection has to be closed; nil while frames are valid
}

// Read reads the bytes before the end of a frame that is not valid.
func (c *frameConn) Read(p []byte) (int, error) {
	if c.invalid != nil {
		return 0, c.invalid
	}
	n, err := c.reader.Read(p)
	for i, b := range p[:n] {
		if c.invalid = c.next(b); c.invalid != nil {
			return i, c.invalid
		}
	}
	return n, err
}

// next follows one byte of a frame.
func (c *frameConn) next(b byte) error {
	if c.left > 0 {
		return c.nextOfPayload(b)
	}
	c.header = append(c.header, b)
	if len(c.header) < c.headerLength() {
		return nil
	}
	return c.beginPayload()
}

// headerLength returns how many bytes the header has, as far as that is known.
func (c *frameConn) headerLength() int {
	if len(c.header) < 2 {
		return 2
	}
	length := 2
	switch c.header[1] &^ masked {
	case length16:
		length += 2
	case length64:
		length += 8
	}
	if c.header[1]&masked != 0 {
		length += maskBytes
	}
	return length
}

// What the second byte of a frame says, and the type of a close frame in the first.
const (
	masked    = 0x80
	length16  = 126
	length64  = 127
	maskBytes = 4
	typeBits  = 0x0F
	typeClose = 0x08
	codeBytes = 2 // of a close frame, before its reason
	// mostOfClose is the longest payload of a close frame.
	mostOfClose = 125
)

// beginPayload checks the length in a header that is complete.
func (c *frameConn) beginPayload() error {
	shortest := uint64(0)
	switch length := c.header[1] &^ masked; length {
	case length16:
		c.left, shortest = uint64(binary.BigEndian.Uint16(c.header[2:])), length16
	case length64:
		c.left, shortest = binary.BigEndian.Uint64(c.header[2:]), math.MaxUint16+1
	default:
		c.left = uint64(length)
	}
	if c.left < shortest {
		return &frameError{websocket.StatusProtocolError, "The length has more bytes than it needs"}
	}
	c.payload = c.payload[:0]
	if c.left == 0 {
		c.header = c.header[:0]
	}
	return nil
}

// nextOfPayload follows one byte of a payload, and checks that of a close frame.
func (c *frameConn) nextOfPayload(b byte) error {
	c.left--
	if c.header[0]&typeBits == typeClose && len(c.payload) < mostOfClose {
		if c.header[1]&masked != 0 {
			b ^= c.header[len(c.header)-maskBytes+len(c.payload)%maskBytes]
		}
		c.payload = append(c.payload, b)
	}
	if c.left > 0 {
		return nil
	}
	c.header = c.header[:0]
	if len(c.payload) > codeBytes && !utf8.Valid(c.payload[codeBytes:]) {
		return &frameError{websocket.StatusInvalidFramePayloadData, "The reason is not UTF-8"}
	}
	return nil
}

// frameError is the status and the reason with which a connection is closed, because of
// a frame of the client.
type frameError struct {
	code   websocket.StatusCode
	reason string
}

// Error returns the reason.
func (e *frameError) Error() string { return e.reason }
