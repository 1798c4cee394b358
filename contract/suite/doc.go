// Package suite checks a live server against the contract.
//
// A [Client] sends requests to one host and no other. A [Suite] runs cases made
// from the contract's table with it, deletes what it made, and returns a
// report:
//
//	client, err := suite.NewClient("https://api.losant.com", token)
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//	run := suite.Suite{Client: client, ApplicationID: id}
//	result := run.Run(ctx)
//	err = result.Write(os.Stdout, report.Text)
//
// [NewLocalClient] sends requests to a handler of this process in place of a
// server.
// [Differences] compares what two servers responded to the same run, as the
// Observe functions of their suites received it.
//
// This package opens the connections that package contract does not open:
// [PinnedTransport] and [IsLoopback] say where a token may go.
package suite
