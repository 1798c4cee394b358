package trigger_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/scenarios"
)

// The reply to a message is sent before the response to a close frame that follows at
// once.
func TestAMessageBeforeACloseFrameGetsItsReply(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{}, scenarios.Webhook{Name: "echo", IsWebsocket: true, Reply: &scenarios.Reply{Body: "you said {{.data.message.data}}"}})
	want := []string{"81 you said a", "81 you said b", "close 1000"}
	for range 20 {
		got := exchangeFrames(t, strings.TrimPrefix(srv.URL, "http://"), frame(0x81, "a")+frame(0x81, "b")+closing(1000, ""), false, len(want))
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
