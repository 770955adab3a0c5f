#!/bin/bash
# Installs what is missing to build and test Ballast on Debian 12 and 13. A second run only looks.
#
#   scripts/install-deps.sh           what `make build` and `make test` need
#   scripts/install-deps.sh --check   also what `make check` needs: clang, clang-tidy, clang-format
#   scripts/install-deps.sh --image   only what `make image` needs: buildah, debootstrap
#   scripts/install-deps.sh --e2e     also what `make e2e` needs: Python, pip, Go, Java, iproute2
#   scripts/install-deps.sh --spark-classes  also what `make spark-classes` needs: Python, pip, a JDK
#   scripts/install-deps.sh --krew    also what `make krew` needs: patchelf, Python, Go
#   scripts/install-deps.sh --browser     also what `make browser` needs: Chromium, its driver, Python
#   scripts/install-deps.sh --monitoring  also what `make monitoring` needs: Prometheus, Python
#
# Runs as root or with sudo, asks nothing, and prints one line for each thing that it does.
set -euo pipefail
cd "$(dirname "$0")/.."

# The cpp-httplib that the build is written against: Debian 13's, with its security patches.
httplib_version=0.18.7-1+deb13u1
httplib_dir=.cache/cpp-httplib

packages=(g++ cmake ninja-build pkg-config
  libssl-dev libyaml-cpp-dev nlohmann-json3-dev libsimdjson-dev libcli11-dev libspdlog-dev
  prometheus-cpp-dev libgtest-dev libxml2-utils
  libzstd-dev liblz4-dev libsnappy-dev liblzf-dev libxxhash-dev)

say() { echo "install-deps: $*"; }
die() {
  echo "install-deps: $*" >&2
  exit 1
}

[ -r /etc/os-release ] || die "no /etc/os-release: this script knows Debian 12 and newer"
# shellcheck disable=SC1091
. /etc/os-release
[ "${ID:-}" = debian ] && [ "${VERSION_ID:-13}" -ge 12 ] ||
  die "this is ${PRETTY_NAME:-an unknown system}; the script knows Debian 12 and newer." \
    "README.md lists the libraries to install by hand"

if [ "${VERSION_ID:-13}" -ge 13 ]; then
  httplib_from=package
  packages+=(libcpp-httplib-dev)
else
  httplib_from=source
  packages+=(dpkg-dev debian-archive-keyring)
fi
if [ "${1:-}" = --check ]; then
  packages+=(clang clang-tidy clang-format)
  # The fuzzer's runtime library, of the version that `clang` is: 14 on Debian 12.
  if [ "${VERSION_ID:-13}" -ge 13 ]; then packages+=(libclang-rt-dev); else packages+=(libclang-rt-14-dev); fi
elif [ "${1:-}" = --image ]; then
  packages=(buildah debootstrap)
  httplib_from=package
elif [ "${1:-}" = --e2e ]; then
  packages+=(git iproute2 openssl)
  # A Python, a Go or a Java of the machine's own will do.
  command -v python3 >/dev/null || packages+=(python3)
  python3 -m pip --version >/dev/null 2>&1 || packages+=(python3-pip)
  command -v go >/dev/null || packages+=(golang-go)
  # Spark 4 runs on Java 17 and 21: what Debian 12 and 13 have.
  command -v java >/dev/null || packages+=(default-jre-headless)
elif [ "${1:-}" = --spark-classes ]; then
  command -v python3 >/dev/null || packages+=(python3)
  python3 -m pip --version >/dev/null 2>&1 || packages+=(python3-pip)
  command -v javac >/dev/null || packages+=(default-jdk-headless)
elif [ "${1:-}" = --krew ]; then
  packages+=(patchelf binutils)
  command -v python3 >/dev/null || packages+=(python3)
  command -v go >/dev/null || packages+=(golang-go)
elif [ "${1:-}" = --browser ]; then
  packages+=(chromium chromium-driver)
  command -v python3 >/dev/null || packages+=(python3)
elif [ "${1:-}" = --monitoring ]; then
  # Only unpacked: the package would start a service.
  command -v python3 >/dev/null || packages+=(python3)
  unpack_prometheus=yes
elif [ $# -gt 0 ]; then
  die "unknown argument '$1'; there are --check, --image, --e2e, --spark-classes, --krew, --browser and --monitoring"
fi

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "needs root or sudo to run: $*"
  fi
}

is_installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_packages() {
  local missing=() package log
  for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  log=$(mktemp)
  say "reading the package lists (apt-get update)"
  # A list of somebody else's that can't be read is no reason to stop: ours may be there.
  as_root apt-get update -qq -o DPkg::Lock::Timeout=300 >"$log" 2>&1 ||
    say "some package lists could not be read: $(tail -n 1 "$log")"
  say "installing ${missing[*]}"
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=300 "${missing[@]}" </dev/null >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "apt-get could not install them (its last lines are above)"
  fi
  rm -f "$log"
}

# The addresses that this machine takes Debian itself from, whichever way they are written down.
debian_mirrors() {
  apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' 2>/dev/null |
    awk -v codename="${VERSION_CODENAME:-}" \
      '($2 == codename || $2 == "stable" || $2 == "oldstable") && $3 == "main" && !seen[$1]++ {print $1}'
}

# An apt of our own, that knows the sources of Debian 13 and nothing of this machine's state. It
# checks the archive's signature and, through it, the source's checksums.
write_apt_configuration() {
  local folder=$1 mirror=$2
  mkdir -p "$folder/lists/partial" "$folder/cache"
  : >"$folder/status"
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" \
    >"$folder/sources.list"
  cat >"$folder/apt.conf" <<END
Dir::State "$folder";
Dir::State::lists "$folder/lists";
Dir::State::status "$folder/status";
Dir::Cache "$folder/cache";
Dir::Etc::sourcelist "$folder/sources.list";
Dir::Etc::sourceparts "/dev/null";
Acquire::AllowInsecureRepositories "false";
APT::Sandbox::User "";
END
}

# Downloads the source package into the folder $1 and prints the version that it took.
download_httplib() {
  local folder=$1 mirror version
  for mirror in $(debian_mirrors); do
    rm -rf "$folder/apt"
    write_apt_configuration "$folder/apt" "$mirror"
    export APT_CONFIG="$folder/apt/apt.conf"
    apt-get update -qq -o APT::Update::Error-Mode=any >>"$folder/log" 2>&1 || continue
    version=$(apt-cache showsrc cpp-httplib 2>>"$folder/log" | awk '$1 == "Version:" {print $2}' |
      grep -Fx "$httplib_version" || apt-cache showsrc cpp-httplib 2>>"$folder/log" |
      awk '$1 == "Version:" {print $2}' | tail -n 1)
    [ -n "$version" ] || continue
    dpkg --compare-versions "$version" ge "$httplib_version" || continue
    (cd "$folder" && apt-get source -qq --download-only "cpp-httplib=$version") \
      >>"$folder/log" 2>&1 || continue
    echo "$version"
    return 0
  done
  return 1
}

# Cuts the one header into header and source at the borders that its own split.py cuts at (which
# would need Python), so that it is compiled once and not by every file that includes it.
split_httplib() {
  awk -v header="$2/httplib.h" -v source="$2/httplib.cc" '
    BEGIN { print "#include \"httplib.h\"\nnamespace httplib {" > source }
    index($0, "// ----------------------------------------------------------------------------") {
      inside = !inside; next
    }
    inside { gsub(/inline /, ""); print > source; next }
    { print > header }
    END { print "}  // namespace httplib" > source }' "$1"
}

fetch_httplib() {
  [ "$(cat "$httplib_dir/taken-version" 2>/dev/null)" != "$httplib_version" ] || return 0
  # One that was taken because the pinned version had gone is as good as it was then.
  [ ! -s "$httplib_dir/moved" ] || return 0
  local folder version
  folder=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$folder'" EXIT
  say "taking cpp-httplib $httplib_version from Debian 13's source package (Debian 12's is too old)"
  if ! version=$(download_httplib "$folder"); then
    tail -n 20 "$folder/log" >&2 2>/dev/null || true
    die "could not take cpp-httplib $httplib_version from any of: $(debian_mirrors | tr '\n' ' ')"
  fi
  # The signature was checked by apt through the archive's index; dpkg-source may lack the
  # maintainer's own key, and says so in the log.
  dpkg-source -x "$folder"/cpp-httplib_*.dsc "$folder/source" >>"$folder/log" 2>&1 || {
    tail -n 20 "$folder/log" >&2
    die "could not unpack cpp-httplib's source package"
  }
  mkdir -p "$folder/out"
  split_httplib "$folder/source/httplib.h" "$folder/out"
  if [ "$version" != "$httplib_version" ]; then
    say "cpp-httplib $httplib_version is no longer in Debian 13: took $version." \
      "Review it and change httplib_version in scripts/install-deps.sh"
    echo "$version" >"$folder/out/moved"
  fi
  # Not "version": the folder is on the include path, and C++ has a header <version>.
  echo "$version" >"$folder/out/taken-version"
  mkdir -p "$(dirname "$httplib_dir")"
  rm -rf "$httplib_dir"
  mv "$folder/out" "$httplib_dir"
}

# Debian's prometheus and promtool into .cache, where no service runs them.
fetch_prometheus() {
  local folder=.cache/prometheus log
  [ ! -x "$folder/usr/bin/promtool" ] || return 0
  log=$(mktemp)
  say "taking prometheus from Debian's package, without installing it"
  mkdir -p "$folder"
  (cd "$folder" && apt-get download -qq prometheus && dpkg-deb -x prometheus_*.deb . &&
    rm -f prometheus_*.deb) >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    rm -rf "$folder" "$log"
    die "could not take prometheus from Debian's package (apt-get update?)"
  }
  rm -f "$log"
}

install_packages
if [ -n "${unpack_prometheus:-}" ]; then fetch_prometheus; fi
if [ "$httplib_from" = source ]; then fetch_httplib; fi
say "all there"
