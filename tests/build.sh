#!/bin/sh
# Builds the tree into DIR beside it; the demo and the tests share this.
#
#   sh tests/build.sh DIR [meson options]
#
# A folder that was set up before is reconfigured and built further; one that no longer
# configures (another Meson, a moved tree) is made anew. Debug information changes no code and costs
# a quarter of the time: it is left out. The files of a room are compiled together, in half the time;
# -Dunity=off compiles each by itself, as Meson does by default.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
dir=$top/$1
shift

log=$(mktemp)
trap 'rm -f "$log"' EXIT

configure() {
  # Below /usr, as it is installed and packaged: tests/lab/test_guide.py installs it. A warning is an
  # error here alone, as other compilers have other warnings.
  set -- --prefix=/usr --werror -Ddebug=false -Dassertions=true -Dunity=on -Dunity_size=100 "$@"
  if [ -f "$dir/build.ninja" ]; then
    meson setup --reconfigure "$dir" "$top" "$@" >"$log" 2>&1 && return
    rm -rf "$dir"
  fi
  meson setup "$dir" "$top" "$@" >"$log" 2>&1
}

if ! configure "$@" </dev/null; then
  tail -n 20 "$log" >&2
  echo "build: meson cannot configure $dir; see above" >&2
  exit 1
fi

quiet=--quiet
[ ! -t 1 ] || quiet=
if ! ninja -C "$dir" $quiet </dev/null; then
  echo "build: $dir does not build; see above" >&2
  exit 1
fi
