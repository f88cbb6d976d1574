package spec_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// everyFormat is all that can be printed of diagnostics.
func everyFormat(t testing.TB, ds spec.Diagnostics) string {
	t.Helper()
	var b bytes.Buffer
	report.Text{W: &b}.Diagnostics(ds)
	d := report.NewDocument("validate", nil)
	d.Diagnostics = ds
	for _, name := range []string{"json", "markdown", "github", "junit"} {
		f, err := report.FormatFor("validate", name)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Write(&b, d); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Fprintln(&b, ds.Err())
	return b.String()
}

const sentinel = "Zq7sentinelX9"

// TestLiteralSecrets: however somebody writes a secret into a file where a
// reference belongs, nothing that is said of the file shows it.
func TestLiteralSecrets(t *testing.T) {
	const before = "apiVersion: atlasctl-sync/v1\nkind: Project\nname: x\nencryptionAtRest:\n  awsKms:\n    region: US_EAST_1\n"
	const after = "\n    enabled: perhaps\n"
	for _, lines := range []string{
		"    secretAccessKey: V", "    secretAccessKey: &x V", "    secretAccessKey: &V", "    secretAccessKey: &x V y", "    secretAccessKey: *V",
		"    secretAccessKey: !V x", "    secretAccessKey: !!str V", "    secretAccessKey: {V}", "    secretAccessKey: {{V}}", "    secretAccessKey: ${V}",
		"    secretAccessKey: {{ .V }}", "    secretAccessKey: {V: x}", "    secretAccessKey: {V: a, V: b}", "    secretAccessKey: {fromEnv: V V}",
		"    secretAccessKey: {fromEnv: a, V: b}", "    secretAccessKey: {fromEnvv: V}", "    secretAccessKey: {from: V}", "    secretAccessKey: [V]",
		"    secretAccessKey: [a, V, {b: V}]", "    secretAccessKey: ? V", "    secretAccessKey: <<V", "    secretAccessKey: \"V", "    secretAccessKey: 'V",
		"    secretAccessKey: \"V\" # V", "    secretAccessKey: pass #V", "    secretAccessKey: V: V", "    secretAccessKey: @V", "    secretAccessKey: `V`", "    secretAccessKey: %V",
		"    secretAccessKey: a\\tV", "    secretAccessKey: \"a\\tV\"", "    secretAccessKey: \"a\\nV\"",
		"    secretAccessKey V", "    secretAccessKey = V", "    secretAccessKey=V", "    secretAccessKey :V", "    secretAccessKey, V", "    secretAccessKey\tV",
		"    - secretAccessKey V", "    # secretAccessKey: V", "    enabled: no # secretAccessKey V",
		"    secretAccesKey: V", "    SecretAccessKey: V", "    secret_access_key: V", "    password: V", "    apiToken: V", "    secretAccessKey V: x",
		"    secretAccessKey:\n      V", "    secretAccessKey:\n      - V", "    secretAccessKey:\n      V: x", "    secretAccessKey:\n    V", "    secretAccessKey:\n  V", "    secretAccessKey:\nV: x",
		"    secretAccessKey: |\n      a\n      V", "    secretAccessKey: |\n      a\n    V", "    secretAccessKey: |\n      a\n   V", "    secretAccessKey: |\n      a\n    V: x", "    secretAccessKey: |\n      a\nV",
		"    secretAccessKey: >\n      a\n V\n      b", "    secretAccessKey: |2\n     V", "    secretAccessKey: \"a\n      V\"", "    secretAccessKey: \"a\n      V", "    secretAccessKey: a\n      V\n      V",
		"    secretAccessKey: {\n      V\n    }", "    secretAccessKey: {\n      V: x,\n      V }", "    secretAccessKey: {a: b,\n      V", "    secretAccessKey: [\n      V,\n V]",
		"    secretAccessKey: V\n    secretAccessKey: V", "    secretAccessKey: {fromEnv: a}\n    secretAccessKey: V", "    nonsense: &x V\n    secretAccessKey: *x", "    nonsense: &x {a: b, c: V}\n    secretAccessKey: *x",
		"    nonsense: &x\n      a\n      V\n    secretAccessKey: *x", "    nonsense: {secretAccessKey: V}", "    nonsense: {a: {secret: V, b: c}, d: e}",
		"    roleId: secretAccessKey V", "    roleId: x\n      secretAccessKey V", "    roleId: {secretAccessKey: V}",
	} {
		for _, flow := range []string{before + lines + after, before + lines, strings.ReplaceAll(before, "awsKms:\n", "awsKms: {\n") + lines + "}",
			"apiVersion: v2\nkind: Project\nname: {\n" + lines + "}", before[:len(before)-len("    region: US_EAST_1\n")] + lines, before + "\tx: y\n" + lines} {
			text := strings.ReplaceAll(strings.ReplaceAll(flow, "V", sentinel), "api"+sentinel, "apiV")
			if _, ds := load(t, text); strings.Contains(everyFormat(t, ds), sentinel) {
				t.Errorf("it shows the secret of\n%s\n%s", text, everyFormat(t, ds))
			}
		}
	}
}

// TestHarmlessValuesAreShown: what cannot be a secret is not hidden, or nobody
// finds the mistake.
func TestHarmlessValuesAreShown(t *testing.T) {
	head := "apiVersion: atlasctl-sync/v1\nkind: Project\nname: x\n"
	for _, line := range []string{
		"organisation: Acme", "usrs: [{username: ana@example.com}]", "managedSlowMs: {enabld: true}", "ownr: ana@example.com", "tag: {env: prod}",
		"encryptionAtRest: {awsKms: {regoin: US_EAST_1, customerMasterKeyID: 030gce02-586d-48d2-a966-05ea954fde0g}}",
		"encryptionAtRest: {awsKms: {enabld: true, secretAccessKey: {fromEnv: AWS_SECRET}}}",
		"dataFederatoin: [{name: lake, limits: [{name: bytesProcessed.daily}]}]", "proxy: https://example.com/a/b", "until: 2026-12-31T00:00:00Z",
		"idd: 5f0000000000000000000001", "note: a sentence of several words, with Capitals and 4 digits", "serviceAccounts: [{name: secrets-rotator, descripton: rotates secrets}]",
	} {
		_, ds := load(t, head+line+"\n")
		if out := everyFormat(t, ds); !ds.HasErrors() || strings.Contains(out, spec.Masked) || !strings.Contains(out, "    4 | "+line) {
			t.Errorf("%s:\n%s", line, out)
		}
	}
	for _, line := range []string{"organisation: kJ8f2Lq0ZpX7vN3mB6tR", "x: -----BEGIN PRIVATE KEY-----", "x: [a, mdb_sa_sk_abcdefgh]", "x: 0123456789abcdef0123456789abcdef", "apikey: short", "passwort: x1y2", "Passphrase: abcd", "pwd: Sup3r", "pass: Sup3r", "pw: Sup3r", "pword: Sup3r", "auth: Sup3r"} {
		_, ds := load(t, head+line+"\n")
		_, value, _ := strings.Cut(line, ": ")
		if out := everyFormat(t, ds); !ds.HasErrors() || !strings.Contains(out, spec.Masked) || strings.Contains(out, strings.Trim(value, "[a, ]")) {
			t.Errorf("%s:\n%s", line, out)
		}
	}
}

// TestCommentsGarbleNothing: what a comment says is not taken out of messages.
func TestCommentsGarbleNothing(t *testing.T) {
	_, ds := load(t, "apiVersion: atlasctl-sync/v1\nkind: Project\nname: payments\nteams: # password of the team project payments\n  - {naem: x} # the account of the project\n")
	out := everyFormat(t, ds)
	if !ds.HasErrors() || strings.Count(out, spec.Masked) > 0 && !strings.Contains(out, "# "+spec.Masked) || !strings.Contains(out, "# the account of the project") || strings.Contains(out, spec.Masked+"/") {
		t.Error(out)
	}
}

// TestSecretsInDamagedFiles plants a secret in the examples, in one of the
// ways in which people do, and damages the file besides.
func TestSecretsInDamagedFiles(t *testing.T) {
	files, err := filepath.Glob("../examples/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples to start from", err)
	}
	var texts []string
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(data))
	}
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		// Among the other tests: the same cases each time. More: -rapid.checks=100000.
		for name, value := range map[string]string{"rapid.checks": "2000", "rapid.seed": "20261124"} {
			if err := flag.Set(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	shown := 0
	rapid.Check(t, func(r *rapid.T) {
		lines := strings.Split(rapid.SampledFrom(texts).Draw(r, "file"), "\n")
		place := rapid.IntRange(0, len(lines)).Draw(r, "place")
		key := rapid.SampledFrom([]string{"secretAccessKey", "serviceAccountKey", "secret", "secretAccesKey", "password"}).Draw(r, "key")
		form := rapid.SampledFrom([]string{": V", " V", " = V", ": *V", ": &V", ": &a V", ": {V}", ": {{V}}", ": {V: x}", ": [V]", ": !V", ": 'V", ": \"V", ": \"V\" # V", ": |\n+  a\n+  V",
			": |\n+  a\n+V", ": >\n+  V\n-V", ":\n+  V", ":\n+V", ":\n-V", ": {\n+V", ": {fromEnv: a, V}", ": {fromEnv: \"V\"}x", ": a\n+  V", ": - V", ": ? V"}).Draw(r, "form")
		indent := rapid.SampledFrom([]string{"", "  ", "    ", "      ", "  - ", "- ", "  - {", "    x: {", "\t"}).Draw(r, "indent")
		blank := strings.Repeat(" ", len(indent))
		value := rapid.SampledFrom([]string{sentinel, "wJalr/" + sentinel + "+ab==", "it is " + sentinel + ", see", "a\\t" + sentinel, sentinel + " #" + sentinel, "-----BEGIN " + sentinel + "-----", "x: " + sentinel}).Draw(r, "value")
		planted := indent + key + strings.NewReplacer("+", blank, "\n-", "\n"+blank[min(1, len(blank)):], "V", value).Replace(form)
		for range rapid.IntRange(0, 3).Draw(r, "damages") {
			i := rapid.IntRange(0, len(lines)-1).Draw(r, "line")
			at := rapid.IntRange(0, len(lines[i])).Draw(r, "at")
			switch rapid.SampledFrom([]string{"cut", "delete", "insert", "double", "indent"}).Draw(r, "damage") {
			case "cut":
				lines[i] = lines[i][:at]
			case "delete":
				lines[i] = lines[i][:at] + lines[i][min(len(lines[i]), at+1):]
			case "insert":
				lines[i] = lines[i][:at] + rapid.SampledFrom([]string{"{", "}", "[", "]", "\"", "'", ":", ": ", "-", "&", "*", "#", "|", ",", "\t", "é", "%"}).Draw(r, "what") + lines[i][at:]
			case "double":
				lines = append(lines[:i], append([]string{lines[i]}, lines[i:]...)...)
			case "indent":
				lines[i] = " " + lines[i]
			}
		}
		place = min(place, len(lines))
		text := strings.Join(append(append(append([]string{}, lines[:place]...), planted), lines[place:]...), "\n")
		_, ds := spec.Load(kinds.Catalog(), []string{"-"}, strings.NewReader(text))
		if len(ds) > 0 {
			shown++
		}
		if out := everyFormat(t, ds); strings.Contains(out, sentinel) {
			r.Fatalf("it shows the secret of\n%s\n%s", text, out)
		}
	})
	if shown == 0 {
		t.Error("nothing was said of any file")
	}
}
