#!/bin/bash
# Takes real Sparks from PyPI (pyspark has spark-submit and the jars), into
# $BALLAST_E2E_CACHE/pyspark-VERSION: the versions of tests/e2e/spark_versions. What is there stays.
set -euo pipefail
cd "$(dirname "$0")/../.."

cache=${BALLAST_E2E_CACHE:-$HOME/.cache/ballast-lab}
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
for version in $(cat tests/e2e/spark_versions); do
  place=$cache/pyspark-$version
  [ ! -d "$place" ] || continue
  echo "spark: fetching $version"
  before=$SECONDS
  rm -rf "$place.new"
  # Its files alone: nothing of the machine's own Python is touched.
  python3 -m pip install --quiet --no-cache-dir --no-compile --disable-pip-version-check \
    --root-user-action=ignore --target "$place.new" "pyspark==$version"
  mv "$place.new" "$place"
  echo "spark: fetched $version in $((SECONDS - before)) s"
done
