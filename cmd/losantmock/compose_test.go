package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// What the compose file names is there: the Dockerfile, the mounted folder, the
// scenario in it, and the service that is waited for. Its client succeeds twice in a
// row against one server.
func TestTheComposeFileHoldsTogether(t *testing.T) {
	t.Parallel()
	var compose struct {
		Services map[string]struct {
			Build     struct{ Context, Dockerfile string }
			Command   []string
			Volumes   []string
			DependsOn map[string]struct{ Condition string } `yaml:"depends_on"`
			ReadOnly  bool                                  `yaml:"read_only"`
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, "../../docker-compose.yml")), &compose); err != nil {
		t.Fatal(err)
	}
	losant, client := compose.Services["losant"], compose.Services["client"]
	top := filepath.Join("../..", losant.Build.Context)
	if _, err := os.Stat(filepath.Join(top, losant.Build.Dockerfile)); err != nil {
		t.Error(err)
	}
	folder, inside, _ := strings.Cut(strings.TrimSuffix(losant.Volumes[0], ":ro"), ":")
	scenario := &losant.Command[len(losant.Command)-1]
	*scenario = filepath.Join(top, folder, strings.TrimPrefix(*scenario, inside))
	needCurl(t)
	p := serveCommand(t, exec.Command("losantmock", append(losant.Command, "--listen", "127.0.0.1:0")...))
	url := &client.Command[len(client.Command)-1]
	*url = strings.Replace(*url, "http://losant:8080", p.url, 1)
	for range 2 {
		if out := walk(t, ".", nil, "curl", client.Command...); !strings.Contains(out, `"totalCount":1`) {
			t.Error(out)
		}
	}
	if !losant.ReadOnly || client.DependsOn["losant"].Condition != "service_healthy" {
		t.Errorf("%+v", compose)
	}
	if !strings.Contains(read(t, "Dockerfile"), "HEALTHCHECK") {
		t.Error("nobody says whether the service is healthy")
	}
}
