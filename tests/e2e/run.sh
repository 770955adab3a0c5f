#!/bin/bash
# Runs the end-to-end test: tests/e2e/run.sh [--image build/image | --binary build/ballast] [SCENARIO...]
#
# Everything runs in namespaces of its own: network, processes, mounts. When the driver ends, however
# it ends, the kernel ends every process in it and takes network and files along: nothing stays.
# The control plane's programs come from $BALLAST_E2E_CACHE/bin, see build_control_plane.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."

[ "$(id -u)" = 0 ] || {
  echo "e2e: needs root, for namespaces" >&2
  exit 1
}
export BALLAST_E2E_CACHE=${BALLAST_E2E_CACHE:-$HOME/.cache/ballast-lab}
export PYTHONPATH=tests/e2e PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# The machine's own cluster and proxies are none of the test's business.
unset KUBECONFIG HTTP_PROXY HTTPS_PROXY http_proxy https_proxy ALL_PROXY all_proxy
# A chain of "end with your parent": this script, unshare, the first process of the namespaces.
setpriv --pdeathsig KILL unshare --net --mount --pid --fork --mount-proc --kill-child=KILL -- \
  bash -c 'mount -t tmpfs -o mode=0755 tmpfs /run && mkdir /run/e2e &&
    exec python3 tests/e2e/main.py --folder /run/e2e "$@"' run "$@" &
child=$!
trap 'kill -KILL $child; exit 130' INT TERM HUP
wait $child
