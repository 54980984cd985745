#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# world.sh LEVEL: makes the people, the CA and the escrow of a test in the working directory, and says nothing.
#
#   people    identities without passphrase of five custodians and three officers, their cards in cards/; olga has had all
#             of them but herself show that they can unseal
#   ca        and the directory of an openssl CA, CN=Acme Root CA, with a P-256 key
#   escrow    and acme.escrow: 3 of the five restore, two officers approve, olga has signed
#   approved  and omar's signature; officers.signers names olga and omar
#   complete  and the receipts of all five custodians, who typed the manifest's digest
set -euo pipefail

people() {
    local name
    for name in alice bob carol dave erin olga omar otto; do
        ca-escrow identity create "$name" --no-passphrase
    done
    mkdir cards
    cp ./*.card cards/
    ca-escrow enrol challenge cards -i olga.identity --out asked.parcel
    for name in alice bob carol dave erin omar otto; do
        ca-escrow answer asked.parcel -i "$name.identity" --yes --out "$name.parcel"
    done
    ca-escrow enrol verify ./*.parcel -i olga.identity --out cards
    rm ./*.parcel
}
ca() {
    mkdir -p ca/private
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca/private/cakey.pem \
        -out ca/cacert.pem -subj "/CN=Acme Root CA" -days 3650
}
escrow() {
    ca-escrow backup acme.escrow --from openssl-ca:ca --policy '3 of all' --officers '2 of (olga, omar, otto)' \
        --card cards -i olga.identity
}
approved() {
    ca-escrow sign acme.escrow -i omar.identity --yes
    ca-escrow show --allowed-signers olga.card omar.card >officers.signers
}
complete() {
    local name
    sha256sum acme.escrow/0001-*/manifest.json | cut -c1-64 >manifest.digest
    for name in alice bob carol dave erin; do
        ca-escrow acknowledge acme.escrow -i "$name.identity" --manifest "$(cat manifest.digest)"
    done
}

for level in people ca escrow approved complete; do
    "$level" >>world.log 2>&1 || {
        cat world.log >&2
        exit 1
    }
    test "$level" != "$1" || break
done
rm world.log
