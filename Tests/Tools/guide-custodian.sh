#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What others do while bob follows docs/custodian.md, and what bob answers.
# shellcheck source=Tests/Tools/guide.sh
. guide.sh
passphrase='correct horse battery'

gives_bob_the_program() {
    world.sh people
    rm bob.* cards/bob.* cards/otto.*
    mkdir ../omar ../wanda ../bob
    for name in omar wanda; do ca-escrow identity create $name --no-passphrase --out ../$name; done
    cp "$(command -v ca-escrow)" ../bob/
}
asks_bob_to_unseal() {
    cp ../bob/bob.card ../omar/omar.card cards/
    ca-escrow enrol challenge cards/bob.card -i olga.identity --out ../bob/enrol.parcel
}
escrows_the_key() {
    ca-escrow enrol verify ../bob/bob-enrolment-*.parcel -i olga.identity --out cards
    mkdir -p ca/private
    openssl req -x509 -newkey ed25519 -nodes -keyout ca/private/cakey.pem -out ca/cacert.pem -subj '/CN=Acme Root CA' \
        -days 3650
    ca-escrow backup acme.escrow --from openssl-ca:ca --yes --policy '3 of all' --officers '2 of (olga, omar)' \
        --card cards -i olga.identity
    ca-escrow pack acme.escrow --out ../omar/acme-draft.parcel
    (cd ../omar && ca-escrow sign acme-draft.parcel -i omar.identity --yes)
    ca-escrow collect acme.escrow ../omar/omar-signatures-*.parcel
    ca-escrow pack acme.escrow --out acme-all.parcel
    cp acme-all.parcel ../bob
    ca-escrow words acme.escrow | sed -n 's/^ *digits *//p' >../sheet
}
asks_for_a_proof() {
    (cd ../olga && ca-escrow collect acme.escrow ../bob/bob-receipts-*.parcel && ca-escrow pack acme.escrow --out now.parcel)
    ca-escrow collect acme.escrow ../olga/now.parcel
    ca-escrow challenge acme.escrow -i wanda.identity --out ../bob/2026.parcel
}
asks_for_a_share() {
    echo 'a passphrase for one restore' >pass
    ca-escrow request acme.escrow --purpose 'CA server burnt' --destination 'ca2, Lyon' --machine ca2 --key restore.key \
        -i olga.identity --passphrase-file request=pass >asked-for
    ca-escrow pack acme.escrow --out ../omar/request.parcel
    (cd ../omar && ca-escrow sign request.parcel -i omar.identity --yes --out signed.parcel)
    ca-escrow collect acme.escrow ../omar/signed.parcel
    ca-escrow pack acme.escrow --request "$(sed -n 's/^request SHA-256: \(.\{8\}\).*/\1/p' asked-for)" --out ../bob/acme-request.parcel
    sed -n 's/^digits: //p' asked-for >../telephone
}
files_two_answers_of_each_kind() {
    for kind in receipts proofs refusals release; do
        test "$(find ../bob -name "bob-$kind-*" | wc -l)" = 2
    done
    ca-escrow collect acme.escrow ../bob/bob-{receipts,refusals}-*.parcel
    cd ../wanda
    ca-escrow collect acme.escrow ../bob/bob-proofs-*.parcel
}

is_asked_for_a_new_passphrase() {
    asked 'passphrase: ' "$passphrase" 'again: ' "$passphrase"
}
is_asked_for_a_yes() {
    asked 'Type yes: ' yes "bob's passphrase: " "$passphrase"
}
is_asked_for_the_code() {
    asked 'Enter stops): ' "$(cat ../sheet)" 'Type yes: ' yes "bob's passphrase: " "$passphrase"
}
is_asked_for_the_words() {
    asked 'nothing is sent): ' "$(cat ../telephone)" "bob's passphrase: " "$passphrase"
}
is_asked_for_the_passphrase() {
    asked "bob's passphrase: " "$passphrase"
}
is_asked_step_by_step() {
    is_asked_for_the_passphrase # check
    is_asked_for_the_passphrase # acknowledge
    is_asked_for_the_passphrase # prove
    is_asked_for_the_words
    is_asked_for_a_yes # refuse
}
is_asked_for_both_passphrases() {
    asked "bob's passphrase: " "$passphrase" 'passphrase: ' 'another passphrase' 'again: ' 'another passphrase'
}
is_asked_for_passphrases_and_a_yes() {
    asked # mkdir
    asked 'passphrase: ' 'another passphrase' 'again: ' 'another passphrase'
    asked 'Type yes: ' yes "bob's passphrase: " 'another passphrase' "bob's passphrase: " 'another passphrase'
}
