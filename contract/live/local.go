package live

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/secret"
)

// NewLocalClient returns a client that sends requests to a handler of this
// process, without a network.
func NewLocalClient(handler http.Handler, token secret.Secret) *Client {
	return &Client{
		base:  &url.URL{Scheme: "http", Host: "localhost"},
		token: token,
		http: &http.Client{
			Transport:     handlerTransport{handler},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// handlerTransport lets a handler respond to requests.
type handlerTransport struct{ handler http.Handler }

func (t handlerTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	received := request.Clone(request.Context())
	received.RequestURI = request.URL.RequestURI()
	received.RemoteAddr = "127.0.0.1:0"
	if received.Body == nil {
		received.Body = http.NoBody
	}
	if request.ContentLength > 0 || request.Method == http.MethodPost || request.Method == http.MethodPatch {
		received.Header.Set("Content-Length", strconv.FormatInt(request.ContentLength, 10)) // as over a network
	}
	w := &responseWriter{header: http.Header{}, status: http.StatusOK}
	t.handler.ServeHTTP(w, received)
	return &http.Response{
		StatusCode: w.status, Status: contract.StatusText(w.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(bytes.NewReader(w.body.Bytes())), ContentLength: int64(w.body.Len()), Request: request,
	}, nil
}

// responseWriter keeps the response of a handler.
type responseWriter struct {
	header http.Header
	status int
	wrote  bool
	body   bytes.Buffer
}

func (w *responseWriter) Header() http.Header { return w.header }

func (w *responseWriter) WriteHeader(status int) {
	if !w.wrote {
		w.status, w.wrote = status, true
	}
}

func (w *responseWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}
