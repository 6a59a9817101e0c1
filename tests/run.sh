#!/bin/sh
# Every test, in a release build and in one under AddressSanitizer and UBSan.
#
#   sh tests/run.sh [--all]
#
# --all adds what takes long: the tests marked so, a clang build, one under ThreadSanitizer, the
# demo, and what is built on other distributions.
# Installs what is missing. The last line is "N passed, N failed, N skipped" over everything.
set -u

usage() { echo "usage: sh tests/run.sh [--all]" >&2; exit 2; }
all=
case "$#:${1-}" in
  0:) ;;
  1:--all) all=yes ;;
  *) usage ;;
esac

tests=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
top=$(dirname -- "$tests")
cd "$top" || exit 1
reports=$(mktemp -d)
exec </dev/null

# A finding ends the process with a code that no test takes for an answer of p2pd or p2pctl.
export ASAN_OPTIONS=detect_leaks=1:exitcode=99
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:exitcode=98
export TSAN_OPTIONS=exitcode=97

say() { printf '\n== %s\n' "$*"; }

# Every command is the first of a session, with all that it starts, so that a run which is
# interrupted can end them all. A terminal's Ctrl-C comes to this script alone.
job=    # what is waited for
beside= # what runs beside that
foreground() { # foreground COMMAND...
  setsid "$@" &
  job=$!
  wait "$job"
  code=$?
  job=
  return "$code"
}
interrupted() {
  trap '' INT TERM HUP
  for number in $job $beside; do kill -s TERM -- "-$number"; done 2>/dev/null
  wait
  exit 130
}
trap 'rm -rf "$reports"' EXIT
trap interrupted INT TERM HUP

# report NAME: where a group of tests is to leave its JUnit file. Named before the group starts, so
# that a group which breaks off counts as failed and is not forgotten.
expected=
report() {
  report=$reports/$1.xml
  expected="$expected $report"
}

step() { # step NAME COMMAND...: counts as one failure, or as nothing
  say "$1"
  report "$1"
  shift
  foreground "$@" && echo '<testsuite/>' >"$report"
}

build() { # build DIR [meson options]
  step "$1" sh tests/build.sh "$@"
}

unit() { # unit DIR: unit, golden and include tests
  say "$1: unit, golden and include tests"
  report "$1-unit"
  rm -f "$1/meson-logs/testlog.junit.xml"
  foreground meson test -C "$1" --no-rebuild --print-errorlogs
  cp "$1/meson-logs/testlog.junit.xml" "$report"
}

pytests() { # pytests DIR FOLDER NAME [pytest options]
  say "$1: $2 tests, $3"
  report "$1-$2-$3"
  dir=$1
  folder=$2
  shift 3
  foreground /usr/bin/python3 -m pytest -q "tests/$folder" --build "$dir" --junitxml "$report" \
    ${all:+--long} "$@"
}

# system DIR N: real processes, on loopback and on hosts of the lab, N tests at a time, which wait
# more than they work; what strains the machine runs by itself.
system() {
  pytests "$1" system together -m "not alone" -n "$2"
  pytests "$1" system alone -m alone
  pytests "$1" hostile together -n "$2"
  pytests "$1" lab together -m "not alone" -n "$2"
  pytests "$1" lab alone -m alone
}

# Compiled as fast as can be, with just enough debug information to name the lines of a finding. To
# check each pointer for null and alignment takes a third of the time, and here a null pointer that
# is used ends the process anyway; the check of vtables opens a pipe to look, and so finds faults
# where a test leaves no descriptors. The tests of the release build wait more than they work, so it
# is built beside them.
begin_asan() {
  report build-asan
  asan_report=$report
  setsid nice sh tests/build.sh build-asan -Db_sanitize=address,undefined -Db_lto=false \
    -Doptimization=0 -Dcpp_args='-g1 -fno-sanitize=null,alignment,vptr' >"$reports/asan.log" 2>&1 &
  beside=$!
}
end_asan() {
  say build-asan
  wait "$beside"
  code=$?
  beside=
  cat "$reports/asan.log"
  [ "$code" -ne 0 ] || echo '<testsuite/>' >"$asan_report"
  return "$code"
}

say deps # which may have to ask for a password
report deps
sh tests/deps.sh build tests style ${all:+clang} && {
  echo '<testsuite/>' >"$report"
  if build build-release; then
    begin_asan
    unit build-release
    system build-release 8
  else
    begin_asan
  fi
  end_asan && { unit build-asan; system build-asan 6; }
}

# Those rooms in which it finds nothing so far.
step clang-tidy /usr/bin/python3 tests/check_tidy.py build-release \
  base io disk store state net http app control lookup ctl

if [ -n "$all" ]; then
  CXX=clang++
  export CXX
  build build-clang -Db_lto=false -Dunity=off && unit build-clang
  unset CXX
  # The programs alone: what is to be seen are whole fetches, cancels and restarts.
  build build-tsan -Db_sanitize=thread -Db_lto=false -Doptimization=1 -Dcpp_args=-g1 -Dtests=false &&
    pytests build-tsan system threads -m threads -n 4
  step demo sh tests/demo.sh
  step distros sh tests/distros.sh
fi

say summary
# shellcheck disable=SC2086 # one word a report
total=$(/usr/bin/python3 tests/count.py $expected) || exit 1
# shellcheck disable=SC2086 # three numbers
set -- $total
echo "$1 passed, $2 failed, $3 skipped"
[ "$2" -eq 0 ]
