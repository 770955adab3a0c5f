#!/bin/bash
# Runs a command under a name, and says how long it took: scripts/timed.sh NAME COMMAND...
set -uo pipefail
name=$1
shift
echo "== $name"
SECONDS=0
"$@"
status=$?
if [ $status = 0 ]; then
  printf '== %s: %d min %02d s\n' "$name" $((SECONDS / 60)) $((SECONDS % 60))
else
  printf '== %s FAILED after %d min %02d s\n' "$name" $((SECONDS / 60)) $((SECONDS % 60)) >&2
fi
exit $status
