package mockserver_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// createWebhook stands for the code under test.
func createWebhook(baseURL, token, applicationID, name string) error {
	body := strings.NewReader(`{"name":"` + name + `"}`)
	request, err := http.NewRequest("POST", baseURL+"/applications/"+applicationID+"/webhooks", body)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

func TestAsking(t *testing.T) {
	srv := mockserver.Start(t)
	app := srv.Applications()[0]
	token := srv.Token()
	if err := createWebhook(srv.URL, token, app.ID, "Door opened"); err != nil {
		t.Fatal(err)
	}
	mocktest.Send(t, srv.URL, "DELETE "+mocktest.WebhookPath, "")

	posts := srv.Requests().Operation("webhooks.post")
	posts.Body("name", "Door opened").Status(201).Once(t)
	posts.Violation("webhook.name is required").Never(t)
	srv.Requests().Operation("webhook.patch").Within(100 * time.Millisecond).Never(t)
	mockserver.InOrder(t, posts.Body("name", "Door opened"), srv.Requests().Operation("webhook.delete"))
}

func TestPlayingADoor(t *testing.T) {
	srv := mockserver.Start(t)
	srv.OnTrigger(func(trigger mockserver.Trigger) *mockserver.Reply {
		return &mockserver.Reply{Status: 201, Body: "opened by " + trigger.Payload.Data.Query["who"].(string)}
	})
	hook := srv.AddWebhook(scenarios.Webhook{Name: "Door", WaitForReply: true})

	response, err := http.Get(srv.URL + "/webhooks/" + hook.Token + "/north?who=Ann")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || response.StatusCode != 201 || string(body) != "opened by Ann" {
		t.Errorf("%s %s %v", response.Status, body, err)
	}

	srv.Triggers().Webhook("Door").Path("/north").Payload("data.query.who", "Ann").Once(t)
}

// New returns an http.Handler, for a program that has a server: here below a path. In
// a test, Start serves it.
func ExampleNew() {
	mock, err := mockserver.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/losant/", http.StripPrefix("/losant", mock))
	srv := httptest.NewServer(mux)
	defer srv.Close()

	response, err := http.Get(srv.URL + "/losant/applications?access_token=any")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()

	fmt.Println(response.Status)
	fmt.Println(mock.Requests().Operation(contract.OperationApplicationsGet).Count())
	// Output:
	// 200 OK
	// 1
}

// Requests reads what the server received. In a test, Once, Never and Times assert
// it.
func ExampleWorld_Requests() {
	mock, err := mockserver.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	srv := httptest.NewServer(mock)
	defer srv.Close()

	application := mock.Applications()[0].ID
	for _, name := range []string{"Door opened", ""} {
		if err := createWebhook(srv.URL, "any", application, name); err != nil {
			fmt.Println(err)
			return
		}
	}

	posts := mock.Requests().Operation(contract.OperationWebhooksPost)
	fmt.Println(posts.Body("name", "Door opened").Count())
	for _, request := range posts.Status(400).All() {
		fmt.Println(request.Method, request.Status, request.Violation)
	}
	// Output:
	// 1
	// POST 400 webhook.name has less length than allowed
}

// OnTrigger plays the workflow behind the webhooks. What it returns is the reply of
// a webhook that waits for one.
func ExampleWorld_OnTrigger() {
	mock, err := mockserver.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	srv := httptest.NewServer(mock)
	defer srv.Close()

	mock.OnTrigger(func(trigger mockserver.Trigger) *mockserver.Reply {
		return &mockserver.Reply{Status: 201, Body: "from " + trigger.WebhookName}
	})
	door, err := mock.AddWebhook(scenarios.Webhook{Name: "Door", WaitForReply: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := http.Get(srv.URL + "/webhooks/" + door.Token)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()

	body, err := io.ReadAll(response.Body)
	fmt.Println(response.StatusCode, string(body), err)
	// Output: 201 from Door <nil>
}

// AddFault makes requests go wrong: here the first one, as during a restart.
func ExampleWorld_AddFault() {
	mock, err := mockserver.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	srv := httptest.NewServer(mock)
	defer srv.Close()

	err = mock.AddFault(scenarios.Fault{
		Name:      "restart",
		Operation: contract.OperationApplicationsGet,
		To:        1,
		Effect:    scenarios.Effect{Response: scenarios.ResponseMaintenance},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		response, err := http.Get(srv.URL + "/applications?access_token=any")
		if err != nil {
			fmt.Println(err)
			return
		}
		_ = response.Body.Close()
		fmt.Println(response.Status)
	}
	fmt.Println(mock.Requests().Fault("restart").Count())
	// Output:
	// 503 Service Unavailable
	// 200 OK
	// 1
}

// A sandbox is a world of its own, below the server's URL.
func ExampleServer_Sandbox() {
	mock, err := mockserver.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	srv := httptest.NewServer(mock)
	defer srv.Close()

	sandbox, err := mock.Sandbox("ann")
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := http.Get(srv.URL + "/__sandbox/ann/applications?access_token=any")
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = response.Body.Close()

	fmt.Println(sandbox.Requests().Count(), mock.Requests().Count())
	// Output: 1 0
}

// Reset puts the scenario back and empties the journal, such as between two tests
// that share a server.
func ExampleWorld_Reset() {
	mock, err := mockserver.New(mockserver.WithScenario("empty"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := mock.AddApplication(scenarios.Application{Name: "Plant"}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(mock.Applications()))

	err = mock.Reset()
	fmt.Println(len(mock.Applications()), err)
	// Output:
	// 1
	// 0 <nil>
}
