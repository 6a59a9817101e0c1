#!/bin/sh
# Has mandoc read the manual pages as scdoc makes them: nothing may be worth a warning.
#
#   sh tests/check_man.sh PAGE...
set -eu

# scdoc begins a paragraph where one begins anyway, which changes nothing.
known='skipping paragraph macro: PP (empty|after S[HS])$'

found=$(mandoc -Tlint -W warning "$@" | grep -Ev "$known" || true)
[ -z "$found" ] || { echo "$found"; exit 1; }
