#!/bin/bash
# Fails where clang-format 14 would change a source. Other versions format other code differently,
# so with one of them it says so and leaves the check out.
set -euo pipefail
cd "$(dirname "$0")/.."

formatter=$(command -v clang-format-14 || command -v clang-format || true)
[ -n "$formatter" ] || {
  echo "format: no clang-format: run scripts/install-deps.sh --check" >&2
  exit 1
}
version=$("$formatter" --version | grep -oE '[0-9]+\.[0-9]+' | head -n 1)
if [ "${version%%.*}" != 14 ]; then
  echo "format: left out: the sources are in clang-format 14's format, this is $version (Debian 12 has 14)"
  exit 0
fi
git ls-files -z '*.h' '*.cc' | xargs -0 "$formatter" --dry-run --Werror
