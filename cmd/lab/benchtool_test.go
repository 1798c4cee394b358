package main

import (
	"testing"
	"time"
)

func TestWhatWrkPrints(t *testing.T) {
	t.Parallel()
	const printed = `Running 2s test @ http://127.0.0.1:8080/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.21ms    1.07ms  16.49ms   89.65%
    Req/Sec    29.48k     3.32k   34.58k    70.00%
  Latency Distribution
     50%    0.97ms
     75%    1.35ms
     90%    2.16ms
     99%    5.62ms
  58704 requests in 2.00s, 69.36MB read
Requests/sec:  29328.86
Transfer/sec:     34.65MB
`
	got, err := readWrk(printed)
	if want := (pace{58704, 29328.86, 5620 * time.Microsecond}); err != nil || got != want {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	for name, out := range map[string]string{
		"refused requests": printed + "  Non-2xx or 3xx responses: 5\n",
		"broken ones":      printed + "  Socket errors: connect 0, read 1, write 0, timeout 0\n",
		"nothing":          "unable to connect to 127.0.0.1:8080 Connection refused",
	} {
		if _, err := readWrk(out); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
