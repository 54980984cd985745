#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# interop.sh: smallstep's own code makes a step-ca folder and issues from it after its keys were escrowed, deleted and
# restored; then the same with keys of other kinds. Needs Go and golang-github-smallstep-certificates-dev; its files are in
# a folder of its own. Prints a line for each certificate that verifies; exit status 1 when one does not.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/go"
# Debian's packages, and nothing from the network.
GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="${GOCACHE:-$folder/go}" GOFLAGS=-p=2 \
    go build -o "$folder/step-files" "$here/step-files.go" 2>"$folder/log" || {
    cat "$folder/log" >&2
    exit 1
}
cd "$folder"
export HOME=$folder STEPPATH=$folder/step PATH=$folder:$here/../../Tests/Tools:$PATH

world.sh people >log 2>&1
ca-escrow show --allowed-signers olga.card >olga.signers
echo 'correct horse' >old
echo 'battery staple' >new

# round_trip NAME STORE KEY CERTIFICATE PASSWORD ROOT: escrows, deletes the key, restores it, and has smallstep issue.
round_trip() {
    {
        ca-escrow backup "$1.escrow" --from "$2" --policy '3 of (alice, bob, carol, dave, erin)' \
            --officers '1 of (olga)' --card cards -i olga.identity --passphrase-file "from=$5"
        cp "$4" "$1.crt"
        rm "$3"
        ca-escrow restore "$1.escrow" --to "$2" --signers olga.signers --certificate "$1.crt" --passphrase-file to=new \
            -i alice.identity -i bob.identity -i erin.identity
    } >log 2>&1 || {
        cat log >&2
        return 1
    }
    step-files issue leaf.csr new "$3" "$4" >"$1.leaf"
    openssl verify -CAfile "$6" -untrusted "$4" "$1.leaf" | sed "s/^/$(sed -n 1p "$3" | tr -d -- -): /"
}

openssl req -new -newkey ed25519 -nodes -keyout leaf.key -out leaf.csr -subj /CN=leaf 2>log
step-files init old >log 2>&1
round_trip intermediate "step-ca:#intermediate" step/secrets/intermediate_ca_key step/certs/intermediate_ca.crt old \
    step/certs/root_ca.crt
step-files issue leaf.csr new >configured.leaf
openssl verify -CAfile step/certs/root_ca.crt -untrusted step/certs/intermediate_ca.crt configured.leaf
round_trip root "step-ca:#root" step/secrets/root_ca_key step/certs/root_ca.crt old step/certs/root_ca.crt

for kind in rsa:3072 'ec -pkeyopt ec_paramgen_curve:P-384' ed25519; do
    name=${kind%%[: ]*}
    mkdir -p "$name/secrets" "$name/certs"
    # shellcheck disable=SC2086 # several words
    openssl req -x509 -newkey $kind -passout file:old -keyout "$name/secrets/root_ca_key" -out "$name/certs/root_ca.crt" \
        -subj "/CN=Acme $name Root" 2>log
    round_trip "$name" "step-ca:$name#root" "$name/secrets/root_ca_key" "$name/certs/root_ca.crt" old "$name/certs/root_ca.crt"
done
