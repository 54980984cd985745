#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# make-escrows.sh COUNT: makes COUNT escrows in escrows/ of the working directory, with what an auditor brings beside it.
#
# Each is restored by 3 of 5 custodians, approved by 2 officers, acknowledged by all custodians, challenged by an auditor
# and proven by all. 24 are really made, each of a CA of its own; the others are copies of these under other names, which
# costs an audit nearly what the first cost it: from one escrow to the next it remembers commitments, and which of the last
# keys and certificates it has looked at.
set -euo pipefail

count=$1
made=24

person() { ca-escrow identity create "$1" --no-passphrase; }

people() {
    local name
    mkdir cards
    for name in alice bob carol dave erin olga omar wanda; do
        person "$name"
    done
    cp {alice,bob,carol,dave,erin,olga,omar}.card cards/
    ca-escrow show --allowed-signers olga.card omar.card >officers.signers
    printf 'wanda namespaces="ca-escrow-challenge-v1" %s\n' \
        "$(sed -n 's/^  "signingKey": "\(.*\)",\{0,1\}$/\1/p' wanda.card)" >>officers.signers
}

escrow() {
    local escrow=$1 digest name
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt \
        -subj "/CN=Acme CA $escrow" -days 3650
    ca-escrow backup "escrows/$escrow.escrow" --from pem:ca.key,ca.crt --policy '3 of (alice, bob, carol, dave, erin)' \
        --officers '2 of (olga, omar)' --card cards -i olga.identity
    ca-escrow sign "escrows/$escrow.escrow" -i omar.identity --yes
    digest=$(sha256sum "escrows/$escrow.escrow"/0001-*/manifest.json | cut -c1-64)
    for name in alice bob carol dave erin; do
        ca-escrow acknowledge "escrows/$escrow.escrow" -i "$name.identity" --manifest "$digest"
    done
    ca-escrow challenge "escrows/$escrow.escrow" -i wanda.identity
    for name in alice bob carol dave erin; do
        ca-escrow prove "escrows/$escrow.escrow" -i "$name.identity"
    done
}

all() {
    local number
    mkdir escrows
    people
    for ((number = 0; number < made && number < count; number++)); do
        escrow "ca-$number"
    done
    for ((number = made; number < count; number++)); do
        cp -r "escrows/ca-$((number % made)).escrow" "escrows/ca-$number.escrow"
    done
}

all >make.log 2>&1 || {
    tail -n 5 make.log >&2
    exit 1
}
