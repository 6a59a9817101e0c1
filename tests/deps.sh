#!/bin/sh
# Every Debian package that p2pd needs is named here and nowhere else; the demo, the tests and CI
# all come through this script.
#
#   sh tests/deps.sh [build] [tests] [clang]      (build and tests when nothing is named)
#
# It asks dpkg what is missing and leaves apt alone when nothing is.
set -eu

build="g++ meson ninja-build pkg-config python3 libuv1-dev libmsgpack-cxx-dev libsodium-dev
  libtoml11-dev libsqlite3-dev libcli11-dev libfmt-dev libspdlog-dev nlohmann-json3-dev
  libsystemd-dev scdoc"
tests="libgtest-dev python3-pytest python3-msgpack python3-pytest-xdist python3-dissononce mandoc
  tmux"
clang="clang"

[ $# -gt 0 ] || set -- build tests
wanted=
for group; do
  case $group in
    build) wanted="$wanted $build" ;;
    tests) wanted="$wanted $tests" ;;
    clang) wanted="$wanted $clang" ;;
    *) echo "deps: no group \"$group\"; there are build, tests and clang" >&2; exit 2 ;;
  esac
done

if ! command -v dpkg-query >/dev/null; then
  # shellcheck disable=SC2086 # the list holds line ends, the message shall not
  echo "deps: this is no Debian system; install by hand what these are called there:" $wanted >&2
  exit 1
fi

is_installed() {
  case " $(dpkg-query -W -f='${db:Status-Status} ' "$1" 2>/dev/null) " in
    *" installed "*) return 0 ;;
    *) return 1 ;;
  esac
}

missing=
for package in $wanted; do
  is_installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
  as_root=sudo
  if ! command -v sudo >/dev/null; then
    echo "deps: run this as root, or install by hand: apt-get install$missing" >&2
    exit 1
  fi
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends "$@" \
    </dev/null >"$log" 2>&1
}

echo "Installing$missing"
# shellcheck disable=SC2086 # one word a package
if ! apt update || ! apt install $missing; then
  tail -n 5 "$log" >&2
  echo "deps: could not install$missing (see above); by hand: apt-get install$missing" >&2
  exit 1
fi
