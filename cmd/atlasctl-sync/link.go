package main

import (
	"net/url"
	"strings"
)

// jobLinks are the variables by which CI systems tell where a job is shown;
// what is in braces is the value of one, and all of them have to be set.
var jobLinks = []string{
	"{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}",
	"{CI_JOB_URL}", // GitLab
	"{BUILDKITE_BUILD_URL}",
	"{CIRCLE_BUILD_URL}",
	"{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}", // Azure
	"{BITBUCKET_GIT_HTTP_ORIGIN}/pipelines/results/{BITBUCKET_BUILD_NUMBER}",
	"{BUILD_URL}", // Jenkins
}

// linkOf returns what a message points at: --link, else the job that runs.
func (s *session) linkOf() string {
	if s.link != "" {
		return s.link
	}
	for _, pattern := range jobLinks {
		if link, ok := filled(pattern, s.env.Getenv); ok && isWeb(link) {
			return link
		}
	}
	return ""
}

func filled(pattern string, getenv func(string) string) (string, bool) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(pattern, "{")
		b.WriteString(before)
		if !found {
			return b.String(), true
		}
		name, after, _ := strings.Cut(rest, "}")
		value := getenv(name)
		if value == "" {
			return "", false
		}
		b.WriteString(value)
		pattern = after
	}
}

// isWeb tells whether a text is a web address that can stand in a message.
func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && !strings.ContainsAny(address, " \n\t<>|")
}
