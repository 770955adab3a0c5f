#!/bin/bash
# Runs clang-tidy 14 with .clang-tidy on every source of the program, or on those given, as the dev
# build compiles it: without precompiled headers, which are g++'s.
# BUDGET_SECONDS ends it early and says what was left out; what is checked is drawn anew each day
# then, so that nothing is left out for ever.
set -euo pipefail
cd "$(dirname "$0")/.."

tidy=$(command -v clang-tidy-14 || command -v clang-tidy || true)
[ -n "$tidy" ] || {
  echo "tidy: no clang-tidy: run scripts/install-deps.sh --check" >&2
  exit 1
}
version=$("$tidy" --version | grep -oE 'version [0-9]+' | grep -oE '[0-9]+' | head -n 1)
if [ "$version" != 14 ]; then
  echo "tidy: left out: the checks are those of clang-tidy 14, this is $version (Debian 12 has 14)"
  exit 0
fi
cmake --preset dev >/dev/null

if [ $# -gt 0 ]; then
  files=("$@")
else
  mapfile -t files < <(git ls-files 'policy/*.cc' 'k8s/*.cc' 'certs/*.cc' 'webhook/*.cc' |
    shuf --random-source=<(yes "$(date +%F)"))
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
export BUDGET_END=$((${BUDGET_SECONDS:-86400} + $(date +%s))) results tidy
check_one() {
  local file=$1 log
  if [ "$(date +%s)" -ge "$BUDGET_END" ]; then
    echo "$file" >>"$results/left_out"
    return 0
  fi
  log=$results/$(echo "$file" | tr / _).log
  # The commands are g++'s, with options that clang has no use for.
  if "$tidy" --quiet -p build-dev --extra-arg=-Wno-unused-command-line-argument "$file" >"$log" 2>/dev/null; then rm -f "$log"; else echo "$file" >>"$results/failed"; fi
}
export -f check_one
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "${JOBS:-$(nproc)}" bash -c 'check_one "$1"' _

if [ -e "$results/left_out" ]; then
  echo "tidy: out of time: left out $(wc -l <"$results/left_out") of ${#files[@]} files"
fi
if [ -e "$results/failed" ]; then
  cat "$results"/*.log
  echo "tidy: $(wc -l <"$results/failed") of ${#files[@]} files have findings" >&2
  exit 1
fi
echo "tidy: no findings"
