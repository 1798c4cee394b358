package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/losantmock/losantmock/cmd/internal/bytesize"
	"github.com/losantmock/losantmock/cmd/internal/certificate"
	"github.com/losantmock/losantmock/cmd/internal/definition"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/liveapi"
	"github.com/losantmock/losantmock/cmd/internal/progress"
	"github.com/losantmock/losantmock/cmd/internal/requestlog"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/curl"
	"github.com/losantmock/losantmock/contract/visible"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

type serveFlags struct {
	listen         string
	scenarios      []string
	apiVersion     string
	definition     definition.Flag
	logFormat      string
	quiet          bool
	adminHosts     []string
	adminToken     string
	maxBody        int64
	journalEntries int
	journalBytes   int64
	journal        string
	journalStrict  bool
	journalRotate  bytesize.Size
	memory         int64
	generate       scenarios.Limits
	watch          bool
	pedantic       bool
	sandboxIdle    time.Duration
	maxConnections int
	caFile         string
	sandboxHost    string
	tls            certificate.Flags
}

func newServe() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the API until Ctrl-C or SIGTERM",
		Long: `Serve serves the API until Ctrl-C or SIGTERM.

With --tls it makes an authority at the first start, valid for 10 years, and keeps it in the configuration folder of its user: authority.pem for clients to trust, and authority-key.pem, which must stay private, as its owner can stand in for any server to those clients.

SIGHUP, which a closed terminal sends too, opens the file of --journal again; without one it ends the server in order.`,
		Example: `  losantmock serve
  losantmock serve --scenario paging --listen 127.0.0.1:9000
  losantmock serve --scenario default --scenario ./orders.yaml --api-version 1.28.3
  losantmock serve --definition node_modules/losant-rest
  losantmock serve --listen :443 --tls --tls-host api.losant.com --admin-host api.losant.com`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.serve(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "localhost:8080", "`address` to listen on; localhost is 127.0.0.1 and [::1], 8080 is localhost:8080, :8080 is every address of this machine, and port 0 takes any that is free")
	flags.StringSliceVar(&f.scenarios, "scenario", []string{"default"}, "`scenario` to start from: a built-in name, a file, or a folder for all of its files; give it again to merge several")
	flags.StringVar(&f.apiVersion, "api-version", "", "`version` of Losant's API to show, such as 1.28.3, the one without enabled and .bounded scopes (default: the scenario's, else the newest)")
	f.definition.Add(flags, "whose operations to serve too")
	flags.StringVar(&f.logFormat, "log-format", "text", "how to log: `text`, a readable line for each request, or json")
	flags.BoolVar(&f.quiet, "quiet", false, "log nothing but errors, and print no greeting")
	flags.StringSliceVar(&f.adminHosts, "admin-host", nil, "host `name` under which the admin API may be asked, beside IP addresses, localhost and names without a dot")
	flags.StringVar(&f.adminToken, "admin-token", "", "bearer `token` that protects the admin API")
	flags.Int64Var(&f.maxBody, "max-body", mockserver.DefaultMaxBodySize, "largest request body, in `bytes`, also after decompression")
	flags.IntVar(&f.journalEntries, "journal-entries", mockserver.DefaultJournalEntries, "how `many` requests the journal keeps; the oldest go first")
	flags.Int64Var(&f.journalBytes, "journal-bytes", mockserver.DefaultJournalBytes, "how many `bytes` they may take")
	flags.StringVar(&f.journal, "journal", "", "`file` to append each request to, as a line of JSON; a full disk does not stop the API, and health reports it")
	flags.BoolVar(&f.journalStrict, "journal-strict", false, "respond with 503 to a request that can't be written to the journal file; it has had its effect")
	flags.Var(&f.journalRotate, "journal-rotate", "`size`, such as 100MB, at which the journal file is renamed to FILE.1 and begun anew; SIGHUP opens it again after another program has renamed it")
	flags.Int64Var(&f.memory, "memory", 0, "how many `bytes` to keep of what clients send, all sandboxes together; sandboxes, what clients create and held calls may take half of it (default: --journal-bytes and 768 MiB)")
	addGenerateFlags(flags, &f.generate)
	flags.BoolVar(&f.watch, "watch", false, "take changes of scenario files in as they are saved")
	flags.BoolVar(&f.pedantic, "pedantic", false, "vary responses in ways that the API allows and lazy clients trip over; the greeting shows the seed")
	flags.DurationVar(&f.sandboxIdle, "sandbox-idle", mockserver.DefaultSandboxIdle, "how `long` an idle sandbox is kept")
	flags.IntVar(&f.maxConnections, "max-connections", 0, "how `many` connections the server has at once; a few above that are for the admin API alone (default: four of five files that the process may have open)")
	liveapi.AddCAFile(flags, &f.caFile)
	flags.StringVar(&f.sandboxHost, "sandbox-host", "", "`suffix` of hosts that lead to sandboxes, such as mock.example for orders.mock.example, beside localhost")
	f.tls.Add(flags)
	return cmd
}

func (f *serveFlags) options() []mockserver.Option {
	options := []mockserver.Option{
		mockserver.WithScenario(f.scenarios...),
		mockserver.WithMaxBodySize(f.maxBody),
		mockserver.WithJournalLimits(f.journalEntries, f.journalBytes),
		mockserver.WithAdminHost(f.adminHosts...),
		mockserver.WithAdminToken(f.adminToken),
		mockserver.WithJournalFile(f.journal),
		mockserver.WithSandboxIdle(f.sandboxIdle),
		mockserver.WithGenerateLimits(f.generate.Webhooks, f.generate.Bytes),
	}
	if f.memory != 0 {
		options = append(options, mockserver.WithMemory(f.memory))
	}
	if f.sandboxHost != "" {
		options = append(options, mockserver.WithSandboxHost(f.sandboxHost))
	}
	if f.maxConnections != 0 {
		options = append(options, mockserver.WithMaxConnections(f.maxConnections))
	}
	if f.journalStrict {
		options = append(options, mockserver.WithStrictJournal())
	}
	if f.journalRotate > 0 {
		options = append(options, mockserver.WithJournalRotation(int64(f.journalRotate)))
	}
	if f.pedantic {
		options = append(options, mockserver.WithPedantic())
	}
	if f.apiVersion != "" {
		options = append(options, mockserver.WithAPIVersion(f.apiVersion))
	}
	return options
}

func (f *serveFlags) serve(ctx context.Context, stdout, stderr io.Writer) error {
	if f.journal == "" && (f.journalStrict || f.journalRotate > 0) {
		return errors.New("--journal-strict and --journal-rotate go with --journal: name the file")
	}
	if err := f.tls.Check(); err != nil {
		return err
	}
	if err := f.checkValues(); err != nil {
		return err
	}
	address, err := listenAddress(f.listen)
	if err != nil {
		return err
	}
	logger, err := f.logger(stderr)
	if err != nil {
		return err
	}
	roots, err := liveapi.RootsOf(f.caFile)
	if err != nil {
		return err
	}
	options := append(f.options(), mockserver.WithLogger(logger), mockserver.WithRootCAs(roots))
	own, err := f.tls.Identity(f.sandboxHost)
	if err != nil {
		return exit.Misused(err)
	}
	if own != nil {
		options = append(options, mockserver.WithTLS(own.Config))
	}
	defined, err := f.definition.Load(ctx, liveapi.Losant(f.caFile))
	if err != nil {
		return err
	}
	if defined != nil {
		definition.Log(logger, defined)
		options = append(options, mockserver.WithLoadedDefinition(defined))
	}
	// A world is all new: looking for garbage while it is made is in vain. What
	// was left behind all the same is given back while the server serves.
	percent := debug.SetGCPercent(-1)
	done := progress.WhileLong(stderr, "reading "+strings.Join(f.scenarios, ", "))
	server, err := exit.OrDone(ctx, func() (*mockserver.Server, error) { return mockserver.New(options...) })
	done()
	debug.SetGCPercent(percent)
	if err != nil {
		fmt.Fprintln(stderr, err) // the problems of a scenario each have a line
		return exit.With(exit.CodeUsage)
	}
	go limitMemory(server.Memory())
	listener, err := listen(address)
	if err != nil {
		return exit.Failed(err)
	}
	if f.journal != "" {
		go reopenJournal(ctx, hangUps(), server, logger)
	}
	if !f.quiet {
		greet(exit.Unchecked(stdout), server, defined, listener.Addr().(*net.TCPAddr), own)
	}
	if f.watch {
		go server.Watch(ctx, f.scenarios...)
	}
	if err := server.Serve(ctx, listener); err != nil {
		return exit.Failed(err)
	}
	return nil
}

// checkValues returns an error that names a flag whose value can't be.
func (f *serveFlags) checkValues() error {
	for flag, value := range map[string]int64{
		"max-body": f.maxBody, "journal-entries": int64(f.journalEntries), "journal-bytes": f.journalBytes,
		"generate-webhooks": int64(f.generate.Webhooks), "generate-bytes": f.generate.Bytes,
	} {
		if value < 1 {
			return fmt.Errorf("--%s %d: want a whole number above 0", flag, value)
		}
	}
	if f.apiVersion != "" {
		if _, err := contract.ParseVersion(f.apiVersion); err != nil {
			return fmt.Errorf("--api-version: %w", err)
		}
	}
	for i, name := range f.scenarios {
		if f.scenarios[i] = strings.TrimSpace(name); f.scenarios[i] == "" {
			return errors.New("--scenario has a blank name: leave it out")
		}
	}
	return nil
}

// hangUps receives each SIGHUP, which from now on does not end the program.
func hangUps() <-chan os.Signal {
	hangUp := make(chan os.Signal, 1)
	signal.Reset(syscall.SIGHUP)
	signal.Notify(hangUp, syscall.SIGHUP)
	return hangUp
}

// reopenJournal opens the journal file again at each SIGHUP, until the context is done.
func reopenJournal(ctx context.Context, hangUp <-chan os.Signal, server *mockserver.Server, logger *slog.Logger) {
	defer signal.Ignore(syscall.SIGHUP)
	for {
		select {
		case <-hangUp:
			if err := server.ReopenJournal(); err != nil {
				logger.Error("the journal file can't be opened again", "problem", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// limitMemory lets the program grow by the budget, and 96 MiB for what it works
// with. The variable GOMEMLIMIT sets another limit.
func limitMemory(budget int64) {
	debug.FreeOSMemory()
	if os.Getenv("GOMEMLIMIT") == "" {
		var world runtime.MemStats
		runtime.ReadMemStats(&world)
		debug.SetMemoryLimit(int64(world.HeapAlloc) + budget + 96<<20)
	}
}

// addGenerateFlags adds the limits of what a scenario generates.
func addGenerateFlags(flags *pflag.FlagSet, l *scenarios.Limits) {
	flags.IntVar(&l.Webhooks, "generate-webhooks", scenarios.DefaultGenerated, "how `many` webhooks and items a scenario may generate")
	flags.Int64Var(&l.Bytes, "generate-bytes", scenarios.DefaultGeneratedBytes, "how many `bytes` their texts may have")
}

func (f *serveFlags) logger(stderr io.Writer) (*slog.Logger, error) {
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	if f.quiet {
		options.Level = slog.LevelError
	}
	switch f.logFormat {
	case "text":
		return slog.New(requestlog.New(stderr, options.Level.Level())), nil
	case "json":
		return slog.New(slog.NewJSONHandler(stderr, options)), nil
	default:
		return nil, fmt.Errorf("--log-format %q is neither text nor json", f.logFormat)
	}
}

// greetedApplications is how many applications the greeting names.
const greetedApplications = 10

// greet prints what a person needs to begin.
func greet(w io.Writer, server *mockserver.Server, defined *contract.Definition, address *net.TCPAddr, own *certificate.Identity) {
	host, options := own.Host(reachable(address))
	fmt.Fprintf(w, "losantmock %s stands in for Losant's API %s%s\n", mockserver.Version(), server.APIVersion(), definition.OtherVersion(defined, server.APIVersion()))
	fmt.Fprintf(w, "listening    %s://%s\n", own.Scheme(), host)
	if own != nil {
		fmt.Fprintf(w, "trust        %s\n", visible.Text(own.Trust))
	}
	fmt.Fprintf(w, "scenario     %s\n", visible.Text(server.ScenarioName()))
	applications := server.Applications()
	for _, a := range applications[:min(len(applications), greetedApplications)] {
		fmt.Fprintf(w, "application  %s  %s\n", a.ID, visible.Text(a.Name))
	}
	if more := len(applications) - greetedApplications; more > 0 {
		fmt.Fprintf(w, "application  ... and %d more\n", more)
	}
	if seed, pedantic := server.PedanticSeed(); pedantic {
		fmt.Fprintf(w, "pedantic     seed %d repeats this\n", seed)
	}
	if !address.IP.IsLoopback() {
		fmt.Fprintln(w, "note         other machines can reach this address, the admin API too: --admin-token protects it")
	}
	if line, err := tryLine(host, server, own, options); err == nil { // a scenario may have a token that no header can hold
		fmt.Fprintf(w, "try          %s\n", line)
	}
}

// tryLine returns a curl line that works as it stands.
func tryLine(host string, server *mockserver.Server, own *certificate.Identity, options []string) (string, error) {
	path := "/applications"
	if all := server.Applications(); len(all) > 0 {
		path = "/applications/" + all[0].ID + "/webhooks"
	}
	list := curl.Request{
		Method: http.MethodGet, Scheme: own.Scheme(), Host: host, Target: path,
		Header: http.Header{"Authorization": {"Bearer " + tokenToTry(server)}},
	}
	if own != nil {
		list.Authority = own.File
	}
	return list.Command(options...)
}

// tokenToTry returns a token that may list webhooks: one of the scenario, in an
// open world any text, and else one that is made for it.
func tokenToTry(server *mockserver.Server) string {
	const list = contract.OperationWebhooksGet
	scenario := server.Scenario()
	if api, err := scenario.Contract(); err == nil {
		for _, token := range scenario.Auth.Tokens {
			lasting := token.Expires.IsZero() || token.Expires.After(cmp.Or(scenario.Clock.At, time.Now()))
			if lasting && api.Grants(token.Scopes).Allows(api.Operation(list)) {
				return token.Token
			}
		}
	}
	if scenario.Auth.Mode != scenarios.AuthStrict {
		return "any"
	}
	token, _ := server.Token(list) // every API has this scope
	return token
}

// reachable is an address that a client on this machine can use.
func reachable(address *net.TCPAddr) string {
	if address.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", address.Port)
	}
	return address.String()
}
