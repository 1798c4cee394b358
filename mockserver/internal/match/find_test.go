package match

import (
	"errors"
	"slices"
	"testing"

	"github.com/losantmock/losantmock/mockserver/internal/matcher"
)

// Many records are found in their order, whichever goroutine finds them, and a panic in one
// is that of the caller.
func TestManyRecordsAreLookedAtTogether(t *testing.T) {
	t.Parallel()
	kept := Kept[int, int]{subject: func(record int) int { return record }}
	for record := range 3*leastPart + 7 {
		kept.All = append(kept.All, record)
	}
	odd := errors.New("odd")
	criterion := Criterion[int]{Name: "number", matcher: matcher.Func("a third", "", func(text string) bool { return text != "" }), got: func(record int) []*matcher.Text {
		switch record % 3 {
		case 0:
			return matcher.Texts([]string{"third"})
		case 1:
			return []*matcher.Text{matcher.Undecided(odd)}
		default:
			return nil
		}
	}}
	found := kept.Find(t.Context(), Criteria[int]{criterion})
	if !slices.IsSorted(found.Records) || len(found.Records) != leastPart+3 || len(found.Undecided) != leastPart+2 || !found.Incomplete || found.Err != nil {
		t.Errorf("%d records, %d undecided, %v %v", len(found.Records), len(found.Undecided), found.Incomplete, found.Err)
	}
	kept.subject = func(record int) int {
		if record == 2*leastPart {
			panic("the panic")
		}
		return record
	}
	defer func() {
		if got := recover(); got != "the panic" {
			t.Errorf("%v", got)
		}
	}()
	kept.Find(t.Context(), Criteria[int]{criterion})
	t.Error("it does not panic")
}
