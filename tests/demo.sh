#!/bin/sh
# p2pd at work: a tracker and three peers on loopback, a real file from two of them to the third.
#
#   sh tests/demo.sh [--keep]
#
# Installs what is missing, builds, and leaves nothing behind; with --keep the nodes go on running.
set -eu

keep=
case "$#:${1-}" in
  0:) ;;
  1:--keep) keep=yes ;;
  *) echo "usage: sh tests/demo.sh [--keep]" >&2; exit 2 ;;
esac

tests=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
top=$(dirname -- "$tests")
p2pd=$top/build-release/daemon/p2pd
p2pctl=$top/build-release/ctl/p2pctl
unset P2PCTL_SOCKET

bold=''
plain=''
if [ -t 1 ]; then
  bold=$(printf '\033[1m')
  plain=$(printf '\033[0m')
fi
say() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
fail() { echo "demo: $*" >&2; exit 1; }

# The nodes

work=
clean_up() {
  code=$?
  trap - EXIT
  [ -n "$work" ] || exit "$code"
  if [ "$code" -ne 0 ]; then
    tail -n 5 "$work"/*/log >&2 || true
  elif [ -n "$keep" ]; then
    how_to_play
    exit 0
  fi
  for pid in "$work"/*/pid; do
    [ ! -f "$pid" ] || kill "$(cat "$pid")" 2>/dev/null || true
  done
  wait
  rm -rf "$work"
  exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

ctl() { # ctl NODE COMMAND...
  node=$1
  shift
  "$p2pctl" --socket "$work/$node/p2pd.sock" "$@"
}

# ask NODE COMMAND EXPRESSION: the expression's value, where `it` is what the command says in JSON
ask() {
  ctl "$1" --json "$2" | python3 -c "import json, sys; it = json.load(sys.stdin); print($3)"
}

configure() { # configure NODE ROLE LISTEN [TRACKER]
  mkdir -p "$work/$1/share" "$work/$1/state"
  chmod 0700 "$work/$1/state"
  (umask 077 && cp "$work/network.key" "$work/$1/state/network.key")
  cat >"$work/$1/p2pd.toml" <<END
[node]
role = "$2"
name = "$1"
state_dir = "$work/$1/state"

[network]
listen = ["$3"]
beacon = false

[control]
socket = "$work/$1/p2pd.sock"
END
  [ "$2" = tracker ] || cat >>"$work/$1/p2pd.toml" <<END

[peer]
trackers = ["$4"]
share = ["$work/$1/share"]
download_dir = "$work/$1/downloads"
END
}

start() { # start NODE
  "$p2pd" -c "$work/$1/p2pd.toml" >>"$work/$1/log" 2>&1 &
  echo $! >"$work/$1/pid"
  wait_for "$1 to answer" 10 answers "$1"
}

kill9() { # kill9 NODE
  pid=$(cat "$work/$1/pid")
  rm "$work/$1/pid"
  kill -9 "$pid"
  wait "$pid" 2>/dev/null || true
}

now() { date +%s%3N; } # in milliseconds

wait_for() { # wait_for WHAT SECONDS COMMAND...
  what=$1
  deadline=$(($(now) + $2 * 1000))
  shift 2
  until "$@"; do
    [ "$(now)" -lt "$deadline" ] || fail "gave up waiting for $what"
    sleep 0.05
  done
}

answers() { ctl "$1" status >/dev/null 2>&1; }
is_connected() { [ "$(ask "$1" status 'it["trackers"][0]["state"]')" = connected ]; }

how_to_play() {
  say "the nodes go on running; play with them"
  for node in tracker anna ben carla; do
    [ ! -f "$work/$node/pid" ] || echo "alias $node='$p2pctl --socket $work/$node/p2pd.sock'"
  done
  cat <<END
carla files
cp /etc/services $work/anna/share/ && anna publish $work/anna/share/services
carla fetch services && carla transfers
kill \$(cat $work/*/pid); rm -r $work      # the end of it
END
}

# The contents

# A package of Debian main of 60 MB or more; what was got stays for the next time.
get_package() {
  mkdir -p "$top/build-release/demo"
  cd "$top/build-release/demo"
  for package in ghc golang-1.19-go openjdk-17-jdk-headless fluid-soundfont-gm; do
    size=$(apt-cache show --no-all-versions "$package" 2>/dev/null | sed -n 's/^Size: //p')
    [ "${size:-0}" -ge 60000000 ] || continue
    # As root apt would hand the download to a user who may not write here.
    apt-get -qq -o APT::Sandbox::User=root download "$package" </dev/null || continue
    find "$PWD" -name "${package}_*.deb" | head -n 1
    return
  done
  return 1
}

# last_transfer NODE NAME: its state, per cent and the number of sources that gave something
last_transfer() {
  ctl "$1" --json transfers | python3 -c '
import json, sys
for transfer in json.load(sys.stdin)["transfers"]:
    if transfer["name"] == sys.argv[1]:
        percent = 100 * transfer["done_bytes"] // max(1, transfer["size"])
        givers = sum(row["bytes"] > 0 for row in transfer["sources_detail"])
        last = transfer["state"], percent, givers
print(*last)' "$2"
}

is_in_mid_transfer() { # is_in_mid_transfer NODE NAME: it runs, and two sources have given
  case $(last_transfer "$1" "$2" 2>/dev/null) in
    "running "*" 2") return 0 ;;
    done*) fail "$2 was there before a seeder could be killed" ;;
    *) return 1 ;;
  esac
}

print_sources() { # print_sources NODE NAME: what came from whom; fails unless from two
  ctl "$1" --json transfers | python3 -c '
import json, sys
transfer = [t for t in json.load(sys.stdin)["transfers"] if t["name"] == sys.argv[1]][-1]
rows = [row for row in transfer["sources_detail"] if row["bytes"] > 0]
for row in rows:
    share = 100 * row["bytes"] / transfer["size"]
    print("  from {:<8}{:>14,} bytes {:>5.1f} %".format(row["name"], row["bytes"], share))
sys.exit(len(rows) < 2)' "$2" || fail "$2 did not come from two sources"
}

compare() { # compare FILE FILE
  cmp "$1" "$2"
  echo "  compared byte for byte: identical"
}

catalog() { # catalog NODE: to be compared, so in one order
  ask "$1" files '*sorted((f["id"], f["name"], f["sources"]) for f in it["files"]), sep="\n"'
}

has_left() { [ "$(ask tracker peers "'$1' in [p['name'] for p in it['peers']]")" = False ]; }
lists_again() { [ "$(catalog tracker 2>/dev/null)" = "$1" ]; }

# What is shown

say "what is needed"
sh "$tests/deps.sh" build tests # the build is set up with its tests
sh "$tests/build.sh" build-release
deb=$(get_package) || { sh "$tests/deps.sh" lists && deb=$(get_package); } ||
  fail "could not get a package of 60 MB with apt-get download; see above"
name=$(basename "$deb")
echo "a real file: $name, $(stat -c %s "$deb") bytes"

say "a tracker and three peers"
work=$(mktemp -d /tmp/p2pd-demo.XXXXXX)
(umask 077 && "$p2pctl" secret new >"$work/network.key")
configure tracker tracker 127.0.0.1:0
start tracker
address=$(ask tracker status 'it["listen"][0]')
configure tracker tracker "$address" # where it will come back
for node in anna ben carla; do
  configure $node peer 127.0.0.1:0 "$address"
  start $node
  wait_for "$node to find the tracker" 10 is_connected $node
done
ctl tracker peers

say "anna and ben publish $name"
for node in anna ben; do
  cp "$deb" "$work/$node/share/"
  ctl $node publish "$work/$node/share/$name"
done

say "carla fetches it from both"
ctl carla fetch "$name"
print_sources carla "$name"
compare "$deb" "$work/carla/downloads/$name"

say "a second content, and ben is killed in the middle of it"
head -c 1G /dev/urandom >"$work/anna/share/random.img"
ln "$work/anna/share/random.img" "$work/ben/share/random.img"
for node in anna ben; do ctl $node publish "$work/$node/share/random.img"; done
ctl carla fetch random.img &
fetch=$!
wait_for "carla to be in the middle of it" 60 is_in_mid_transfer carla random.img
kill9 ben
last=$(last_transfer carla random.img)
echo "ben is killed; carla's transfer: ${last% *} %"
wait $fetch
print_sources carla random.img
compare "$work/anna/share/random.img" "$work/carla/downloads/random.img"

say "the tracker is killed and comes back"
wait_for "ben to be delisted" 10 has_left ben
before=$(catalog tracker)
kill9 tracker
died=$(now)
start tracker
wait_for "everything to be listed again" 5 lists_again "$before"
echo "everything is listed again, $(($(now) - died)) ms after its death"

for table in "tracker files" "tracker peers" "carla transfers"; do
  say "p2pctl ${table#* } (${table% *})"
  # shellcheck disable=SC2086 # a node and a command
  ctl $table
done

say "done"
