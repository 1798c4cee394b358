package contract_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver"
)

// A client wears a Transport, and hears of a request that the API would
// refuse before it is sent.
func ExampleTransport() {
	stub, err := mockserver.New()
	if err != nil {
		panic(err)
	}
	srv := httptest.NewServer(stub)
	defer srv.Close()

	transport := &contract.Transport{
		Hosts:     []string{strings.TrimPrefix(srv.URL, "http://")}, // default: api.losant.com
		OnFinding: func(f contract.Finding) { fmt.Println(f.Verdict, f.Operation, f.Message) },
	}
	client := &http.Client{Transport: transport}

	response, err := client.Post(srv.URL+"/applications/575ec8687ae143cd83dc4a97/webhooks?access_token=any",
		"application/json", strings.NewReader(`{"name":"x","responseCode":1000}`))
	if err != nil {
		panic(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	fmt.Println(response.Status)
	// Output:
	// breaks webhooks.post the API would refuse this: webhook.responseCode is more than maximum (599)
	// 400 Bad Request
}
