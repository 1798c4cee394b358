package trigger_test

import (
	"net/http"
	"testing"
	"unicode/utf16"

	"github.com/losantmock/losantmock/contract/internal/trigger"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/secret"
)

// A document of Twilio is one well-formed document of XML without instructions, in any
// encoding.
func TestDocumentsOfTwilio(t *testing.T) {
	t.Parallel()
	cases := trigger.Cases()
	call := &cases[indexOf(t, cases, "Twilio's document")].Calls[0]
	for document, legal := range map[string]bool{
		`<?xml version="1.0" encoding="UTF-8"?><Response></Response>`: true,
		`<Response/>`: true,
		"\ufeff<?xml version='1.0' standalone='yes'?>\n<Response>\n</Response>\n":             true,
		`<!-- before --><Response><!-- within --></Response><!-- behind -->`:                  true,
		`<?xml version="1.0" encoding="ISO-8859-1"?><Response/>`:                              true,
		`<?xml version="1.0" encoding="us-ascii"?><Response/>`:                                true,
		"<?xml version=\"1.0\" encoding=\"windows-1252\"?><Response><!-- \xe4 --></Response>": true,
		inUTF16(`<?xml version="1.0" encoding="UTF-16"?><Response/>`):                         true,

		``:                                  false,
		`OK`:                                false,
		`<Response>`:                        false,
		`<Response></Answer>`:               false,
		`<Answer/>`:                         false,
		`<response/>`:                       false,
		`<Response>hello</Response>`:        false,
		`<Response><Message/></Response>`:   false,
		`<Response/>OK`:                     false,
		`OK<Response/>`:                     false,
		`<Response/><Response/>`:            false,
		` <?xml version="1.0"?><Response/>`: false,
		`<x:Response xmlns:x="urn:x"/>`:     false,
		`<Response xmlns="urn:x"/>`:         false,
		`<!-- nothing -->`:                  false,
		`<?xml version="1.0" encoding="klingon"?><Response/>`: false,
	} {
		client := live.NewLocalClient(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/xml")
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(document))
		}), secret.Secret{})
		outcome, err := call.Send(t.Context(), client, trigger.NewWebhook(nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		if findings, _ := call.Judge(outcome); (len(findings) == 0) != legal {
			t.Errorf("%q: %+v", document, findings)
		}
	}
}

func indexOf(t *testing.T, cases []trigger.Case, title string) int {
	t.Helper()
	for i, c := range cases {
		if c.Title == title {
			return i
		}
	}
	t.Fatalf("no case %q", title)
	return 0
}

// inUTF16 returns a text in UTF-16 with a byte order mark.
func inUTF16(text string) string {
	encoded := []byte{0xfe, 0xff}
	for _, unit := range utf16.Encode([]rune(text)) {
		encoded = append(encoded, byte(unit>>8), byte(unit))
	}
	return string(encoded)
}
