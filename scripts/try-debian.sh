#!/bin/bash
# Tries the repository as somebody with a fresh Debian finds it: makes a minimal root of it in a
# temporary folder, clones the committed HEAD into it and runs a command there, `make test` unless
# another one is given. Needs root and debootstrap; takes what Debian itself needs from the mirror
# that this machine uses.
#
#   scripts/try-debian.sh bookworm|trixie [COMMAND...]
set -euo pipefail
cd "$(dirname "$0")/.."

suite=${1:?usage: scripts/try-debian.sh bookworm|trixie [COMMAND...]}
shift
[ "$(id -u)" = 0 ] || {
  echo "try-debian: needs root" >&2
  exit 1
}
command -v debootstrap >/dev/null || {
  echo "try-debian: needs the package debootstrap" >&2
  exit 1
}
mirror=$(apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
  'Created-By: Packages' | awk -v codename="$(. /etc/os-release && echo "$VERSION_CODENAME")" \
  '$2 == codename && $3 == "main" {print $1; exit}')
[ -n "$mirror" ] || {
  echo "try-debian: no Debian mirror in this machine's apt sources" >&2
  exit 1
}

root=$(mktemp -d)
# shellcheck disable=SC2317
clean_up() {
  umount "$root/proc" 2>/dev/null || true
  [ -n "${KEEP_ROOT:-}" ] && echo "try-debian: kept $root" || rm -rf --one-file-system "$root"
}
trap clean_up EXIT

echo "try-debian: making a $suite root"
debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1 || {
  tail -n 20 "$root.log" >&2
  exit 1
}
rm -f "$root.log"
mount -t proc proc "$root/proc"
cp /etc/resolv.conf "$root/etc/resolv.conf"
# What the installer writes, and debootstrap does not.
echo '127.0.0.1 localhost' >"$root/etc/hosts"
# As whoever clones and types `make` has done: these two are all that we ask for.
chroot "$root" sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends make git' \
  >/dev/null 2>&1
git clone -q --no-local "$PWD" "$root/src/ballast"
[ -d ../shared ] && cp -r ../shared "$root/src/shared"

[ $# -gt 0 ] || set -- make test
echo "try-debian: $suite: $*"
SECONDS=0
status=0
chroot "$root" env -i HOME=/tmp PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 CI=true \
  sh -c 'cd /src/ballast && exec "$@"' sh "$@" </dev/null || status=$?
echo "try-debian: $suite: status $status after $((SECONDS / 60)) min $((SECONDS % 60)) s"
exit $status
