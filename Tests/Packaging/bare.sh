#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bare.sh TARBALL: the portable program follows the auditor's guide where there is busybox and nothing else: no libc, no
# OpenSSL, no file of any distribution. What the guide does with other programs is left to those who have them.
# shellcheck disable=SC2016  # what stands in single quotes is for the shell in the chroot
set -euo pipefail
# What is mounted here is nobody else's, and is gone at the end.
[ -n "${OWN_MOUNTS:-}" ] || OWN_MOUNTS=yes exec unshare --mount "$0" "$@"
tarball=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
root=$(mktemp -d)
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf --one-file-system "$root"' EXIT

mkdir -p "$root"/{bin,proc,dev,tmp,work}
cp /bin/busybox "$root/bin/busybox"
for tool in sh tar gzip sha256sum ls cat grep; do ln -s busybox "$root/bin/$tool"; done
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 666 "$root/dev/urandom" c 1 9
mount -t proc proc "$root/proc"
cp "$tarball" "$root/tmp/ca-escrow.tar.gz"
inside() { chroot "$root" /bin/sh -euc "export PATH=/bin; $1"; }

inside 'cd /tmp; tar -xzf ca-escrow.tar.gz; cd ca-escrow-*-linux; sha256sum -c -s SHA256SUMS; ln -s "$PWD/ca-escrow" /bin/ca-escrow'
inside 'ca-escrow self-test' >"$root/tmp/self-test" || { cat "$root/tmp/self-test"; exit 1; }

# An escrow, its officers and its certificate, made by the same program on this machine.
(
    cd "$root/work"
    PATH=$(echo "$root"/tmp/ca-escrow-*-linux):$here/../../Tests/Tools:$PATH
    world.sh approved >/dev/null 2>&1
    for name in alice bob carol dave erin; do
        ca-escrow acknowledge acme.escrow -i $name.identity --manifest \
            "$(sha256sum <acme.escrow/0001-*/manifest.json | cut -c1-64)" >/dev/null 2>&1 || true
    done
)

inside 'cd /work; ca-escrow show acme.escrow' | grep -q 'CN='
inside 'cd /work; ca-escrow words acme.escrow' | grep -q '^  words 1-4 '
inside 'cd /work; ca-escrow audit acme.escrow --signers officers.signers --certificate ca/cacert.pem --report /tmp/report.html' \
    >"$root/tmp/audit" || { tail -n 30 "$root/tmp/audit"; exit 1; }
grep -q 'sound' "$root/tmp/audit"
grep -q '<html' "$root/tmp/report.html"
inside 'cd /work; ca-escrow challenge acme.escrow -i olga.identity --out /tmp/challenge.parcel' >/dev/null 2>&1
inside 'cd /work; ca-escrow status acme.escrow --signers officers.signers --certificate ca/cacert.pem' >/dev/null || [ $? = 1 ]

# It says what it cannot do, and an altered escrow is found out.
echo ' ' >>"$root/work/acme.escrow/README.txt"
status=0
inside 'cd /work; ca-escrow audit acme.escrow --signers officers.signers --certificate ca/cacert.pem' >/dev/null || status=$?
[ $status = 2 ] || { echo "bare.sh: an altered escrow ends the audit with $status, not 2" >&2; exit 1; }
echo 'the portable program in a bare chroot: passed'
