#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# dist.sh DIR [KEY]: all files of a release into DIR, of the commit that is checked out, built from its source archive.
#
# KEY is the OpenSSH key that signs SHA256SUMS. DIR/build keeps what was built; the same commit, compiler and Debian give
# the same bytes, wherever DIR is and whenever that is.
set -euo pipefail
directory=$(realpath -m "$1")
key=${2:+$(realpath "$2")}
cd "$(dirname "$0")/../.."
namespace=ca-escrow-release-v1

if ! git diff --quiet HEAD; then
    echo "dist.sh: there are changes that are not committed: a release is a commit" >&2
    exit 1
fi
version=$(git show HEAD:Sources/Custody/Version.swift | sed -n 's/.*static let text = "\(.*\)"/\1/p')
machine=$(uname -m)
name=ca-escrow-$version
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C.UTF-8
umask 022

archive() { # DIRECTORY FILE: sorted, and of nobody
    tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --format=ustar -C "$(dirname "$1")" \
        -c "$(basename "$1")" | gzip -n -9 >"$2"
}

rm -rf "$directory"
mkdir -p "$directory/build"

# The source: `git archive` writes the commit into Version.swift.
git archive --prefix="$name/" HEAD | tar -x -C "$directory/build"
archive "$directory/build/$name" "$directory/$name-source.tar.gz"
cd "$directory/build/$name"

Fixtures/release/deb.sh "$directory/build/deb"
cp "$directory"/build/deb/*.deb "$directory"

make portable
portable=$directory/build/$name-$machine-linux
mkdir -p "$portable/break-glass"
install -m 0755 -s .build-portable/release/ca-escrow "$portable/ca-escrow"
cp README.md LICENSE CHANGELOG.md SECURITY.md "$portable"
cp Fixtures/break-glass/*.py Fixtures/break-glass/README.md "$portable/break-glass"
(cd "$portable" && find . -type f -printf '%P\n' | sort | xargs sha256sum >"$directory/build/sums")
install -m 0644 "$directory/build/sums" "$portable/SHA256SUMS"
archive "$portable" "$portable.tar.gz"
mv "$portable.tar.gz" "$directory"

packaged=$directory/build/packaged
dpkg-deb --fsys-tarfile "$directory"/build/deb/ca-escrow_*.deb | tar -x --one-top-level="$packaged" ./usr/bin/ca-escrow
Fixtures/release/sbom.py "$packaged/usr/bin/ca-escrow" >"$directory/$name.cdx.json"

# What `ca-escrow self-test` prints of each program, to compare by voice.
{
    echo "/usr/bin/ca-escrow of the Debian package"
    "$packaged/usr/bin/ca-escrow" words "$packaged/usr/bin/ca-escrow" | sed 1d
    echo "ca-escrow of the portable archive"
    "$packaged/usr/bin/ca-escrow" words "$portable/ca-escrow" | sed 1d
} >"$directory/$name-programs.txt"

cd "$directory"
find . -maxdepth 1 -type f ! -name 'SHA256SUMS*' -printf '%P\n' | sort | xargs sha256sum >SHA256SUMS
if [ -n "$key" ]; then
    ssh-keygen -Y sign -n "$namespace" -f "$key" <SHA256SUMS >SHA256SUMS.sig
else
    echo "dist.sh: not signed: ssh-keygen -Y sign -n $namespace -f KEY <SHA256SUMS >SHA256SUMS.sig" >&2
fi
ls -l "$directory"
