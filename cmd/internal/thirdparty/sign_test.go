package thirdparty

import (
	"net/http/httptest"
	"testing"
)

// The example of Twilio's documentation has its signature.
func TestTwilioSignature(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "https://mycompany.com/myapp.php?foo=1&bar=2", nil)
	signAsTwilio(r, []byte("To=%2B18005551212&CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309"), "12345")
	if got := r.Header.Get("X-Twilio-Signature"); got != "RSOYDt4T1cUTdK1PDd93/VVr8B8=" {
		t.Errorf("the signature is %s", got)
	}
}
