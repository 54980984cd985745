#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# debian.sh DEB: the package in a fresh Debian 12: installed with what it depends on; the README's session, manual pages,
# completion, units; an upgrade from a version before it, which keeps what the administrator changed; and a purge, which
# leaves nothing. PROGRAMS.txt of the release lies beside the package.
#
# BASE: a directory in which a debootstrapped Debian is kept from one run to the next.
# shellcheck disable=SC2016  # what stands in single quotes is for another program
set -euo pipefail
# What is mounted here is nobody else's, and is gone at the end.
[ -n "${OWN_MOUNTS:-}" ] || OWN_MOUNTS=yes exec unshare --mount "$0" "$@"
deb=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
base=${BASE:-}
work=$(mktemp -d)
root=$work/root
fail() {
    echo "debian.sh: $*" >&2
    exit 1
}
trap 'umount "$root/proc" "$root/dev/pts" 2>/dev/null || true; rm -rf --one-file-system "$work"' EXIT

if [ -z "$base" ] || [ ! -e "$base/etc/debian_version" ]; then
    base=${base:-$work/base}
    debootstrap --variant=minbase bookworm "$base" http://deb.debian.org/debian >"$work/log" || { tail "$work/log"; exit 1; }
fi
cp -a "$base" "$root"
cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
cp -L /etc/hosts "$root/etc/hosts"
mount -t proc proc "$root/proc"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -sf pts/ptmx "$root/dev/ptmx"
# Nothing is started in a chroot; and Debian's minimal system leaves manual pages out.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
rm -f "$root"/etc/dpkg/dpkg.cfg.d/*
inside() { chroot "$root" /usr/bin/env -i HOME=/root LC_ALL=C.UTF-8 TZ=UTC DEBIAN_FRONTEND=noninteractive \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
installing() { inside apt-get install -y -qq "$@" >"$work/log" 2>&1 || { tail -n 20 "$work/log"; fail "apt-get install $*"; }; }
# All files but those of dpkg and apt themselves.
files() {
    (cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./var/lib/dpkg -o -path ./var/lib/apt \
        -o -path ./var/cache -o -path ./var/log -o -path ./run -o -path ./tmp -o -path ./root -o -path ./srv \) -prune -o -print | sort)
}

# Where there is nothing else, as the README says: apt brings what it needs.
inside apt-get update -qq
cp "$deb" "$root/tmp/ca-escrow.deb"
installing /tmp/ca-escrow.deb
inside ca-escrow self-test >"$work/self-test" || { cat "$work/self-test"; fail 'self-test'; }
diff <(sed '1d; /^ca-escrow of the portable archive$/,$d; /^  SHA-256 /d' "$(dirname "$deb")"/ca-escrow-*-programs.txt) \
    <(grep -E '^  (words|digits) ' "$work/self-test") || fail 'self-test prints other words than the release'
inside apt-get purge -y -qq ca-escrow >"$work/log" 2>&1 || { tail "$work/log"; fail 'apt-get purge'; }

# What people have there who read manual pages and complete names; the package needs none of it.
installing --no-install-recommends man-db bash-completion openssl openssh-client systemd
files >"$work/before"

# A version before it: the same files, another version, another default.
dpkg-deb -R "$deb" "$work/older"
sed -i 's/^Version: .*/Version: 1.0.0~rc.0/' "$work/older/DEBIAN/control"
echo '# An older comment.' >>"$work/older/etc/default/ca-escrow"
dpkg-deb -Zgzip -z1 -b "$work/older" "$root/tmp/older.deb" >/dev/null
installing /tmp/older.deb
[ "$(inside dpkg-query -W -f '${Version}' ca-escrow)" = '1.0.0~rc.0' ] || fail 'the older version is not installed'

# The README's session, line by line: every command succeeds, and the key that comes back is the one that went.
sed -n '/^```console$/,/^```$/s/^\$ //p' "$here/../../README.md" >"$root/root/session"
cat >"$root/root/run" <<'EOF'
set -o pipefail
cd "$HOME"
while IFS= read -r line <&3; do
    eval "$line" || { echo "[exit $?] $line"; exit 1; }
done 3<session
EOF
inside setsid --wait bash /root/run </dev/null >"$work/session" 2>&1 || { tail -n 5 "$work/session"; fail "the README's session"; }
grep -q '^the restored key is the one in the certificate$' "$work/session" || fail 'the session restored no key'

# Manual pages as people call them; each says what the help says (Tests/Packaging/manual-agrees.py holds them together).
reads() { # PATTERN COMMAND...
    inside "${@:2}" >"$work/page" 2>"$work/log" || { cat "$work/log"; fail "${*:2}"; }
    grep -q "$1" "$work/page" || fail "no '$1' in: ${*:2}"
}
reads '^SEE ALSO' man ca-escrow-restore
reads 'THE SHORT WAY' man 7 ca-escrow
reads 'manifest.json' man 5 ca-escrow-format
reads '^ca-escrow-restore (1)' man -k ca-escrow

# Tab at a terminal, in a shell that loads completions on demand.
printf '. /usr/share/bash-completion/bash_completion\nPS1="at-your-service> "\n' >"$root/root/.bashrc"
for pair in 'ca-escrow ackn=ca-escrow acknowledge ' 'ca-escrow restore --cert=ca-escrow restore --certificate '; do
    shown=$("$here/complete.py" "${pair%%=*}" -- chroot "$root" /usr/bin/env -i HOME=/root LC_ALL=C.UTF-8 TERM=dumb \
        PATH=/usr/bin:/bin bash --rcfile /root/.bashrc -i)
    [ "$shown" = "${pair#*=}" ] || fail "Tab after '${pair%%=*}' makes '$shown'"
done

# The units.
inside systemd-analyze verify --man=yes ca-escrow-status.service ca-escrow-status.timer >"$work/verify" 2>&1 ||
    { cat "$work/verify"; fail 'systemd-analyze verify'; }
[ ! -s "$work/verify" ] || { cat "$work/verify"; fail 'systemd-analyze verify has something to say'; }
inside getent passwd ca-escrow >/dev/null || fail 'no user ca-escrow'

# The upgrade keeps the administrator's settings and everybody's escrows.
mkdir "$root/srv/escrows"
cp -a "$root/root/small.escrow" "$root/srv/escrows/"
echo 'STATUS_OPTIONS="/srv/escrows --max-age 30d"' >"$root/etc/default/ca-escrow"
installing -o Dpkg::Options::=--force-confold /tmp/ca-escrow.deb
[ "$(inside dpkg-query -W -f '${Version}' ca-escrow)" = "$(dpkg-deb -f "$deb" Version)" ] || fail 'not upgraded'
grep -q 'max-age 30d' "$root/etc/default/ca-escrow" || fail 'the upgrade lost /etc/default/ca-escrow'
[ -e "$root/etc/default/ca-escrow.dpkg-dist" ] || fail 'the new default is not beside it'
(cd "$root" && find srv -type f -exec sha256sum {} + | sort) >"$work/escrows"

# The purge.
inside apt-get purge -y -qq ca-escrow >/dev/null 2>&1 || fail 'apt-get purge'
files >"$work/after"
# man-db's index and the list of users before the last change are not the package's.
diff <(grep -v -e '/man/index' -e '/etc/.*-$' "$work/before") <(grep -v -e '/man/index' -e '/etc/.*-$' "$work/after") ||
    fail 'the purge left something'
! grep ca-escrow "$work/after" || fail 'the purge left what bears its name'
! inside getent passwd ca-escrow >/dev/null || fail 'the purge left the user'
(cd "$root" && find srv -type f -exec sha256sum {} + | sort) | diff "$work/escrows" - || fail 'the purge touched escrows'
echo 'the package in a fresh Debian 12: passed'
