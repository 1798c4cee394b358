package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"path/filepath"

	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/journalfile"
	"github.com/losantmock/losantmock/contract/visible"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/spf13/cobra"
)

func newView() *cobra.Command {
	var address string
	cmd := &cobra.Command{
		Use:   "view FILE",
		Short: "Show the requests of a journal file in a browser",
		Long:  "View serves the page, and the calls of the admin API that read, with the requests of a journal file, until Ctrl-C. It changes nothing, and shows secrets as they are in the file. The requests are held in memory. Lines that are no requests are skipped, with a warning; a file in which all are such ends it with 2.",
		Example: `  losantmock view requests.jsonl
  losantmock view requests.jsonl --listen localhost:9000`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return view(cmd.Context(), args[0], address, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&address, "listen", "localhost:0", "`address` to listen on, or a port alone, on localhost; port 0 takes any that is free")
	return cmd
}

// view serves the requests of a journal file until the context is done.
func view(ctx context.Context, file, listenOn string, stdout, stderr io.Writer) error {
	address, err := listenAddress(listenOn)
	if err != nil {
		return err
	}
	requests, err := exit.OrDone(ctx, func() ([]mockserver.Request, error) { return journalfile.Read(file, stderr) })
	if err != nil {
		return err
	}
	server, err := mockserver.NewViewer(filepath.Base(file), requests)
	if err != nil {
		return exit.Misused(err)
	}
	listener, err := listen(address)
	if err != nil {
		return exit.Failed(err)
	}
	fmt.Fprintf(stdout, "%s  %d request(s)\npage  http://%s/__admin/\n", visible.Text(file), len(requests), reachable(listener.Addr().(*net.TCPAddr)))
	if err := server.Serve(ctx, listener); err != nil {
		return exit.Failed(err)
	}
	return nil
}
