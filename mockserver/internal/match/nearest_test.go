package match

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/matcher"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// keptOf returns a journal with so many requests of a method and a body.
func keptOf(n int, body string) *recorder.Recorder {
	j := recorder.New(n, 1<<30, func([]byte) {})
	for i := range n {
		e := recorder.NewEntry(httptest.NewRequest("GET", fmt.Sprintf("/%d", i), nil), time.Time{})
		j.Arrive(e)
		j.Complete(e, recorder.Outcome{Body: []byte(body)})
	}
	return j
}

// counted counts how often a criterion gets what it matches.
func counted(c Criterion[*Subject], count func()) Criterion[*Subject] {
	got := c.got
	c.got = func(s *Subject) []*matcher.Text {
		count()
		return got(s)
	}
	return c
}

// The bodies of the requests that come nearest by their first lines are compared, and
// of the latest alone.
func TestNearMissesCompareFewBodies(t *testing.T) {
	t.Parallel()
	bodies := 0
	body := counted(bodyCriterion("body", matcher.EqualTo("a"), wholeBody), func() { bodies++ })
	found := Requests(keptOf(2*mostCompared, "b"), noNames{}).Find(t.Context(), Criteria[*Subject]{PathIs("/1500"), body})
	bodies = 0
	nearest := found.Nearest(t.Context())
	if len(nearest) != nearestCount || nearest[0].Record.Target != "/1500" || bodies != 200 {
		t.Errorf("%d near misses, compared %d bodies: %+v", len(nearest), bodies, nearest[0])
	}
}

// A client that has left, or a timeout, ends the search with what it has found.
func TestNearMissesStopWithTheirContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	bodies := 0
	body := counted(bodyCriterion("body", matcher.EqualTo("a"), wholeBody), func() {
		if bodies++; bodies == 6 {
			cancel()
		}
	})
	found := Requests(keptOf(50, "b"), noNames{}).Find(t.Context(), nil)
	found.criteria = Criteria[*Subject]{body}
	if nearest := found.Nearest(ctx); len(nearest) > nearestCount || bodies > 7 {
		t.Errorf("%d near misses, got %d bodies", len(nearest), bodies)
	}
}

// A near miss of many criteria, or of a body with many differences, describes the
// first of them and counts the others.
func TestNearMissesDescribeAFew(t *testing.T) {
	t.Parallel()
	many, err := ParsePattern([]byte(`{"bodyPatterns":[` + strings.Repeat(`{"contains":"q"},`, 5000) + `{"equalToJson":[` + strings.Repeat("1,", 5000) + `1]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	kept := Requests(keptOf(1, "["+strings.Repeat("2,", 5000)+"2]"), noNames{})
	miss := kept.Find(t.Context(), many).Nearest(t.Context())[0]
	if len(miss.Missed) != mostMissed || miss.More != 5001-mostMissed {
		t.Errorf("%d are described, %d more", len(miss.Missed), miss.More)
	}
	last := kept.Find(t.Context(), many[5000:]).Nearest(t.Context())[0]
	if d := last.Missed[0].Difference; strings.Count(d, "\n") != 50 || !strings.HasSuffix(d, "and 4951 more differences") {
		t.Error(d)
	}
}

// A question stops between records when its context is done, and reports no part of
// what it would find.
func TestAQuestionStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	looked := 0
	method := counted(MethodIs("GET"), func() {
		if looked++; looked == 3 {
			cancel()
		}
	})
	found := Requests(keptOf(50, ""), noNames{}).Find(ctx, Criteria[*Subject]{method})
	if found.Err == nil || len(found.Records) > 0 || looked > 3 {
		t.Errorf("%v, %d found, looked %d times", found.Err, len(found.Records), looked)
	}
}
