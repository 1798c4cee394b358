package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"github.com/losantmock/losantmock/cmd/internal/definition"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/liveapi"
	"github.com/losantmock/losantmock/cmd/internal/output"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/losantmock/losantmock/scenarios/recording"
	"github.com/spf13/cobra"
)

type recordCommand struct {
	api        liveapi.Flags
	definition definition.Flag
	listen     string
	out        string
	output     printer
}

func newRecord() *cobra.Command {
	var c recordCommand
	cmd := &cobra.Command{
		Use:   "record",
		Short: "Pass traffic to the real API, check it, and learn a scenario from it",
		Long: `Record is a proxy: it passes what clients send on to the real API, holds both sides against the contract, and on Ctrl-C or SIGTERM writes what it learnt as a scenario that serve loads, and a report.

Tokens, passwords and codes of webhooks are placeholders in the scenario. With $` + live.TokenVariable + ` or --token-file the proxy sends that token in place of the clients' own.`,
		Example: `  losantmock record --out world.yaml
  losantmock serve --scenario ./world.yaml
  losantmock record --out world.yaml --definition node_modules/losant-rest`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := cmd.Flags()
	c.api.Add(flags)
	c.definition.Add(flags, "whose operations to check too")
	c.output.addFlags(flags)
	flags.StringVar(&c.listen, "listen", "localhost:8080", "`address` to listen on; localhost is 127.0.0.1 and [::1], 8080 is localhost:8080, :8080 is every address of this machine, and port 0 takes any that is free")
	flags.StringVar(&c.out, "out", "", "`file` to write the scenario to")
	return cmd
}

func (c *recordCommand) run(ctx context.Context, stdout, stderr io.Writer) error {
	if c.out == "" {
		return errors.New("--out is missing: name the file to write the scenario to")
	}
	address, err := listenAddress(c.listen)
	if err != nil {
		return err
	}
	token, err := c.api.Token()
	if err != nil {
		return err
	}
	api := contract.AtNewest()
	if defined, err := c.definition.Load(ctx, &c.api); err != nil {
		return err
	} else if defined != nil {
		api = defined.API()
	}
	roots, err := c.api.Roots()
	if err != nil {
		return err
	}
	learner := newLearner(api, token)
	proxy, err := recording.NewProxy(c.api.URL, token, roots, api, learner.observe)
	if err != nil {
		return fmt.Errorf("--url: %w", err)
	}
	out, err := output.Open(c.out)
	if err != nil {
		return exit.Misused(err)
	}
	defer out.Discard()
	listener, err := listen(address)
	if err != nil {
		return exit.Failed(err)
	}
	greeting, format := stdout, report.Text
	if c.output.json {
		greeting, format = stderr, report.JSON
	}
	fmt.Fprintf(greeting, "losantmock %s records\nlistening    http://%s\npasses to    %s\nwrites       %s on Ctrl-C\n",
		mockserver.Version(), reachable(listener.Addr().(*net.TCPAddr)), c.api.URL, c.out)
	served := proxy.Serve(ctx, listener)
	saved := saveScenario(ctx, out, learner.scenario(), stdout)
	result := proxy.Report()
	if err := errors.Join(served, saved, result.Write(stdout, format)); err != nil {
		return exit.Failed(err)
	}
	if result.Verdict == contract.Breaks {
		return exit.With(exit.CodeFailed)
	}
	return nil
}

// learner learns a scenario, and which tokens must not be in it.
type learner struct {
	recording *recording.Recording

	mu      sync.Mutex
	secrets map[secret.Secret]bool
}

func newLearner(api *contract.API, token secret.Secret) *learner {
	return &learner{recording: recording.New(api), secrets: map[secret.Secret]bool{token: true}}
}

func (l *learner) observe(e *contract.Exchange) {
	sent := decode.AccessToken(decode.ParseQuery(e.URL.RawQuery), e.RequestHeader.Get("Authorization"))
	l.mu.Lock()
	l.secrets[secret.New(sent.Text)] = true
	l.mu.Unlock()
	l.recording.Observe(e)
}

func (l *learner) scenario() *scenarios.Scenario {
	l.mu.Lock()
	defer l.mu.Unlock()
	var secrets []secret.Secret
	for secret := range l.secrets {
		secrets = append(secrets, secret)
	}
	return recording.WithoutSecrets(l.recording.Scenario(), secrets...)
}

// saveScenario writes a scenario to a target. If that fails it prints the
// scenario: what was learnt is not lost.
func saveScenario(ctx context.Context, out *output.Target, s *scenarios.Scenario, stdout io.Writer) error {
	text, err := s.Marshal()
	if err != nil {
		return err
	}
	err = out.Write(ctx, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	if err != nil {
		_, printed := stdout.Write(text)
		return errors.Join(fmt.Errorf("%s can't be written, and is printed: %w", out.Path(), err), printed)
	}
	return nil
}
