#!/bin/bash
# Holds the Krew manifest to Krew's own rules, by Krew itself: both of its programs are built from
# the Go module registry; the archive is served on loopback, validated, downloaded, checked and
# installed, and the plugin that comes of it runs. Needs Go, Python and a built build/ballast.
set -euo pipefail
cd "$(dirname "$0")/../.."

bin=${BALLAST_E2E_CACHE:-$HOME/.cache/ballast-lab}/bin
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

say() { echo "krew: $*"; }
die() {
  echo "krew: FAILED: $*" >&2
  exit 1
}

tests/e2e/build_control_plane.sh krew validate-krew-manifest

# The validator calls `kubectl krew`, which is all of kubectl that it needs.
mkdir "$work/path"
cat >"$work/path/kubectl" <<END
#!/bin/bash
[ "\$1" = krew ] || { echo "this kubectl knows krew alone" >&2; exit 1; }
shift
exec "$bin/krew" "\$@"
END
chmod +x "$work/path/kubectl"
export PATH="$work/path:$PATH" HOME="$work"

scripts/build-krew.sh archive >/dev/null
python3 -u -m http.server 0 --bind 127.0.0.1 --directory build/krew >"$work/server.log" 2>&1 &
server=$!
for _ in $(seq 100); do
  port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' "$work/server.log" | head -n 1)
  [ -z "$port" ] || break
  sleep 0.1
done
[ -n "$port" ] || die "no web server: $(cat "$work/server.log")"
HOMEPAGE=https://ballast.example scripts/build-krew.sh manifest "http://127.0.0.1:$port" >/dev/null
manifest=build/krew/ballast.yaml
if grep -q @ "$manifest"; then die "the manifest still has a placeholder: $(grep @ "$manifest")"; fi

short=$(sed -n 's/^  shortDescription: //p' "$manifest")
[ "${#short}" -le 50 ] || die "Krew's index wants a shortDescription of at most 50 characters"

validate() { "$bin/validate-krew-manifest" -manifest "$1" >"$work/validate.log" 2>&1; }
validate "$manifest" || die "$(cat "$work/validate.log")"
say "valid, and installed for every platform of it"

# The validator does refuse.
mkdir "$work/bad"
for change in 's/^kind: .*/kind: Plugins/' 's/v1alpha2/v1alpha1/' 's/version: v/version: /' \
  's/arch: amd64/cpu: amd64/' 's/\(sha256: \)./\1x/' 's/\(sha256: \).*/\1'"$(printf '0%.0s' $(seq 64))"'/' \
  's/bin: kubectl-ballast/bin: kubectl-other/' 's/name: ballast/name: ballasts/'; do
  sed "$change" "$manifest" >"$work/bad/ballast.yaml"
  if cmp -s "$manifest" "$work/bad/ballast.yaml"; then die "changes nothing: $change"; fi
  if validate "$work/bad/ballast.yaml"; then die "takes a bad manifest: $change"; fi
done
say "8 bad manifests refused"

# To uninstall, Krew wants an index to have been fetched; an empty one will do.
export KREW_ROOT="$work/krew" KREW_NO_UPGRADE_CHECK=1
git init -q "$KREW_ROOT/index/default"
kubectl krew install --manifest "$manifest" >"$work/install.log" 2>&1 || die "$(cat "$work/install.log")"
plugin=$KREW_ROOT/bin/kubectl-ballast
# None of this machine's libraries but glibc's.
others=$(ldd "$(realpath "$plugin")" | awk '$3 ~ /^\// {print $3}' | grep -v "^$KREW_ROOT" |
  grep -vE '/(libc|libm)\.so\.6$' || true)
[ -z "$others" ] || die "the plugin takes libraries of the machine: $others"
# An empty environment: no library path, no cluster.
answer=$(env -i HOME="$work" "$plugin" check -f tests/testdata/readme/job.yaml \
  --cluster webhook/demo/cluster.yaml --policy webhook/demo/policy.yaml -o json)
grep -q '"verdict": "Rewritten"' <<<"$answer" || die "the installed plugin says: $answer"
usage=$(env -i HOME="$work" "$plugin" check --help)
grep -q 'Usage: kubectl ballast check' <<<"$usage" || die "its help does not say kubectl ballast"
kubectl krew uninstall ballast >"$work/install.log" 2>&1 || die "$(cat "$work/install.log")"
say "installed, run and uninstalled; the archive has $(stat -c %s build/krew/ballast-linux-*.tar.gz) bytes"
