#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How Fixtures/vectors/evidence was made, once: one document of every kind. Usage: example-evidence.sh DIR
#
# The vectors in the repository are frozen. Running this again makes another example of the same shape.
set -euo pipefail

tools=$(cd "$(dirname "$0")" && pwd)
folder=$1
mkdir "$folder"
cd "$folder"
mkdir -p ca identities releases

for person in alice bob carol dave erin olga omar wanda; do
    ca-escrow identity create "$person" --no-passphrase --out identities
done
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca/ca.key -out ca.crt -days 36500 \
    -subj '/CN=REHEARSAL Example Root CA' 2>/dev/null
ca-escrow show --allowed-signers identities/olga.card identities/omar.card >officers.signers
ca-escrow show --allowed-signers --auditors identities/wanda.card >>officers.signers

ca-escrow backup example.escrow --from pem:ca/ca.key,ca.crt --rehearsal --policy '3 of (alice, bob, carol, dave, erin)' \
    --officers '2 of (olga, omar)' --card identities -i identities/olga.identity
ca-escrow sign example.escrow -i identities/omar.identity --yes
manifest=$(sha256sum example.escrow/0001-*/manifest.json | cut -c1-64)
for person in alice bob carol dave erin; do
    ca-escrow acknowledge example.escrow -i "identities/$person.identity" --manifest "$manifest"
done
ca-escrow challenge example.escrow -i identities/wanda.identity
for person in alice bob carol dave erin; do
    ca-escrow prove example.escrow -i "identities/$person.identity"
done

printf 'an example passphrase\n' >request.passphrase
ca-escrow request example.escrow --rehearsal --purpose 'an example' --destination 'nowhere' --machine 'none' \
    --key request.identity --passphrase-file request=request.passphrase -i identities/olga.identity
ca-escrow sign example.escrow -i identities/omar.identity --yes
request=$(sha256sum example.escrow/0001-*/requests/*.json | cut -c1-64)
for person in alice bob carol; do
    ca-escrow release example.escrow --rehearsal -i "identities/$person.identity" --confirm "$request" \
        --out "releases/$person.release"
done
ca-escrow refuse example.escrow --reason 'an example of a refusal' -i identities/dave.identity
cp request.identity request.copy # a restore erases it
ca-escrow restore example.escrow --rehearsal --to pem:ca/restored.key,ca/restored.crt --plain-key --certificate ca.crt \
    --signers officers.signers --request "${request:0:8}" --key request.identity \
    --release releases/alice.release --release releases/bob.release --release releases/carol.release \
    -i identities/olga.identity -i identities/omar.identity --passphrase-file request=request.passphrase \
    --override veto --reason 'an example of an override'
mv request.copy request.identity
ca-escrow suspend example.escrow erin --because lost -i identities/olga.identity
sleep 2 # a receipt lifts a suspension when it was made later
ca-escrow acknowledge example.escrow -i identities/erin.identity
openssl req -x509 -key ca/ca.key -out ca/renewed.crt -days 36501 -subj '/CN=REHEARSAL Example Root CA'
ca-escrow backup example.escrow --from pem:ca/ca.key,ca/renewed.crt --rehearsal -i identities/olga.identity --yes
ca-escrow sign example.escrow -i identities/omar.identity --yes
ca-escrow pack example.escrow --out example.parcel

rm -r ca identities/*.seen
python3 "$tools/../../Fixtures/vectors/evidence/expected.py" >expected.json
