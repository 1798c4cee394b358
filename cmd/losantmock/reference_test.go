package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// references are the parts of the guides that are made from the code. They
// stand between <!-- NAME --> and <!-- end -->; UPDATE=1 go test writes them.
var references = []struct {
	guide, name string
	table       func(t *testing.T) string
}{
	{"../../contract/README.md", "operations", operationsTable},
	{"../../mockserver/README.md", "admin", adminTable},
	{"README.md", "commands", commandsTable},
	{"README.md", "serve", serveTable},
}

func TestTheReferenceOfTheGuides(t *testing.T) {
	t.Parallel()
	for _, r := range references {
		was := read(t, r.guide)
		block := regexp.MustCompile(`(?s)<!-- ` + r.name + ` -->\n.*?<!-- end -->`)
		if !block.MatchString(was) {
			t.Errorf("%s has no part %s", r.guide, r.name)
		}
		is := block.ReplaceAllLiteralString(was, "<!-- "+r.name+" -->\n"+r.table(t)+"<!-- end -->")
		switch {
		case is == was:
		case os.Getenv("UPDATE") == "":
			t.Errorf("the part %s of %s is stale: UPDATE=1 go test -run Reference ./cmd/losantmock", r.name, r.guide)
		default:
			if err := os.WriteFile(r.guide, []byte(is), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func operationsTable(t *testing.T) string {
	api, err := contract.At(contract.Newest)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| Operation | | Responses |\n|---|---|---|\n")
	for _, resource := range api.Resources {
		for _, op := range resource.Actions {
			var statuses []string
			for _, r := range op.Responses {
				statuses = append(statuses, fmt.Sprint(r.Status))
			}
			fmt.Fprintf(&b, "| `%s` | `%s %s` | %s |\n", op.Name, op.Method, op.Path, strings.Join(statuses, ", "))
		}
	}
	return b.String()
}

func commandsTable(*testing.T) string {
	var b strings.Builder
	b.WriteString("| Command | |\n|---|---|\n")
	var add func(parent *cobra.Command)
	add = func(parent *cobra.Command) {
		for _, command := range parent.Commands() {
			if command.Hidden {
				continue
			}
			fmt.Fprintf(&b, "| `%s %s` | %s |\n", parent.CommandPath(), command.Use, command.Short)
			if command.Name() != "completion" { // whose shells are named elsewhere
				add(command)
			}
		}
	}
	root := newRoot()
	root.InitDefaultCompletionCmd()
	add(root)
	return b.String()
}

func serveTable(*testing.T) string {
	var b strings.Builder
	b.WriteString("| Flag | Default | |\n|---|---|---|\n")
	newServe().Flags().VisitAll(func(flag *pflag.Flag) {
		_, usage := pflag.UnquoteUsage(flag)
		def := strings.Trim(flag.DefValue, "[]")
		if def == "false" {
			def = ""
		}
		if def != "" {
			def = "`" + def + "`"
		}
		fmt.Fprintf(&b, "| `--%s` | %s | %s |\n", flag.Name, def, usage)
	})
	return b.String()
}

func adminTable(t *testing.T) string {
	response, err := http.Get(serveProgram(t).url + "/__admin/docs")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var docs struct {
		Calls []struct{ Method, Path, About string }
	}
	if err := json.NewDecoder(response.Body).Decode(&docs); err != nil || len(docs.Calls) < 30 {
		t.Fatalf("%d calls, %v", len(docs.Calls), err)
	}
	var b strings.Builder
	b.WriteString("| Call | |\n|---|---|\n")
	for _, c := range docs.Calls {
		fmt.Fprintf(&b, "| `%s %s` | %s |\n", c.Method, c.Path, c.About)
	}
	return b.String()
}

// Every command shows how it is used.
func TestEveryCommandHasExamples(t *testing.T) {
	t.Parallel()
	var visit func(command *cobra.Command)
	visit = func(command *cobra.Command) {
		for _, child := range command.Commands() {
			if child.Name() == "help" || child.Name() == "completion" {
				continue
			}
			if child.Example == "" || child.Short == "" || !strings.Contains(child.Example, "losantmock "+strings.TrimPrefix(child.CommandPath(), "losantmock ")) {
				t.Errorf("%s has no example of itself", child.CommandPath())
			}
			visit(child)
		}
	}
	visit(newRoot())
}
