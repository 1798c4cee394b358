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

// The example that RFC 2202 and RFC 4231 have for HMAC has its signatures, in
// hexadecimal digits behind the name of the algorithm.
func TestFacebookSignature(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "https://example.com/webhooks/token", nil)
	signAsFacebook(r, []byte("what do ya want for nothing?"), "Jefe")
	for field, want := range map[string]string{
		"X-Hub-Signature":     "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
		"X-Hub-Signature-256": "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
	} {
		if got := r.Header.Get(field); got != want {
			t.Errorf("%s: %s", field, got)
		}
	}
}
