#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How Fixtures/vectors/drill was made, once: a drill's receipt of a CA of each kind of key. Usage: example-drill.sh DIR
#
# The vectors in the repository are frozen. Running this again makes other examples of the same shape.
set -euo pipefail

tools=$(cd "$(dirname "$0")" && pwd)
folder=$1
mkdir "$folder"
cd "$folder"
for person in alice bob carol olga wanda; do
    ca-escrow identity create "$person" --no-passphrase --out .
done
ca-escrow show --allowed-signers olga.card >officers.signers
ca-escrow show --allowed-signers --auditors wanda.card >>officers.signers

example() {
    local name=$1
    shift
    openssl genpkey "$@" -out ca.key 2>/dev/null
    openssl req -x509 -new -key ca.key -out "$name.crt" -days 36500 -subj "/CN=Example $name CA"
    ca-escrow backup "$name.escrow" --from "pem:ca.key,$name.crt" --rehearsal --policy '2 of (alice, bob, carol)' \
        --officers '1 of (olga)' --card . -i olga.identity
    ca-escrow challenge "$name.escrow" -i wanda.identity
    ca-escrow drill "$name.escrow" --certificate "$name.crt" --signers officers.signers --purpose 'an example' \
        -i olga.identity -i carol.identity -i alice.identity
    rm ca.key
}
example rsa-3072 -algorithm RSA -pkeyopt rsa_keygen_bits:3072
example p-384 -algorithm EC -pkeyopt ec_paramgen_curve:P-384
example ed25519 -algorithm ED25519
rm ./*.identity ./*.card ./*.p12

python3 "$tools/../../Fixtures/vectors/drill/expected.py" . >expected.json
