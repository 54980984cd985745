#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What others do while olga, omar and an auditor follow docs/officer.md, and what they answer.
# shellcheck source=Tests/Tools/guide.sh
. guide.sh
custodians=(alice bob carol dave erin)

has_the_cards() {
    world.sh ca
    rm cards/*.json* ./*.card
    for name in "${custodians[@]}" omar otto; do
        mkdir -p ../"$name"
        mv "$name.identity" ../"$name"
    done
    cp ca/cacert.pem acme.crt
}
receives_the_enrolments() {
    for name in "${custodians[@]}" omar otto; do
        (cd ../"$name" && ca-escrow answer ../olga/enrol.parcel -i "$name.identity" --yes)
        mv ../"$name/$name"-enrolment-*.parcel .
    done
}
is_asked_for_a_yes() {
    asked 'Type yes: ' yes
}
receives_the_draft() {
    cp ../olga/acme-draft.parcel .
    asked 'Type yes: ' yes
}
receives_what_omar_signed() {
    cp ../omar/omar-signatures-*.parcel .
}
receives_the_receipts() {
    acknowledged acme-all.parcel
}
acknowledged() { # a parcel, by all custodians
    local newest=(acme.escrow/*/manifest.json)
    for name in "${custodians[@]}"; do
        cp "$1" ../"$name"
        (cd ../"$name" && ca-escrow answer "$1" -i "$name.identity" --yes \
            --manifest "$(sha256sum <"../olga/${newest[-1]}" | cut -c1-64)")
        mv ../"$name/$name"-receipts-*.parcel .
    done
}
scans_a_sheet() {
    ca-escrow envelope print acme.escrow --custodian bob --out sheet.html
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$PWD/../profile" \
        --force-device-scale-factor=2 --window-size=800,1100 --screenshot=bob.png "file://$PWD/sheet.html"
}
key=('new passphrase: ' 'a passphrase of the CA' 'again: ' 'a passphrase of the CA') # of the CA, under which it is put back
answers=("${key[@]}" "request's passphrase: " 'for one restore')
people=('Enter stops): ' ../alice/alice.identity 'Enter stops): ' ../bob/bob.identity 'Enter stops): ' ../erin/erin.identity)
has_lost_the_key() {
    rm ca/private/cakey.pem
    asked "${key[@]}" "${people[@]}"
}
is_brought_three_identities() {
    asked "${people[@]}"
}
has_lost_the_key_again() {
    rm ca/private/cakey.pem
    asked 'new passphrase: ' 'for one restore' 'again: ' 'for one restore'
}
request() { # the newest one: its SHA-256
    cd ../olga
    find acme.escrow -path '*/requests/olga-*.json' -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d' ' -f2 |
        xargs sha256sum | cut -c1-8
}
has_the_request_signed() {
    rm -f ../stands
    stands 7f3a "$(request | cut -c1-4)"
    ca-escrow words acme.escrow/0001-*/requests/olga-"$(request)"*.json | sed -n 's/^ *digits *//p' >../telephone
    ca-escrow pack acme.escrow --request "$(request)" --out request.parcel
    signed_by_omar request.parcel
}
signed_by_omar() { # a parcel of olga's
    cp "$1" ../omar
    (cd ../omar && ca-escrow sign "$1" -i omar.identity --yes --out signed.parcel)
    ca-escrow collect acme.escrow ../omar/signed.parcel
    rm ../omar/signed.parcel
}
receives_the_releases() {
    answered acme-request.parcel
    asked "${answers[@]}"
}
answered() { # a parcel with a request
    for name in alice bob erin; do
        cp "$1" ../"$name"
        (cd ../"$name" && ca-escrow answer "$1" -i "$name.identity" --yes --confirm "$(cat ../telephone)")
        mv ../"$name/$name"-release-*.release .
    done
}
receives_a_refusal() { # of another request, which three have answered
    rm ca/private/cakey.pem ./*.release request.parcel
    echo 'for one restore' >pass
    ca-escrow request acme.escrow --purpose 'INC-4712: burnt again' --destination 'ca2, Lyon' --key restore.key \
        -i olga.identity --passphrase-file request=pass
    has_the_request_signed
    ca-escrow pack acme.escrow --request "$(request)" --out acme-request-2.parcel
    answered acme-request-2.parcel
    (cd ../dave && ca-escrow refuse ../olga/acme-request-2.parcel -i dave.identity --reason 'nobody called me back')
    mv ../dave/dave-refusals-*.parcel .
    asked # collect
    asked 'passphrase: ' 'for one restore'
}
has_the_override_signed() {
    signed_by_omar acme-override.parcel
    asked "${answers[@]}"
}
is_asked_for_the_passphrase_of_the_key() {
    asked 'cakey.pem: ' 'a passphrase of the CA' 'Type yes: ' yes
}
has_the_epoch_in_force() {
    signed_by_omar acme-after.parcel
    ca-escrow pack acme.escrow --out acme-all-2.parcel
    acknowledged acme-all-2.parcel
    ca-escrow collect acme.escrow ./*-receipts-*.parcel
}
has_the_card_of_oscar() {
    mkdir ../oscar
    ca-escrow identity create oscar --no-passphrase --out ../oscar
    cp ../oscar/oscar.card .
    asked 'Type yes: ' yes
}
receives_the_card() {
    cp ../oscar/oscar.card ../olga/officers.signers .
}
audits_with_that() {
    cd ../olga
    for name in omar oscar; do
        (cd ../$name && ca-escrow sign ../olga/acme-officers.parcel -i $name.identity --yes --confirm oscar \
            --out ../olga/$name.parcel)
        ca-escrow collect acme.escrow $name.parcel
    done
    ca-escrow pack acme.escrow --out acme-all-3.parcel
    acknowledged acme-all-3.parcel
    ca-escrow collect acme.escrow ./*-receipts-*.parcel
    cp ../wanda/officers.signers .
    ca-escrow pack acme.escrow --out ../wanda/acme-all.parcel
    cd ../wanda
    ca-escrow collect acme.escrow acme-all.parcel
    ca-escrow audit acme.escrow --signers officers.signers --certificate ../olga/acme.crt --without-pkcs12
}
knows_an_authority() { # which `curl` asks
    mkdir ../bin ../authority
    printf '#!/bin/sh\ncd ../authority && openssl ts -reply -config tsa.cnf -queryfile /dev/stdin\n' >../bin/curl
    chmod 755 ../bin/curl
    cd ../authority
    printf '%s\n' '[tsa]' 'default_tsa = a' '[a]' 'serial = serial' 'signer_cert = tsa.pem' 'signer_key = tsa.key' \
        'signer_digest = sha256' 'default_policy = 1.2.3.4' 'digests = sha256' '[certificate]' \
        'extendedKeyUsage = critical,timeStamping' >tsa.cnf
    echo 01 >serial
    openssl req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.pem -subj /CN=TSA-CA -days 30
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa.key -out tsa.csr -subj /CN=TSA
    openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile tsa.cnf -extensions certificate \
        -out tsa.pem -days 30
    cp ca.pem ../olga/tsa-ca.pem
}
