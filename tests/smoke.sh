#!/bin/sh
# What is installed works: a tracker and two peers on loopback, and a file from one to the other.
#
#   sh tests/smoke.sh
#
# Takes p2pd and p2pctl from where they are installed, and leaves nothing behind.
set -eu

PATH=$PATH:/usr/sbin
work=$(mktemp -d)
nodes=
clean_up() {
  for pid in $nodes; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap clean_up EXIT

ctl() { # ctl NODE COMMAND...
  node=$1
  shift
  p2pctl --socket "$work/$node/p2pd.sock" "$@"
}

start() { # start NODE ROLE [KEY = VALUE of its role]
  mkdir -p "$work/$1/share" "$work/$1/state"
  cp -p "$work/network.key" "$work/$1/state/"
  cat >"$work/$1/p2pd.toml" <<END
[node]
role = "$2"
name = "$1"
state_dir = "$work/$1/state"
[network]
listen = ["127.0.0.1:0"]
beacon = false
[control]
socket = "$work/$1/p2pd.sock"
[$2]
${3-}
END
  p2pd -c "$work/$1/p2pd.toml" >"$work/$1/log" 2>&1 &
  nodes="$nodes $!"
  left=200 # looks, ten a second
  until ctl "$1" status >/dev/null 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { cat "$work/$1/log" >&2; echo "smoke: $1 does not answer" >&2; exit 1; }
    sleep 0.1
  done
}

(umask 077 && p2pctl secret new >"$work/network.key")
start tracker tracker
address=$(ctl tracker status | sed -n 's/^listen\t//p')
for node in anna ben; do
  folders="share = [\"$work/$node/share\"]
download_dir = \"$work/$node/downloads\""
  start $node peer "trackers = [\"$address\"]
$folders"
done
head -c 20000000 /dev/urandom >"$work/anna/share/film"
ctl anna publish "$work/anna/share/film"
ctl ben fetch film
cmp "$work/anna/share/film" "$work/ben/downloads/film"
p2pctl --version
