package sample

import (
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// AcceptedTexts returns texts that the parameter allows.
func AcceptedTexts(p *contract.Param) []string {
	texts := slices.Clone(p.Enum)
	if p.Whole != nil {
		texts = append(texts, strconv.Itoa(p.Whole.Min), strconv.Itoa(p.Whole.Min+1))
	}
	if p.Name == "perPage" {
		texts = append(texts, strconv.Itoa(p.Whole.Max)) // which is ours: another one is news
	}
	if p.BlankIsNone || p.Name == "filter" {
		texts = append(texts, "")
	}
	if len(texts) == 0 || p.Name == "filter" {
		texts = append(texts, p.ExampleText())
	}
	return texts
}

// RefusedTexts returns texts that the parameter does not allow. Its maximum is not
// public, so that none is too large.
func RefusedTexts(p *contract.Param) []string {
	switch {
	case len(p.Enum) > 0:
		others := []string{"no-such-value", strings.ToUpper(p.Enum[0]), "description"}
		if !p.BlankIsNone {
			others = append(others, "")
		}
		return others
	case p.Whole != nil:
		return []string{strconv.Itoa(p.Whole.Min - 1), "x", "1.5"}
	case p.Pattern != "":
		return []string{"x", p.ExampleText() + "0"}
	default:
		return nil
	}
}
