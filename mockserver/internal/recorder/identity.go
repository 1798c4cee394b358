package recorder

import (
	"net/url"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
)

// TriggerOperation stands in the journal for a call of a webhook's own URL. It
// is no operation of the API: the real URL is on another host.
var TriggerOperation = &contract.Operation{Name: contract.OperationTrigger, Action: "trigger", Path: "/webhooks/{token}"}

// Identity is what a request is about, as far as its path and its header say. It
// is known when the request arrives. What the state does not have is blank.
type Identity struct {
	Operation *contract.Operation // nil for a request to none
	Token     string              // the access token as sent
	Scopes    []string            // of the token; nil if the state does not know it

	// The application and the webhook: the ids and the token as the path has them,
	// and the rest as the state has it when the request arrives.
	ApplicationID, ApplicationName       string
	WebhookID, WebhookName, WebhookToken string
}

// OperationName returns the name of the operation; blank for a request to none.
func (i *Identity) OperationName() string {
	if i.Operation == nil {
		return ""
	}
	return i.Operation.Name
}

// PathParams returns the parameters of the operation's path, decoded; nil for a
// request to no operation. They are read again at each call: few callers need them,
// and keeping them costs more.
func (e *Entry) PathParams() map[string]string {
	if e.Operation == nil {
		return nil
	}
	params := map[string]string{}
	values := strings.Split(e.Path(), "/")
	for i, segment := range strings.Split(e.Operation.Path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok && i < len(values) {
			value, err := url.PathUnescape(values[i])
			if err != nil {
				value = values[i]
			}
			params[strings.TrimSuffix(name, "}")] = decode.Text([]byte(value))
		}
	}
	return params
}
