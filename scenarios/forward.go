package scenarios

import "gopkg.in/yaml.v3"

// Forward is where the payloads of a webhook are posted to. In a file it is the
// URL alone, or a mapping with the keys url and reply.
type Forward struct {
	// URL is that of this machine or of a named host: see [CheckForward].
	URL string `yaml:"url,flow"`
	// Reply is when the reply comes. Blank is with the response of the URL, which
	// is the reply, whatever its status. With [ReplyLater] a response of 2xx is
	// none: the reply comes later by the payload's replyId. Any other response
	// reports a failure, and is the reply.
	Reply string `yaml:"reply,omitempty,flow"`
}

// ReplyLater is the value of [Forward.Reply] for a reply that comes after the
// response.
const ReplyLater = "later"

// forwardFields has the fields of a [Forward] and no methods.
type forwardFields Forward

// UnmarshalYAML reads a URL alone, or a mapping.
func (f *Forward) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&f.URL)
	}
	return node.Decode((*forwardFields)(f))
}

// MarshalYAML writes the URL alone where there is nothing else.
func (f Forward) MarshalYAML() (any, error) {
	if f.Reply == "" {
		return f.URL, nil
	}
	return forwardFields(f), nil
}
