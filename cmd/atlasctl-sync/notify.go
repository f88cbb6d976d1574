package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/atlasctl/atlasctl-sync/internal/atlas"
	"github.com/atlasctl/atlasctl-sync/internal/report"
)

// notifyVariable names the environment variable that says where to post, for
// addresses that hold a token and must not stand in the list of processes.
const notifyVariable = "ATLASCTL_SYNC_NOTIFY_URL"

// A notification is what --notify posts: chat tools take the text as it is,
// others find the whole report beside it.
type notification struct {
	Text   string           `json:"text"`
	Report *report.Document `json:"report"`
}

// checkNotify refuses addresses that a report must not be sent to. The address
// itself may be a secret, so it is never shown.
func checkNotify(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return errors.New("--notify and ATLASCTL_SYNC_NOTIFY_URL take a web address")
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && atlas.IsLoopback(u.Hostname())) {
		return errors.New("--notify and ATLASCTL_SYNC_NOTIFY_URL take an https address: plain http is for this machine only")
	}
	return nil
}

// notify posts the report, again if that fails in a way that may pass.
func (s *session) notify(d *report.Document) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), time.Minute)
	defer cancel()
	d.Fill()
	body, err := json.Marshal(notification{Text: notifyText(d), Report: d})
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

// notifyText is the message for people: the title and the first findings.
func notifyText(d *report.Document) string {
	const most = 10
	lines := []string{"atlasctl-sync " + d.Title()}
	n := 0
	for _, f := range d.Findings {
		if d.Fails == nil || !d.Fails(f) {
			continue
		}
		if n++; n <= most {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s", f.Class, report.Clean(string(f.Address)), report.Clean(f.Path))))
		}
	}
	if n > most {
		lines = append(lines, fmt.Sprintf("and %d more", n-most))
	}
	for i, e := range d.Errors {
		if i == most {
			break
		}
		lines = append(lines, "error: "+report.Clean(e))
	}
	return strings.Join(lines, "\n")
}
