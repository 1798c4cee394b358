// Package secret knows which texts must not be shown, and replaces them in
// others. It is the only redactor of this module.
//
// A text that this program holds, such as the access token of a real account,
// is kept as a [Secret]:
//
//	token := secret.New(os.Getenv(variable))
//	fmt.Println(token)              // TOKEN-1
//	message = token.Scrub(message)  // without the token, in whatever encoding
//	header.Set("Authorization", "Bearer "+token.Reveal())
//
// Secrets in the traffic of others are found by a [Redactor], in two passes:
// first [Redactor.Target], [Redactor.Header], [Redactor.JSON] and
// [Redactor.Form] replace them where they are known to stand, in all texts;
// then [Redactor.Replacer] replaces the longer ones wherever else they appear.
//
// A placeholder is a kind and a number, such as PASSWORD-1: the same for the
// same secret.
package secret
