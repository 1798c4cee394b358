package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"unicode/utf8"
)

// JSON decodes one JSON value with nothing behind it. Numbers are float64. As
// in the real API the last of several equal keys counts, what is not UTF-8
// becomes U+FFFD, and a number beyond the range of a float64 is infinite. The
// error is in the words of a parser, without a prefix.
func JSON(plain []byte) (any, error) {
	if !utf8.Valid(plain) {
		plain = []byte(Text(plain))
	}
	var quick any
	if json.Unmarshal(plain, &quick) == nil {
		return quick, nil
	}
	v, err := Exact(plain) // slower, but it reads numbers that no float64 holds
	return floats(v), err
}

// Exact decodes JSON as [JSON] does, with each number as it was sent, a
// [json.Number].
func Exact(plain []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(plain))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	if err == nil {
		var more any
		if err = d.Decode(&more); err == nil {
			err = fmt.Errorf("a second value begins before byte %d", d.InputOffset())
		} else if errors.Is(err, io.EOF) {
			return v, nil
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("unexpected end of JSON input")
	}
	return nil, err
}

// Depth returns how deeply the arrays and objects of a JSON text are nested.
func Depth(plain []byte) int {
	depth, deepest, inText := 0, 0, false
	for i := 0; i < len(plain); i++ {
		switch c := plain[i]; {
		case inText && c == '\\':
			i++ // what is escaped ends no text
		case c == '"':
			inText = !inText
		case inText:
		case c == '[' || c == '{':
			depth++
			deepest = max(deepest, depth)
		case c == ']' || c == '}':
			depth--
		}
	}
	return deepest
}

// floats turns numbers into float64, those beyond its range into infinities.
func floats(v any) any {
	switch v := v.(type) {
	case json.Number:
		f, err := strconv.ParseFloat(string(v), 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return math.NaN() // can't be: the decoder read it as a number
		}
		return f
	case map[string]any:
		for key := range v {
			v[key] = floats(v[key])
		}
	case []any:
		for i := range v {
			v[i] = floats(v[i])
		}
	}
	return v
}

// Index returns the index that the name of a property is in JavaScript, which has
// indexes in ascending order before all other properties; [math.MaxUint32] for a name
// that is none.
func Index(name string) uint64 {
	n, err := strconv.ParseUint(name, 10, 32)
	if err != nil || strconv.FormatUint(n, 10) != name {
		return math.MaxUint32
	}
	return n
}
