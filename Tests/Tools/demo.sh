#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job on a real CA: escrow its key, audit the escrow, lose the key, restore it, and sign with it again.
set -euo pipefail

folder=$(mktemp -d "${TMPDIR:-/tmp}/ca-escrow-demo.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"

step() { printf '\n== %s\n' "$*"; }
run() {
    printf '$ %s\n' "$*"
    "$@"
}
# A new server key and a certificate for it, signed by the CA as it is now.
issue() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" \
        -subj "/CN=$1.example" 2>/dev/null
    openssl x509 -req -in "$1.csr" -CA ca/cacert.pem -CAkey ca/private/cakey.pem -CAcreateserial -days 90 \
        -out "$1.crt" 2>/dev/null
    run openssl verify -CAfile ca/cacert.pem "$1.crt"
}

step "A root CA as the openssl command keeps it, which issues a certificate"
mkdir -p ca/private
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout ca/private/cakey.pem \
    -out ca/cacert.pem -subj "/CN=Acme Root CA" -days 3650 2>/dev/null
issue before

step "Five custodians and two officers make identities; their cards go to the officers"
mkdir cards
for person in alice bob carol dave erin olga omar; do
    printf 'the passphrase of %s\n' "$person" >"$person.pass"
    run ca-escrow identity create "$person" --passphrase-file "$person.pass" >"$person.log" 2>&1
    cp "$person.card" cards/
done
ls cards

step "An officer has the custodians show that they can unseal; their answers lie beside the cards"
run ca-escrow enrol challenge cards/[abcde]*.card -i olga.identity --passphrase-file olga.pass --out enrol.parcel \
    >enrol.log 2>&1
for person in alice bob carol dave erin; do
    ca-escrow answer enrol.parcel -i "$person.identity" --passphrase-file "$person.pass" --yes \
        --out "enrolled-$person.parcel" >"$person.log" 2>&1
done
run ca-escrow enrol verify enrolled-*.parcel -i olga.identity --out cards | grep -v filed

step "An officer escrows the CA's key: any three of five custodians can restore it"
run ca-escrow backup acme-root-ca.escrow --from openssl-ca:ca --policy '3 of all' --officers '2 of (olga, omar)' \
    --card cards -i olga.identity --passphrase-file olga=olga.pass

step "The second officer approves"
run ca-escrow sign acme-root-ca.escrow -i omar.identity --passphrase-file omar.pass --yes

step "Each custodian opens their share and says so; the digest comes from the ceremony's sheet"
ca-escrow words acme-root-ca.escrow | tee sheet
digits=$(sed -n 's/ *digits *//p' sheet)
for person in alice bob carol dave erin; do
    run ca-escrow acknowledge acme-root-ca.escrow -i "$person.identity" --passphrase-file "$person.pass" \
        --manifest "$digits" 2>"$person.log"
done

step "Anybody audits it, with no secret"
ca-escrow show --allowed-signers olga.card omar.card >officers.signers
run ca-escrow audit acme-root-ca.escrow --signers officers.signers --certificate ca/cacert.pem

step "The CA's key is lost"
openssl pkey -in ca/private/cakey.pem -outform DER | sha256sum | cut -c1-64 >before.sha256
run rm ca/private/cakey.pem

step "Three custodians bring it back"
run ca-escrow restore acme-root-ca.escrow --to openssl-ca:ca --certificate ca/cacert.pem \
    --signers officers.signers --plain-key -i alice.identity -i carol.identity -i erin.identity \
    --passphrase-file alice=alice.pass --passphrase-file carol=carol.pass --passphrase-file erin=erin.pass
openssl pkey -in ca/private/cakey.pem -outform DER | sha256sum | cut -c1-64 >after.sha256
run cmp before.sha256 after.sha256

step "The restored CA issues another certificate, which verifies under the old root"
issue after
