package mockserver

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/scenarios"
)

// verify does what a webhook's verificationType asks for: it answers the
// handshake by which a third party makes sure that the webhook's owner wants
// its calls, or refuses a call that the third party can't have made.
func (c *triggerCall) verify() *reply {
	switch query := decode.ParseQuery(c.request.URL.RawQuery); c.webhook.VerificationType {
	case "facebook":
		return c.verifyFacebook(query)
	case "fitbit":
		return c.verifyFitbit(query)
	case "alexa":
		return c.verifyAlexa()
	default:
		return nil
	}
}

// verifyFacebook answers a subscription by saying the challenge back. It is
// the caller's text, and never taken for HTML.
//
// Source: Meta's documentation of webhooks.
func (c *triggerCall) verifyFacebook(query decode.Query) *reply {
	switch {
	case c.request.Method != http.MethodGet || query["hub.mode"].Text != "subscribe":
		return nil
	case query["hub.verify_token"].Text != c.webhook.VerificationCode:
		return triggerError(http.StatusForbidden, "The verification code is wrong")
	default:
		return &reply{status: http.StatusOK, fields: asPlain, body: []byte(query["hub.challenge"].Text)}
	}
}

// verifyFitbit answers the verification of a subscriber: 204 for the code, and
// 404 for any other.
//
// Source: Fitbit's documentation of subscriptions.
func (c *triggerCall) verifyFitbit(query decode.Query) *reply {
	switch {
	case c.request.Method != http.MethodGet || !query["verify"].Given:
		return nil
	case query["verify"].Text == c.webhook.VerificationCode:
		return &reply{status: http.StatusNoContent, fields: protective}
	default:
		return triggerError(http.StatusNotFound, "The verification code is wrong")
	}
}

// alexaTolerance is how old a call of Alexa's may be.
//
// Source: Amazon's documentation of Alexa.
const alexaTolerance = 150 * time.Second

// verifyAlexa refuses a call without the header fields of Alexa, or one that
// is too old. The signature counts where the scenario has certificates.
func (c *triggerCall) verifyAlexa() *reply {
	refuse := func(why string) *reply { return triggerError(http.StatusBadRequest, why) }
	h := c.request.Header
	for _, name := range []string{"Signature", "SignatureCertChainUrl", "Timestamp"} {
		if h.Get(name) == "" {
			return refuse("The header " + name + " is missing")
		}
	}
	at, err := time.Parse(time.RFC3339, h.Get("Timestamp"))
	if err != nil {
		return refuse("The header Timestamp is no date such as 2016-06-13T04:00:00Z")
	}
	if age := c.at.Sub(at); age > alexaTolerance || age < -alexaTolerance {
		return refuse("The header Timestamp is too old")
	}
	if c.world.alexa == nil {
		return nil
	}
	if err := c.world.alexa.verify(h, c.plain, c.at); err != nil {
		return refuse(err.Error())
	}
	return nil
}

// alexaTrust checks signatures of Alexa.
type alexaTrust struct {
	roots  *x509.CertPool
	chains map[string]string // PEM by URL
}

// newAlexaTrust makes what a scenario says into trust; nil where it says
// nothing.
func newAlexaTrust(a *scenarios.Alexa) *alexaTrust {
	if a == nil {
		return nil
	}
	trust := &alexaTrust{roots: x509.NewCertPool(), chains: a.Chains}
	trust.roots.AppendCertsFromPEM([]byte(a.CA)) // the scenario was checked
	return trust
}

// alexaName is who signs Alexa's calls.
const alexaName = "echo-api.amazon.com"

func (a *alexaTrust) verify(h http.Header, body []byte, at time.Time) error {
	chainURL := h.Get("SignatureCertChainUrl")
	if !alexaURL(chainURL) {
		return errors.New("SignatureCertChainUrl is none of Alexa's")
	}
	leaf, intermediates := parseChain(a.chains[chainURL])
	if leaf == nil {
		return errors.New("no certificates are known for SignatureCertChainUrl")
	}
	options := x509.VerifyOptions{Roots: a.roots, Intermediates: intermediates, CurrentTime: at, DNSName: alexaName}
	if _, err := leaf.Verify(options); err != nil {
		return errors.New("the certificate is not trusted")
	}
	key, ok := leaf.PublicKey.(*rsa.PublicKey)
	if !ok {
		return errors.New("the certificate has no RSA key")
	}
	// Signature-256 is the newer of the two, and counts where it is there.
	kind, sum, signature := crypto.SHA1, sha1Of(body), h.Get("Signature")
	if newer := h.Get("Signature-256"); newer != "" {
		digest := sha256.Sum256(body)
		kind, sum, signature = crypto.SHA256, digest[:], newer
	}
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || rsa.VerifyPKCS1v15(key, kind, sum, raw) != nil {
		return errors.New("the signature is not that of the body")
	}
	return nil
}

func sha1Of(body []byte) []byte {
	digest := sha1.Sum(body) //nolint:gosec // what Alexa signs with
	return digest[:]
}

// alexaURL holds a URL to where Alexa keeps its certificates.
func alexaURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && strings.EqualFold(u.Scheme, "https") && strings.EqualFold(u.Hostname(), "s3.amazonaws.com") &&
		(u.Port() == "" || u.Port() == "443") && u.User == nil && strings.HasPrefix(path.Clean(u.Path), "/echo.api/")
}

func parseChain(text string) (leaf *x509.Certificate, intermediates *x509.CertPool) {
	intermediates = x509.NewCertPool()
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return leaf, intermediates
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		switch {
		case err != nil:
			return nil, intermediates
		case leaf == nil:
			leaf = certificate
		default:
			intermediates.AddCert(certificate)
		}
	}
}
