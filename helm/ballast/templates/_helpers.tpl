{{- define "ballast.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* The release's name, and the chart's where that is not in it. Leaves room for suffixes. */}}
{{- define "ballast.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "ballast.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "ballast.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "ballast.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ballast.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of an object. Takes (list $ "component"). */}}
{{- define "ballast.labels" -}}
{{- $ := index . 0 -}}
helm.sh/chart: {{ printf "%s-%s" $.Chart.Name ($.Chart.Version | replace "+" "_") }}
{{ include "ballast.selectorLabels" $ }}
app.kubernetes.io/component: {{ index . 1 }}
app.kubernetes.io/version: {{ $.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $.Release.Service }}
{{- with $.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "ballast.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "ballast.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "ballast.secretName" -}}
{{- default (printf "%s-tls" (include "ballast.fullname" .)) .Values.certificates.secretName -}}
{{- end -}}

{{- define "ballast.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* What the restricted Pod Security level asks for. */}}
{{- define "ballast.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "ballast.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
privileged: false
capabilities: {drop: [ALL]}
{{- end -}}

{{/* The pod of a hook: our own binary with some arguments under an account of its own.
     Takes a dict: root, component, account, args. */}}
{{- define "ballast.hookPod" -}}
{{- $ := .root -}}
metadata:
  labels:
    {{- include "ballast.labels" (list $ .component) | nindent 4 }}
spec:
  restartPolicy: Never
  serviceAccountName: {{ .account }}
  {{- with $.Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- include "ballast.podSecurityContext" $ | nindent 4 }}
  containers:
    - name: ballast
      image: {{ include "ballast.image" $ | quote }}
      imagePullPolicy: {{ $.Values.image.pullPolicy }}
      args:
        {{- range .args }}
        - {{ . | quote }}
        {{- end }}
      resources:
        {{- toYaml $.Values.hooks.resources | nindent 8 }}
      securityContext:
        {{- include "ballast.containerSecurityContext" $ | nindent 8 }}
  {{- with $.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* The spec of a hook's Job. Takes what ballast.hookPod takes; deadline: its own, in seconds. */}}
{{- define "ballast.hookJob" -}}
backoffLimit: {{ .root.Values.hooks.backoffLimit }}
activeDeadlineSeconds: {{ default .root.Values.hooks.activeDeadlineSeconds .deadline }}
# One that failed is kept for its log, but not for ever.
ttlSecondsAfterFinished: 3600
template:
  {{- include "ballast.hookPod" . | nindent 2 }}
{{- end -}}

{{/* The annotations of a hook. Takes (list "events" weight). Nothing of it stays behind, but for a
     Job that failed. */}}
{{- define "ballast.hookAnnotations" -}}
helm.sh/hook: {{ index . 0 }}
helm.sh/hook-weight: {{ index . 1 | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}

{{- define "ballast.rotateArgs" -}}
{{- $name := include "ballast.fullname" . -}}
- certs
- rotate
- --namespace={{ .Release.Namespace }}
- --secret={{ include "ballast.secretName" . }}
- --service={{ $name }}
{{- if include "ballast.mutating" . }}
- --mutating={{ $name }}
{{- end }}
{{- if include "ballast.validating" . }}
- --validating={{ $name }}
{{- end }}
- --leaf-days={{ int .Values.certificates.ballast.leafDays }}
- --authority-days={{ int .Values.certificates.ballast.authorityDays }}
- --overlap-days={{ int .Values.certificates.ballast.overlapDays }}
{{- end -}}

{{/* What `certs rotate` may do in the namespace. Takes (list $ createToo). */}}
{{- define "ballast.rotateRole" -}}
{{- $ := index . 0 -}}
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [{{ include "ballast.secretName" $ }}]
  verbs:
    - get     # to see which certificates there are
    - update  # to put the renewed ones in their place
{{- if index . 1 }}
- apiGroups: [""]
  resources: [secrets]
  verbs:
    - create  # the Secret, when there is none yet; a name cannot be required for this verb
{{- end }}
{{- end -}}

{{/* What `certs rotate` may do in the cluster. */}}
{{- define "ballast.rotateClusterRole" -}}
- apiGroups: [admissionregistration.k8s.io]
  resources: [mutatingwebhookconfigurations, validatingwebhookconfigurations]
  resourceNames: [{{ include "ballast.fullname" . }}]
  verbs:
    - get    # to see whom they trust
    - patch  # to write caBundle, and only that
{{- end -}}

{{/* The values of webhooks that came later than the chart. `helm upgrade --reuse-values` keeps the
     values of the release, which know nothing of them: then these count, as those of values.yaml. */}}
{{- define "ballast.submissions" -}}
{{- $default := dict "enabled" true "failurePolicy" "Ignore" "timeoutSeconds" 3 "reinvocationPolicy" "IfNeeded" "namespaceSelector" dict -}}
{{- toYaml (default $default .Values.webhooks.submissions) -}}
{{- end -}}

{{- define "ballast.unknownVersions" -}}
{{- toYaml (default (dict "enabled" true "timeoutSeconds" 3) .Values.webhooks.unknownVersions) -}}
{{- end -}}

{{/* Not empty where there is such a configuration. */}}
{{- define "ballast.mutating" -}}
{{- $submissions := include "ballast.submissions" . | fromYaml -}}
{{- if or .Values.webhooks.mutate.enabled .Values.webhooks.policies.enabled $submissions.enabled -}}
yes
{{- end -}}
{{- end -}}

{{- define "ballast.validating" -}}
{{- $unknown := include "ballast.unknownVersions" . | fromYaml -}}
{{- if or .Values.webhooks.validate.enabled .Values.webhooks.policies.enabled $unknown.enabled -}}
yes
{{- end -}}
{{- end -}}

{{/* Which namespaces are judged. Takes (list $ selector). */}}
{{- define "ballast.namespaceSelector" -}}
{{- $ := index . 0 -}}
{{- $selector := index . 1 -}}
{{- with $selector.matchLabels }}
matchLabels:
  {{- toYaml . | nindent 2 }}
{{- end }}
matchExpressions:
  - key: kubernetes.io/metadata.name
    operator: NotIn
    values:
      {{- range concat (list "kube-system" $.Release.Namespace) $.Values.webhooks.excludeNamespaces | uniq }}
      - {{ . | quote }}
      {{- end }}
  # The switch that needs no Ballast: kubectl label namespace NAME ballast.dev/admission=off
  - key: ballast.dev/admission
    operator: NotIn
    values: ["off"]
  {{- with $selector.matchExpressions }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* Only what asks for something new is judged; finalizers, labels, status and deletion never are.
     Takes the list of further conditions. */}}
{{- define "ballast.matchConditions" -}}
- name: not-being-deleted
  expression: "!has(object.metadata.deletionTimestamp)"
- name: asks-for-something-else
  expression: >-
    request.operation == 'CREATE' || object.?spec != oldObject.?spec ||
    ['original', 'planned', 'decision', 'rewrite', 'rejudge', 'requester'].exists(name,
    object.metadata.?annotations[?('ballast.dev/' + name)] !=
    oldObject.metadata.?annotations[?('ballast.dev/' + name)])
{{- with . }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Where the API server finds the webhook. Takes (list $ "/path"). */}}
{{- define "ballast.clientConfig" -}}
{{- $ := index . 0 -}}
service:
  name: {{ include "ballast.fullname" $ }}
  namespace: {{ $.Release.Namespace }}
  port: 443
  path: {{ index . 1 }}
{{- if eq $.Values.certificates.source "secret" }}
caBundle: {{ required "certificates.secret.caBundle is needed: the PEM of who signed the Secret's certificate" $.Values.certificates.secret.caBundle | b64enc }}
{{- end }}
{{- end -}}

{{- define "ballast.webhookAnnotations" -}}
{{- $annotations := deepCopy .Values.webhooks.annotations -}}
{{- if eq .Values.certificates.source "cert-manager" -}}
{{- $_ := set $annotations "cert-manager.io/inject-ca-from" (printf "%s/%s" .Release.Namespace (include "ballast.fullname" .)) -}}
{{- end -}}
{{- with $annotations -}}
{{ toYaml . }}
{{- end -}}
{{- end -}}
