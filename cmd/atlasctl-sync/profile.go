package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/atlasctl/atlasctl-sync/internal/atlas"
)

// defaultProfile is the one that the Atlas CLI uses unless told otherwise.
const defaultProfile = "default"

// profileFile returns where the Atlas CLI keeps its profiles.
func profileFile(getenv func(string) string) string {
	dir := getenv("XDG_CONFIG_HOME")
	switch {
	case dir != "":
	case runtime.GOOS == "windows":
		dir = getenv("AppData")
	case runtime.GOOS == "darwin":
		dir = filepath.Join(getenv("HOME"), "Library", "Application Support")
	case getenv("HOME") != "":
		dir = filepath.Join(getenv("HOME"), ".config")
	}
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "atlascli", "config.toml")
}

// signIn chooses the credentials and the address: --profile if it is given,
// else the environment, else the Atlas CLI's default profile.
func (s *session) signIn() (atlas.Credentials, string, error) {
	env, base := atlas.FromEnv(s.env.Getenv), s.baseURL
	if base == "" {
		base = s.env.Getenv("MONGODB_ATLAS_BASE_URL")
	}
	if s.profile == "" && env != (atlas.Credentials{}) {
		return env, base, nil
	}
	name := s.profile
	if name == "" {
		name = defaultProfile
	}
	path := profileFile(s.env.Getenv)
	p, err := readProfile(path, name)
	switch {
	case err != nil && s.profile == "" && errors.Is(err, fs.ErrNotExist):
		return env, base, nil // the client says what is missing
	case err != nil:
		return env, base, err
	}
	own, ok := p.credentials()
	if !ok {
		if s.profile == "" {
			return env, base, nil
		}
		return env, base, fmt.Errorf("the profile %s in %s holds no API key and no service account's secret; a login in the browser cannot be used by a program", name, path)
	}
	if base == "" {
		base = p.base()
	}
	return own, base, nil
}

// A profile is a section of the Atlas CLI's configuration file.
type profile map[string]any

func (p profile) text(key string) string { s, _ := p[key].(string); return s }

func readProfile(path, name string) (profile, error) {
	if path == "" {
		return nil, fs.ErrNotExist
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no Atlas CLI profile file: %w", err)
	}
	if err != nil {
		return nil, err
	}
	var all map[string]any
	if err := toml.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("%s is no TOML file", path) // the error would show its lines
	}
	section, ok := all[name].(map[string]any)
	if !ok {
		var known []string
		for k, v := range all {
			if _, isSection := v.(map[string]any); isSection {
				known = append(known, k)
			}
		}
		slices.Sort(known)
		return nil, fmt.Errorf("there is no profile %s in %s; it has %s", name, path, strings.Join(known, ", "))
	}
	return section, nil
}

func (p profile) credentials() (atlas.Credentials, bool) {
	c := atlas.Credentials{ClientID: p.text("client_id"), ClientSecret: p.text("client_secret"),
		PublicKey: p.text("public_api_key"), PrivateKey: p.text("private_api_key")}
	if c.ClientID == "" || c.ClientSecret == "" {
		c.ClientID, c.ClientSecret = "", ""
	}
	return c, c.ClientID != "" || c.PublicKey != "" && c.PrivateKey != ""
}

// base returns the address that the profile is for.
func (p profile) base() string {
	switch {
	case p.text("ops_manager_url") != "":
		return p.text("ops_manager_url")
	case p.text("service") == "cloudgov":
		return "https://cloud.mongodbgov.com"
	}
	return ""
}
