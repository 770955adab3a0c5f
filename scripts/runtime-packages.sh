#!/bin/bash
# Prints the Debian packages that own the shared libraries a program is linked with, so that the
# image's list of packages cannot fall behind the build: scripts/runtime-packages.sh PROGRAM
set -euo pipefail

program=${1:?usage: scripts/runtime-packages.sh PROGRAM}
readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | while read -r library; do
  path=$(ldd "$program" | awk -v name="$library" '$1 == name {print $3}')
  # The dynamic loader is in the list too, and comes with libc6.
  [ -n "$path" ] || continue
  dpkg-query --search "$(realpath "$path")" | sed 's/:.*//'
done | sort -u
