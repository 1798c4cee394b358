package mockserver_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// certificate signs a certificate with another, or with itself.
func certificate(t testing.TB, template *x509.Certificate, key *rsa.PrivateKey, parent *x509.Certificate, signer *rsa.PrivateKey) (*x509.Certificate, string) {
	t.Helper()
	template.SerialNumber = big.NewInt(1)
	template.NotBefore, template.NotAfter = time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return made, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// Where the scenario has certificates, the signature of a call counts.
func TestAlexaSignatures(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	authority := &x509.Certificate{Subject: pkix.Name{CommonName: "CA"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	ca, caPEM := certificate(t, authority, key, nil, nil)
	between, betweenPEM := certificate(t, &x509.Certificate{Subject: pkix.Name{CommonName: "between"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, key, ca, key)
	_, leaf := certificate(t, &x509.Certificate{DNSNames: []string{"echo-api.amazon.com"}}, key, between, key)
	_, other := certificate(t, &x509.Certificate{DNSNames: []string{"echo-api.example.com"}}, key, between, key)
	_, alone := certificate(t, &x509.Certificate{DNSNames: []string{"echo-api.amazon.com"}}, key, nil, nil)

	const place = "https://s3.amazonaws.com/echo.api/"
	srv := triggerWorld(t, scenarios.Triggers{Alexa: &scenarios.Alexa{CA: caPEM, Chains: map[string]string{
		place + "good.pem": leaf + betweenPEM, place + "no-chain.pem": leaf, place + "other.pem": other + betweenPEM, place + "alone.pem": alone,
		"https://example.com/echo.api/good.pem": leaf + betweenPEM,
	}}}, scenarios.Webhook{Name: "alexa", VerificationType: "alexa"})

	const body = `{"version":"1.0"}`
	sign := func(kind crypto.Hash, sum []byte) string {
		signature, err := rsa.SignPKCS1v15(nil, key, kind, sum)
		if err != nil {
			t.Fatal(err)
		}
		return base64.StdEncoding.EncodeToString(signature)
	}
	oldSum, newSum := sha1.Sum([]byte(body)), sha256.Sum256([]byte(body))
	older, newer := sign(crypto.SHA1, oldSum[:]), sign(crypto.SHA256, newSum[:])
	for _, c := range []struct {
		name, chain, signature, signature256, body, want string
	}{
		{"signed", place + "good.pem", older, "", body, ""},
		{"signed anew", place + "good.pem", "ignored", newer, body, ""},
		{"with a port", "https://s3.amazonaws.com:443/echo.api/good.pem", older, "", body, "no certificates are known for SignatureCertChainUrl"},
		{"another body", place + "good.pem", older, "", body + " ", "the signature is not that of the body"},
		{"another body, anew", place + "good.pem", older, newer, body + " ", "the signature is not that of the body"},
		{"no signature", place + "good.pem", "x", "", body, "the signature is not that of the body"},
		{"a chain with a gap", place + "no-chain.pem", older, "", body, "the certificate is not trusted"},
		{"another's certificate", place + "other.pem", older, "", body, "the certificate is not trusted"},
		{"signed by itself", place + "alone.pem", older, "", body, "the certificate is not trusted"},
		{"an unknown chain", place + "unknown.pem", older, "", body, "no certificates are known for SignatureCertChainUrl"},
		{"another host", "https://example.com/echo.api/good.pem", older, "", body, "SignatureCertChainUrl is none of Alexa's"},
		{"another path", "https://s3.amazonaws.com/echo.api/../good.pem", older, "", body, "SignatureCertChainUrl is none of Alexa's"},
		{"in the clear", "http://s3.amazonaws.com/echo.api/good.pem", older, "", body, "SignatureCertChainUrl is none of Alexa's"},
	} {
		lines := []string{"Timestamp: 2016-06-13T04:00:00Z", "Signature: " + c.signature, "SignatureCertChainUrl: " + c.chain}
		if c.signature256 != "" {
			lines = append(lines, "Signature-256: "+c.signature256)
		}
		a := send(t, srv.URL, "POST /webhooks/alexa", c.body, lines...)
		switch {
		case c.want == "" && (a.status != 200 || a.body != done):
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
		case c.want != "" && (a.status != 400 || a.body != problem(c.want)):
			t.Errorf("%s: %d %s, want %s", c.name, a.status, a.body, c.want)
		}
	}
}
