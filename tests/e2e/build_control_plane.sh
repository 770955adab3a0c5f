#!/bin/bash
# Builds a Kubernetes control plane, kubectl, helm and the Spark operator from the Go module registry,
# and fetches the definitions of the Spark operator and of openreports.io, into $BALLAST_E2E_CACHE
# (~/.cache/ballast-lab; programs in its bin). What is there in the wanted version stays.
#
#   tests/e2e/build_control_plane.sh            all of them
#   tests/e2e/build_control_plane.sh helm ...   only these
#
# Takes about fourteen minutes of two cores, once. Addresses of registries are the machine's own
# settings (`go env GOPROXY`). Every module is checked against Go's checksum database.
set -euo pipefail

kubernetes=1.36.3
etcd=3.6.8
helm=3.22.0
spark_operator=2.5.2
reports=0.2.1
krew=0.4.3
# What Kubernetes' own go.mod asks for. An older Go fetches this one as a module.
go_wanted=1.26.0
go_toolchain=v0.0.1-go1.26.0.linux-$(dpkg --print-architecture)

cache=${BALLAST_E2E_CACHE:-$HOME/.cache/ballast-lab}
bin=$cache/bin
modules=$cache/modules
mkdir -p "$bin" "$modules"

say() { echo "control plane: $*"; }
die() {
  echo "control plane: $*" >&2
  exit 1
}

# Sets go_command to a Go that is new enough: the machine's, or the toolchain that is published as
# a module, which any Go from 1.19 (Debian 12's) on can download and check.
find_go() {
  local go have
  go=$(command -v go) || die "needs any Go from 1.19 on (Debian: golang-go) to fetch modules with"
  have=$(cd / && GOTOOLCHAIN=local "$go" env GOVERSION)
  if printf '%s\n' "$go_wanted" "${have#go}" | sort -V -C; then
    go_command=$go
    return
  fi
  go_command=$cache/go/$go_toolchain/bin/go
  [ ! -x "$go_command" ] || return 0
  say "Go here is ${have#go}: fetching the toolchain of $go_wanted as a module"
  local zip_folder
  mkdir -p "$modules/go"
  zip_folder=$(cd "$modules/go" && printf 'module none\n\ngo 1.19\n' >go.mod &&
    "$go" mod download -json "golang.org/toolchain@$go_toolchain" |
    sed -n 's/.*"Dir": "\(.*\)",*/\1/p')
  [ -d "$zip_folder" ] || die "the toolchain could not be fetched"
  mkdir -p "$cache/go"
  rm -rf "$cache/go/$go_toolchain"
  cp -r "$zip_folder" "$cache/go/$go_toolchain.new"
  # Modules carry no execute bits.
  chmod -R u+w "$cache/go/$go_toolchain.new"
  chmod -R a+x "$cache/go/$go_toolchain.new/bin" "$cache/go/$go_toolchain.new/pkg/tool"
  mv "$cache/go/$go_toolchain.new" "$cache/go/$go_toolchain"
}

# A module that requires Kubernetes. Its go.mod replaces the staging modules by folders of its own
# repository; in the registry the same modules have the version 0.MINOR.PATCH.
write_kubernetes_module() {
  local folder=$modules/kubernetes-$kubernetes-etcd-$etcd its_mod
  cd "$modules" && mkdir -p "$folder" && cd "$folder"
  [ ! -f complete ] || return 0
  printf 'module controlplane\n\ngo %s\n' "$go_wanted" >go.mod
  its_mod=$("$go_command" mod download -json "k8s.io/kubernetes@v$kubernetes" |
    sed -n 's/.*"GoMod": "\(.*\)",*/\1/p')
  [ -f "$its_mod" ] || die "no go.mod of Kubernetes $kubernetes"
  {
    printf 'module controlplane\n\ngo %s\n\n' "$go_wanted"
    printf 'require k8s.io/kubernetes v%s\n\nrequire go.etcd.io/etcd/server/v3 v%s\n\n' \
      "$kubernetes" "$etcd"
    sed -n 's#^[[:space:]]*\(replace \)\{0,1\}\(k8s.io/[^ ]*\) => ./staging.*#\2#p' "$its_mod" |
      sed "s#.*#replace & => & v0.${kubernetes#*.}#"
  } >go.mod.new
  mv go.mod.new go.mod
  cat >tools.go <<END
//go:build tools

package tools

import (
	_ "go.etcd.io/etcd/server/v3"
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
END
  touch complete
}

# build NAME VERSION COMMAND...: runs the command, which is to write $bin/NAME.new.
build() {
  local name=$1 version=$2
  shift 2
  if [ -x "$bin/$name" ] && [ "$(cat "$bin/$name.version" 2>/dev/null)" = "$version" ]; then return; fi
  say "building $name $version"
  local before=$SECONDS
  "$@" || die "$name could not be built"
  mv "$bin/$name.new" "$bin/$name"
  echo "$version" >"$bin/$name.version"
  say "built $name $version in $((SECONDS - before)) s"
}

build_of_kubernetes() {
  write_kubernetes_module
  local minor=${kubernetes#*.} flags
  # kubectl and Helm ask the API server for its version, and refuse one that has none.
  flags="-s -w -X k8s.io/component-base/version.gitVersion=v$kubernetes"
  flags+=" -X k8s.io/component-base/version.gitMajor=${kubernetes%%.*}"
  flags+=" -X k8s.io/component-base/version.gitMinor=${minor%%.*}"
  flags+=" -X k8s.io/client-go/pkg/version.gitVersion=v$kubernetes"
  "$go_command" build -trimpath -ldflags "$flags" -o "$bin/$1.new" "$2"
}

build_helm() {
  cd "$modules"
  GOBIN=$modules/helm-bin "$go_command" install -trimpath -ldflags "-s -w" \
    "helm.sh/helm/v3/cmd/helm@v$helm" && mv "$modules/helm-bin/helm" "$bin/helm.new"
}

# For tests/krew; not built unless named.
build_krew() {
  cd "$modules"
  GOBIN=$modules/krew-bin "$go_command" install -trimpath -ldflags "-s -w" \
    "sigs.k8s.io/krew/cmd/$1@v$krew" && mv "$modules/krew-bin/$1" "$bin/$1.new"
}

# A module that requires the Spark operator. Its own version asks for other versions of Kubernetes'
# libraries than the control plane's.
write_operator_module() {
  mkdir -p "$modules/spark-operator-$spark_operator" && cd "$modules/spark-operator-$spark_operator"
  [ ! -f complete ] || return 0
  printf 'module operator\n\ngo %s\n\nrequire github.com/kubeflow/spark-operator/v2 v%s\n' \
    "$go_wanted" "$spark_operator" >go.mod
  printf '//go:build tools\n\npackage tools\n\nimport _ "%s/cmd/operator"\n' \
    github.com/kubeflow/spark-operator/v2 >tools.go
  touch complete
}

build_spark_operator() {
  write_operator_module
  "$go_command" build -trimpath -ldflags "-s -w" -o "$bin/spark-operator.new" \
    github.com/kubeflow/spark-operator/v2/cmd/operator
}

# The Spark operator's resource definitions, from its own chart, and its examples.
fetch_spark_crds() {
  local wanted=$cache/spark-crds-$spark_operator folder
  [ ! -d "$wanted/examples" ] || return 0
  write_operator_module
  folder=$("$go_command" mod download -json "github.com/kubeflow/spark-operator/v2@v$spark_operator" |
    sed -n 's/.*"Dir": "\(.*\)",*/\1/p')
  rm -rf "$wanted" "$wanted.new"
  cp -r "$folder/charts/spark-operator-chart/crds" "$wanted.new"
  chmod -R u+w "$wanted.new"
  cp -r "$folder/examples" "$wanted.new/examples"
  chmod -R u+w "$wanted.new"
  mv "$wanted.new" "$wanted"
}

# The definition of Reports, as openreports.io publishes it.
fetch_reports_crd() {
  local wanted=$cache/reports-crd-$reports folder
  [ ! -d "$wanted" ] || return 0
  mkdir -p "$modules/reports" && cd "$modules/reports"
  printf 'module none\n\ngo %s\n' "$go_wanted" >go.mod
  folder=$("$go_command" mod download -json "github.com/openreports/reports-api@v$reports" |
    sed -n 's/.*"Dir": "\(.*\)",*/\1/p')
  [ -d "$folder" ] || die "the definition of Reports could not be fetched"
  rm -rf "$wanted.new"
  cp -r "$folder/config/crd" "$wanted.new"
  chmod -R u+w "$wanted.new"
  mv "$wanted.new" "$wanted"
}

exec 9>"$cache/lock"
flock 9
find_go
export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS="-p=$(nproc) -mod=mod -buildvcs=false" GO111MODULE=on
[ $# -gt 0 ] || set -- etcd kube-apiserver kube-controller-manager kubectl helm spark-crds reports-crd \
  spark-operator
for name in "$@"; do
  case $name in
    etcd) build etcd "$etcd" build_of_kubernetes etcd go.etcd.io/etcd/server/v3 ;;
    kube-apiserver | kube-controller-manager | kubectl)
      build "$name" "$kubernetes" build_of_kubernetes "$name" "k8s.io/kubernetes/cmd/$name" ;;
    helm) build helm "$helm" build_helm ;;
    krew | validate-krew-manifest) build "$name" "$krew" build_krew "$name" ;;
    spark-operator) build spark-operator "$spark_operator" build_spark_operator ;;
    spark-crds) fetch_spark_crds ;;
    reports-crd) fetch_reports_crd ;;
    *) die "unknown program '$name'" ;;
  esac
done
