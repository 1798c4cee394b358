package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/cmd/internal/adminclient"
	"github.com/losantmock/losantmock/cmd/internal/exit"
	"github.com/losantmock/losantmock/cmd/internal/thirdparty"
	"github.com/spf13/cobra"
)

// triggerCommand calls a webhook of a running server.
type triggerCommand struct {
	client      adminclient.Client
	as          string
	method      string
	path        string
	data        string
	contentType string
	headers     []string
	secret      string

	fields http.Header // of headers
	hook   calledWebhook
	out    io.Writer
	output printer
}

// calledWebhook is what the server reports of the webhook.
type calledWebhook struct {
	Name, Token                          string
	IsWebsocket                          bool
	VerificationType, VerificationCode   string
	BasicAuthUsername, BasicAuthPassword string
}

// called is a call of a webhook and its response.
type called struct {
	Method string      `json:"method"`
	Status int         `json:"status"`
	Header http.Header `json:"headers"`
	Body   string      `json:"body"`
}

func newTrigger() *cobra.Command {
	var c triggerCommand
	cmd := &cobra.Command{
		Use:   "trigger TOKEN_OR_NAME",
		Short: "Call a webhook, as a third party would",
		Long: `Trigger calls the URL of a webhook of a running server, named by its token, its id or its name, and prints the response. Basic authentication is sent where the webhook requires it.

As facebook or fitbit it first makes the handshake, with the webhook's verification code; as twilio it sends a text message as a form; as alexa it sends the header fields of Alexa.`,
		Example: `  losantmock trigger "My Webhook" --data '{"event":"opened"}'
  losantmock trigger the_webhook_token --method PUT --path /door/7?floor=2 --data @event.json
  losantmock trigger "My Webhook" --as twilio --data 'Hello'`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if c.as == "twilio" && cmd.Flags().Changed("content-type") {
				return errors.New("--content-type can't stand beside --as twilio, which sends a form")
			}
			c.out = cmd.OutOrStdout()
			return c.run(cmd.Context(), args[0], cmd.InOrStdin())
		},
	}
	flags := cmd.Flags()
	c.client.AddFlags(flags)
	c.output.addFlags(flags)
	flags.StringVar(&c.as, "as", "", "third `party` to call as: "+strings.Join(thirdparty.Names, ", "))
	flags.StringVar(&c.secret, "secret", "", "`secret` to sign the call with, as facebook (X-Hub-Signature) or twilio (X-Twilio-Signature)")
	flags.StringVar(&c.method, "method", "", "`method` of the call (default: POST with --data, else GET)")
	flags.StringVar(&c.path, "path", "", "`path` and query behind the token, such as /door/7?floor=2")
	flags.StringVar(&c.data, "data", "", "`body` of the call; @FILE reads it from a file, @- from the input")
	flags.StringVar(&c.contentType, "content-type", "application/json", "`type` of the body")
	flags.StringArrayVar(&c.headers, "header", nil, "further header `field`, as Name: value")
	return cmd
}

func (c *triggerCommand) run(ctx context.Context, name string, stdin io.Reader) error {
	if err := c.checkFlags(); err != nil {
		return err
	}
	data, err := exit.OrDone(ctx, func() ([]byte, error) { return readData(c.data, stdin) })
	if err != nil {
		return err
	}
	if err := c.find(ctx, name); err != nil {
		return err
	}
	return c.call(ctx, data)
}

// checkFlags returns what is wrong with the flags, before anything is sent.
func (c *triggerCommand) checkFlags() (err error) {
	if c.as != "" && !slices.Contains(thirdparty.Names, c.as) {
		return fmt.Errorf("--as %q is none of %s", c.as, strings.Join(thirdparty.Names, ", "))
	}
	if c.secret != "" && thirdparty.Signers[c.as] == nil {
		return fmt.Errorf("--secret goes with --as facebook or --as twilio, not with %q", c.as)
	}
	if c.path != "" && !strings.HasPrefix(c.path, "/") && !strings.HasPrefix(c.path, "?") {
		return fmt.Errorf("--path %q must begin with a slash", c.path)
	}
	if strings.Contains(c.path, "#") {
		return fmt.Errorf("--path %q: a fragment is not sent: write %%23 for the character #", c.path)
	}
	if c.secret != "" && c.as == "facebook" && c.data == "" {
		return errors.New("--secret signs the body that facebook sends: give it with --data")
	}
	c.fields, err = thirdparty.Fields(c.headers)
	return err
}

func readData(data string, stdin io.Reader) ([]byte, error) {
	switch {
	case data == "":
		return nil, nil
	case data == "@-":
		return io.ReadAll(stdin)
	case strings.HasPrefix(data, "@"):
		text, err := os.ReadFile(data[1:])
		if err != nil {
			return nil, fmt.Errorf("--data: %w", err)
		}
		return text, nil
	default:
		return []byte(data), nil
	}
}

// find looks the webhook up on the server.
func (c *triggerCommand) find(ctx context.Context, name string) error {
	if err := c.client.CheckSandbox(ctx); err != nil {
		return err
	}
	var list struct{ Webhooks []calledWebhook }
	if err := c.client.Get(ctx, "/webhooks?webhook="+url.QueryEscape(name), "webhooks", &list); err != nil {
		return err
	}
	switch n := len(list.Webhooks); {
	case n == 0:
		return exit.Misused(fmt.Errorf("no webhook has the token, id or name %q", name))
	case n > 1:
		return exit.Misused(fmt.Errorf("%d webhooks are named %q: give the token of one", n, name))
	}
	c.hook = list.Webhooks[0]
	if c.hook.IsWebsocket {
		return exit.Misused(errors.New("the webhook is a WebSocket: a WebSocket client can open its URL"))
	}
	return nil
}

// call makes the handshake of the third party, and then the call itself.
func (c *triggerCommand) call(ctx context.Context, data []byte) error {
	if err := c.checkType(); err != nil {
		return err
	}
	header := http.Header{}
	switch c.as {
	case "facebook":
		challenge := rand.Text()
		query := url.Values{"hub.mode": {"subscribe"}, "hub.verify_token": {c.hook.VerificationCode}, "hub.challenge": {challenge}}
		_, echoed, err := c.send(ctx, http.MethodGet, "?"+query.Encode(), nil, header, false)
		if err != nil {
			return err
		}
		if echoed != challenge {
			return exit.Failed(errors.New("the handshake failed: the response does not repeat the challenge"))
		}
	case "fitbit":
		status, _, err := c.send(ctx, http.MethodGet, "?"+url.Values{"verify": {c.hook.VerificationCode}}.Encode(), nil, header, false)
		if err != nil {
			return err
		}
		if status != http.StatusNoContent {
			return exit.Failed(fmt.Errorf("the handshake failed: want a response with 204, got %d", status))
		}
	case "twilio":
		form := thirdparty.TextMessage(string(data))
		data = []byte(form)
		header.Set("Content-Type", "application/x-www-form-urlencoded")
		if strings.EqualFold(c.method, http.MethodGet) { // the form is the query
			c.path, data = thirdparty.WithQuery(c.path, form), nil
			header.Del("Content-Type")
		}
	case "alexa":
		data = thirdparty.LaunchRequest(data, header)
	}
	method := c.method
	switch {
	case method != "":
	case data != nil:
		method = http.MethodPost
	case c.as == "facebook" || c.as == "fitbit":
		return nil // the handshake was all
	default:
		method = http.MethodGet
	}
	_, _, err := c.send(ctx, strings.ToUpper(method), c.path, data, header, c.secret != "")
	return err
}

// checkType checks that the webhook is one of the third party. Without a type of its own
// it takes the calls of those that make no handshake.
func (c *triggerCommand) checkType() error {
	of := cmp.Or(c.hook.VerificationType, "none")
	if c.as == "" || of == c.as || of == "none" && (c.as == "twilio" || c.as == "alexa") {
		return nil
	}
	return exit.Failed(fmt.Errorf("the webhook's verificationType is %s: calls of %s need %s", of, c.as, c.as))
}

// send sends a request and prints it with its response, of which it returns the status
// and the body.
func (c *triggerCommand) send(ctx context.Context, method, path string, body []byte, header http.Header, signed bool) (int, string, error) {
	request, err := c.client.NewRequest(ctx, method, "/webhooks/"+url.PathEscape(c.hook.Token)+path, body)
	if err != nil {
		return 0, "", err
	}
	if body != nil {
		request.Header.Set("Content-Type", c.contentType)
	}
	if c.hook.BasicAuthUsername != "" || c.hook.BasicAuthPassword != "" {
		request.SetBasicAuth(c.hook.BasicAuthUsername, c.hook.BasicAuthPassword)
	}
	maps.Copy(request.Header, header)
	if signed {
		thirdparty.Signers[c.as](request, body, c.secret)
	}
	maps.Copy(request.Header, c.fields) // in place of those above
	request.Host = cmp.Or(c.fields.Get("Host"), request.Host)
	c.client.Waiting = longestWait // for the reply of a workflow
	response, err := c.client.HTTPClient().Do(request)
	if err != nil {
		return 0, "", c.client.Unreachable(err)
	}
	defer response.Body.Close()
	received, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, "", exit.Unsure(fmt.Errorf("the response was cut off: %w", err))
	}
	err = c.output.print(c.out, called{method, response.StatusCode, response.Header, string(received)}, fmt.Sprintf("%s %s\n%s", method, response.Status, strings.TrimSuffix(string(received), "\n")))
	if err == nil && response.StatusCode >= http.StatusBadRequest {
		err = exit.Failed(fmt.Errorf("the webhook responds with %s", response.Status))
	}
	return response.StatusCode, string(received), err
}
