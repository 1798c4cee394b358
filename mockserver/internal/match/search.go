package match

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/matcher"
)

// StatusAmong matches requests whose response has one of several statuses: a list of
// statuses, such as 404, and of classes, such as 4xx, with commas between them.
func StatusAmong(list string) (Criterion[*Subject], error) {
	var all []matcher.Matcher
	for one := range strings.SplitSeq(list, ",") {
		one = strings.TrimSpace(one)
		class, isClass := strings.CutSuffix(strings.ToLower(one), "xx")
		_, err := strconv.ParseUint(one, 10, 31)
		switch {
		case isClass && len(class) == 1 && '1' <= class[0] && class[0] <= '5':
			all = append(all, matcher.Func("of the class "+class+"xx", "", func(status string) bool { return strings.HasPrefix(status, class) }))
		case err == nil:
			all = append(all, matcher.EqualTo(one))
		default:
			return Criterion[*Subject]{}, fmt.Errorf("%q is neither a status such as 404 nor a class such as 4xx", matcher.Shortened(one))
		}
	}
	return requestCriterion("status", matcher.Either(all...), statusText), nil
}

// HasFailed matches requests that something went wrong with: the response is an error
// or was not sent, the request was refused, a fault was applied to it, or the client
// left before its end.
func HasFailed() Criterion[*Subject] {
	return conditionCriterion("errors", "a request that something went wrong with", unless((*Subject).pendingUnlessFaulty, condition((*Subject).hasFailed)))
}

// pendingUnlessFaulty is pending for a request of which nothing is known to be wrong.
func (s *Subject) pendingUnlessFaulty() error {
	if s.hasTrouble() {
		return nil
	}
	return s.pending()
}

// hasTrouble reports whether something is known to be wrong whatever the status.
func (s *Subject) hasTrouble() bool {
	o := s.Outcome()
	return o.Fault != "" || o.Aborted || o.Panic != "" || o.Response.Violation != nil
}

func (s *Subject) hasFailed() bool {
	status := s.Outcome().Response.Status
	return s.hasTrouble() || status == 0 || status >= 400
}

// condition returns the function got of a criterion that a subject meets or not.
func condition(holds func(*Subject) bool) got {
	return one(func(s *Subject) string {
		if holds(s) {
			return "true"
		}
		return ""
	})
}

func conditionCriterion(name, want string, got got) Criterion[*Subject] {
	return requestCriterion(name, matcher.Func(want, "", func(text string) bool { return text != "" }), got)
}

// MaxSearch is the most bytes of a text to search for.
const MaxSearch = 1000

// Mentions matches requests that have a text, in any case, in their method, target,
// operation, header or body, or in the header, the body, the violation, the fault or
// the hint of their response. A field of a header is "Name: value".
func Mentions(text string) (Criterion[*Subject], error) {
	if len(text) > MaxSearch {
		return Criterion[*Subject]{}, fmt.Errorf("the text to search for has %d bytes: %d are allowed", len(text), MaxSearch)
	}
	n := newNeedle(text)
	return conditionCriterion("q", fmt.Sprintf("a request with the text %q", text), condition(n.isIn)), nil
}

// needle is a text to search for in any case.
type needle struct {
	text   string // in lower case
	ascii  bool   // whether it has no other characters
	field  string // as a line of a packed header has it
	isLine bool   // whether it may be in the name and the value of a field together
}

func newNeedle(text string) *needle {
	n := &needle{text: strings.ToLower(text)}
	n.ascii = isASCII(n.text)
	n.field, n.isLine = strings.Replace(n.text, ": ", ":", 1), strings.Contains(n.text, ":")
	return n
}

// isIn reports whether one of the texts of a subject has the needle.
func (n *needle) isIn(s *Subject) bool {
	o := s.Outcome()
	for _, text := range []string{s.Method(), s.Target, s.Operation(), s.Violation(), o.Fault, o.Hint} {
		if n.inText(text, n.text) {
			return true
		}
	}
	if n.inText(s.Header(), n.field) || n.inField("host", s.Host()) || n.inBytes(o.Response.Body) {
		return true
	}
	if len(o.Body) > 0 {
		if plain, _ := s.plainBody(); n.inBytes(plain) {
			return true
		}
	}
	found := false
	if o.Response.Status != 0 {
		o.Response.Headers(func(name string, values []string) {
			for _, value := range values {
				found = found || n.inField(name, value)
			}
		})
	}
	return found
}

func (n *needle) inField(name, value string) bool {
	if n.isLine {
		return n.inText(name+":"+value, n.field)
	}
	return n.inText(name, n.text) || n.inText(value, n.text)
}

func (n *needle) inText(text, wanted string) bool {
	if n.ascii {
		return containsASCII(text, wanted, strings.IndexByte)
	}
	return !isASCII(text) && strings.Contains(strings.ToLower(text), wanted)
}

func (n *needle) inBytes(text []byte) bool {
	if n.ascii {
		return containsASCII(text, n.text, bytes.IndexByte)
	}
	return !isASCII(text) && bytes.Contains(bytes.ToLower(text), []byte(n.text))
}

func isASCII[T string | []byte](text T) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// frequent are the characters of which texts have most, the most frequent first.
const frequent = "e\" taoinsrhldcumfpgwyb"

// rarest returns the place of the character in a word of which texts have least: a search
// jumps from one of these to the next.
func rarest(word string) int {
	at, best := 0, -1
	for i := range len(word) {
		rank := strings.IndexByte(frequent, word[i])
		if rank < 0 {
			return i
		}
		if rank > best {
			at, best = i, rank
		}
	}
	return at
}

// containsASCII reports whether a text has a word of ASCII characters in lower case,
// in any case. It copies nothing.
func containsASCII[T string | []byte](text T, word string, index func(T, byte) int) bool {
	if len(word) == 0 || len(word) > len(text) {
		return len(word) == 0
	}
	anchor := rarest(word)
	lower, upper := word[anchor], word[anchor]
	if 'a' <= lower && lower <= 'z' {
		upper -= 'a' - 'A'
	}
	last := len(text) - len(word) + anchor // the last place where the anchor may be
	lowerAt, upperAt := -1, len(text)
	if upper != lower {
		upperAt = -1
	}
	for at := anchor; at <= last; at++ {
		lowerAt = nextAt(text, lower, at, lowerAt, index)
		upperAt = nextAt(text, upper, at, upperAt, index)
		if at = min(lowerAt, upperAt); at > last {
			return false
		}
		if begin := at - anchor; equalASCII(text[begin:begin+len(word)], word) {
			return true
		}
	}
	return false
}

// nextAt returns the place of a byte at a place or behind it, which is known if it is
// there already; the length of the text if there is none.
func nextAt[T string | []byte](text T, b byte, at, known int, index func(T, byte) int) int {
	if known >= at {
		return known
	}
	if i := index(text[at:], b); i >= 0 {
		return at + i
	}
	return len(text)
}

// equalASCII reports whether a text is a word in lower case, in any case.
func equalASCII[T string | []byte](text T, word string) bool {
	for i := range len(word) {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != word[i] {
			return false
		}
	}
	return true
}
