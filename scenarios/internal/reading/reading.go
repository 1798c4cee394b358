// Package reading knows the plain scalars that YAML 1.1 and YAML 1.2 read differently.
package reading

import "regexp"

// kind is a kind of plain scalars that YAML 1.1 and YAML 1.2 read differently, and
// so do other YAML tools: in one of them, a name may be a number.
type kind struct {
	pattern    *regexp.Regexp
	old, today string // what it is in YAML 1.1, and in YAML 1.2
	instead    string // what else may be written
}

// how returns what the scalar is in both, with the remedy.
func (k kind) how() string {
	return k.old + " in YAML 1.1 and " + k.today + " in YAML 1.2: put it in quotes" + k.instead
}

// kinds are all but the date, which keys may want.
var kinds = []kind{
	{regexp.MustCompile(`^(y|Y|yes|Yes|YES|on|On|ON)$`), "true", "text", ", or write true"},
	{regexp.MustCompile(`^(n|N|no|No|NO|off|Off|OFF)$`), "false", "text", ", or write false"},
	{regexp.MustCompile(`^[-+]?0[0-7_]+$`), "an octal number", "a decimal number", ", or write it without the leading 0"},
	{regexp.MustCompile(`^[-+]?0[0-9]+$`), "text", "a number", ", or write it without the leading 0"},
	{regexp.MustCompile(`^[-+]?0o[0-7]+$`), "text", "an octal number", ", or write the number in decimal digits"},
	{regexp.MustCompile(`^[-+]?0b[01_]+$`), "a binary number", "text", ", or write the number in decimal digits"},
	{regexp.MustCompile(`^([-+]0x[0-9a-fA-F_]+|0x[0-9a-fA-F]*_[0-9a-fA-F_]*)$`), "a number", "text", ", or write the number in decimal digits"},
	{regexp.MustCompile(`^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$`), "a number to the base 60", "text", ""},
	{regexp.MustCompile(`^[-+]?[0-9][0-9_.]*_[0-9_.]*$`), "a number", "text", ", or write the number without _"},
	{regexp.MustCompile(`^[-+]?([0-9]+[eE][-+]?|([0-9]+\.[0-9]*|\.[0-9]+)[eE])[0-9]+$`), "text", "a number", ", or write the number without an exponent"},
	{regexp.MustCompile(`^[-+]?0(X[0-9a-fA-F_]+|B[01_]+|O[0-7_]+)$`), "a number for some parsers, but text", "text", ", or write the number in decimal digits"},
	{regexp.MustCompile(`^=$`), "a default value", "text", ""},
}

// date is what YAML 1.1 reads as a date.
var date = kind{regexp.MustCompile(`^\d{4}-\d\d?-\d\d?([Tt \t].*)?$`), "a date", "text", ""}

// Differing returns how YAML 1.1 and YAML 1.2 read a plain scalar, with the remedy, and
// whether YAML 1.1 reads a date. The text is blank if they read it alike.
func Differing(text string) (how string, isDate bool) {
	for _, k := range kinds {
		if k.pattern.MatchString(text) {
			return k.how(), false
		}
	}
	if date.pattern.MatchString(text) {
		return date.how(), true
	}
	return "", false
}
