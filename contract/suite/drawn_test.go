package suite_test

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
)

// What a drawn body shows once is reported, with that body, though no smaller one and
// no repetition shows it. The other bodies are drawn all the same.
func TestWhatADrawnBodyShowsOnceIsReported(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	var drawing atomic.Bool
	var sent, lied atomic.Int32
	server := changed(changes, good(func(_ *http.Request, a *altered) {
		if drawing.Load() && sent.Add(1) == 3 {
			lied.Add(1)
			a.fields["token"] = ""
		}
	}))(standIn(t, "strict-auth"))
	s := newSuite(t, serve(t, server).URL)
	s.Write, s.Seed, s.Only = true, 1, []contract.CheckName{contract.CheckPositive, contract.CheckSchema}
	s.Progress = func(_, _ int, title string) { drawing.Store(title == "bodies that are drawn") }
	result := s.Run(t.Context())
	if lied.Load() != 1 || sent.Load() < 15 {
		t.Errorf("%d changes after %d of which nothing else was drawn", sent.Load(), lied.Load())
	}
	if !slices.ContainsFunc(result.Findings(), func(f report.CountedFinding) bool {
		return f.Field == "webhook.token" && strings.Contains(f.Message, "drawn with seed 1)") && strings.Contains(f.Curl, "-X PATCH")
	}) {
		t.Errorf("%s", text(result))
	}
}
