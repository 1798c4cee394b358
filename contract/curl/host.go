package curl

import (
	"cmp"
	"net/netip"
	"strconv"
	"strings"
)

// connectTo returns the host of the URL: that of the request, if a URL can hold it.
func (r *Request) connectTo() string {
	if isHost(r.Host) {
		return r.Host
	}
	if isHost(r.Address) {
		return r.Address
	}
	return "localhost"
}

// addressOptions connect to the address, wherever the host of the URL leads.
func (r *Request) addressOptions() []string {
	if !isHost(r.Host) || !isHost(r.Address) {
		return nil
	}
	name, port := r.splitAddress(r.Address)
	host, hostPort := r.splitAddress(r.Host)
	if port == hostPort && (name == host || isLoopback(name) && isLoopback(host)) {
		return nil
	}
	return []string{"--connect-to", quote("::" + name + port)}
}

// splitAddress returns a host without its port, and the port, by default that of the
// scheme, with its colon.
func (r *Request) splitAddress(text string) (name, port string) {
	name, port = splitPort(text)
	return name, cmp.Or(port, map[string]string{"http": ":80", "https": ":443"}[r.Scheme])
}

// isLoopback reports whether a host is this machine.
func isLoopback(name string) bool {
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || err == nil && ip.IsLoopback()
}

// hostOptions send a Host that does not follow from the URL.
func (r *Request) hostOptions() []string {
	switch _, port := splitPort(r.Host); {
	case r.Host == "" && r.Old:
		return []string{"-H", "Host:"} // which is how curl leaves a field out
	case r.Host == "":
		return []string{"-H", quote("Host;")}
	case !isHost(r.Host) || port == ":80" || port == ":443": // curl leaves out the default port
		return []string{"-H", quote("Host: " + r.Host)}
	default:
		return nil
	}
}

// isHost reports whether a text is a host, with its port where it has one, that curl
// sends as it stands in a URL.
func isHost(text string) bool {
	name, port := splitPort(text)
	if port != "" {
		number, err := strconv.ParseUint(port[1:], 10, 16)
		if err != nil || number == 0 || port[1:] != strconv.FormatUint(number, 10) {
			return false
		}
	}
	if address, ok := strings.CutPrefix(name, "["); ok {
		address, ok = strings.CutSuffix(address, "]")
		ip, err := netip.ParseAddr(address)
		return ok && err == nil && ip.Is6() && ip.Zone() == "" && ip.String() == address
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if label == "" || !only(label, alphanumeric+"-_") {
			return false
		}
	}
	if last := labels[len(labels)-1]; '0' <= last[0] && last[0] <= '9' { // curl reads 127.1 as 127.0.0.1
		_, err := netip.ParseAddr(name)
		return err == nil
	}
	return true
}

// splitPort returns a host without its port, and the port with its colon.
func splitPort(text string) (name, port string) {
	colon := strings.LastIndexByte(text, ':')
	if colon < 0 || colon < strings.LastIndexByte(text, ']') {
		return text, ""
	}
	return text[:colon], text[colon:]
}
