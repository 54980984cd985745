#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What others do while wanda follows docs/auditor.md, and what is answered.
# shellcheck source=Tests/Tools/guide.sh
. guide.sh
custodians=(alice bob carol dave erin)

# Two CAs with complete escrows, and the officers' cards.
has_the_officers_cards() {
    mkdir ../olga
    (
        cd ../olga
        world.sh complete
        mkdir vpn
        openssl req -x509 -newkey ed25519 -nodes -keyout vpn/key.pem -out vpn/ca.pem -subj '/CN=VPN CA' -days 3650
        ca-escrow backup vpn.escrow --from pem:vpn/key.pem,vpn/ca.pem --yes --policy '3 of all' \
            --officers '2 of (olga, omar, otto)' --card cards -i olga.identity
        ca-escrow sign vpn.escrow -i omar.identity --yes
        for name in "${custodians[@]}"; do
            ca-escrow acknowledge vpn.escrow -i "$name.identity" \
                --manifest "$(sha256sum <vpn.escrow/0001-*/manifest.json | cut -c1-64)"
        done
        cp ca/cacert.pem acme.crt
    )
    cp ../olga/o*.card .
    ca-escrow identity create wanda --no-passphrase
    mkdir certificates
    cp ../olga/acme.crt certificates/
    cp ../olga/vpn/ca.pem certificates/vpn.crt
}
is_sent_the_escrows() {
    for ca in acme vpn; do
        (cd ../olga && ca-escrow pack $ca.escrow --out ../wanda/$ca-all.parcel)
    done
}
receives_the_proofs() {
    for name in "${custodians[@]}"; do
        mkdir ../"$name"
        mv ../olga/"$name".identity ../olga/"$name".seen ../"$name"
        cp 2026.parcel ../"$name"
        (cd ../"$name" && ca-escrow answer 2026.parcel -i "$name.identity" --yes)
        mv ../"$name"/"$name"-proofs-*.parcel .
    done
}
receives_the_challenge() {
    cp ../wanda/drill.parcel .
    asked
    asked 'Enter stops): ' ../alice/alice.identity 'Enter stops): ' ../bob/bob.identity 'Enter stops): ' \
        ../erin/erin.identity
}
is_sent_the_drilled_escrow() {
    cp ../olga/acme-all.parcel acme-all.parcel
}
