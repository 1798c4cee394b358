// Package report writes what checks found: as text, JSON, JUnit, annotations of
// GitHub Actions, and Markdown; and what changed between two reports.
//
// A run of package suite returns a [Report]. The traffic of a client becomes
// one with a [Collector]:
//
//	transport := &contract.Transport{}
//	traffic := report.Collect(transport)
//	client := &http.Client{Transport: transport}
//	// ... use the client ...
//	err := traffic.Report().Write(os.Stdout, report.Text)
//
// A report written as JSON is read back with [Read], and compared with a later
// one by [Drift].
package report
