#!/bin/bash
# Runs every libFuzzer target of build-fuzz for FUZZ_SECONDS from its kept corpus. What it finds new
# stays in build-fuzz; an input that crashes a target is left in build-fuzz/crashes.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p build-fuzz/crashes
run_one() {
  local target=$1 name corpus
  name=$(basename "$target")
  corpus=tests/fuzz/corpus/${name#fuzz_}
  # It reads what reviews are made of.
  [ "$name" != fuzz_admission ] || corpus=tests/fuzz/corpus/review
  mkdir -p "build-fuzz/found/$name"
  if "$target" -max_total_time="$FUZZ_SECONDS" -max_len=65536 -rss_limit_mb=1024 -timeout=10 \
    -artifact_prefix="build-fuzz/crashes/$name-" -print_final_stats=1 \
    "build-fuzz/found/$name" "$corpus" >"build-fuzz/$name.log" 2>&1; then
    echo "fuzz: $name: $(grep -o 'number_of_executed_units: .*' "build-fuzz/$name.log" |
      grep -oE '[0-9]+') inputs, no failure"
  else
    tail -n 40 "build-fuzz/$name.log"
    echo "fuzz: $name FAILED; the input is in build-fuzz/crashes" >&2
    return 1
  fi
}
export -f run_one
export FUZZ_SECONDS=${FUZZ_SECONDS:-60}
find build-fuzz/tests/fuzz -maxdepth 1 -type f -executable -name 'fuzz_*' -print0 | sort -z |
  xargs -0 -n 1 -P "${JOBS:-$(nproc)}" bash -c 'run_one "$1"' _
