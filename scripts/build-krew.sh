#!/bin/bash
# Makes what a release gives to Krew, kubectl's plugin manager, from a program that is built:
#
#   scripts/build-krew.sh archive [PROGRAM]          build/krew/ballast-linux-ARCH.tar.gz
#   scripts/build-krew.sh manifest URL [ARCHIVE...]  build/krew/ballast.yaml
#
# PROGRAM is build/ballast by default. URL is where the release's files will lie; its archives are
# those of build/krew by default, one for each architecture. HOMEPAGE, where it is set, is named in
# the manifest.
#
# The archive holds the program as kubectl-ballast and, in lib/, the shared libraries that it is
# linked with, all but those of libc6: what Debian calls libraries others call otherwise. Their
# licences, and ours where there is a LICENSE, are in LICENSES.txt, without which Krew takes none.
set -euo pipefail
cd "$(dirname "$0")/.."

out=build/krew
version=$(sed -n 's/^project(ballast VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)

die() {
  echo "krew: $*" >&2
  exit 1
}

# As Go and so Krew call this machine's architecture.
go_arch() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) die "an architecture that no Krew manifest of ours names: $(uname -m)" ;;
  esac
}

# The Debian package that a library is of. With /lib a link to /usr/lib, dpkg knows it under either.
owner_of() {
  local path real
  real=$(realpath "$1")
  for path in "$1" "$real" "${real#/usr}"; do
    if dpkg-query --search "$path" 2>/dev/null | sed 's/:.*//' | grep -m 1 .; then return; fi
  done
  die "$1 is of no package"
}

# The shared libraries that travel with the program: path and package.
libraries_of() {
  local path owner
  ldd "$1" | awk '$2 == "=>" && $3 ~ /^\// {print $3}' | while read -r path; do
    owner=$(owner_of "$path")
    [ "$owner" = libc6 ] || echo "$path $owner"
  done
}

# The newest version of glibc that one of these files asks for.
glibc_of() {
  objdump -T "$@" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -uV | tail -n 1
}

build_archive() {
  local program=${1:-build/ballast} folder archive library owner
  command -v patchelf >/dev/null || die "needs patchelf: run scripts/install-deps.sh --krew"
  archive=$out/ballast-linux-$(go_arch).tar.gz
  mkdir -p "$out"
  folder=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$folder'" EXIT
  mkdir "$folder/lib"
  strip -o "$folder/kubectl-ballast" "$program"
  [ ! -r LICENSE ] || cp LICENSE "$folder/LICENSES.txt"
  libraries_of "$program" >"$folder/libraries"
  while read -r library owner; do
    cp -L "$library" "$folder/lib/"
    patchelf --set-rpath '$ORIGIN' "$folder/lib/$(basename "$library")"
    printf '\n==== lib/%s, of the Debian package %s\n\n' "$(basename "$library")" "$owner"
    cat "/usr/share/doc/$owner/copyright"
  done <"$folder/libraries" >>"$folder/LICENSES.txt"
  rm "$folder/libraries"
  # Krew links to the program from a folder of its own; $ORIGIN is where the program really lies.
  patchelf --set-rpath '$ORIGIN/lib' "$folder/kubectl-ballast"
  glibc_of "$folder/kubectl-ballast" "$folder"/lib/* >"$folder/glibc"
  chmod 0755 "$folder/kubectl-ballast"
  # The same program makes the same archive.
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$folder" -cf - . |
    gzip -9n >"$archive"
  echo "$archive"
}

# One entry of spec.platforms.
print_platform() {
  local url=$1 archive=$2 arch
  arch=$(basename "$archive" .tar.gz)
  arch=${arch#ballast-linux-}
  [[ $arch =~ ^(amd64|arm64)$ ]] || die "$archive: is not named ballast-linux-ARCH.tar.gz"
  cat <<END
  - selector:
      matchLabels:
        os: linux
        arch: $arch
    uri: $url/$(basename "$archive")
    sha256: $(sha256sum "$archive" | cut -d ' ' -f 1)
    bin: kubectl-ballast
END
}

write_manifest() {
  local url=$1 archive platforms='' glibc
  shift
  [ $# -gt 0 ] || set -- "$out"/ballast-linux-*.tar.gz
  [ -r "$1" ] || die "$1: is not there; make it by scripts/build-krew.sh archive"
  for archive in "$@"; do platforms+=$(print_platform "$url" "$archive")$'\n'; done
  glibc=$(for archive in "$@"; do tar -xzOf "$archive" ./glibc; done | sort -uV | tail -n 1)
  [ -n "$glibc" ] || die "$1: does not say which glibc it needs"
  awk -v platforms="${platforms%$'\n'}" -v version="$version" -v glibc="$glibc" \
    -v homepage="${HOMEPAGE:-}" '
    /^#/ { next }
    /@HOMEPAGE@/ && homepage == "" { next }
    { sub(/@VERSION@/, version); sub(/@GLIBC@/, glibc); sub(/@HOMEPAGE@/, homepage)
      sub(/@PLATFORMS@/, platforms); print }' krew/ballast.yaml.in >"$out/ballast.yaml"
  echo "$out/ballast.yaml"
}

case ${1:-} in
  archive) build_archive "${2:-}" ;;
  manifest)
    shift
    [ $# -gt 0 ] || die "manifest needs the URL of the folder that the archives will lie in"
    write_manifest "$@"
    ;;
  *) die "usage: scripts/build-krew.sh archive [PROGRAM] | manifest URL [ARCHIVE...]" ;;
esac
