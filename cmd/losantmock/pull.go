package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/losantmock/losantmock/cmd/internal/definition"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/liveapi"
	"github.com/losantmock/losantmock/cmd/internal/output"
	"github.com/losantmock/losantmock/cmd/internal/progress"
	"github.com/losantmock/losantmock/scenarios/recording"
	"github.com/spf13/cobra"
)

// pullCommand reads what a live API has.
type pullCommand struct {
	source        liveapi.Flags
	application   string
	out           string
	definitionOut string
	pretty        bool
}

func newPull() *cobra.Command {
	var c pullCommand
	cmd := &cobra.Command{
		Use:   "pull",
		Short: "Make a scenario of an application of the real API, or save its definition",
		Long: `Pull reads an application and its webhooks from the real API and writes them as a scenario that serve loads. Tokens, passwords and codes of webhooks are placeholders in it.

With --definition-out it saves the API's definition of itself too, the response of GET /, or that alone, which needs no token.`,
		Example: `  losantmock pull --application 575ec8687ae143cd83dc4a97 --out world.yaml
  losantmock serve --scenario ./world.yaml
  losantmock pull --definition-out losant.json
  losantmock serve --definition losant.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			alone := c.application == "" && c.definitionOut != ""
			switch {
			case c.pretty && c.definitionOut == "":
				return errors.New("--pretty has no effect here: give --definition-out too")
			case alone && c.out != "":
				return errors.New("--out has no effect here: give --application too, or leave it out")
			case !alone && !idPattern.MatchString(c.application):
				return fmt.Errorf("--application %q: want the id of an application, 24 hexadecimal digits", c.application)
			}
			if c.definitionOut != "" {
				if err := c.saveDefinition(cmd.Context(), cmd.ErrOrStderr()); err != nil {
					return err
				}
			}
			if alone {
				return nil
			}
			defer progress.WhileLong(cmd.ErrOrStderr(), "reading the application, two requests a second")()
			return c.pull(cmd.Context(), cmd.OutOrStdout())
		},
	}
	c.source.Add(cmd.Flags())
	cmd.Flags().StringVar(&c.application, "application", "", "`id` of the application")
	cmd.Flags().StringVar(&c.out, "out", "", "`file` to write the scenario to, in place of the output")
	cmd.Flags().StringVar(&c.definitionOut, "definition-out", "", "`file` to write the API's definition of itself to, as it was sent")
	cmd.Flags().BoolVar(&c.pretty, "pretty", false, "indent the definition")
	return cmd
}

// saveDefinition writes the response of GET / to a file, once it is known that it is a
// definition.
func (c *pullCommand) saveDefinition(ctx context.Context, stderr io.Writer) error {
	defer progress.WhileLong(stderr, "reading the definition")()
	file, err := output.Open(c.definitionOut)
	if err != nil {
		return exit.Misused(err)
	}
	defer file.Discard()
	text, err := definition.FetchRoot(ctx, &c.source)
	if err != nil {
		return err
	}
	if c.pretty {
		var indented bytes.Buffer
		if err := json.Indent(&indented, text, "", "  "); err != nil {
			return exit.Failed(err)
		}
		text = append(indented.Bytes(), '\n')
	}
	if err := file.Write(ctx, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return exit.Failed(fmt.Errorf("--definition-out: %w", err))
	}
	return nil
}

// pull writes a scenario of the application.
func (c *pullCommand) pull(ctx context.Context, stdout io.Writer) error {
	client, token, err := c.source.Client()
	if err != nil {
		return err
	}
	defer client.Close()
	var file *output.Target
	if c.out != "" {
		if file, err = output.Open(c.out); err != nil {
			return exit.Misused(err)
		}
		defer file.Discard()
	}
	world, err := recording.Pull(ctx, client, c.application)
	if err != nil {
		return exit.Unsure(errors.New(token.Scrub(err.Error())))
	}
	world = recording.WithoutSecrets(world, token)
	if file != nil {
		if err := saveScenario(ctx, file, world, stdout); err != nil {
			return exit.Failed(err)
		}
		return nil
	}
	text, err := world.Marshal()
	if err != nil {
		return exit.Failed(err)
	}
	_, err = stdout.Write(text)
	return err
}
