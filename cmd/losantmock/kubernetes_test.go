package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/internal/settings"
	"github.com/losantmock/losantmock/scenarios"
	"gopkg.in/yaml.v3"
)

// probe is a probe of a container, with the fields that the manifest uses.
type probe struct {
	HTTPGet          struct{ Path, Port string } `yaml:"httpGet"`
	PeriodSeconds    int                         `yaml:"periodSeconds"`
	FailureThreshold int                         `yaml:"failureThreshold"`
}

// resource is an object of the manifest, with the fields that it uses: any other is
// refused, as by kubectl apply --validate=strict.
type resource struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct {
		Name   string
		Labels map[string]string
	}
	Data map[string]string
	Spec struct {
		Replicas int
		Strategy struct{ Type string }
		Selector yaml.Node
		Ports    []struct {
			Name       string
			Port       int
			TargetPort string `yaml:"targetPort"`
		}
		Template struct {
			Metadata struct{ Labels map[string]string }
			Spec     pod
		}
	}
}

type pod struct {
	AutomountServiceAccountToken *bool `yaml:"automountServiceAccountToken"`
	EnableServiceLinks           *bool `yaml:"enableServiceLinks"`
	SecurityContext              struct {
		RunAsNonRoot   bool                  `yaml:"runAsNonRoot"`
		RunAsUser      int                   `yaml:"runAsUser"`
		RunAsGroup     int                   `yaml:"runAsGroup"`
		SeccompProfile struct{ Type string } `yaml:"seccompProfile"`
	} `yaml:"securityContext"`
	Containers []struct {
		Name, Image     string
		ImagePullPolicy string `yaml:"imagePullPolicy"`
		Args            []string
		Env             []struct{ Name, Value string }
		Ports           []struct {
			Name          string
			ContainerPort int `yaml:"containerPort"`
		}
		StartupProbe    probe `yaml:"startupProbe"`
		ReadinessProbe  probe `yaml:"readinessProbe"`
		LivenessProbe   probe `yaml:"livenessProbe"`
		Resources       struct{ Requests, Limits map[string]string }
		SecurityContext struct {
			AllowPrivilegeEscalation *bool                   `yaml:"allowPrivilegeEscalation"`
			ReadOnlyRootFilesystem   bool                    `yaml:"readOnlyRootFilesystem"`
			Capabilities             struct{ Drop []string } `yaml:"capabilities"`
		} `yaml:"securityContext"`
		VolumeMounts []struct {
			Name      string
			MountPath string `yaml:"mountPath"`
			ReadOnly  bool   `yaml:"readOnly"`
		} `yaml:"volumeMounts"`
	}
	Volumes []struct {
		Name      string
		ConfigMap struct{ Name string } `yaml:"configMap"`
	}
}

// The manifest holds together: labels, ports and volumes lead to what is there, the
// server takes its settings, and the probes pass under the address of a pod.
func TestTheKubernetesManifest(t *testing.T) {
	t.Parallel()
	kinds := map[string]resource{}
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(read(t, "deploy/kubernetes.yaml"))))
	decoder.KnownFields(true)
	for {
		var r resource
		err := decoder.Decode(&r)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		kinds[r.APIVersion+" "+r.Kind] = r
	}
	configuration, deployment, service := kinds["v1 ConfigMap"], kinds["apps/v1 Deployment"], kinds["v1 Service"]
	template := deployment.Spec.Template
	if template.Spec.Volumes[0].ConfigMap.Name != configuration.Metadata.Name || service.Spec.Ports[0].TargetPort != template.Spec.Containers[0].Ports[0].Name {
		t.Errorf("%+v", kinds)
	}
	var matched struct {
		MatchLabels map[string]string `yaml:"matchLabels"`
	}
	var selected map[string]string
	if err := errors.Join(deployment.Spec.Selector.Decode(&matched), service.Spec.Selector.Decode(&selected)); err != nil {
		t.Fatal(err)
	}
	for _, labels := range []map[string]string{matched.MatchLabels, selected} {
		if len(labels) != 1 || labels["app"] != template.Metadata.Labels["app"] {
			t.Errorf("%v selects no %v", labels, template.Metadata.Labels)
		}
	}

	container := template.Spec.Containers[0]
	mount := container.VolumeMounts[0]
	file := strings.TrimPrefix(container.Args[2], mount.MountPath+"/")
	if _, err := scenarios.Parse(file, []byte(configuration.Data[file])); err != nil || mount.Name != template.Spec.Volumes[0].Name {
		t.Errorf("%s: %v", file, err)
	}
	variables := map[string]string{}
	for _, variable := range container.Env {
		variables[variable.Name] = variable.Value
	}
	serve := newServe()
	err := errors.Join(serve.ParseFlags(container.Args[1:]), settings.Set(serve.Flags(), func(name string) string { return variables[name] }))
	if err != nil || serve.Flags().Lookup("memory").Value.String() != variables["LOSANTMOCK_MEMORY"] {
		t.Error(err)
	}

	p := serveProgram(t)
	for _, probe := range []probe{container.StartupProbe, container.ReadinessProbe, container.LivenessProbe} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+probe.HTTPGet.Path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = "10.244.1.7:8080"
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK || probe.HTTPGet.Port != container.Ports[0].Name {
			t.Errorf("%s: %s", probe.HTTPGet.Path, response.Status)
		}
	}
}
