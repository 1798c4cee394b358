package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/liveapi"
	"github.com/losantmock/losantmock/cmd/internal/output"
	"github.com/losantmock/losantmock/scenarios/recording"
	"github.com/spf13/cobra"
)

func newPull() *cobra.Command {
	var source liveapi.Flags
	var application, out string
	cmd := &cobra.Command{
		Use:   "pull",
		Short: "Make a scenario of an application of the real API",
		Long:  "Pull reads an application and its webhooks from the real API and writes them as a scenario that serve loads. Tokens, passwords and codes of webhooks are placeholders in it.",
		Example: `  losantmock pull --application 575ec8687ae143cd83dc4a97 --out world.yaml
  losantmock serve --scenario ./world.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !idPattern.MatchString(application) {
				return fmt.Errorf("--application %q: want the id of an application, 24 hexadecimal digits", application)
			}
			defer whileLong(cmd.ErrOrStderr(), "reading the application, two requests a second")()
			return pull(cmd.Context(), source, application, out, cmd.OutOrStdout())
		},
	}
	source.Add(cmd.Flags())
	cmd.Flags().StringVar(&application, "application", "", "`id` of the application")
	cmd.Flags().StringVar(&out, "out", "", "`file` to write the scenario to, in place of the output")
	return cmd
}

func pull(ctx context.Context, source liveapi.Flags, application, out string, stdout io.Writer) error {
	client, token, err := source.Client()
	if err != nil {
		return err
	}
	defer client.Close()
	var file *output.Target
	if out != "" {
		if file, err = output.Open(out); err != nil {
			return exit.Misused(err)
		}
		defer file.Discard()
	}
	world, err := recording.Pull(ctx, client, application)
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
