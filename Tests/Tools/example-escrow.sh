#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How Fixtures/vectors/escrow was made, once: a rehearsal of two epochs under a nested policy. Usage: example-escrow.sh DIR
#
# The vectors in the repository are frozen. Running this again makes another example of the same shape.
set -euo pipefail

folder=$1
mkdir "$folder"
cd "$folder"
mkdir -p ca identities certificates

# A root CA with a P-256 key; $1 is the certificate's number.
certify() {
    sleep 2 # certificates and records are told apart by the second
    openssl req -x509 -new -key ca/ca.key -out ca/ca.crt -days 36500 \
        -utf8 -subj '/C=CH/O=Example Works, Zürich/CN=REHEARSAL Example Root CA' 2>/dev/null
    cp ca/ca.crt "certificates/$1.crt"
}
# Signs a document as omar, who has an OpenSSH key and no identity.
omar_signs() {
    ssh-keygen -q -Y sign -n "ca-escrow-$1-v1" -f ca/omar <"$2" >"$2.omar.sig"
}

for person in alice bob dave erin frank olga; do
    ca-escrow identity create "$person" --no-passphrase --out identities 2>/dev/null
done
printf 'an example passphrase\n' >identities/carol.passphrase
ca-escrow identity create carol --full-name 'Carol Müller' --organisation 'Example Works "PKI"' --site 'Zürich' \
    --contact '+41 00 000 00 00' --valid-until 2099-12-31T00:00:00Z \
    --passphrase-file identities/carol.passphrase --out identities 2>/dev/null
ssh-keygen -q -t ed25519 -N '' -C 'example only' -f ca/omar
cp ca/omar.pub identities/
ca-escrow show --allowed-signers identities/olga.card identities/omar.pub >officers.signers

openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca/ca.key 2>/dev/null
certify 1
ca-escrow backup example-root-ca.escrow --from pem:ca/ca.key,ca/ca.crt --rehearsal --title 'Example for format.md' \
    --policy '2 of (alice, 2 of (bob, carol, dave), 1 of (erin, frank))' --officers '2 of (olga, omar)' \
    --card identities -i identities/olga.identity
epoch=$(echo example-root-ca.escrow/0001-*)
omar_signs manifest "$epoch/manifest.json"

# Renewed with the same key: a certificate is added.
certify 2
ca-escrow backup example-root-ca.escrow --from pem:ca/ca.key,ca/ca.crt --rehearsal -i identities/olga.identity --yes
omar_signs added-certificate "$(echo "$epoch"/records/*-added-certificate-*.json)"

# Two restores: one anchored, by the fewest people; one on nobody's word.
ca-escrow restore example-root-ca.escrow --rehearsal --to pem:ca/one.key,ca/one.crt --plain-key \
    --certificate certificates/2.crt --signers officers.signers \
    -i identities/alice.identity -i identities/frank.identity
ca-escrow restore example-root-ca.escrow --rehearsal --to pem:ca/two.key,ca/two.crt --plain-key \
    --certificate certificates/1.crt --unverified 'an example of an override' \
    -i identities/dave.identity -i identities/bob.identity -i identities/erin.identity

# Renewed with a new key: a new epoch of the same policy, whose file holds both generations.
cp ca/ca.key ca/ca-gen2.key # the store's name for the generation before
cat certificates/2.crt certificates/1.crt >ca/ca-gen2.crt
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca/ca.key 2>/dev/null
certify 3
ca-escrow backup example-root-ca.escrow --from pem:ca/ca.key,ca/ca.crt --rehearsal -i identities/olga.identity --yes
omar_signs manifest "$(echo example-root-ca.escrow/0002-*/manifest.json)"

# The CA's own keys go; what is printed must come out of the PKCS#12 files again.
for key in ca/ca-gen2.key ca/ca.key; do
    openssl pkcs8 -topk8 -nocrypt -in "$key" -outform DER | sha256sum
done
rm -r ca
