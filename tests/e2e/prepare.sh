#!/bin/bash
# Brings what the scenarios need, once: tests/e2e/prepare.sh [SCENARIO...], all where none is named.
# What is in $BALLAST_E2E_CACHE (~/.cache/ballast-lab) already stays.
set -euo pipefail
cd "$(dirname "$0")/../.."

[ $# -gt 0 ] || set -- submit policy reports load views spark-submit operator kinds paths down
programs=(etcd kube-apiserver kube-controller-manager kubectl helm spark-crds)
spark=
previous=
for scenario in "$@"; do
  case $scenario in
    operator) programs+=(spark-operator) spark=yes ;;
    spark-submit | paths) spark=yes ;;
    views) previous=yes ;;
    reports) programs+=(reports-crd) ;;
  esac
done
scripts/timed.sh "control plane" tests/e2e/build_control_plane.sh "${programs[@]}"
[ -z "$spark" ] || scripts/timed.sh "Spark" tests/e2e/fetch_spark.sh
[ -z "$previous" ] || scripts/timed.sh "previous version" tests/e2e/build_previous.sh
