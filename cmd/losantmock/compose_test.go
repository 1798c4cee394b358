package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/internal/settings"
	"github.com/losantmock/losantmock/mockserver/authority"
	"gopkg.in/yaml.v3"
)

// composition is a compose file, with the fields that are looked at.
type composition struct {
	Services map[string]struct {
		Build       struct{ Context, Dockerfile string }
		Command     []string
		Environment map[string]string
		Networks    map[string]struct{ Aliases []string }
		Volumes     []string
		DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
		ReadOnly    bool                                  `yaml:"read_only"`
		StopSignal  string                                `yaml:"stop_signal"`
	}
}

// readComposition reads a compose file, whose Dockerfile must be there.
func readComposition(t *testing.T, file string) (c composition) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, file)), &c); err != nil {
		t.Fatal(err)
	}
	losant := c.Services["losant"]
	if _, err := os.Stat(filepath.Join(filepath.Dir(file), losant.Build.Context, losant.Build.Dockerfile)); err != nil {
		t.Error(err)
	}
	if !losant.ReadOnly {
		t.Errorf("%s: the server may write into its image", file)
	}
	return c
}

// What the compose file names is there: the mounted folder and the scenario in it. A
// server that ends at once ends a client that tries again, and the run fails. The
// client succeeds twice in a row against one server.
func TestTheComposeFileHoldsTogether(t *testing.T) {
	t.Parallel()
	c := readComposition(t, "../../docker-compose.yml")
	losant, client := c.Services["losant"], c.Services["client"]
	folder, inside, _ := strings.Cut(strings.TrimSuffix(losant.Volumes[0], ":ro"), ":")
	scenario := &losant.Command[len(losant.Command)-1]
	*scenario = filepath.Join("../..", folder, strings.TrimPrefix(*scenario, inside))
	needCurl(t)
	p := serveCommand(t, exec.Command("losantmock", append(losant.Command, "--listen", "127.0.0.1:0")...))
	url := &client.Command[len(client.Command)-1]
	*url = strings.Replace(*url, "http://losant:8080", p.url, 1)
	for range 2 {
		if out := walk(t, ".", nil, "curl", client.Command...); !strings.Contains(out, `"totalCount":1`) {
			t.Error(out)
		}
	}
	if client.DependsOn["losant"].Condition != "service_started" || client.StopSignal != "SIGKILL" || !slices.Contains(client.Command, "--retry-connrefused") {
		t.Errorf("%+v", client)
	}
}

// The certificate and the admin API are for the name that the client insists on, and
// it trusts the authority that the server keeps, once that is healthy.
func TestTheComposeFileForHTTPSHoldsTogether(t *testing.T) {
	t.Parallel()
	c := readComposition(t, "deploy/compose.https.yml")
	losant, client := c.Services["losant"], c.Services["client"]
	const name = "api.losant.com"
	flags := newServe().Flags()
	if err := settings.Set(flags, func(name string) string { return losant.Environment[name] }); err != nil {
		t.Fatal(err)
	}
	for flag, want := range map[string]string{"listen": ":443", "tls": "true", "tls-host": "[" + name + "]", "admin-host": "[" + name + "]"} {
		if got := flags.Lookup(flag).Value.String(); got != want {
			t.Errorf("--%s is %s", flag, got)
		}
	}
	if !slices.Contains(losant.Networks["default"].Aliases, name) || !strings.HasPrefix(client.Command[len(client.Command)-1], "https://"+name+"/") {
		t.Errorf("%+v", c)
	}
	volume, configuration, _ := strings.Cut(losant.Volumes[0], ":")
	shared, mounted, _ := strings.Cut(strings.TrimSuffix(client.Volumes[0], ":ro"), ":")
	file := authority.File(mounted + "/losantmock")
	if shared != volume || !strings.Contains(read(t, "Dockerfile"), "XDG_CONFIG_HOME="+configuration) || client.Command[slices.Index(client.Command, "--cacert")+1] != file {
		t.Errorf("%s %s", file, configuration)
	}
	if client.DependsOn["losant"].Condition != "service_healthy" || !strings.Contains(read(t, "Dockerfile"), "HEALTHCHECK") {
		t.Errorf("%+v", client.DependsOn)
	}
}
