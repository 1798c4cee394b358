package mockserver_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
)

// A service that plays a workflow takes the call, and the reply comes later.
func TestReplyingLater(t *testing.T) {
	t.Parallel()
	workflow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
	}))
	defer workflow.Close()
	srv := mockserver.Start(t)
	hook := srv.AddWebhook(scenarios.Webhook{
		Name: "Mine", WaitForReply: true,
		Forward: &scenarios.Forward{URL: workflow.URL, Reply: scenarios.ReplyLater},
	})
	received := make(chan string, 1)
	go func() {
		response, err := http.Post(srv.URL+"/webhooks/"+hook.Token, "application/json", nil)
		if err != nil {
			received <- err.Error()
			return
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		received <- response.Status + " " + string(body)
	}()

	calls := srv.Triggers().Webhook("Mine").Within(time.Minute)
	calls.Once(t)
	srv.Reply(calls.All()[0].Payload.Data.ReplyID, mockserver.Reply{Status: 201, Body: "opened"})

	if got := <-received; got != "201 Created opened" {
		t.Error(got)
	}
}
