#!/bin/bash
# Builds the version before this one, whose commit stands in tests/e2e/previous_version, as
# $BALLAST_E2E_CACHE/bin/ballast-previous: two versions run side by side during every upgrade.
set -euo pipefail
cd "$(dirname "$0")/../.."

cache=${BALLAST_E2E_CACHE:-$HOME/.cache/ballast-lab}
commit=$(cat tests/e2e/previous_version)
mkdir -p "$cache/bin"
exec 9>"$cache/lock"
flock 9
if [ -x "$cache/bin/ballast-previous" ] &&
  [ "$(cat "$cache/bin/ballast-previous.version" 2>/dev/null)" = "$commit" ]; then exit 0; fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git archive "$commit" | tar -x -C "$folder" || {
  echo "previous version: the commit $commit is not in this clone" >&2
  exit 1
}
# What install-deps.sh has fetched for this tree serves that one too.
[ ! -d .cache ] || cp -r .cache "$folder/.cache"
# What it decides is looked at, and not its speed: without optimisation it takes a third less to build.
cmake -S "$folder" -B "$folder/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug >/dev/null
cmake --build "$folder/build" -j "${JOBS:-$(nproc)}" --target ballast >"$folder/log" ||
  { tail -n 20 "$folder/log" >&2; exit 1; }
strip -o "$cache/bin/ballast-previous" "$folder/build/ballast"
echo "$commit" >"$cache/bin/ballast-previous.version"
