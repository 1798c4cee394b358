package mockserver_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

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
