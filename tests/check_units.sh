#!/bin/sh
# Has systemd read the units, and weigh how much the services leave open.
#
#   sh tests/check_units.sh UNIT...
#
# p2pd need not be installed: a program that is there stands in its place. A unit of users' has
# "-user" in its name, and is only read. Exit code 77, which Meson counts as skipped, where
# systemd-analyze is not there.
set -eu

exposure=15 # at most, of 100

command -v systemd-analyze >/dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/system" "$work/user"
for unit; do
  name=$(basename "$unit")
  manager=system
  case $name in *-user.*) manager=user ;; esac
  sed 's|^\(Exec[A-Za-z]*\)=[^ ]*|\1=/bin/true|' "$unit" >"$work/$manager/$name"
done

for manager in system user; do
  XDG_RUNTIME_DIR=$work systemd-analyze "--$manager" verify --man=no --recursive-errors=no \
    "$work/$manager"/* >"$work/said" 2>&1 || echo "verify of $manager units failed" >>"$work/said"
  if [ -s "$work/said" ]; then
    cat "$work/said"
    exit 1
  fi
done

for unit in "$work"/system/*.service; do
  systemd-analyze security --no-pager --offline=yes --threshold="$exposure" "$unit" >"$work/said" || {
    cat "$work/said"
    exit 1
  }
  tail -n 1 "$work/said"
done
