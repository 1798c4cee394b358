package recorder

import "github.com/losantmock/losantmock/mockserver/internal/wire"

// Overheads in bytes: about what a value takes in memory beside its texts, with
// what the allocator rounds up.
const (
	entryOverhead   = 1120
	triggerOverhead = 544
	fieldOverhead   = 48 // of a header field or of an element of a list of texts
)

// size returns about how many bytes of memory an entry takes. It grows with the
// outcome.
func (e *Entry) size() int64 {
	head := e.head.Value() // counted for each that shares it: one client may send another one each time
	n := entryOverhead + textSize(head.method, head.proto, head.host, head.header, e.Target, e.Remote) + e.Identity.size()
	return int64(n + e.Outcome().size())
}

func (i *Identity) size() int {
	return textSize(i.Token, i.ApplicationID, i.ApplicationName, i.WebhookID, i.WebhookName, i.WebhookToken) + listSize(i.Scopes)
}

func (o *Outcome) size() int {
	n := cap(o.Body) + textSize(o.Panic, o.Fault, o.Hint)
	r := &o.Response
	n += cap(r.Body) + len(r.Origin)
	for _, fields := range [][]wire.Header{r.Fields, r.More} {
		for _, field := range fields {
			n += fieldOverhead + len(field.Name) + listSize(field.Values)
		}
	}
	if v := r.Violation; v != nil {
		n += fieldOverhead + textSize(v.Field, v.What, v.Detail) + listSize(v.Path)
	}
	return n
}

// size returns about how many bytes of memory a trigger takes. The texts and the
// body of a call count for its request. An event of a WebSocket may outlast the
// request, and counts them again.
func (t *Trigger) size() int64 {
	n := triggerOverhead + textSize(t.Hook.ID, t.Hook.Name, t.Hook.Token, t.Hook.ApplicationID, t.Hook.ApplicationName, t.ReplyID)
	if t.Event.Kind != "" {
		n += cap(t.Body) + textSize(t.Method, t.Target, t.Host, t.Header, t.Event.Reason)
	}
	size := int64(n)
	for _, message := range t.allSent() {
		size += message.size()
	}
	return size
}

func (m Sent) size() int64 { return int64(2*fieldOverhead + len(m.Body)) }

func textSize(texts ...string) (n int) {
	for _, text := range texts {
		n += len(text)
	}
	return n
}

func listSize(texts []string) int { return textSize(texts...) + fieldOverhead*len(texts) }
