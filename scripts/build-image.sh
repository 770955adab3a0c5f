#!/bin/bash
# Builds the image from the Dockerfile with buildah, and checks it. Needs root, no engine.
#
#   scripts/build-image.sh [NAME]     NAME is the image's name, localhost/ballast:VERSION by default
#
# BASE=debian@sha256:... takes that base from where buildah finds it; without it, a Debian 13 base
# is made by debootstrap from the mirror that this machine uses. In build/image it leaves:
#
#   ballast.oci.tar     the image, for `podman load` and registries
#   sbom.spdx.json      its bill of materials
#   config.json         what `buildah inspect` says of it: entry point, user, labels
#   rootfs/             its files, which the end-to-end test runs
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/^project(ballast VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
name=${1:-localhost/ballast:$version}
out=build/image
# What the image may add to its base, in bytes of unpacked layers.
limit=60000000
own_base=localhost/debian:trixie-slim

export STORAGE_DRIVER=${STORAGE_DRIVER:-overlay} BUILDAH_ISOLATION=chroot
store=${BALLAST_IMAGE_CACHE:-$HOME/.cache/ballast-image}
mkdir -p "$store" "$out"
build() { buildah --root "$store/root" --runroot "$store/run" "$@"; }

say() { echo "image: $*"; }
die() {
  echo "image: $*" >&2
  exit 1
}
[ "$(id -u)" = 0 ] || die "needs root"
scripts/install-deps.sh --image
# Where the file system cannot be overlaid (in some containers), layers are copied.
build images >/dev/null 2>&1 || export STORAGE_DRIVER=vfs

# A Debian 13 as debian:trixie-slim is, made from the machine's own mirror.
make_base() {
  local mirror root container
  mirror=$(apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' | awk -v codename="$(. /etc/os-release && echo "$VERSION_CODENAME")" \
    '$2 == codename && $3 == "main" {print $1; exit}')
  [ -n "$mirror" ] || die "no Debian mirror in this machine's apt sources"
  say "making the Debian 13 base"
  root=$(mktemp -d)
  debootstrap --variant=minbase trixie "$root" "$mirror" >"$root.log" 2>&1 ||
    { tail -n 20 "$root.log" >&2; die "debootstrap failed"; }
  rm -rf "$root.log" "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.deb \
    "$root"/var/cache/apt/archives/*.deb "$root"/usr/share/doc/* "$root"/usr/share/man/*
  container=$(build from scratch)
  build add -q "$container" "$root" / >/dev/null
  build config --cmd /bin/bash "$container"
  build commit -q "$container" "$own_base" >/dev/null
  build rm "$container" >/dev/null
  rm -rf --one-file-system "$root"
}

pull=()
if [ -z "${BASE:-}" ]; then
  BASE=$own_base
  pull=(--pull-never)
  build inspect --type image "$own_base" >/dev/null 2>&1 || make_base
fi

revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
say "building $name"
log=$out/build.log
build bud "${pull[@]}" --layers --format oci -t "$name" --build-arg BASE="$BASE" \
  --build-arg JOBS="${JOBS:-$(nproc)}" --build-arg VERSION="$version" \
  --build-arg REVISION="$revision" \
  --build-arg CREATED="$(date -u -d "@$(git log -1 --format=%ct 2>/dev/null || echo 0)" +%FT%TZ)" \
  . >"$log" 2>&1 || { tail -n 40 "$log" >&2; die "the build failed; all of it is in $log"; }

# Sizes as the layers are when unpacked: those of the base come first in both.
# The first size in a manifest is that of the configuration.
layers() { grep -o '"size": *[0-9]*' "$1/manifest.json" | tail -n +2 | grep -o '[0-9]*'; }
rm -rf "$out/base.dir" "$out/image.dir"
build push -q -D "$BASE" "dir:$out/base.dir"
build push -q -D "$name" "dir:$out/image.dir"
base_layers=$(layers "$out/base.dir" | wc -l)
above=$(layers "$out/image.dir" | tail -n +$((base_layers + 1)) | awk '{sum += $1} END {print sum + 0}')
rm -rf "$out/base.dir" "$out/image.dir"
say "$((above / 1000000)).$((above / 100000 % 10)) MB above the base (at most $((limit / 1000000)))"
[ "$above" -gt 0 ] && [ "$above" -le "$limit" ] || die "the image is too large"

# The files, as a container runtime would unpack them.
container=$(build from --pull-never "$name")
trap 'build rm "$container" >/dev/null 2>&1 || true' EXIT
mounted=$(build mount "$container")
rm -rf --one-file-system "$out/rootfs"
cp -a "$mounted" "$out/rootfs"
cp "$mounted/usr/share/doc/ballast/sbom.spdx.json" "$out/sbom.spdx.json"
build umount "$container" >/dev/null
build inspect --type image "$name" >"$out/config.json"
rm -f "$out/ballast.oci.tar"
build push -q "$name" "oci-archive:$out/ballast.oci.tar:$name"

grep -q '"User": "65532:65532"' "$out/config.json" || die "the image's user is not 65532"
for tool in cc gcc g++ ld cmake ninja make; do
  [ ! -e "$out/rootfs/usr/bin/$tool" ] || die "the image has a build tool: $tool"
done
# It runs without a shell, as its own user, on what the image has.
chroot --userspec=65532:65532 "$out/rootfs" /usr/local/bin/ballast --version
# Layers of earlier builds make the next one quick, and are not let grow for ever.
if [ "$(du -sm "$store/root" | cut -f 1)" -gt 8000 ]; then
  say "emptying $store, which has grown over 8 GB"
  build rm --all >/dev/null
  build rmi --all --force >/dev/null
fi
say "$name is in $out/ballast.oci.tar; its bill of materials is $out/sbom.spdx.json"
