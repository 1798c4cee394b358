package definition

import (
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/visible"
)

// OtherVersion returns what the greeting of a server says of a definition whose version
// is not the one that is served; blank for none.
func OtherVersion(defined *contract.Definition, served contract.Version) string {
	switch {
	case defined == nil || defined.Version() == served.String():
		return ""
	case defined.Version() == "":
		return ", with a definition of unknown version"
	default:
		return ", with a definition of version " + visible.Text(defined.Version())
	}
}
