#!/bin/sh
# Every Debian package that p2pd needs is named here and nowhere else; the demo, the tests and CI
# all come through this script.
#
#   sh tests/deps.sh [build] [tests] [style] [clang] [package] [bench] [distros]
#                                  (build and tests when nothing is named)
#   sh tests/deps.sh lists         (only have apt fetch its lists anew)
#   sh tests/deps.sh names GROUP   (print the names and do nothing)
#
# It asks dpkg what is missing and leaves apt alone when nothing is.
set -eu

build="g++ meson ninja-build pkg-config python3 libuv1-dev libmsgpack-cxx-dev libsodium-dev
  libtoml11-dev libsqlite3-dev libcli11-dev libfmt-dev nlohmann-json3-dev
  libmicrohttpd-dev libsystemd-dev libssl-dev libedit-dev libncurses-dev
  scdoc"
[ "$(dpkg --print-architecture)" != amd64 ] || build="$build libipsec-mb-dev"
tests="libgtest-dev python3-pytest python3-msgpack python3-pytest-xdist python3-dissononce mandoc
  tmux iproute2 iputils-ping nftables util-linux-extra systemd-container sudo
  e2fsprogs btrfs-progs bindfs mergerfs unionfs-fuse ntfs-3g"
style="clang-format clang-tidy"
clang="clang"
package="debhelper dpkg-dev lintian"
bench="python3-libtorrent aria2 opentracker transmission-cli transmission-daemon nginx-light curl
  rsync"
distros="mmdebstrap debian-archive-keyring curl"

fail() { echo "deps: $*" >&2; exit 1; }

as_root=
log=$(mktemp)
trap 'rm -f "$log"' EXIT

apt() { # apt PURPOSE ARGUMENT...: as root, asking nothing, silent unless it fails
  purpose=$1
  shift
  if [ "$(id -u)" -ne 0 ]; then
    as_root=sudo
    command -v sudo >/dev/null || fail "cannot $purpose without root or sudo; as root: apt-get $*"
  fi
  if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends "$@" \
    </dev/null >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    fail "could not $purpose, see above; by hand: apt-get $*"
  fi
}

is_installed() {
  case " $(dpkg-query -W -f='${db:Status-Status} ' "$1" 2>/dev/null) " in
    *" installed "*) return 0 ;;
    *) return 1 ;;
  esac
}

[ $# -gt 0 ] || set -- build tests
print=
[ "$1" != names ] || { print=yes; shift; }
wanted=
for group; do
  case $group in
    build) wanted="$wanted $build" ;;
    tests) wanted="$wanted $tests" ;;
    style) wanted="$wanted $style" ;;
    clang) wanted="$wanted $clang" ;;
    package) wanted="$wanted $package" ;;
    bench) wanted="$wanted $bench" ;;
    distros) wanted="$wanted $distros" ;;
    lists) apt "fetch apt's lists" update ;;
    *) fail "no group \"$group\"; there are build, tests, style, clang, package, bench, distros and lists" ;;
  esac
done

# shellcheck disable=SC2086 # the lists hold line ends, what is printed shall not
[ -z "$print" ] || { echo $wanted; exit 0; }

# shellcheck disable=SC2086 # likewise
command -v dpkg-query >/dev/null ||
  fail "no Debian system; install by hand what these are called there:" $wanted

missing=
for package in $wanted; do
  is_installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "Installing$missing"
apt "fetch apt's lists" update
# shellcheck disable=SC2086 # one word a package
apt "install what is missing" install $missing
