// Package recording learns scenarios from a live API.
//
// [Pull] reads an application and its webhooks:
//
//	world, err := recording.Pull(ctx, client, applicationID)
//
// A [Proxy] passes the traffic of others on and checks it, and a [Recording]
// learns from what passes:
//
//	learnt := recording.New(contract.AtNewest())
//	proxy, err := recording.NewProxy("https://api.losant.com", token, learnt.Observe)
//	// ... serve the proxy ...
//	world := learnt.Scenario()
//
// Both worlds hold the real secrets, which [WithoutSecrets] replaces before a
// world is written as a file.
package recording
