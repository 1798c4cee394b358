package generic

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/tidwall/gjson"
)

// logged returns a changed item with a new entry in the list of its changes.
func logged(c *Call, log *pairs.Log, was, now, sent object) object {
	entry := entryOf(log, was, now, sent)
	if len(entry) == 0 {
		return now
	}
	var entries []json.RawMessage
	for _, old := range gjson.ParseBytes(now.get(log.List)).Array() {
		entries = append(entries, json.RawMessage(old.Raw))
	}
	entry = entry.with(log.Created, date(c.At)).inOrder(log.Entry.Names)
	return now.with(log.List, listOf(append(entries, entry.JSON())))
}

// entryOf returns what the log of an item has of a change: what was sent, and in a member
// such as stateChange what a property was and is.
func entryOf(log *pairs.Log, was, now, sent object) (entry object) {
	for _, name := range log.Entry.Names {
		changed, isChange := strings.CutSuffix(name, "Change")
		switch old, current := was.get(changed), now.get(changed); {
		case sent.get(name) != nil:
			entry = append(entry, member{name, sent.get(name)})
		case isChange && current != nil && !bytes.Equal(old, current):
			change := object{{"new", current}}
			if old != nil {
				change = append(object{{"old", old}}, change...)
			}
			entry = append(entry, member{name, change.JSON()})
		}
	}
	return entry
}
