{{- define "atlasctl-sync.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "atlasctl-sync.labels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- /* A Job of one command: a dict of root, command, args (what the command has to have), values (drift or apply) and secret. */ -}}
{{- define "atlasctl-sync.job" -}}
{{- $v := .root.Values -}}
{{- if eq .command "drift" }}
# A failed read may pass, so it is tried again. Drift (2) and a file at fault (6) stay
# what they are: the Job fails at once, for alerts on it.
backoffLimit: 2
podFailurePolicy:
  rules:
    - action: FailJob
      onExitCodes: {containerName: drift, operator: In, values: [2, 6]}
{{- else }}
# What an apply left undone is planned anew, not tried again.
backoffLimit: 0
{{- end }}
activeDeadlineSeconds: {{ add (mul .values.timeoutMinutes 60) 600 }}
ttlSecondsAfterFinished: 86400
template:
  metadata:
    labels:
      {{- include "atlasctl-sync.labels" .root | nindent 6 }}
      app.kubernetes.io/component: {{ .command }}
      {{- with $v.podLabels }}{{ toYaml . | nindent 6 }}{{ end }}
    {{- with $v.podAnnotations }}
    annotations: {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    restartPolicy: Never
    # It talks to Atlas, never to the cluster.
    automountServiceAccountToken: false
    enableServiceLinks: false
    # A pod that is ended finishes what is in flight.
    terminationGracePeriodSeconds: 300
    securityContext:
      runAsNonRoot: true
      runAsUser: 65532
      runAsGroup: 65532
      seccompProfile: {type: RuntimeDefault}
    {{- with $v.imagePullSecrets }}
    imagePullSecrets:
      {{- range . }}
      - name: {{ . | quote }}
      {{- end }}
    {{- end }}
    containers:
      - name: {{ .command }}
        image: {{ printf "%s:%s" (required "image.repository: say where your registry has the image" $v.image.repository) (default .root.Chart.AppVersion $v.image.tag) | quote }}
        imagePullPolicy: {{ $v.image.pullPolicy }}
        args: {{- concat (list .command "-f" "/atlas" "-q" "--no-color" "--timeout" (printf "%vm" .values.timeoutMinutes)) .args .values.args | toYaml | nindent 10 }}
        envFrom:
          - secretRef: {name: {{ required (printf "secrets.%s: name the Secret with the credentials" .command) .secret | quote }}}
        {{- with $v.env }}
        env: {{- toYaml . | nindent 10 }}
        {{- end }}
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities: {drop: [ALL]}
        {{- with $v.resources }}
        resources: {{- toYaml . | nindent 10 }}
        {{- end }}
        volumeMounts:
          - {name: files, mountPath: /atlas, readOnly: true}
          {{- with $v.extraVolumeMounts }}{{ toYaml . | nindent 10 }}{{ end }}
    volumes:
      - name: files
        {{- if $v.files.inline }}
        configMap: {name: {{ include "atlasctl-sync.fullname" .root }}-files}
        {{- else if $v.files.configMap }}
        configMap: {name: {{ $v.files.configMap | quote }}}
        {{- else if $v.files.volume }}
        {{- toYaml $v.files.volume | nindent 8 }}
        {{- else }}
        {{- fail "files: say where the declared files are: files.inline, files.configMap or files.volume" }}
        {{- end }}
      {{- with $v.extraVolumes }}{{ toYaml . | nindent 6 }}{{ end }}
    {{- with $v.nodeSelector }}
    nodeSelector: {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $v.tolerations }}
    tolerations: {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $v.affinity }}
    affinity: {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end -}}

{{- /* A CronJob of one command: as above. */ -}}
{{- define "atlasctl-sync.cronjob" -}}
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {{ include "atlasctl-sync.fullname" .root }}-{{ .command }}
  labels: {{- include "atlasctl-sync.labels" .root | nindent 4 }}
spec:
  schedule: {{ .values.schedule | quote }}
  {{- with .values.timeZone }}
  timeZone: {{ . | quote }}
  {{- end }}
  suspend: {{ .root.Values.suspend }}
  # A slow run must not meet the next one.
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 600
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec: {{- include "atlasctl-sync.job" . | trim | nindent 6 }}
{{- end -}}
