#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# world.sh: makes what bench.py measures in, in the empty working directory: five custodians and an officer, and the same
# five for age; an RSA-3072 CA; its escrow, signed. Nobody has a passphrase, as age's identities have none. With PEERS=none
# nobody has anything for age.
set -euo pipefail

{
    for name in alice bob carol dave erin olga; do
        ca-escrow identity create "$name" --no-passphrase
    done
    mkdir cards
    mv ./*.card cards/
    for name in alice bob carol dave erin; do
        if [ "${PEERS:-}" != none ]; then
            age-keygen -o "$name.age-identity"
            age-keygen -y "$name.age-identity" >"$name.age-recipient"
        fi
    done
    ca-escrow show --allowed-signers cards/olga.card >officers.signers
    openssl req -x509 -newkey rsa:3072 -nodes -keyout ca.key -out ca.crt -subj '/CN=Acme Root CA' -days 3650
    ca-escrow backup acme.escrow --pkcs12 acme.p12 --from pem:ca.key,ca.crt \
        --policy '3 of (alice, bob, carol, dave, erin)' --officers '1 of (olga)' --card cards -i olga.identity
} >world.log 2>&1 || {
    tail -n 5 world.log >&2
    exit 1
}
