// Package scenarios reads the worlds that a stand-in starts from.
//
// A scenario is a YAML file that reads like the API: applications with their
// webhooks, users, access tokens, and how time and ids go on. What it leaves
// out has the API's documented default or is generated.
//
//	world, err := scenarios.Load("default", "orders.yaml")
//
// A file is checked against scenario.schema.json, which is made from the
// contract, and then for what no schema can say: ids and tokens that appear
// twice, references, properties that are newer than the API version. One error
// reports all [Problems], each with file, line, column and the path of the key.
package scenarios

import (
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
)

// Scenario is a world to start from. The zero value is an empty, open world.
//
// Texts are marshalled with the flow style, in which those of several lines
// stand in quotes: the YAML library writes some of them so that it can't read
// them again otherwise.
type Scenario struct {
	Name         string        `yaml:"name,omitempty,flow"`
	API          API           `yaml:"api,omitempty"`
	Clock        Clock         `yaml:"clock,omitempty"`
	IDs          IDs           `yaml:"ids,omitempty"`
	Auth         Auth          `yaml:"auth,omitempty"`
	Triggers     Triggers      `yaml:"triggers,omitempty"`
	Faults       []Fault       `yaml:"faults,omitempty"`
	Responses    []Response    `yaml:"responses,omitempty"`
	Pedantic     *Pedantic     `yaml:"pedantic,omitempty"`
	Applications []Application `yaml:"applications,omitempty"`
	// Resources are those that stand below no application.
	Resources Resources `yaml:"resources,omitempty"`
}

// API is which API the stand-in is to be.
type API struct {
	// Version is such as "1.28.3"; blank is [contract.Newest].
	Version string `yaml:"version,omitempty,flow"`
	// RateLimit is how many requests one token may send; the zero value is
	// without limit.
	RateLimit RateLimit `yaml:"rateLimit,omitempty"`
}

// Pedantic makes responses vary in ways that the API allows and careless clients
// fail at: lists whose ties come in another order, properties in another order
// and unknown properties, ids and header fields in another case, bodies in
// chunks.
type Pedantic struct {
	// Seed repeats the variations of another run; nil is random.
	Seed *uint64 `yaml:"seed,omitempty"`
}

// The modes of [Clock]. A real clock is the machine's; a fixed one stands
// still; a ticking one begins at an instant and moves on by a step at each
// request, so that two runs of the same requests see the same times.
const (
	ClockReal    = "real"
	ClockFixed   = "fixed"
	ClockTicking = "ticking"
)

// Clock is how time goes in the world.
type Clock struct {
	Mode string        `yaml:"mode,omitempty,flow"` // blank is ClockReal
	At   time.Time     `yaml:"at,omitempty"`        // where a fixed or ticking clock begins
	Step time.Duration `yaml:"step,omitempty"`      // of a ticking clock; 0 is one second
}

// IDs is where ids and tokens come from.
type IDs struct {
	// Seed makes them a sequence that is the same in every run; nil is random.
	Seed *uint64 `yaml:"seed,omitempty"`
}

// The modes of [Auth]. In an open world any token may do everything, but one
// that the world knows keeps its own scopes; a request without a token is
// refused all the same. In a strict world only tokens that the world knows are
// valid.
const (
	AuthOpen   = "open"
	AuthStrict = "strict"
)

// Auth is which tokens may do what.
type Auth struct {
	Mode string `yaml:"mode,omitempty,flow"` // blank is AuthOpen
	// JWTSecret makes tokens valid that are signed with it by HS256 and have a
	// scope claim.
	JWTSecret string  `yaml:"jwtSecret,omitempty,flow"`
	Users     []User  `yaml:"users,omitempty"`
	Tokens    []Token `yaml:"tokens,omitempty"`
}

// User may request a token at POST /auth/user.
type User struct {
	ID       string `yaml:"id,omitempty,flow"` // blank is generated
	Email    string `yaml:"email,flow"`
	Password string `yaml:"password,flow"`
}

// Token is an access token that the world knows.
type Token struct {
	Token   string    `yaml:"token,flow"`
	Scopes  []string  `yaml:"scopes,flow"`
	Expires time.Time `yaml:"expires,omitempty"` // zero is never
}

// Application is a home for webhooks.
type Application struct {
	ID           string    `yaml:"id,omitempty,flow"`        // blank is generated
	CreationDate time.Time `yaml:"creationDate,omitempty"`   // zero is when the world begins
	LastUpdated  time.Time `yaml:"lastUpdated,omitempty"`    // zero is CreationDate
	OwnerID      string    `yaml:"ownerId,omitempty,flow"`   // blank is generated
	OwnerType    string    `yaml:"ownerType,omitempty,flow"` // blank is "user"
	Name         string    `yaml:"name,flow"`
	Description  string    `yaml:"description,omitempty,flow"`
	// Properties are the further properties that the API has for applications, by
	// their names and as JSON has them, such as "endpointSlug", "globals" and
	// "archiveConfig". In a file they stand beside the name. Lists and objects that a
	// file has or a client has sent are a json.RawMessage, which has the order of their
	// keys.
	Properties map[string]any `yaml:"-"`
	Webhooks   []Webhook      `yaml:"-"`
	// Resources are those in the application's other collections.
	Resources Resources `yaml:"resources,omitempty"`
	// Generate makes further webhooks. In a file these stand in the list of
	// webhooks, as entries with the one key generate.
	Generate []Generate `yaml:"-"`
}

// Webhook is a webhook with the API's own properties. A zero value is the
// documented default, and what has no default is generated.
type Webhook struct {
	ID                string    `yaml:"id,omitempty,flow"`            // blank is generated
	ApplicationID     string    `yaml:"applicationId,omitempty,flow"` // blank is the application it stands in
	CreationDate      time.Time `yaml:"creationDate,omitempty"`       // zero is when it is made
	LastUpdated       time.Time `yaml:"lastUpdated,omitempty"`        // zero is CreationDate
	Name              string    `yaml:"name,omitempty,flow"`
	Token             string    `yaml:"token,omitempty,flow"`            // blank is generated
	ResponseCode      int       `yaml:"responseCode,omitempty"`          // 0 is 200
	VerificationType  string    `yaml:"verificationType,omitempty,flow"` // blank is "none"
	VerificationCode  string    `yaml:"verificationCode,omitempty,flow"`
	WaitForReply      bool      `yaml:"waitForReply,omitempty"`
	BasicAuthUsername string    `yaml:"basicAuthUsername,omitempty,flow"`
	BasicAuthPassword string    `yaml:"basicAuthPassword,omitempty,flow"`
	Description       string    `yaml:"description,omitempty,flow"`
	IsWebsocket       bool      `yaml:"isWebsocket,omitempty"`
	CastBuffersAs     string    `yaml:"castBuffersAs,omitempty,flow"` // blank is "array"
	AnnotateMultipart bool      `yaml:"annotateMultipart,omitempty"`
	Enabled           *bool     `yaml:"enabled,omitempty"` // nil is true

	// What plays the workflow behind the webhook, where it waits for a reply
	// or is a WebSocket. These are the scenario's own: no client sees them.
	//
	// Reply is sent to each call; Replies are sent in turn, and over again from
	// the first. Forward posts the payload to a URL of yours, whose response is
	// the reply. At most one of them may be set.
	Reply   *Reply   `yaml:"reply,omitempty"`
	Replies []Reply  `yaml:"replies,omitempty"`
	Forward *Forward `yaml:"forward,omitempty,flow"`
}

// Generate makes Count webhooks after one pattern. In every text of the
// pattern {{n}} becomes the number of the webhook, counted from 1.
type Generate struct {
	Count   int     `yaml:"count"`
	Webhook Webhook `yaml:",inline"`
}

// AllWebhooks returns the webhooks of the application: those that are listed,
// then those that are generated.
func (a Application) AllWebhooks() iter.Seq[Webhook] {
	return func(yield func(Webhook) bool) {
		for _, hook := range a.Webhooks {
			if !yield(hook) {
				return
			}
		}
		for _, g := range a.Generate {
			for hook := range g.All() {
				if !yield(hook) {
					return
				}
			}
		}
	}
}

// All returns the webhooks that are generated.
func (g Generate) All() iter.Seq[Webhook] {
	return func(yield func(Webhook) bool) {
		for n := 1; n <= g.Count; n++ {
			if !yield(g.number(n)) {
				return
			}
		}
	}
}

// number stands in the texts of a pattern for the number of the webhook.
const number = "{{n}}"

func (g Generate) number(n int) Webhook {
	hook := g.Webhook.Clone()
	for _, text := range hook.texts() {
		if strings.Contains(*text, number) {
			*text = strings.ReplaceAll(*text, number, strconv.Itoa(n))
		}
	}
	return hook
}

// texts returns the texts of a webhook that can have a number in them.
func (hook *Webhook) texts() []*string {
	return []*string{
		&hook.Name, &hook.Token, &hook.Description, &hook.VerificationCode, &hook.BasicAuthUsername, &hook.BasicAuthPassword,
	}
}

// Contract returns the API at the scenario's version, by default the newest. It fails
// where [contract.ParseVersion] does.
func (s *Scenario) Contract() (*contract.API, error) { return Limits{}.Contract(s) }

// Contract is [Scenario.Contract] with the operations of the definition beside the
// table's own. By default, the version is that of the definition.
func (l Limits) Contract(s *Scenario) (*contract.API, error) {
	if s.API.Version == "" && l.Definition != nil {
		return l.Definition.API(), nil
	}
	version := contract.Newest
	if s.API.Version != "" {
		var err error
		if version, err = contract.ParseVersion(s.API.Version); err != nil {
			return nil, err
		}
	}
	if l.Definition != nil {
		return l.Definition.At(version)
	}
	return contract.At(version)
}
