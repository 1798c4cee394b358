package contract_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
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

// At returns the API as it stood at a version. An operation reports what a body
// breaks in the words of the real API.
func ExampleAt() {
	api, err := contract.At(contract.Newest)
	if err != nil {
		fmt.Println(err)
		return
	}
	operation := api.Operation(contract.OperationWebhooksPost)
	fmt.Println(operation.Method, operation.Path)
	fmt.Println(operation.CheckBody(map[string]any{"responseCode": 201.0}))
	fmt.Println(operation.CheckBody(map[string]any{"name": "Door opened", "responseCode": 999.0}))
	// Output:
	// POST /applications/{applicationId}/webhooks
	// webhook.name is required
	// webhook.responseCode is more than maximum
}

// Versions differ: a property that came later is refused before.
func ExampleParseVersion() {
	for _, text := range []string{"1.28.3", "1.28.4"} {
		version, err := contract.ParseVersion(text)
		if err != nil {
			fmt.Println(err)
			return
		}
		api, err := contract.At(version)
		if err != nil {
			fmt.Println(err)
			return
		}
		body := map[string]any{"name": "Door opened", "enabled": false}
		fmt.Println(version, api.Operation(contract.OperationWebhooksPost).CheckBody(body) == nil)
	}
	// Output:
	// 1.28.3 false
	// 1.28.4 true
}

// Find leads from a URL to the operations of its path.
func ExampleAPI_Find() {
	u, err := url.Parse("https://api.losant.com/applications/575ec8687ae143cd83dc4a97/webhooks?perPage=10")
	if err != nil {
		fmt.Println(err)
		return
	}
	endpoint, values := contract.AtNewest().Find(http.MethodGet, u)
	fmt.Println(endpoint.Operations[http.MethodGet].Name, values["applicationId"])
	// Output: webhooks.get 575ec8687ae143cd83dc4a97
}

// Check holds a request with its response against the contract.
func ExampleAPI_Check() {
	u, err := url.Parse("https://api.losant.com/applications/575ec8687ae143cd83dc4a97/webhooks/575ed78e7ae143cd83dc4aab?access_token=any")
	if err != nil {
		fmt.Println(err)
		return
	}
	findings := contract.AtNewest().Check(&contract.Exchange{
		Method: http.MethodGet,
		URL:    u,
		Status: http.StatusNotFound,
		Header: http.Header{
			"Content-Type":                {"application/json"},
			"Access-Control-Allow-Origin": {"*"},
			"Vary":                        {"Origin"},
		},
		Body: []byte(`{"type":"NotFound","message":"Webhook is gone"}`),
	})
	for _, f := range findings {
		fmt.Println(f.Verdict, f.Check, f.Field)
	}
	// Output: breaks error_conformance error.message
}
