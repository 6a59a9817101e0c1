#!/bin/sh
# Makes a Debian package of the tree.
#
#   sh systemd/package.sh DIR
#
# Leaves p2pd_VERSION-1_ARCH.deb in DIR. The packaging stands in systemd/debian; it is put in its
# place in a copy of the tree, with what is known elsewhere filled in: the version from meson.build,
# what it is built with from tests/deps.sh, the licence from LICENSE. Installs what is missing.
# DEB_BUILD_OPTIONS is heeded: noopt is quick to build.
set -eu

[ $# -eq 1 ] || { echo "usage: sh systemd/package.sh DIR" >&2; exit 2; }
top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)

sh "$top/tests/deps.sh" build package

# Always the same place: a compiler cache goes by it.
work=$out/work
rm -rf "$work"
trap 'rm -rf "$work"' EXIT
version=$(sed -n "s/^  version: '\(.*\)',/\1/p" "$top/meson.build")
tree=$work/p2pd-$version
mkdir -p "$tree"
tar -C "$top" --exclude=./.git --exclude='./build*' --exclude=__pycache__ \
  --exclude="./${out#"$top"/}" -c . | tar -C "$tree" -x

cp -r "$top/systemd/debian" "$tree/debian"
needed=$(sh "$top/tests/deps.sh" names build | sed 's/ /, /g')
sed "s|@build@|$needed|" "$tree/debian/control.in" >"$tree/debian/control"
sed '/^$/d; 1,2d; s/^/ /' "$top/LICENSE" >>"$tree/debian/copyright"
cat >"$tree/debian/changelog" <<END
p2pd ($version-1) unstable; urgency=medium

  * See /usr/share/doc/p2pd/changelog.gz.

 -- The p2pd authors <p2pd@example.org>  $(date -R -r "$top/CHANGELOG.md")
END

log=$out/package.log
if ! (cd "$tree" && dpkg-buildpackage --build=binary --no-sign) >"$log" 2>&1 </dev/null; then
  tail -n 20 "$log" >&2
  echo "package: it does not build; the whole log is $log" >&2
  exit 1
fi
mv "$work"/*.deb "$out"
ls "$out"/*.deb
