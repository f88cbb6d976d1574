package sandbox

import (
	"fmt"
	"net"
	"net/http"
	"time"
)

// A Listener serves a sandbox on a TCP port of this machine.
type Listener struct {
	url    string
	server *http.Server
}

// Listen serves s at addr, which must be a loopback address such as
// 127.0.0.1:0: the sandbox gives owner access to whoever has its credentials
// and speaks without TLS, so it is not for a network.
func Listen(addr string, s *Server) (*Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: %w; give it as 127.0.0.1:PORT", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("listen on %q: the sandbox listens on loopback only; use 127.0.0.1:PORT", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: %w; port 0 takes any free one", addr, err)
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(l)
	return &Listener{url: "http://" + l.Addr().String(), server: server}, nil
}

// Serve opens a sandbox and listens for it, as Listen does. It returns the URL
// to give to a client; stop ends both.
func Serve(addr string, o Options) (s *Server, url string, stop func(), err error) {
	if s, err = Open(o); err != nil {
		return nil, "", nil, err
	}
	l, err := Listen(addr, s)
	if err != nil {
		s.Close()
		return nil, "", nil, err
	}
	return s, l.URL(), func() { l.Close(); s.Close() }, nil
}

// URL is the base URL to give to a client, without a slash at the end.
func (l *Listener) URL() string { return l.url }

// Close stops listening and breaks the connections that are open.
func (l *Listener) Close() error { return l.server.Close() }
