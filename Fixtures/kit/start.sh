#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# start.sh: what a custodian starts on a machine that was lent: the one command that is due, in a terminal.
#
# Without an identity in this directory it makes one; with one it answers every parcel that lies here and that has not
# been answered. Nothing is written anywhere else.
cd "$(dirname "$0")" || exit

# Started from a file manager: there is no terminal yet.
if [ ! -t 0 ] && [ -z "${CA_ESCROW_KIT:-}" ]; then
    export CA_ESCROW_KIT=in-terminal
    for terminal in x-terminal-emulator konsole xfce4-terminal mate-terminal lxterminal xterm; do
        ! command -v $terminal >/dev/null || exec $terminal -e "$PWD/start.sh"
    done
    for terminal in gnome-terminal kgx; do
        ! command -v $terminal >/dev/null || exec $terminal -- "$PWD/start.sh"
    done
    exit 69
fi

stop() {
    echo "$1"
    printf 'Press Enter to close. '
    read -r _
    exit "${2:-0}"
}

if ! sha256sum --check --quiet SHA256SUMS; then
    stop 'This directory is not as it was made: use nothing of it, and call an officer.' 65
fi

# A stick may be mounted so that nothing on it can be run, or without modes.
run=$(mktemp -d "${XDG_RUNTIME_DIR:-/tmp}/ca-escrow.XXXXXX") || exit
trap 'rm -rf "$run"' EXIT
trap 'exit 130' INT TERM HUP
cp ca-escrow "$run/" && chmod 700 "$run/ca-escrow"
PATH=$run:$PATH

if ! tested=$(ca-escrow self-test); then
    echo "$tested"
    stop 'This machine does not do: take another one.' 71
fi
echo 'Read these words to an officer, on a number you already had. They have the same:'
echo "$tested" | grep '^  words '

set -- *.identity
if [ ! -e "$1" ]; then
    printf '\nYou have no identity here. Your name, in small letters, as the officers know it: '
    read -r name
    ca-escrow identity create "$name" || stop 'No identity was made.' $?
    stop 'Give the .card to the officers, and keep the .identity.'
fi
if [ $# != 1 ]; then
    stop 'There are several identities here: leave only yours.' 64
fi

found=0
for parcel in *.parcel; do
    # What you sent back yourself begins with your name.
    case $parcel in "${1%.identity}"-* | '*.parcel') continue ;; esac
    found=1
    printf '\n%s\n' "$parcel"
    ca-escrow answer "$parcel" -i "$1" || echo "$parcel: not answered"
done
[ $found = 1 ] || stop 'No parcel lies here: copy the one that you got into this directory.' 66
stop 'Send back the files that were written.'
