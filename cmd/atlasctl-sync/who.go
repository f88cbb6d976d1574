package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/atlasctl/atlasctl-sync/internal/who"
)

// usualSince is how far back --who looks.
const usualSince = 7 * 24 * time.Hour

func (o *options) addWho(f *pflag.FlagSet) {
	f.BoolVar(&o.who, "who", false, "tell who has done it, when and how, from Atlas's events")
	f.StringVar(&o.since, "since", "", "how far back --who looks: 72h, 30d, or a time such as 2026-12-31 or 2026-12-31T12:00:00Z (default 7d)")
}

// sinceWhen reads --since: a duration, a number of days, a day or a moment (UTC
// where it does not say).
func (o *options) sinceWhen(now time.Time) (time.Time, error) {
	if o.since == "" {
		return now.Add(-usualSince), nil
	}
	if !o.who {
		return time.Time{}, errors.New("--since goes with --who")
	}
	at, ok := moment(o.since, now)
	if !ok {
		return at, fmt.Errorf("--since takes a duration (72h, 30d) or a time (2026-12-31, 2026-12-31T12:00:00Z), not %q", o.since)
	}
	if !at.Before(now) {
		return at, fmt.Errorf("--since %s is not in the past", o.since)
	}
	return at, nil
}

func moment(text string, now time.Time) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	if days, isDays := strings.CutSuffix(text, "d"); isDays {
		n, err := strconv.ParseUint(days, 10, 16)
		return now.AddDate(0, 0, -int(n)), err == nil
	}
	d, err := time.ParseDuration(text)
	return now.Add(-d), err == nil
}

// tellWho puts into the findings who has brought them about. What could not be
// read is kept in errs.
func (s *session) tellWho(since time.Time) error {
	t := &who.Teller{Doer: s.reader.Doer, Catalog: s.env.catalog(), State: s.state, Live: s.live, Base: s.base, Since: since,
		Own: []string{s.credentials.ClientID, s.credentials.PublicKey}, Parallelism: s.parallelism}
	if err := t.Tell(s.ctx, s.plan.Findings); err != nil {
		if cause := context.Cause(s.ctx); cause != nil {
			return cause
		}
		s.errs = append(s.errs, err)
	}
	return nil
}
