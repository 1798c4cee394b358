package wire

import "strings"

// framing follows the requests on a connection, and finds the header of one that
// has both a Content-Length and a Transfer-Encoding: the colon behind the second
// name is to become a NUL, so that net/http refuses the request as malformed and
// closes the connection.
//
// Two servers in a row may disagree about where such a request ends, and what one
// takes for its body is another request to the other. net/http removes the length
// before a handler sees the request, which is why the bytes are read here: the one
// exception to the rule that HTTP is parsed in one place.
type framing struct {
	step step

	name    [len("transfer-encoding")]byte // of the field, in lower case, as far as it fits
	named   int                            // the bytes of the name
	field   field
	blank   bool // whether the line has nothing but carriage returns so far
	last    byte // the last byte of the line that is not one
	old     bool // a request of HTTP/1.0, whose transfer encoding net/http ignores
	encoded bool // whether it has a Transfer-Encoding
	sized   bool // whether it has a Content-Length
	upgrade bool // whether it wants to switch protocols
	left    uint64
	chunks  bool // whether the body is chunked
}

// step is the part of a request that the next byte belongs to.
type step int

const (
	requestLine step = iota
	fieldName
	fieldValue
	body
	chunkSize
	chunkExtension
	chunkEnd
	trailer
	undecided // the response to a request decides what follows it
	unframed  // what follows is no HTTP
)

// field is what a header field is to the framing.
type field int

const (
	otherField field = iota
	lengthField
	encodingField
	upgradeField
)

// spoiler takes the place of the colon.
const spoiler = 0

// scan follows the bytes that were read. It returns the indexes at which requests
// begin, the index of the colon to spoil, which is -1 for none, and how many bytes
// come before what is undecided.
func (f *framing) scan(p []byte) (begins []int, spoil, end int) {
	spoil = -1
	for i := 0; i < len(p) && f.step != unframed; i++ {
		if f.step == undecided {
			return begins, spoil, i
		}
		if f.step == body {
			skipped := min(f.left, uint64(len(p)-i))
			f.left -= skipped
			i += int(skipped) - 1
			f.endBody()
			continue
		}
		if f.step == requestLine && f.last == 0 && p[i] != '\n' && p[i] != '\r' { // net/http skips blank lines between requests
			begins = append(begins, i)
		}
		if f.next(p[i]) && spoil < 0 {
			spoil = i
		}
	}
	return begins, spoil, len(p)
}

// next follows one byte, and reports whether it must be spoiled.
func (f *framing) next(c byte) bool {
	switch f.step {
	case requestLine:
		f.requestLine(c)
	case fieldName:
		return f.fieldName(c)
	case fieldValue:
		f.fieldValue(c)
	case chunkSize, chunkExtension:
		f.chunkSize(c)
	case chunkEnd:
		if c == '\n' {
			f.step, f.left = chunkSize, 0
		}
	case trailer:
		f.trailer(c)
	}
	return false
}

func (f *framing) requestLine(c byte) {
	switch {
	case c != '\n' && c != '\r':
		f.last = c
	case c == '\n' && f.last != 0:
		*f = framing{step: fieldName, old: f.last == '0', blank: true}
	}
}

func (f *framing) fieldName(c byte) bool {
	switch {
	case c == '\n' && f.blank:
		f.endHeader()
	case c == '\n':
		f.step = unframed // a line without a colon: net/http refuses it
	case c == '\r':
	case f.blank && (c == ' ' || c == '\t'):
		f.step = fieldValue // goes on with the value of the line before
	case c == ':':
		return f.beginValue()
	default:
		f.blank = false
		if f.named < len(f.name) {
			f.name[f.named] = lower(c)
		}
		f.named++
	}
	return false
}

// beginValue notes the field whose name has ended, and reports whether the request
// has both fields that say where its body ends.
func (f *framing) beginValue() bool {
	f.step, f.field = fieldValue, otherField
	if f.named <= len(f.name) {
		switch string(f.name[:f.named]) {
		case "content-length":
			f.field, f.sized, f.left = lengthField, true, 0 // several are the same, or refused
		case "transfer-encoding":
			f.field, f.encoded = encodingField, true
		case "upgrade":
			f.field, f.upgrade = upgradeField, true
		}
	}
	return (f.field == lengthField || f.field == encodingField) && f.sized && f.encoded
}

func (f *framing) fieldValue(c byte) {
	switch {
	case c == '\n':
		f.step, f.named, f.blank = fieldName, 0, true
	case f.field == lengthField && '0' <= c && c <= '9':
		f.left = f.left*10 + uint64(c-'0')
	}
}

// endHeader goes on to the body, if the request has one.
func (f *framing) endHeader() {
	switch {
	case f.encoded && !f.old:
		*f = framing{step: chunkSize}
	case f.sized && f.left > 0:
		f.step = body
	case f.upgrade:
		*f = framing{step: undecided}
	default:
		*f = framing{}
	}
}

// decide notes the response to the last request, and whether it switches
// protocols.
func (f *framing) decide(switches bool) {
	switch {
	case switches:
		f.step = unframed
	case f.step == undecided:
		*f = framing{}
	}
}

// endBody goes on to what follows a body, or a chunk of one.
func (f *framing) endBody() {
	switch {
	case f.left > 0:
	case f.chunks:
		f.step = chunkEnd
	default:
		*f = framing{}
	}
}

func (f *framing) chunkSize(c byte) {
	switch {
	case c == '\n' && f.left > 0:
		f.step, f.chunks = body, true
	case c == '\n':
		f.step, f.blank = trailer, true
	case f.step == chunkExtension:
	case strings.IndexByte("0123456789abcdefABCDEF", c) >= 0:
		f.left = f.left<<4 | uint64(hexDigit(c))
	default:
		f.step = chunkExtension
	}
}

func (f *framing) trailer(c byte) {
	switch {
	case c == '\n' && f.blank:
		*f = framing{}
	case c == '\n':
		f.blank = true
	case c != '\r':
		f.blank = false
	}
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// hexDigit returns the value of a hexadecimal digit.
func hexDigit(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return lower(c) - 'a' + 10
}
