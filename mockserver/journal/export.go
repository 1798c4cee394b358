package journal

import (
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Formats returns the formats that [Export] writes; the first is the default.
func Formats() []string { return []string{"har", "jsonl", "curl"} }

// Export writes requests for other tools. The format "har" is HAR 1.2, which
// opens in a browser's developer tools; "jsonl" is a line of JSON for each
// request; "curl" is a command for each. Without showSecrets, tokens, passwords,
// codes and cookies are replaced by placeholders, the same for the same secret.
func Export(w io.Writer, format string, requests []Request, showSecrets bool) error {
	if !showSecrets {
		requests = redacted(requests)
	}
	switch format {
	case "har":
		return writeHAR(w, requests)
	case "jsonl":
		return writeLines(w, requests)
	case "curl":
		return writeCurl(w, requests)
	default:
		return fmt.Errorf("%q is no format to export, they are %s", format, strings.Join(Formats(), ", "))
	}
}

func writeLines(w io.Writer, requests []Request) error {
	for _, r := range requests {
		line, err := r.encode(LineVersion, InBase64)
		if err != nil {
			return err
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// url returns the URL that the request was sent to.
func (r *Request) url() string { return "http://" + r.Host + r.Target }

// writeCurl writes a command for each request, which sends it again.
func writeCurl(w io.Writer, requests []Request) error {
	for _, r := range requests {
		if _, err := fmt.Fprintln(w, r.curl()); err != nil {
			return err
		}
	}
	return nil
}

func (r *Request) curl() string {
	var b strings.Builder
	body := string(r.Body)
	binary := strings.ContainsRune(body, 0) || !utf8.ValidString(body)
	if binary { // an argument can't hold it
		b.WriteString("echo " + base64.StdEncoding.EncodeToString(r.Body) + " | base64 -d | ")
	}
	b.WriteString("curl --path-as-is -X " + shellQuote(r.Method) + " " + shellQuote(r.url()))
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		if name == "Content-Length" || name == "Accept-Encoding" || name == "Connection" {
			continue // curl sets them itself
		}
		for _, value := range r.Header[name] {
			b.WriteString(" -H " + shellQuote(name+": "+value))
		}
	}
	switch {
	case binary:
		b.WriteString(" --data-binary @-")
	case body != "":
		b.WriteString(" --data-raw " + shellQuote(body))
	}
	return b.String()
}

// shellQuote returns a text as one word for a shell. A word without special
// characters stays as it is.
func shellQuote(text string) string {
	if text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=%") == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
