#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# worlds.sh COMMANDS: prepares a world in the working directory, which is a copy of one that world.sh made.
#
# What the scenarios' set-ups call besides ca-escrow:
# shellcheck disable=SC2317 # the functions are called by those set-ups
set -euo pipefail

digest() { sha256sum "$1"/0001-*/manifest.json | cut -c1-64; }
acknowledge() { ca-escrow acknowledge "$1" -i "$2.identity" --manifest "$(digest "$1")" "${@:3}"; }
auditor() {
    ca-escrow identity create wanda --no-passphrase
    ca-escrow show --allowed-signers --auditors wanda.card >>officers.signers
}
challenge() {
    auditor
    ca-escrow challenge acme.escrow -i wanda.identity "$@"
}
approve() {
    ca-escrow sign acme.escrow -i omar.identity --yes
    ca-escrow show --allowed-signers olga.card omar.card >officers.signers
}
# A request that both officers signed; what they say on the telephone lies in the file of this name.
request() {
    echo correct horse battery >request.pass
    ca-escrow request acme.escrow --purpose 'the server burnt' --destination Lyon --machine ca2 --key request.key \
        -i olga.identity --passphrase-file request=request.pass
    ca-escrow sign acme.escrow -i omar.identity --yes
    ca-escrow words acme.escrow/0001-*/requests/olga-*.json | sed -n 's/^  digits *//p' >telephone
}
release() { ca-escrow release acme.escrow -i "$1.identity" --confirm "$(cat telephone)" --out "$1.release"; }
# Another certificate of the same key.
renew() {
    openssl req -x509 -key ca/private/cakey.pem -out ca/cacert.pem -subj '/CN=Acme Root CA' -days 4000
}
# What `openssl ca` keeps beside the key.
database() {
    mkdir ca/newcerts
    printf 'R\t301231000000Z\t261125000000Z\t1000\tunknown\t/CN=one\nV\t301231000000Z\t\t1001\tunknown\t/CN=two\n' \
        >ca/index.txt
    echo 1002 >ca/serial
    echo 0A >ca/crlnumber
    cp ca/cacert.pem ca/newcerts/1000.pem
    cp ca/cacert.pem ca/newcerts/1001.pem
}
# An empty token, reached by a relative path wherever the world is copied to.
token_here() {
    token.sh init here
    sed -i "s,$PWD/,," softhsm2.conf
    echo 1234 >pin
}

{
    test ! -e ca/cacert.pem || cp ca/cacert.pem .
    eval "$1"
} >&2
