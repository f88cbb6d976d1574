// Package charttest renders the chart as Helm does, decodes what comes as Kubernetes
// does, and runs what it would run.
package charttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

const dir = "../../charts/atlasctl-sync"

// The least that has to be said.
const least = "image: {repository: registry.example.com/atlasctl-sync}\nfiles: {configMap: atlas-files}\n"

// objects are what a release makes, by kind and name.
type objects struct {
	cron  map[string]batch.CronJob
	jobs  map[string]batch.Job
	files map[string]core.ConfigMap
	notes string
}

func load(t *testing.T) *chart.Chart {
	t.Helper()
	c, err := loader.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	c.Metadata.Version, c.Metadata.AppVersion = "1.2.3", "1.2.3" // as the release packs it
	return c
}

func render(t *testing.T, values string) (objects, error) {
	t.Helper()
	given, err := chartutil.ReadValues([]byte(values))
	if err != nil {
		t.Fatal(err)
	}
	c := load(t)
	all, err := chartutil.ToRenderValues(c, given, chartutil.ReleaseOptions{Name: "prod", Namespace: "atlas", Revision: 1, IsInstall: true}, nil)
	if err != nil {
		return objects{}, err
	}
	texts, err := engine.Render(c, all)
	if err != nil {
		return objects{}, err
	}
	o := objects{cron: map[string]batch.CronJob{}, jobs: map[string]batch.Job{}, files: map[string]core.ConfigMap{}}
	for path, text := range texts {
		if filepath.Base(path) == "NOTES.txt" {
			o.notes = text
			continue
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		switch {
		case strings.Contains(text, "kind: CronJob"):
			strictly(t, text, func(j batch.CronJob) { o.cron[j.Name] = j })
		case strings.Contains(text, "kind: Job"):
			strictly(t, text, func(j batch.Job) { o.jobs[j.Name] = j })
		default:
			strictly(t, text, func(c core.ConfigMap) { o.files[c.Name] = c })
		}
	}
	return o, nil
}

// strictly decodes an object; a field that Kubernetes does not know, or one given twice,
// is an error.
func strictly[T any](t *testing.T, text string, keep func(T)) {
	t.Helper()
	var object T
	if err := yaml.UnmarshalStrict([]byte(text), &object); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	keep(object)
}

func must(t *testing.T, values string) objects {
	t.Helper()
	o, err := render(t, values)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestLint(t *testing.T) {
	values, err := chartutil.ReadValues([]byte(least))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range lint.All(dir, values, "atlas", true).Messages {
		if m.Severity > support.InfoSev {
			t.Error(m)
		}
	}
}

// safe fails for a pod that could do more than its job.
func safe(t *testing.T, spec batch.JobSpec) {
	t.Helper()
	pod := spec.Template.Spec
	box := pod.Containers[0].SecurityContext
	if !*pod.SecurityContext.RunAsNonRoot || *pod.SecurityContext.RunAsUser == 0 || pod.SecurityContext.SeccompProfile.Type != core.SeccompProfileTypeRuntimeDefault ||
		!*box.ReadOnlyRootFilesystem || *box.AllowPrivilegeEscalation || !slices.Equal(box.Capabilities.Drop, []core.Capability{"ALL"}) ||
		*pod.AutomountServiceAccountToken || pod.RestartPolicy != core.RestartPolicyNever || *spec.ActiveDeadlineSeconds < 600 {
		t.Errorf("the pod may do too much: %+v", pod)
	}
	if pod.Containers[0].Resources.Limits.Memory().IsZero() || pod.Containers[0].Resources.Requests.Cpu().IsZero() {
		t.Error("no resources")
	}
}

func TestDefaults(t *testing.T) {
	o := must(t, least)
	if len(o.cron) != 1 || len(o.jobs)+len(o.files) != 0 {
		t.Fatalf("%+v", o)
	}
	j := o.cron["prod-atlasctl-sync-drift"]
	if j.Spec.ConcurrencyPolicy != batch.ForbidConcurrent || j.Spec.Schedule != "17 * * * *" || *j.Spec.Suspend {
		t.Errorf("%+v", j.Spec)
	}
	spec := j.Spec.JobTemplate.Spec
	safe(t, spec)
	c := spec.Template.Spec.Containers[0]
	if c.Image != "registry.example.com/atlasctl-sync:1.2.3" || c.EnvFrom[0].SecretRef.Name != "atlasctl-sync" || !c.VolumeMounts[0].ReadOnly {
		t.Errorf("%+v", c)
	}
	rule := spec.PodFailurePolicy.Rules[0]
	if *rule.OnExitCodes.ContainerName != c.Name || !slices.Equal(rule.OnExitCodes.Values, []int32{2, 6}) || *spec.BackoffLimit != 2 {
		t.Errorf("%+v", rule)
	}
	if spec.Template.Spec.Volumes[0].ConfigMap.Name != "atlas-files" || !strings.Contains(o.notes, "cronjob/prod-atlasctl-sync-drift ") {
		t.Errorf("%+v\n%s", spec.Template.Spec.Volumes, o.notes)
	}
}

// TestEverything: each value arrives where it belongs.
func TestEverything(t *testing.T) {
	o := must(t, `
image: {repository: r, tag: "9", pullPolicy: Always}
imagePullSecrets: [pull]
fullnameOverride: acme
files: {inline: {a.yaml: "kind: Project\n"}}
secrets: {drift: reader, apply: writer}
drift: {schedule: "@daily", timeZone: Europe/Vienna, args: [--unmanaged=scopes], timeoutMinutes: 5}
apply: {enabled: true, schedule: "5 * * * *", args: [--max-deletes=3]}
suspend: true
resources: {requests: {cpu: 1, memory: 1Gi}, limits: {memory: 1Gi}}
env: [{name: HTTPS_PROXY, value: "http://proxy:3128"}]
extraVolumes: [{name: ca, configMap: {name: ca}}]
extraVolumeMounts: [{name: ca, mountPath: /ca}]
podAnnotations: {a: b}
podLabels: {c: d}
nodeSelector: {e: f}
tolerations: [{key: g, operator: Exists}]
affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: []}}
`)
	drift, apply := o.cron["acme-drift"], o.cron["acme-apply"]
	if o.files["acme-files"].Data["a.yaml"] != "kind: Project\n" || *drift.Spec.TimeZone != "Europe/Vienna" || !*apply.Spec.Suspend || apply.Spec.ConcurrencyPolicy != batch.ForbidConcurrent {
		t.Errorf("%+v", o)
	}
	pod := apply.Spec.JobTemplate.Spec.Template
	safe(t, apply.Spec.JobTemplate.Spec)
	c := pod.Spec.Containers[0]
	if *apply.Spec.JobTemplate.Spec.BackoffLimit != 0 || c.EnvFrom[0].SecretRef.Name != "writer" || c.Image != "r:9" || c.Env[0].Value != "http://proxy:3128" || c.VolumeMounts[1].MountPath != "/ca" ||
		pod.Spec.Volumes[1].Name != "ca" || pod.Annotations["a"] != "b" || pod.Labels["c"] != "d" || pod.Spec.NodeSelector["e"] != "f" || pod.Spec.Tolerations[0].Key != "g" || pod.Spec.Affinity == nil || pod.Spec.ImagePullSecrets[0].Name != "pull" {
		t.Errorf("%+v", pod)
	}
	if !slices.Contains(c.Args, "--max-deletes=3") || !slices.Contains(drift.Spec.JobTemplate.Spec.Template.Spec.Containers[0].Args, "--unmanaged=scopes") {
		t.Error(c.Args)
	}
	o = must(t, least+"drift: {enabled: false}\napply: {enabled: true}\nsecrets: {apply: w}\n")
	job := o.jobs["prod-atlasctl-sync-apply"]
	if len(o.cron) != 0 || job.Annotations["helm.sh/hook"] != "post-install,post-upgrade" || !strings.Contains(o.notes, "--timeout 75m") {
		t.Errorf("%+v\n%s", job, o.notes)
	}
	safe(t, job.Spec)
	o = must(t, "image: {repository: r}\nfiles: {volume: {persistentVolumeClaim: {claimName: p}}}\n")
	if v := o.cron["prod-atlasctl-sync-drift"].Spec.JobTemplate.Spec.Template.Spec.Volumes[0]; v.PersistentVolumeClaim.ClaimName != "p" {
		t.Errorf("%+v", v)
	}
}

// TestMistakes: what cannot work is refused with what to say instead.
func TestMistakes(t *testing.T) {
	for values, want := range map[string]string{
		"files: {configMap: f}\n":                         "image.repository",
		"image: {repository: r}\n":                        "files.inline, files.configMap or files.volume",
		least + "apply: {enabled: true}\n":                "secrets.apply",
		least + "drift: {schedule: sometimes}\n":          "schedule",
		least + "drfit: {enabled: false}\n":               "drfit",
		least + "secrets: {drift: {clientSecret: abc}}\n": "secrets",
		least + "drift: {timeoutMinutes: 20m}\n":          "timeoutMinutes",
		"files: {inline: {notes.txt: a}}\n":               "notes.txt",
	} {
		if _, err := render(t, values); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, which does not say %s", values, err, want)
		}
	}
}

// TestRuns runs the containers' arguments against the emulator.
func TestRuns(t *testing.T) {
	program := filepath.Join(t.TempDir(), "atlasctl-sync")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./cmd/atlasctl-sync")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	o := must(t, "image: {repository: r}\nsecrets: {apply: w}\napply: {enabled: true}\nfiles:\n  inline:\n    payments.yaml: |\n      apiVersion: atlasctl-sync/v1\n      kind: Project\n      name: payments\n      organization: Acme\n      managedSlowMs: {enabled: false}\n")
	files, world := t.TempDir(), t.TempDir()
	for name, text := range o.files["prod-atlasctl-sync-files"].Data {
		if err := os.WriteFile(filepath.Join(files, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(spec batch.JobSpec, want int) {
		t.Helper()
		args := slices.Clone(spec.Template.Spec.Containers[0].Args)
		args[slices.Index(args, "/atlas")] = files
		cmd := exec.CommandContext(t.Context(), program, append(args, "--sandbox="+world)...)
		cmd.Env, cmd.Dir = []string{}, t.TempDir() // the image has no HOME
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		err := cmd.Run()
		if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		if code := cmd.ProcessState.ExitCode(); code != want {
			t.Errorf("%v: exit code %d, want %d\n%s", args, code, want, out.String())
		}
	}
	drift, apply := o.cron["prod-atlasctl-sync-drift"].Spec.JobTemplate.Spec, o.jobs["prod-atlasctl-sync-apply"].Spec
	run(drift, 2)
	run(apply, 0)
	run(drift, 0)
}

// TestSchema: every value has a type.
func TestSchema(t *testing.T) {
	var schema struct {
		Properties map[string]struct{ Properties map[string]any }
	}
	if err := json.Unmarshal(load(t).Schema, &schema); err != nil {
		t.Fatal(err)
	}
	for name, value := range load(t).Values {
		if _, ok := schema.Properties[name]; !ok {
			t.Error("the schema does not know", name)
		}
		if below, ok := value.(map[string]any); ok && schema.Properties[name].Properties != nil {
			for n := range below {
				if _, ok := schema.Properties[name].Properties[n]; !ok {
					t.Errorf("the schema does not know %s.%s", name, n)
				}
			}
		}
	}
}
