#!/bin/sh
# p2pd on other distributions: built by the README's words in a new root of each, and tried there.
#
#   sh tests/distros.sh [SUITE...]     (Debian's bookworm and trixie, Ubuntu's noble)
#
# A suite whose mirror cannot be reached, or whose keys are not here, is left out, and told. Needs
# root; leaves nothing behind.
set -eu

tests=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
top=$(dirname -- "$tests")
[ $# -gt 0 ] || set -- bookworm trixie noble
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mirror() { # mirror SUITE
  case $1 in
    noble) echo http://archive.ubuntu.com/ubuntu ;;
    *) echo http://deb.debian.org/debian ;;
  esac
}
components() { # components SUITE
  case $1 in
    noble) echo main,universe ;;
    *) echo main ;;
  esac
}
keys() { # keys SUITE
  case $1 in
    noble) echo /usr/share/keyrings/ubuntu-archive-keyring.gpg ;;
    *) echo /usr/share/keyrings/debian-archive-keyring.gpg ;;
  esac
}

sh "$tests/deps.sh" distros
git -C "$top" archive --prefix=p2pd/ HEAD >"$work/p2pd.tar"
cat >"$work/try" <<'END'
set -eu
cd /root/p2pd
sh tests/deps.sh lists
sh tests/deps.sh build
meson setup build --prefix=/usr -Dtests=false
meson compile -C build
meson install -C build --quiet
sh tests/smoke.sh
END

tried=
for suite; do
  printf '\n== %s\n' "$suite"
  if ! curl -sfI -m 20 -o "$work/answer" "$(mirror "$suite")/dists/$suite/Release"; then
    echo "left out: $(mirror "$suite") cannot be reached"
    continue
  fi
  if [ ! -f "$(keys "$suite")" ]; then
    echo "left out: $(keys "$suite") is not there to check the packages with"
    continue
  fi
  # What the root is made for happens in its last hook, and no archive is made of it.
  # shellcheck disable=SC2016 # $1 is the root, which the hook's own shell knows
  mmdebstrap --quiet --variant=minbase --format=null --include=ca-certificates \
    --components="$(components "$suite")" --keyring="$(keys "$suite")" \
    --customize-hook="tar-in $work/p2pd.tar /root" \
    --customize-hook="copy-in $work/try /root" \
    --customize-hook='chroot "$1" sh /root/try' \
    "$suite" /dev/null "$(mirror "$suite")"
  tried="$tried $suite"
done
[ -n "$tried" ] || { echo "distros: no mirror can be reached" >&2; exit 1; }
printf '\ndistros: p2pd works on%s\n' "$tried"
