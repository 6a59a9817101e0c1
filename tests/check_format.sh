#!/bin/sh
# Compares every C++ file of the tree with what clang-format 14 makes of it.
#
#   sh tests/check_format.sh [--fix] [FILE...]
#
# --fix rewrites the files. Files that are no C++ are passed over. Another version of clang-format
# breaks lines at other places, so without version 14 nothing is checked: exit code 77, which Meson
# counts as skipped.
set -eu

cd "$(dirname -- "$0")/.."
mode='--dry-run -Werror'
[ "${1-}" != --fix ] || { mode=-i; shift; }

for format in clang-format-14 clang-format ''; do
  case $("$format" --version 2>/dev/null) in *"version 14."*) break ;; esac
done
[ -n "$format" ] || { echo "check_format: no clang-format 14; see tests/deps.sh" >&2; exit 77; }

if [ $# -eq 0 ]; then
  # shellcheck disable=SC2086 # two words
  exec find proto daemon ctl tests -name '*.[ch]pp' -exec "$format" $mode {} +
fi
for file; do
  shift
  case $file in *.[ch]pp) set -- "$@" "$file" ;; esac
done
# shellcheck disable=SC2086 # two words
[ $# -eq 0 ] || exec "$format" $mode "$@"
