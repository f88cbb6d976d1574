package deliver

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/atlasctl/atlasctl-sync/planner"
)

// variables are the names that the Atlas CLI, the SDK's programs, this tool and
// the clients of the AI models look for in the environment.
var variables = [][2]string{
	{"clientId", "MONGODB_ATLAS_CLIENT_ID"},
	{"clientSecret", "MONGODB_ATLAS_CLIENT_SECRET"},
	{"publicKey", "MONGODB_ATLAS_PUBLIC_API_KEY"},
	{"privateKey", "MONGODB_ATLAS_PRIVATE_API_KEY"},
	{"secret", "VOYAGE_API_KEY"},
	{"organizationId", "MONGODB_ATLAS_ORG_ID"},
	{"projectId", "MONGODB_ATLAS_PROJECT_ID"},
}

// render writes a secret in a target's format: the bare value, lines for an
// environment file, or one JSON object.
func render(format string, made planner.Made) ([]byte, error) {
	values := map[string]string{made.Name: made.Value, "secretId": made.ID, "expiresAt": made.Expires}
	for name, v := range made.Names {
		values[name] = v
	}
	switch format {
	case "", "raw":
		return []byte(made.Value), nil
	case "json":
		for name, v := range values {
			if v == "" {
				delete(values, name)
			}
		}
		data, err := json.Marshal(values)
		return append(data, '\n'), err
	case "env":
		var b strings.Builder
		if made.Expires != "" {
			fmt.Fprintf(&b, "# expires %s\n", made.Expires)
		}
		for _, v := range variables {
			if values[v[0]] != "" {
				fmt.Fprintf(&b, "%s=%s\n", v[1], values[v[0]])
			}
		}
		return []byte(b.String()), nil
	}
	return nil, fmt.Errorf("there is no format %q", format)
}
