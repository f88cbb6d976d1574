package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/spf13/pflag"

	"github.com/atlasctl/atlasctl-sync/internal/atlas"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
)

// notifyVariable names the environment variable that says where to post, for
// addresses that hold a token and must not stand in the list of processes.
const notifyVariable = "ATLASCTL_SYNC_NOTIFY_URL"

func (o *options) addNotify(f *pflag.FlagSet, what string) {
	f.StringVar(&o.notifyURL, "notify", "", "post "+what+" to this web address, as JSON with a text (ATLASCTL_SYNC_NOTIFY_URL does the same)")
	f.StringVar(&o.link, "link", "", "web address that the message points at (default: this job, where the CI tells it)")
}

// checkNotify takes the address to post to from the environment, where no flag
// gives one, and refuses addresses that cannot be meant.
func (o *options) checkNotify() error {
	if o.notifyURL == "" {
		o.notifyURL = o.env.Getenv(notifyVariable)
	}
	if o.link != "" && !isWeb(o.link) {
		return fmt.Errorf("--link takes a web address, not %q", o.link)
	}
	if o.notifyURL == "" {
		return nil
	}
	return checkNotifyURL(o.notifyURL)
}

// checkNotifyURL refuses addresses that a report must not be sent to. The
// address itself may be a secret, so it is never shown.
func checkNotifyURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return errors.New("--notify and ATLASCTL_SYNC_NOTIFY_URL take a web address")
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && atlas.IsLoopback(u.Hostname())) {
		return errors.New("--notify and ATLASCTL_SYNC_NOTIFY_URL take an https address: plain http is for this machine only")
	}
	return nil
}

// notify posts how the run came out, if that is worth a message: what drifted,
// failed or was applied, and that drift is gone.
func (s *session) notify(d *report.Document, code int) error {
	if s.notifyURL == "" {
		return nil
	}
	was, err := s.lastOutcome()
	if err != nil {
		return err
	}
	applied := slices.ContainsFunc(d.Steps, func(step *planner.Step) bool { return step.Status != planner.Planned })
	gone := s.command == "drift" && code == exitOK && was != "" && was != outcomeOK
	if code != exitOK || gone || s.command == "apply" && applied {
		if err := s.post(newNotification(d, s.linkOf(), gone)); err != nil {
			return err
		}
	}
	return s.keepOutcome(code)
}

// post sends a notification, again if that fails in a way that may pass.
func (s *session) post(n *notification) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), time.Minute)
	defer cancel()
	body, err := n.body()
	if err != nil {
		return err
	}
	client := retryablehttp.NewClient()
	client.Logger, client.RetryMax = nil, 7
	if s.env.RetryWait > 0 {
		client.RetryWaitMin = s.env.RetryWait
	}
	client.RetryWaitMax = 10 * time.Second
	client.ErrorHandler = retryablehttp.PassthroughErrorHandler
	client.HTTPClient.Timeout = 15 * time.Second
	client.HTTPClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // not where it was sent
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodPost, s.notifyURL, bytes.NewReader(body))
	if err != nil {
		return errors.New("--notify takes a web address")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "atlasctl-sync/"+version())
	resp, err := client.Do(req)
	if err != nil {
		var hidden *url.Error
		if errors.As(err, &hidden) {
			err = hidden.Err // the address may hold a token
		}
		return fmt.Errorf("cannot notify %s: %w", req.URL.Host, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("cannot notify %s: it answered %s", req.URL.Host, resp.Status)
	}
	return nil
}

// What a notification of drift was about last.
const (
	outcomeOK     = "no drift"
	outcomeDrift  = "drift"
	outcomeFailed = "failed"
)

// An outcome is what --notify-state keeps from one run to the next.
type outcome struct {
	Outcome string    `json:"outcome"`
	Time    time.Time `json:"time"`
}

func outcomeOf(code int) string {
	switch code {
	case exitOK:
		return outcomeOK
	case exitDifference:
		return outcomeDrift
	}
	return outcomeFailed
}

// A notification is what --notify posts: chat tools take the text as it is,
// others find the report beside it.
type notification struct {
	Text   string           `json:"text"`
	Link   string           `json:"link,omitempty"`
	Report *report.Document `json:"report"`
	// Shortened says that the report lacks steps and findings.
	Shortened bool `json:"shortened,omitempty"`
}

func newNotification(d *report.Document, link string, gone bool) *notification {
	return &notification{Text: d.Message(link, gone), Link: link, Report: d}
}

// mostBody is how large a notification is at most, in bytes: what receives it
// refuses or cuts off what is large.
const mostBody = 128 << 10

// body returns the notification as JSON, the report without steps and findings
// where it would be too large.
func (n *notification) body() ([]byte, error) {
	n.Report.Fill()
	data, err := json.Marshal(n)
	if err != nil || len(data) <= mostBody {
		return data, err
	}
	short := *n.Report
	short.Steps, short.Findings, short.Errors, short.Violations, short.Diagnostics = nil, nil, nil, nil, nil
	short.Fill()
	n.Report, n.Shortened = &short, true
	return json.Marshal(n)
}
