package scenarios

import (
	"errors"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios/internal/nodes"
	"github.com/losantmock/losantmock/scenarios/internal/templatecheck"
	"gopkg.in/yaml.v3"
)

// checkTemplates checks the templates in the body of a response, each at its own place,
// and reports whether they can be read. What depends on the request alone, such as a
// property that a client may leave out, is known when it arrives.
func (c cursor) checkTemplates(api *contract.API, op *contract.Operation, unchecked bool) bool {
	sound := true
	nodes.Walk(c.Node, nil, func(node *yaml.Node, path []string, _ bool) {
		if isTemplateText(node) {
			at := c
			at.Node, at.Path = node, slices.Concat(c.Path, path)
			sound = at.checkTemplate(api, op, unchecked) && sound
		}
	})
	return sound
}

// checkTemplate checks the template in a text, and reports whether it can be read. The
// operation is nil for a template over something else than its requests.
func (c cursor) checkTemplate(api *contract.API, op *contract.Operation, unchecked bool) bool {
	parsed, err := bodyTemplate(c.Node.Value)
	if err != nil {
		c.Wrong("the template can't be read" + c.Because(err))
		return false
	}
	problems := templatecheck.Problems(parsed, api, op, unchecked)
	if len(problems) > 0 {
		c.Wrong("the template can match no request" + c.Because(errors.New(strings.Join(problems, "; "))))
	}
	return len(problems) == 0
}
