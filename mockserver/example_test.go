package mockserver_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
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

func TestDoorsGetTheirWebhook(t *testing.T) {
	srv := mockserver.Start(t)
	app := srv.Applications()[0]

	if err := createWebhook(srv.URL, srv.Token("webhooks.post"), app.ID, "Door opened"); err != nil {
		t.Fatal(err)
	}

	request, ok := srv.Requests().Operation("webhooks.post").First()
	if !ok || request.Status != 201 || string(request.Body) != `{"name":"Door opened"}` {
		t.Errorf("received %+v", request)
	}
}
