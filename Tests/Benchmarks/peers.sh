#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# peers.sh WHAT: does once, in the working directory that world.sh made, what people do without ca-escrow.
#
# backup: openssl and ssss, and one age a custodian. restore: the way back with three of them. audits: ssh-keygen and
# openssl on each of the escrows in sample/.
set -euo pipefail

case $1 in
backup)
    openssl rand -hex 16 >peer.password
    openssl pkcs12 -export -inkey ca.key -in ca.crt -out peer.p12 -passout file:peer.password
    ssss-split -t 3 -n 5 -q <peer.password >peer.shares
    number=1
    for name in alice bob carol dave erin; do
        sed -n "${number}p" peer.shares | age -r "$(cat "$name.age-recipient")" >"peer.$name.age"
        number=$((number + 1))
    done
    ;;
restore)
    for name in alice bob carol; do
        age -d -i "$name.age-identity" "peer.$name.age"
    done >peer.collected
    ssss-combine -t 3 -q <peer.collected 2>peer.rebuilt
    openssl pkcs12 -in peer.p12 -passin file:peer.rebuilt -nodes -out peer.restored
    ;;
audits)
    for epoch in sample/*/0001-*; do
        ssh-keygen -Y verify -f officers.signers -I olga -n ca-escrow-manifest-v1 -s "$epoch/manifest.json.olga.sig" \
            <"$epoch/manifest.json"
        openssl dgst -sha256 "$epoch/manifest.json"
    done
    ;;
esac
