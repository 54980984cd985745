#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bare.sh TARBALL: the auditor's guide, to the letter, with the portable program where there is busybox and nothing else:
# no libc, no OpenSSL, no file of any distribution. PROGRAMS.txt of the release lies beside the tarball.
#
# Officers and custodians use the same program, on this machine. Here is done, too, what the guide does without the
# program: with `openssl`, and with the second auditor, which is Python.
# shellcheck disable=SC2016  # what stands in single quotes is for the shell in the chroot
set -euo pipefail
# What is mounted here is nobody else's, and is gone at the end.
[ -n "${OWN_MOUNTS:-}" ] || OWN_MOUNTS=yes exec unshare --mount "$0" "$@"
tarball=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
root=$work/root
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf --one-file-system "$work"' EXIT
fail() {
    echo "bare.sh: $*" >&2
    exit 1
}

mkdir -p "$root"/{bin,proc,dev,tmp,work}
cp /bin/busybox "$root/bin/busybox"
for tool in $(busybox --list); do [ "$tool" = busybox ] || ln -s busybox "$root/bin/$tool"; done
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 666 "$root/dev/urandom" c 1 9
mknod -m 666 "$root/dev/tty" c 5 0
mount -t proc proc "$root/proc"
cp "$tarball" "$root/tmp/ca-escrow.tar.gz"

# inside COMMAND: in the chroot, in the same directory.
cat >"$work/inside" <<END
#!/bin/sh
case \$1 in *openssl*) exec bash -o pipefail -c "\$1" ;; esac
exec chroot '$root' /bin/env -i PATH=/bin HOME=/work LC_ALL=C TZ=UTC TERM=dumb \\
    /bin/sh -o pipefail -c 'cd "\$1" && eval "\$2"' sh "\${PWD#'$root'}" "\$1"
END
chmod 755 "$work/inside"
inside() { (cd "$root/$1" && shift && "$work/inside" "$@"); }

inside tmp 'tar -xzf ca-escrow.tar.gz && cd ca-escrow-*-linux && sha256sum -c -s SHA256SUMS && ln -s "$PWD/ca-escrow" /bin/ca-escrow'
inside tmp 'ca-escrow self-test' >"$work/self-test" || { cat "$work/self-test"; fail 'self-test'; }
diff <(sed '0,/^ca-escrow of the portable archive$/d; /^  SHA-256 /d' "$(dirname "$tarball")"/ca-escrow-*-programs.txt) \
    <(grep -E '^  (words|digits) ' "$work/self-test") || fail 'self-test prints other words than the release'
portable=$(echo "$root"/tmp/ca-escrow-*-linux)
PATH=$portable:$here/../../Tests/Tools:$PATH

"$here/follow.py" auditor "$root/work" "$work/inside"
grep -q '<html' "$root/work/wanda/2026.html" || fail 'the report is no page'
agree=(escrows/acme.escrow --signers officers.signers --certificate certificates/acme.crt --without-pkcs12 --json)
inside work/wanda "ca-escrow audit ${agree[*]}" >"$work/first" || [ $? = 1 ] || { cat "$work/first"; fail 'audit --json'; }
(cd "$root/work/wanda" && python3 "$portable/break-glass/audit.py" "${agree[@]}") >"$work/second" || [ $? = 1 ] ||
    { cat "$work/second"; fail 'the second auditor'; }
python3 -c 'import json, sys
first, second = json.load(open(sys.argv[1]))["audits"][0], json.load(open(sys.argv[2]))
assert {check["check"]: check["outcome"] for check in first["checks"]} == second["checks"]
assert first["verdict"] == second["verdict"]' "$work/first" "$work/second" || fail 'the second auditor does not agree'

# The guide's two commands on a ceremony, which it names in its sentences.
mkdir "$root/work/ceremony"
(
    cd "$root/work/ceremony"
    world.sh ca
    ceremony-plan.py --people >plan.json
    ca-escrow show --allowed-signers olga.card omar.card >officers.signers
    ca-escrow sign plan.json -i olga.identity --yes
    ca-escrow sign plan.json -i omar.identity --yes
    ca-escrow ceremony script plan.json --out sheet.html
    ceremony.py --escrow acme.escrow --certificate ca/cacert.pem --plan plan.json ca-escrow ceremony run plan.json
) >"$work/ceremony" 2>&1 || { tail -n 30 "$work/ceremony"; fail 'a ceremony'; }
inside work/ceremony 'ca-escrow ceremony verify plan.ceremony --signers officers.signers' >"$work/verified" ||
    { cat "$work/verified"; fail 'ceremony verify'; }
inside work/ceremony 'ca-escrow ceremony check plan.ceremony' >"$work/checked" || [ $? = 1 ] || { cat "$work/checked"; fail 'ceremony check'; }

# What needs code from elsewhere is refused with an error that says why, and an altered escrow is found out.
status=0
inside work/olga 'ca-escrow backup new.escrow --from "pkcs11:token=t;object=o?module-path=/none.so" --policy "3 of all" --officers olga --card cards -i olga.identity --yes' \
    >"$work/refused" 2>&1 || status=$?
if [ $status != 69 ] || ! grep -q 'the portable program loads none' "$work/refused"; then
    cat "$work/refused"
    fail "a token of a module ends with $status"
fi
echo ' ' >>"$root/work/wanda/escrows/acme.escrow/README.txt"
status=0
inside work/wanda 'ca-escrow audit escrows --signers officers.signers --certificate certificates --without-pkcs12' >"$work/altered" || status=$?
[ $status = 2 ] || { cat "$work/altered"; fail "an altered escrow ends the audit with $status, not 2"; }
echo "the auditor's guide with the portable program in a bare chroot: passed"
