package schema_test

import (
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// TestPlaceholders: in a baseline a placeholder stands where a value does, and what
// the schema takes there the loader takes; in other documents it is no value.
func TestPlaceholders(t *testing.T) {
	c := trial(t)
	compiled, _ := compile(t, c)
	check := func(doc string) bool {
		t.Helper()
		var value any
		if err := yaml.Unmarshal([]byte(doc), &value); err != nil {
			t.Fatal(err)
		}
		return compiled.Validate(value) == nil
	}
	vars := "---\napiVersion: atlasctl-sync/v1\nkind: Project\nname: p\nvars:\n  text: t\n  type: MAIL\n  letter: A\n  number: 1.5\n" +
		"  channels: [{type: CHAT, token: k}]\n  channel: {type: MAIL, address: a}\n  entry: {cidr: c, place: {name: p}}\n  entries: [{cidr: c, place: {name: p}}]\n"
	for section, fine := range map[string]bool{
		`[{cidr: c, place: {name: p}, limit: "${vars.number}"}]`:                        true,
		`[{cidr: "${name}", place: {name: "a-${vars.text}"}}]`:                          true,
		`[{cidr: c, place: {name: p}, channels: "${vars.channels}"}]`:                   true,
		`[{cidr: c, place: {name: p}, channels: ["${vars.channel}"]}]`:                  true,
		`[{cidr: c, place: {name: p}, channels: [{type: "${vars.type}", address: a}]}]`: true,
		`[{cidr: c, place: {name: p}, type: "${vars.letter}", login: l}]`:               true,
		`["${vars.entry}"]`:                                                true,
		`"${vars.entries}"`:                                                true,
		`[{cidr: c, place: {name: p}, limit: much}]`:                       false,
		`[{cidr: c, place: {name: p}, limit: "${number}"}]`:                false,
		`[{cidr: c, place: {name: p}, limit: "$number"}]`:                  false,
		`[{cidr: c, place: {name: p}, type: C, login: l}]`:                 false,
		`[{cidr: c, place: {name: p}, channels: [{type: CHAT, room: r}]}]`: false,
		`[{cidr: c, place: {name: p}, nope: "${vars.text}"}]`:              false,
		`[{cidr: c, place: {name: p}, limit: "${vars.number}", channels: [{type: CHAT, token: x, address: a}]}]`: false,
	} {
		baseline := "apiVersion: atlasctl-sync/v1\nkind: Baseline\nmatch: {name: p}\ntrials: " + section + "\n"
		if check(baseline) != fine {
			t.Errorf("%s: the schema says %v", section, !fine)
		}
		used := vars
		for _, line := range strings.SplitAfter(vars, "\n") { // each variable has to be asked for
			if name, _, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && strings.HasPrefix(line, "  ") && !strings.Contains(section, "vars."+name+"}") {
				used = strings.Replace(used, line, "", 1)
			}
		}
		used = strings.TrimSuffix(used, "vars:\n")
		if _, diags := spec.Load(c, []string{"-"}, strings.NewReader(baseline+used)); diags.HasErrors() == fine {
			t.Errorf("%s: the loader says %v", section, diags)
		}
		own := "apiVersion: atlasctl-sync/v1\nkind: Project\nname: p\ntrials: " + section + "\n"
		if strings.Contains(section, `limit: "$`) && check(own) {
			t.Errorf("%s: a project's document takes it", section)
		}
	}
	if !check(strings.TrimPrefix(vars, "---\n")) || !check("apiVersion: atlasctl-sync/v1\nkind: Project\nname: p\nwithout: {trials: why}\n") {
		t.Error("the schema does not know vars and without")
	}
	if check("apiVersion: atlasctl-sync/v1\nkind: Project\nname: p\nwithout: {trials: ''}\n") || check("apiVersion: atlasctl-sync/v1\nkind: Project\nname: p\nvars: {two words: 1}\n") {
		t.Error("the schema takes an exception without a reason, or a variable of two words")
	}
}
