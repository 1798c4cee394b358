package trigger

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/losantmock/losantmock/contract"
)

// twiML requires a document of Twilio without instructions.
func twiML(source contract.Source) Rule {
	return Rule{source, "body", func(o *Outcome) string {
		err := checkTwiML(o.Exchange.Body)
		return unless(err == nil, "want an empty document of TwiML, got %s: %v", contract.Brief(string(o.Exchange.Body)), err)
	}}
}

// checkTwiML reads a body to its end as one document of XML, in any encoding. It fails
// unless the document is an element Response that has nothing but comments.
func checkTwiML(body []byte) error {
	decoder := xml.NewDecoder(transform.NewReader(bytes.NewReader(body), unicode.BOMOverride(encoding.Nop.NewDecoder())))
	decoder.CharsetReader = decoded
	depth, elements := 0, 0
	for first := true; ; first = false {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if elements++; elements > 1 || t.Name != (xml.Name{Local: "Response"}) {
				return fmt.Errorf("the element %s is not the Response alone", t.Name.Local)
			}
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return errors.New("there is text")
			}
		case xml.ProcInst:
			if t.Target == "xml" && !first {
				return errors.New("the XML declaration is not at the beginning")
			}
		}
	}
	if elements == 0 || depth != 0 {
		return errors.New("there is no element Response")
	}
	return nil
}

// decoded reads a text in the encoding that a document names. UTF-16 begins with a byte
// order mark, which has led to its decoding before.
func decoded(name string, text io.Reader) (io.Reader, error) {
	if strings.HasPrefix(strings.ToLower(name), "utf-16") {
		return text, nil
	}
	known, err := ianaindex.MIME.Encoding(name)
	if err != nil {
		return nil, err
	}
	if known == nil {
		return nil, fmt.Errorf("the encoding %s is not known", name)
	}
	return known.NewDecoder().Reader(text), nil
}
